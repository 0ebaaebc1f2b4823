package term

import (
	"context"
	"os"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// longestAnswer bounds what is read from the copy.
const longestAnswer = 64 << 10

// askCopy runs this program again with [LookupWord] and gives what it wrote. The pipe and the exec are made on a thread
// that is used once, so that a slow name does not hold up the reading of files.
func askCopy(ctx context.Context, files *Files, network, host string) (said string, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Never unlocked: the thread ends with its table.
		runtime.LockOSThread()
		leaveTable(files.keep) // where it is forbidden, numbers are disturbed for a moment, as Files.Apart says
		said, err = runCopy(ctx, []string{os.Args[0], LookupWord, network, host})
	}()
	<-done
	return said, err
}

func runCopy(ctx context.Context, argv []string) (string, error) {
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(null)
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return "", err
	}
	defer unix.Close(pipe[0])
	pid, err := syscall.ForkExec("/proc/self/exe", argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{uintptr(null), uintptr(pipe[1]), uintptr(null)},
		// Ctrl-C is for the shell, which ends the copy through ctx.
		Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
	})
	unix.Close(pipe[1])
	if err != nil {
		return "", err
	}
	var alive sync.Mutex // held while the process id is certainly the copy's
	ended := false
	stop := context.AfterFunc(ctx, func() {
		alive.Lock()
		defer alive.Unlock()
		if !ended {
			unix.Kill(pid, unix.SIGKILL)
		}
	})
	defer stop()
	said, err := readEnd(pipe[0])
	alive.Lock()
	defer alive.Unlock()
	ended = true
	if len(said) >= longestAnswer {
		unix.Kill(pid, unix.SIGKILL)
	}
	for {
		if _, waitErr := unix.Wait4(pid, nil, 0, nil); waitErr != unix.EINTR {
			return said, err
		}
	}
}

func readEnd(fd int) (string, error) {
	buf := make([]byte, longestAnswer)
	n := 0
	for n < len(buf) {
		m, err := unix.Read(fd, buf[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || m == 0 {
			return string(buf[:n]), err
		}
		n += m
	}
	return string(buf), nil
}
