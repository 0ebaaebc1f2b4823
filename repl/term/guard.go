//go:build unix

package term

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// OnSignals has the terminal restored when SIGTERM or SIGHUP ends the shell: restore is called once, on another
// goroutine, then exit with 128 plus the signal's number, as a shell's $? shows it. A signal that was ignored when
// the program started (nohup) stays ignored. After stop has returned, neither function is called any more; restore
// and exit must not call stop.
//
// Nothing can be done about SIGKILL: the terminal is then mended by the command `reset`.
func OnSignals(restore func(), exit func(code int)) (stop func()) {
	came := make(chan os.Signal, 1)
	for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(came, s)
		}
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case s := <-came:
			restore()
			exit(128 + int(s.(syscall.Signal)))
		case <-end:
		}
	}()
	var once sync.Once
	return func() {
		once.Do(func() {
			signal.Stop(came)
			close(end)
		})
		<-ended
	}
}

// RestoreOnPanic is to be deferred, by main and by each goroutine of the shell's own, since a panic in any of them ends
// the program with the terminal as it is: it restores the terminal and panics on.
//
//	defer term.RestoreOnPanic(terminal.Restore)
func RestoreOnPanic(restore func()) {
	if p := recover(); p != nil {
		restore()
		panic(p)
	}
}
