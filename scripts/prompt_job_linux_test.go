package scripts

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/repl/term/screen"
)

const interrupted = `accept(3, ..., ...) = -1 EINTR (Interrupted system call)`

func TestCtrlC(t *testing.T) {
	for _, c := range []struct {
		name   string
		times  int
		asleep bool
	}{
		{"in the blocked call", 100, true},
		{"as soon as the line is given", 300, false}, // then the call may not be made at all
	} {
		t.Run(c.name, func(t *testing.T) {
			s := shell(t)
			s.listens()
			for i := range c.times {
				raw, prompts := s.mark()
				s.typed("accept\r")
				if c.asleep {
					s.asleep("accept", unix.SYS_ACCEPT, 1)
				}
				s.until("the running line", func(s *screen.Screen) bool { return !s.Paste })
				if got := s.pressed(ctrlC, raw, prompts); !strings.HasPrefix(got, interrupted+"\nhint: ") && (c.asleep || got != "") {
					t.Fatalf("the %dth time: %q", i+1, got)
				}
			}
			s.sees("sock[3]> |")
			s.leaves()
		})
	}
}

// TestInterruptedCalls holds that other calls are interrupted as accept is, and that nothing of the line follows.
func TestInterruptedCalls(t *testing.T) {
	c := shell(t)
	c.runs("a, b = socketpair", `\[3, 4\]\) = 0\n$`)
	for _, line := range []string{"recv", "recvfrom", "read"} {
		number := unix.SYS_RECVFROM
		if line == "read" {
			number = unix.SYS_READ
		}
		raw, prompts := c.blocks(line+"; getsockname", number)
		got := c.pressed(ctrlC, raw, prompts)
		if !strings.HasPrefix(got, line+"(3, ") || !strings.Contains(got, "= -1 EINTR (Interrupted system call)\n") || strings.Contains(got, "getsockname") {
			t.Errorf("%s gave %q", line, got)
		}
	}
	// What was done so far: a send larger than the buffers.
	raw, prompts := c.mark()
	c.typed("send a fill:4M\r")
	c.asleep("send", unix.SYS_SENDTO, 1)
	if got := c.pressed(ctrlC, raw, prompts); !strings.Contains(got, ", 0) = ") || strings.Contains(got, "= -1") || strings.Contains(got, "= 4194304") {
		t.Errorf("the send gave %q, want the number of bytes that were taken", got)
	}
	c.leaves()
}

func TestCtrlZ(t *testing.T) {
	c := shell(t)
	address := c.listens()
	raw, prompts := c.blocks("accept", unix.SYS_ACCEPT)
	if got := c.pressed(ctrlZ, raw, prompts); got != "[1] accept(3, <unfinished ...>\n" {
		t.Errorf("Ctrl-Z gave %q", got)
	}
	c.runs("jobs", `^\[1\] accept  # blocked in its call\n$`)
	c.runs("blocked %1", `^$`)
	c.runs("blocked %1 for 20ms", `^$`)
	c.runs("socket", `= 5\n`) // the job is alive in the kernel: it holds 4

	// fg, left again, and then ended by a client
	raw, prompts = c.foreground("fg %1")
	c.pressed(ctrlZ, raw, prompts)
	c.runs("jobs", `(?m)^\[1\] accept  # blocked in its call$`)
	raw, prompts = c.foreground("fg %1")
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c.next("fg", prompts)
	if got := c.since(raw); !strings.Contains(got, "[1]+ accept(3, {") || !strings.HasSuffix(got, "= 4\n") {
		t.Errorf("fg gave %q", got)
	}
	c.runs("jobs", `^$`)
	c.leaves()
}

// foreground types a line that waits without a call of its own, and waits until it does.
func (c *terminal) foreground(line string) (raw, prompts int) {
	c.t.Helper()
	raw, prompts = c.mark()
	c.typed(line + "\r")
	c.until(line+" running", func(s *screen.Screen) bool { return !s.Paste && s.Prompts == prompts })
	c.idle(line)
	return raw, prompts
}

// TestCtrlCWaiting presses Ctrl-C in builtins that wait: the prompt is back, and of the jobs only fg's ends.
func TestCtrlCWaiting(t *testing.T) {
	c := shell(t)
	c.listens()
	for range 20 {
		raw, prompts := c.foreground("sleep 1000")
		c.pressed(ctrlC, raw, prompts)
	}
	c.runs("accept &", `^\[1\]`)
	raw, prompts := c.foreground("wait")
	if got := c.pressed(ctrlC, raw, prompts); got != "" {
		t.Errorf("wait gave %q", got)
	}
	c.runs("blocked %1", `^$`)
	raw, prompts = c.foreground("blocked %1 for 1000s")
	c.pressed(ctrlC, raw, prompts)
	c.runs("jobs", `^\[1\] accept &  # blocked in its call\n$`)
	raw, prompts = c.foreground("fg")
	if got := c.pressed(ctrlC, raw, prompts); !strings.Contains(got, "[1]+ "+interrupted) {
		t.Errorf("fg gave %q", got)
	}
	c.runs("jobs", `^$`)
	c.leaves()
}

func TestJobs(t *testing.T) {
	c := shell(t)
	c.listens()
	c.runs("jobs", `^$`)
	c.runs("j = accept &", `^\[1\] accept\(3, <unfinished \.\.\.>\n$`)
	c.runs("accept &", `^\[2\] accept\(3, <unfinished \.\.\.>\n$`)
	c.runs("jobs", `^\[1\] j = accept &  # blocked in its call\n\[2\] accept &  # blocked in its call\n$`)
	c.runs("kill %1", `^\[1\]\+ accept\(3, \.\.\., \.\.\.\) = -1 EINTR`)
	c.runs("kill -INT %2", `^\[2\]\+ accept\(3, \.\.\., \.\.\.\) = -1 EINTR`)

	// what has ended
	for _, line := range []string{"kill %1", "fg %1", "kill j", "fg j"} {
		c.runs(line, `^# job 1 has ended already: j = accept &\n$`)
	}
	c.runs("wait %1", `^$`)
	c.runs("wait j", `^$`)
	c.runs("wait", `^$`)
	c.runs("blocked j", `expected: job 1 to be blocked|job 1`)

	// what never was
	for _, line := range []string{"kill %7", "fg %7", "wait %7", "blocked %7"} {
		c.runs(line, `there has been no job 7 \(none is running\)`)
	}
	c.runs("kill nobody", `job must be %N or a name that stands for one, but is "nobody"`)
	c.runs("fg", `no job is running`)
	c.runs("kill", `kill takes one job`)
	c.runs("kill -KILL %1", `can only be interrupted: kill -INT %N`)
	c.leaves()
}

// TestCloseUnderJob closes a descriptor that a job is blocked on: the kernel lets the call wait on, and that is said.
func TestCloseUnderJob(t *testing.T) {
	c := shell(t)
	address := c.listens()
	c.runs("accept &", `^\[1\]`)
	c.runs("close 3", `^close\(3\) = 0  # .*job 1 stays blocked`)
	c.runs("jobs", `^\[1\] accept &  # blocked in its call\n$`)
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		t.Fatalf("the closed listener of a blocked accept: %v", err)
	}
	defer conn.Close()
	c.sees(fmt.Sprintf(`[1]+ accept(3, {sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 4`, conn.LocalAddr().(*net.TCPAddr).Port),
		"sock> |")
	if second, err := net.DialTimeout("tcp4", address, patience); err == nil {
		second.Close()
		t.Error("the listener outlived the call that held it")
	}
	c.leaves()
}

// TestLeaveWithJobs ends the shell while calls are blocked: they do not hold it up.
func TestLeaveWithJobs(t *testing.T) {
	c := shell(t)
	c.listens()
	for i := range 20 {
		c.runs("accept &", fmt.Sprintf(`^\[%d\]`, i+1))
	}
	c.asleep("20 accepts", unix.SYS_ACCEPT, 20)
	start := time.Now()
	c.leaves()
	if took := time.Since(start); took > patience/2 {
		t.Errorf("leaving took %v", took)
	}
}

// TestSignalsFromOutside sends the signals of the keys from another process: at the prompt they mean nothing.
func TestSignalsFromOutside(t *testing.T) {
	c := shell(t)
	c.listens()
	c.typed("getsock")
	c.sees("sock[3]> getsock|")
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTSTP, syscall.SIGQUIT} {
		c.cmd.Process.Signal(s)
	}
	c.idle("signals at the prompt")
	c.typed("name")
	c.sees("sock[3]> getsockname| [fd]")
	c.runs("", `^getsockname\(3, .*\) = 0`)

	raw, prompts := c.blocks("accept", unix.SYS_ACCEPT)
	c.typed(ctrlQuit)
	c.cmd.Process.Signal(syscall.SIGQUIT)
	c.idle("the blocked accept")
	if got := c.pressed(ctrlC, raw, prompts); !strings.HasPrefix(got, interrupted) {
		t.Errorf("after Ctrl-\\ and Ctrl-C: %q", got)
	}
	c.leaves()
}
