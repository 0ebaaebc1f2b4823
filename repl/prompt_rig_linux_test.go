package repl

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/repl/term"
	"socksh/repl/term/screen"
)

// patience bounds each wait of a test; nothing waits that long unless it fails.
const patience = 10 * time.Second

// A rig is a prompt on a real pseudo-terminal, with somebody who types and a
// screen that somebody looks at.
type rig struct {
	t       *testing.T
	pty     *term.PTY
	tty     *term.TTY
	found   unix.Termios
	prompt  *Prompt
	lines   chan answer
	lenient bool          // what reaches the terminal is not all the prompt's
	loop    chan struct{} // closed when the loop has ended

	mu     sync.Mutex
	screen *screen.Screen
	news   chan struct{}
	after  func(Line) // what the loop does with each line, if anything
}

type answer struct {
	Line
	err error
}

// openRig is a rig without a prompt.
func openRig(t *testing.T, columns, rows int) *rig {
	t.Helper()
	pty, err := term.OpenPTY(columns, rows)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pty.Modes()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, pty: pty, found: found, screen: screen.New(columns, rows), news: make(chan struct{}, 1)}
	go r.watch()
	t.Cleanup(func() {
		pty.Close()
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.screen.Faults) > 0 && !r.lenient {
			t.Errorf("reached the terminal: %.1000q", r.screen.Faults)
		}
	})
	return r
}

func newRig(t *testing.T, columns, rows int, with func(*PromptConfig)) *rig {
	t.Helper()
	r := openRig(t, columns, rows)
	tty, err := term.OpenTTY(r.pty.Terminal, r.pty.Terminal)
	if err != nil {
		t.Fatal(err)
	}
	cfg := PromptConfig{TTY: tty}
	if with != nil {
		with(&cfg)
	}
	prompt, err := NewPrompt(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.tty, r.prompt = tty, prompt
	r.lines, r.loop = make(chan answer, 5000), make(chan struct{})
	go r.run()
	t.Cleanup(func() {
		prompt.Close()
		select {
		case <-r.loop:
		case <-time.After(patience):
			t.Error("ReadLine did not end with Close")
		}
		tty.Close()
	})
	// Keys before that would meet the modes as they were.
	r.until("the editor's modes", func(s *screen.Screen) bool { return s.Paste })
	return r
}

func (r *rig) watch() {
	b := make([]byte, 4096)
	for {
		n, err := r.pty.Driver.Read(b)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.screen.Write(b[:n])
		r.mu.Unlock()
		select {
		case r.news <- struct{}{}:
		default:
		}
	}
}

func (r *rig) run() {
	defer close(r.loop)
	for {
		line, err := r.prompt.ReadLine("sock> ")
		r.mu.Lock()
		after := r.after
		r.mu.Unlock()
		if err == nil && after != nil {
			after(line)
		}
		r.lines <- answer{line, err}
		if err != nil && !errors.Is(err, ErrInterrupt) {
			return
		}
	}
}

func (r *rig) typed(keys string) {
	r.t.Helper()
	// The kernel takes as much as the prompt reads: many lines take their time.
	if _, err := io.WriteString(r.pty.Driver, keys); err != nil {
		r.t.Error(err) // not Fatal: some tests type in a goroutine
	}
}

// until waits until what is on the screen satisfies f.
func (r *rig) until(what string, f func(s *screen.Screen) bool) {
	r.t.Helper()
	limit := time.After(patience)
	for {
		r.mu.Lock()
		ok, seen := f(r.screen), r.screen.String()
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-r.news:
		case <-limit:
			r.t.Fatalf("waited for %s; the screen is\n%s", what, seen)
		}
	}
}

// see waits until the screen's last rows are these and its cursor stands in the last of
// them or, with a | in one of them, there.
func (r *rig) see(rows ...string) {
	r.t.Helper()
	want := strings.Join(rows, "\n")
	at, col := 0, -1
	for i, row := range rows {
		if before, after, ok := strings.Cut(row, "|"); ok {
			at, col = i, 0
			for _, c := range before {
				if col++; screen.Wide(c) {
					col++
				} else if c >= 0x300 && c <= 0x36f {
					col--
				}
			}
			rows[i] = strings.TrimRight(before+after, " ")
		}
	}
	text := strings.TrimRight(strings.Join(rows, "\n"), "\n ")
	r.until(want, func(s *screen.Screen) bool {
		if !strings.HasSuffix("\n"+s.Text(), "\n"+text) {
			return false
		}
		first := strings.Count(s.Text(), "\n") - strings.Count(text, "\n")
		return col < 0 || s.Row == first+at && s.Col == col
	})
}

// get waits for the next line.
func (r *rig) get() answer {
	r.t.Helper()
	select {
	case a := <-r.lines:
		return a
	case <-time.After(patience):
		r.mu.Lock()
		defer r.mu.Unlock()
		r.t.Fatalf("no line came; the screen is\n%s", r.screen)
		return answer{}
	}
}

func (r *rig) wants(text string) answer {
	r.t.Helper()
	a := r.get()
	if a.err != nil || a.Text != text {
		r.t.Fatalf("line %.200q, %v; want %.200q", a.Text, a.err, text)
	}
	return a
}

// runs sets what the loop does with each line.
func (r *rig) runs(f func(Line)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.after = f
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
