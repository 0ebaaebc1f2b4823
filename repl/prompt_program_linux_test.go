package repl

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"
	"syscall"
	"testing"

	"socksh/repl/term"
	"socksh/repl/term/screen"
)

// TestProgram is the program under test of those below: the test binary runs
// itself on a terminal of its own, which signals need.
func TestProgram(t *testing.T) {
	if os.Getenv("SOCKSH_PROMPT_PROGRAM") == "" {
		t.Skip("is run by the other tests")
	}
	tty, err := term.OpenTTY(os.Stdin, os.Stdout)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Restore() // also after a panic
	p, err := NewPrompt(PromptConfig{TTY: tty, Color: true, Hint: func(line string) string {
		if line == "hint" {
			panic("in readline's goroutine")
		}
		return "0123456789abcdefghijklmnopqrstuvwxyz"
	}, Complete: func(string) []Candidate { panic("in readline's other goroutine") }})
	if err != nil {
		t.Fatal(err)
	}
	interrupts, ends := make(chan os.Signal, 10), make(chan os.Signal, 10)
	signal.Notify(interrupts, syscall.SIGINT, syscall.SIGTSTP)
	signal.Notify(ends, syscall.SIGTERM, syscall.SIGHUP)
	var ending atomic.Bool
	go func() {
		<-ends
		ending.Store(true)
		tty.Close() // ReadLine ends now, too
		os.Exit(3)
	}()
	for {
		line, err := p.ReadLine("sock> ")
		if err != nil && err != ErrInterrupt {
			p.Close()
			if ending.Load() {
				select {}
			}
			os.Exit(4)
		}
		switch line.Text {
		case "run":
			fmt.Fprintln(p, "running")
			fmt.Fprintln(p, <-interrupts)
		case "panic":
			tty.Edit()
			panic("on purpose")
		}
	}
}

func program(t *testing.T) (*rig, *exec.Cmd) {
	t.Helper()
	r := openRig(t, 40, 10)
	cmd := exec.Command(os.Args[0], "-test.run=^TestProgram$")
	cmd.Env = append(os.Environ(), "SOCKSH_PROMPT_PROGRAM=1")
	if err := r.pty.Start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	r.until("the prompt", func(s *screen.Screen) bool { return s.Paste })
	return r, cmd
}

func TestSignals(t *testing.T) {
	r, cmd := program(t)
	r.see("sock> |0123456789abcdefghijklmnopqrstuvw")

	if err := r.pty.Resize(20, 10); err != nil {
		t.Fatal(err)
	}
	r.see("sock> |0123456789abc")
	r.pty.Resize(40, 10)
	r.see("sock> |0123456789abcdefghijklmnopqrstuvw")

	r.typed("\x1c\x1arun\r")
	r.see("running", "|")
	r.typed("\x1c\x03")
	r.see("running", "interrupt", "sock> |0123456789abcdefghijklmnopqrstuvw")
	r.typed("run\r")
	r.see("running", "|")
	r.typed("\x1a")
	r.see("running", "stopped", "sock> |0123456789abcdefghijklmnopqrstuvw")
	r.typed("\x04")
	if cmd.Wait(); cmd.ProcessState.ExitCode() != 4 {
		t.Errorf("ended with %v", cmd.ProcessState)
	}
	r.restored()
}

func TestRestoredAfterSIGTERM(t *testing.T) {
	r, cmd := program(t)
	cmd.Process.Signal(syscall.SIGTERM)
	if cmd.Wait(); cmd.ProcessState.ExitCode() != 3 {
		t.Errorf("ended with %v", cmd.ProcessState)
	}
	r.restored()
}

func TestRestoredAfterPanic(t *testing.T) {
	for _, keys := range []string{"panic\r", "hint", "\t"} {
		r, cmd := program(t)
		r.lenient = true // Go's text has tabs
		r.typed(keys)
		if cmd.Wait(); cmd.ProcessState.ExitCode() != 2 {
			t.Errorf("%q ended with %v", keys, cmd.ProcessState)
		}
		r.restored()
	}
}

// restored waits until the terminal is as it was found.
func (r *rig) restored() {
	r.t.Helper()
	if now, err := r.pty.Modes(); err != nil || now != r.found {
		r.t.Errorf("modes %+v, %v; found %+v", now, err, r.found)
	}
	r.until("the end of bracketed paste", func(s *screen.Screen) bool { return !s.Paste })
}
