package scripts

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/repl/term/screen"
)

// TestSignalsRestore ends the shell by a signal, at the prompt and in a blocked call: the terminal is as it was.
func TestSignalsRestore(t *testing.T) {
	for _, k := range []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}} {
		for _, where := range []string{"editing", "in a call", "in a builtin", "with a job"} {
			t.Run(fmt.Sprintf("%v %s", k.signal, where), func(t *testing.T) {
				c := shell(t)
				c.listens()
				switch where {
				case "editing":
					c.typed("half a line")
					c.sees("sock[3]> half a line|")
				case "in a call":
					c.blocks("accept", unix.SYS_ACCEPT)
				case "in a builtin":
					c.foreground("sleep 1000")
				case "with a job":
					c.runs("accept &", `^\[1\]`)
				}
				c.cmd.Process.Signal(k.signal)
				if got := c.status(); got != k.status {
					t.Errorf("status %d, want %d", got, k.status)
				}
				c.restored()
			})
		}
	}
}

// TestHangup closes the terminal's other end, as a window that is closed does.
func TestHangup(t *testing.T) {
	for _, where := range []string{"editing", "in a call"} {
		t.Run(where, func(t *testing.T) {
			c := shell(t)
			c.listens()
			if where == "in a call" {
				c.blocks("accept", unix.SYS_ACCEPT)
			}
			c.pty.Hangup()
			got := c.status() // SIGHUP and the end of the input race, and the end of the shell with both
			if s := c.cmd.ProcessState.Sys().(syscall.WaitStatus); got != 129 && got != 0 && !(s.Signaled() && s.Signal() == syscall.SIGHUP) {
				t.Errorf("ended with %v", c.cmd.ProcessState)
			}
		})
	}
}

// TestQuitKey presses Ctrl-\ everywhere: it does nothing.
func TestQuitKey(t *testing.T) {
	c := shell(t)
	c.listens()
	c.typed(ctrlQuit + "getsock" + ctrlQuit + "name" + ctrlQuit)
	c.sees("sock[3]> getsockname| [fd]")
	c.runs("", `^getsockname\(3, `)
	raw, prompts := c.blocks("accept", unix.SYS_ACCEPT)
	c.typed(ctrlQuit)
	if got := c.pressed(ctrlC, raw, prompts); !strings.HasPrefix(got, interrupted) {
		t.Errorf("after Ctrl-\\ and Ctrl-C the accept gave %q", got)
	}
	c.leaves()
}

// TestSmallTable starts the shell with few descriptors.
func TestSmallTable(t *testing.T) {
	for _, limit := range []int{64, 20} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			c := open(t, func(cmd *exec.Cmd) {
				// ulimit sets the soft and the hard limit
				cmd.Args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, limit), cmd.Path}, cmd.Args[1:]...)
				cmd.Path = "/bin/sh"
			})
			c.runs("rlimit nofile", fmt.Sprintf(`^nofile %d \(at most %d\)\n$`, limit, limit))
			// Gapless but for the few of the shell's own, which must lie below the limit.
			own := map[string]bool{}
			for _, n := range regexp.MustCompile(`(?m)^ +(\d+) .*the shell's own`).FindAllStringSubmatch(c.run("fds -a"), -1) {
				own[n[1]] = true
			}
			if len(own) > 8 {
				t.Errorf("%d of %d descriptors are the shell's own", len(own), limit)
			}
			for fd := 3; fd < limit; fd++ {
				if !own[strconv.Itoa(fd)] {
					c.runs("socket", fmt.Sprintf(`= %d\n$`, fd))
				}
			}
			c.runs("socket", `= -1 EMFILE \(Too many open files\)\nhint: `)
			c.runs("help socket", `socket\(2\)`)
			c.runs("fds", `(?m)^ +3 +tcp`)
			c.runs("history", `rlimit nofile`)
			c.runs("why", `.`)
			c.runs("source /nothing/here", `/nothing/here`)
			c.runs("close 3", `= 0`)
			c.runs("socket", `= 3\n$`)
			c.leaves()
		})
	}
}

// TestResize changes the window while a line is typed.
func TestResize(t *testing.T) {
	c := shell(t)
	c.typed("getsock")
	c.sees("sock> getsock|")
	c.mu.Lock()
	c.screen = screen.New(60, 20)
	c.mu.Unlock()
	if err := c.pty.Resize(60, 20); err != nil {
		t.Fatal(err)
	}
	c.until("the line drawn again", func(s *screen.Screen) bool { return strings.HasSuffix(s.Text(), "sock> getsock") })
	c.typed("name @3\r")
	c.until("the result", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "EBADF") })
	c.leaves()
}
