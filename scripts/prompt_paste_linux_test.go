package scripts

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/repl/term/screen"
)

// TestLongPaste pastes 200 lines: all are run, in their order, however the terminal sends them.
func TestLongPaste(t *testing.T) {
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("print line %d 行", i))
	}
	for _, k := range []struct{ name, text string }{
		{"bracketed", pasteFrom + strings.Join(lines, "\r") + "\r" + pasteTo},
		{"bracketed with CRLF", pasteFrom + strings.Join(lines, "\r\n") + "\r\n" + pasteTo},
		{"as if typed", strings.Join(lines, "\r") + "\r"},
		{"as if typed, with newlines", strings.Join(lines, "\n") + "\n"},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := shell(t)
			c.typed(k.text)
			c.until("the last line", func(s *screen.Screen) bool { return strings.HasSuffix(s.Text(), "\nline 199 行\nsock>") })
			c.runs("print over", `^over\n$`)
			var got []string
			c.mu.Lock()
			for row := range strings.SplitSeq(c.screen.All(), "\n") {
				if strings.HasPrefix(row, "line ") {
					got = append(got, "print "+row)
				}
			}
			c.mu.Unlock()
			if strings.Join(got, "\n") != strings.Join(lines, "\n") {
				t.Errorf("what was run is\n%s", strings.Join(got, "\n"))
			}
			c.leaves()
		})
	}
}

// TestPasteOfCalls pastes a session that has blocking calls: each line waits for the one before.
func TestPasteOfCalls(t *testing.T) {
	c := shell(t)
	lines := []string{"srv = socket", "bind srv", "listen srv", "addr = getsockname srv", "accept srv &", "c = socket", "connect c $addr", "wait"}
	for i := range 50 {
		lines = append(lines, fmt.Sprintf(`send c "message %d"`, i), "recv 4 1024")
	}
	c.typed(pasteFrom + strings.Join(append(lines, "print over"), "\n") + "\n" + pasteTo)
	c.until("the last line", func(s *screen.Screen) bool { return strings.HasSuffix(s.Text(), "\nover\nsock[5]>") })
	c.mu.Lock()
	all := c.screen.All()
	c.mu.Unlock()
	for i := range 50 {
		if want := fmt.Sprintf(`recv(4, "message %d", 1024, 0) = `, i); strings.Count(all, want) != 1 {
			t.Errorf("%s is there %d times", want, strings.Count(all, want))
		}
	}
	c.leaves()
}

// TestWrongPaste has an error in the middle: what follows it in the paste is not run, and that is said.
func TestWrongPaste(t *testing.T) {
	c := shell(t)
	c.typed(pasteFrom + "print one\nprnt two\nprint three\nprint four\nhalf" + pasteTo)
	c.until("what was dropped", func(s *screen.Screen) bool {
		return strings.HasSuffix(s.Text(), "# the rest of the paste, 3 lines, was not run\nsock>")
	})
	c.mu.Lock()
	all := c.screen.All()
	c.mu.Unlock()
	if !strings.Contains(all, "\none\n") || strings.Contains(all, "three") || !strings.Contains(all, `must be a call or a builtin, but is "prnt" (did you mean "print"?)`) {
		t.Errorf("the screen is\n%s", all)
	}
	c.runs("print five", `^five\n$`)

	// An errno is a result: it stops nothing.
	c.typed(pasteFrom + "listen 99 5\nprint six\n" + pasteTo)
	c.until("the line behind the error", func(s *screen.Screen) bool { return strings.HasSuffix(s.Text(), "\nsix\nsock>") })
	c.leaves()
}

// TestInterruptedPaste presses Ctrl-C while a line of a paste blocks: the rest is not run.
func TestInterruptedPaste(t *testing.T) {
	c := shell(t)
	c.listens()
	c.typed(pasteFrom + "accept\nprint two\nprint three\n" + pasteTo)
	c.asleep("the paste's accept", unix.SYS_ACCEPT, 1)
	c.typed(ctrlC)
	c.until("what was dropped", func(s *screen.Screen) bool {
		return strings.Contains(s.Text(), interrupted+"\nhint: ") && strings.HasSuffix(s.Text(), "# the rest of the paste, 2 lines, was not run\nsock[3]>")
	})
	c.leaves()
}

// TestTypedAhead types the next lines while a call blocks: they are run when it is over. (Ctrl-C drops them, as any
// terminal does.)
func TestTypedAhead(t *testing.T) {
	c := shell(t)
	address := c.listens()
	c.blocks("accept", unix.SYS_ACCEPT)
	c.typed("print ahead\rprint half")
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c.until("the lines typed ahead", func(s *screen.Screen) bool {
		return strings.HasSuffix(s.Text(), ", [128 => 16]) = 4\nsock[4]> print ahead\nahead\nsock[4]> print half")
	})
	c.runs("", `^half\n$`)
	c.leaves()
}
