package repl

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"socksh/repl/term/screen"
)

func TestTyping(t *testing.T) {
	const left, right, home, end, del = "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x1b[3~"
	for _, c := range []struct{ name, keys, see, line string }{
		{"plain", "socket tcp", "socket tcp|", "socket tcp"},
		{"left", "abc" + left + left, "a|bc", "abc"},
		{"insert", "abc" + left + "X", "abX|c", "abXc"},
		{"right at the end", "ab" + right, "ab|", "ab"},
		{"home", "abc" + home, "|abc", "abc"},
		{"home 1~", "abc\x1b[1~", "|abc", "abc"},
		{"home O", "abc\x1bOH", "|abc", "abc"},
		{"end", "abc" + home + end, "abc|", "abc"},
		{"ctrl-a ctrl-e", "abc\x01X\x05Y", "XabcY|", "XabcY"},
		{"ctrl-b ctrl-f", "abc\x02\x02\x06X", "abX|c", "abXc"},
		{"delete", "abc" + home + del, "|bc", "bc"},
		{"delete at the end", "abc" + del, "abc|", "abc"},
		{"delete on nothing", del + del + "x", "x|", "x"},
		{"ctrl-d in a line", "abc" + home + "\x04", "|bc", "bc"},
		{"ctrl-d at its end", "abc\x04", "abc|", "abc"},
		{"backspace", "abc\x7f\x08", "a|", "a"},
		{"backspace on nothing", "\x7f\x7fx", "x|", "x"},
		{"ctrl-k ctrl-y", "one two\x01\x0b\x19\x19", "one twoone two|", "one twoone two"},
		{"ctrl-y of nothing", "\x19x", "x|", "x"},
		{"ctrl-u", "one two" + left + "\x15", "|o", "o"},
		{"ctrl-w", "bind 127.0.0.1:80 \x17", "bind |", "bind "},
		{"ctrl-w wide", "send 你好\x17x", "send x|", "send x"},
		{"meta backspace", "bind 127.0.0.1\x1b\x7f", "bind 127.0.0.|", "bind 127.0.0."},
		{"meta d", "one two" + home + "\x1bd", "| two", " two"},
		{"ctrl-left", "one two\x1b[1;5DX", "one X|two", "one Xtwo"},
		{"ctrl-right", "one two" + home + "\x1b[1;5CX", "oneX| two", "oneX two"},
		{"alt-left", "one two\x1b[1;3DX\x1bbY", "one Y|Xtwo", "one YXtwo"},
		{"rxvt", "one two\x1bOdX", "one X|two", "one Xtwo"},
		{"ctrl-t", "ab\x14", "ba|", "ba"},
		{"ctrl-t on nothing", "\x14\x14x\x14\x14", "x|", "x"},
		{"nul", "a\x00b\x00", "ab|", "ab"},
		{"ctrl-z ctrl-backslash", "a\x1a\x1c\x1d\x1e\x1f\x0f\x11\x16\x18b", "ab|", "ab"},
		{"function keys", "a\x1b[15~\x1bOP\x1b[[A\x1b[24;5~b", "ab|", "ab"},
		{"unknown sequences", "a\x1b[99;99z\x1b[?1;2c\x1b]11;rgb:0/0/0\x07\x1bP1$r\x1b\\\x1b[M !!\x1bxb", "ab|", "ab"},
		{"invalid UTF-8", "a\xffb\xc3(", "a\uFFFDb\uFFFD(|", "a\uFFFDb\uFFFD("},
		{"wide", "你好", "你好|", "你好"},
		{"wide left", "a你好b" + left + left, "a你|好b", "a你好b"},
		{"wide insert", "你好" + left + "é" + left + left, "|你é好", "你é好"},
		{"emoji", "😀🎉x" + left + left, "😀|🎉x", "😀🎉x"},
		{"combining", "e\u0301x" + left, "e\u0301|x", "e\u0301x"},
		{"bidirectional", "a\u202eb", "a<202e>b|", "a\u202eb"},
		{"tab without completer", "a\tb", "ab|", "ab"},
		{"up and down without history", "a\x1b[A\x1b[B\x10\x0e", "a|", "a"},
		{"ctrl-r without history", "a\x12\x07\x12\x03\x13\x07\x13\x03\x12\x12\x13x\x7f\x07b", "ab|", "ab"},
		{"ctrl-g", "a\x07b", "ab|", "ab"},
		{"wrapped", strings.Repeat("x", 80) + home, "|" + strings.Repeat("x", 74) + "\nxxxxxx", strings.Repeat("x", 80)},
		{"full row", strings.Repeat("x", 74), strings.Repeat("x", 74) + "\n|", strings.Repeat("x", 74)},
		{"wide over the edge", strings.Repeat("x", 73) + "你" + left, strings.Repeat("x", 73) + "\n|你", strings.Repeat("x", 73) + "你"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 80, 24, nil)
			r.see("sock> |")
			r.typed(c.keys)
			r.see(strings.Split("sock> "+c.see, "\n")...)
			r.typed("\r")
			r.wants(c.line)
			r.see("sock> |")
		})
	}
}

// A lone Esc is a key; what is typed later is not its continuation.
func TestEscapeAlone(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	r.typed("a\x1b")
	r.see("sock> a|")
	k, n := decode([]byte("\x1b"), false)
	if n != 0 {
		t.Errorf("Esc that may go on is %#x", k)
	}
	if k, n = decode([]byte("\x1b"), true); k != keyEscape || n != 1 {
		t.Errorf("Esc alone is %#x, %d bytes", k, n)
	}
	r.typed("\r")
	r.wants("a")
}

func TestEndings(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	r.typed("half a line\x03")
	if a := r.get(); !errors.Is(a.err, ErrInterrupt) || a.Text != "" {
		t.Errorf("Ctrl-C gives %q, %v", a.Text, a.err)
	}
	r.see("sock> half a line^C", "sock> |")
	r.typed("\x03")
	if a := r.get(); !errors.Is(a.err, ErrInterrupt) {
		t.Errorf("Ctrl-C in an empty line gives %v", a.err)
	}
	r.typed("\r")
	r.wants("")
	r.typed("\x04")
	if a := r.get(); a.err != io.EOF {
		t.Errorf("Ctrl-D gives %v", a.err)
	}
}

func TestHangup(t *testing.T) {
	for _, typed := range []string{"", "half"} {
		r := newRig(t, 80, 24, nil)
		r.typed(typed)
		r.see("sock> " + typed)
		r.pty.Hangup()
		if a := r.get(); a.err != io.EOF {
			t.Errorf("after hanging up %q, %v", a.Text, a.err)
		}
		if _, err := r.prompt.ReadLine("again> "); err != io.EOF {
			t.Errorf("and then %v", err)
		}
	}
}

func TestCloseIsQuick(t *testing.T) {
	best := time.Hour
	for range 10 {
		r := newRig(t, 80, 24, nil)
		r.typed("half a line")
		r.see("sock> half a line|")
		start := time.Now()
		if err := r.prompt.Close(); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
		if a := r.get(); a.err != io.EOF {
			t.Errorf("a pending ReadLine gives %v", a.err)
		}
		if now, err := r.pty.Modes(); err != nil || now != r.found {
			t.Errorf("modes %+v, %v; found %+v", now, err, r.found)
		}
		r.until("bracketed paste off", func(s *screen.Screen) bool { return !s.Paste })
	}
	if best > time.Millisecond {
		t.Errorf("Close took %v at best", best)
	}
}

func TestCloseWithoutReadLine(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	r.see("sock> |")
	p, err := NewPrompt(PromptConfig{TTY: r.tty})
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	p.Close()
	if _, err := p.ReadLine(""); err != io.EOF {
		t.Errorf("ReadLine after Close: %v", err)
	}
}

func TestWriteAboveTheLine(t *testing.T) {
	r := newRig(t, 40, 10, nil)
	r.typed("send 你好 x\x1b[D\x1b[D\x1b[D")
	r.see("sock> send 你|好 x")
	fmt.Fprint(r.prompt, "[1]+ accept(3, ..., ...) = 4\n")
	r.see("[1]+ accept(3, ..., ...) = 4", "sock> send 你|好 x")
	done := make(chan struct{})
	for i := range 4 {
		go func() {
			for j := range 5 {
				fmt.Fprintf(r.prompt, "line %d of %d\n", j, i)
			}
			done <- struct{}{}
		}()
	}
	for range 4 {
		<-done
	}
	fmt.Fprint(r.prompt, "no newline")
	r.see("no newline", "sock> send 你|好 x")
	r.typed("您\r")
	r.wants("send 你您好 x")
	r.see("sock> send 你您好 x", "sock> |")
}

// A line of several rows goes down as a whole, also in its middle.
func TestWriteAboveManyRows(t *testing.T) {
	r := newRig(t, 20, 10, nil)
	r.typed("abcdefghijklmnopqrstuvwxyz0123456789\x01\x06")
	r.see("sock> a|bcdefghijklmn", "opqrstuvwxyz01234567", "89")
	fmt.Fprint(r.prompt, "done\n")
	r.see("done", "sock> a|bcdefghijklmn", "opqrstuvwxyz01234567", "89")
	r.typed("\x05")
	r.see("done", "sock> abcdefghijklmn", "opqrstuvwxyz01234567", "89|")
	fmt.Fprint(r.prompt, "again\n")
	r.see("done", "again", "sock> abcdefghijklmn", "opqrstuvwxyz01234567", "89|")
}

// A terminal that wraps anew when it gets wider has fewer rows of ours: what
// stands above them stays.
func TestWider(t *testing.T) {
	r := newRig(t, 20, 10, nil)
	const line = "abcdefghijklmnopqrstuvwxyz0123456789"
	fmt.Fprintln(r.prompt, "above")
	r.typed(line)
	r.see("above", "sock> abcdefghijklmn", "opqrstuvwxyz01234567", "89|")
	r.pty.Resize(60, 10)
	r.mu.Lock()
	r.screen = screen.New(60, 10)
	r.screen.Write([]byte("above\r\nsock> " + line))
	r.mu.Unlock()
	r.prompt.resized()
	r.typed("!")
	r.see("above", "sock> "+line+"!|")
}

func TestLongerThanTheScreen(t *testing.T) {
	r := newRig(t, 20, 6, nil)
	line := strings.Repeat("0123456789", 300)
	r.typed(line)
	r.until("its end", func(s *screen.Screen) bool {
		return strings.HasSuffix(s.Text(), "89") && strings.HasPrefix(s.Text(), "sock> ...")
	})
	r.typed("\x01")
	r.until("its beginning", func(s *screen.Screen) bool {
		return strings.HasPrefix(s.Text(), "sock> 0123") && strings.HasSuffix(s.Text(), "...")
	})
	fmt.Fprint(r.prompt, "above\n")
	r.typed("x\r")
	r.wants("x" + line)
	r.see("sock> |")
}

func TestFastTyping(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	var all strings.Builder
	for i := range 500 {
		fmt.Fprintf(&all, "line %d\r", i)
	}
	go r.typed(all.String())
	for i := range 500 {
		a := r.wants(fmt.Sprintf("line %d", i))
		if a.Pasted {
			t.Fatal("typed, but said to be pasted")
		}
	}
}

func TestClearScreen(t *testing.T) {
	r := newRig(t, 40, 10, nil)
	r.typed("one\rtwo\x0c")
	r.until("one line at the top", func(s *screen.Screen) bool { return s.Text() == "sock> two" && s.Row == 0 && s.Col == 9 })
}

// What is typed while a call runs comes afterwards, and a Ctrl-D among it is no
// end for good.
func TestTypedWhileRunning(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	runs, finish := make(chan struct{}), make(chan struct{})
	r.runs(func(l Line) {
		if l.Text == "run" {
			runs <- struct{}{}
			<-finish
		}
	})
	r.typed("run\r")
	<-runs
	r.typed("ahe\x00ad\r\x04half")
	fmt.Fprintln(r.prompt, "output")
	r.see("sock> run", "output", "|")
	finish <- struct{}{}
	r.wants("run")
	r.wants("ahead")
	if a := r.get(); a.err != io.EOF {
		t.Fatalf("Ctrl-D gives %q, %v", a.Text, a.err)
	}
	<-r.loop
	r.typed("er\r")
	if l, err := r.prompt.ReadLine("again> "); l.Text != "halfer" || err != nil {
		t.Errorf("after it, %q, %v", l.Text, err)
	}
}

// Everything at once, for the race detector.
func TestEverythingAtOnce(t *testing.T) {
	r := newRig(t, 60, 20, func(c *PromptConfig) {
		completer("accept", "accept4", "bind")(c)
		c.Color = true
		c.Hint = func(line string) string { return " hint" }
	})
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			fmt.Fprintf(r.prompt, "note %d\n", i)
			r.prompt.resized()
		}
	}()
	for range 20 {
		r.typed("a\t\t\x12acc\x07" + pasteBegin + "x\ry" + pasteStop + "z\x1b[A\x1b[B\x15\rbind 你\x1b[D\x7f\r")
		for _, want := range []string{"acceptx", "", "bind你"} {
			if a := r.get(); a.Text != want {
				t.Fatalf("%q, %v; want %q", a.Text, a.err, want)
			}
		}
	}
	close(stop)
	<-done
}
