package repl

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

const pasteBegin, pasteStop = "\x1b[200~", "\x1b[201~"

func TestPasteOfLines(t *testing.T) {
	for name, newline := range map[string]string{"CR": "\r", "LF": "\n", "CRLF": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 80, 24, nil)
			r.runs(func(l Line) { fmt.Fprintf(r.prompt, "ran %d\n", len(l.Text)) })
			var text strings.Builder
			for i := range 200 {
				fmt.Fprintf(&text, "send \"%d\tx\"%s", i, newline)
			}
			r.typed("#:")
			go r.typed(pasteBegin + text.String() + pasteStop)
			for i := range 200 {
				want := fmt.Sprintf("send \"%d\tx\"", i)
				if i == 0 {
					want = "#:" + want
				}
				if a := r.wants(want); !a.Pasted || a.Rest != 199-i {
					t.Fatalf("line %d: %+v", i, a)
				}
			}
			r.see("sock> send \"198    x\"", "ran 12", "sock> send \"199    x\"", "ran 12", "sock> |")
		})
	}
}

func TestPasteWithoutNewlineAtItsEnd(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	r.typed("one three\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D")
	r.see("sock> one |three")
	r.typed(pasteBegin + "X\r\rtwo " + pasteStop)
	if a := r.wants("one X"); !a.Pasted || a.Rest != 1 {
		t.Errorf("%+v", a)
	}
	if a := r.wants(""); !a.Pasted || a.Rest != 0 {
		t.Errorf("%+v", a)
	}
	r.see("sock> one X", "sock>", "sock> two |three")
	r.typed("and \r")
	if a := r.wants("two and three"); !a.Pasted {
		t.Error("partly pasted, but not said to be")
	}
	r.typed("plain\r")
	if a := r.wants("plain"); a.Pasted {
		t.Error("typed, but said to be pasted")
	}
}

func TestPasteIntoALine(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	r.typed("ad\x1b[D" + pasteBegin + "b\tc你" + pasteStop)
	r.see("sock> ab    c你|d")
	r.typed(pasteBegin + pasteStop + "e\r")
	r.wants("ab\tc你ed")
}

func TestPasteOfControlBytes(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	evil := "\x1b[31mred\x1b]0;title\x07\x00\x03\x04\x9b\u009b\xff\u202e\U0010F803"
	r.typed(pasteBegin + evil + "\r" + evil + pasteStop)
	r.wants(evil)
	r.see(fmt.Sprintf("sock> [%d bytes pasted]|", len(evil)))
	r.typed("\x7fx" + pasteBegin + "\x1b[2J\x07" + pasteStop)
	r.see("sock> x^[[2J^G|")
	r.typed("\r")
	r.wants("x\x1b[2J\x07")
	// From the history too.
	r.typed("\x1b[A")
	r.see("sock> x^[[2J^G|")
}

func TestPasteOfAMegabyte(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	line := strings.Repeat("0123456789abcdef", 1<<16)
	go r.typed(pasteBegin + line + pasteStop)
	r.see("sock> [1048576 bytes pasted]|")
	r.typed("X\x01send \r")
	r.wants("send " + line + "X")
	r.see("sock> send [1048576 bytes pasted]X", "sock> |")

	go r.typed(pasteBegin + line + "\r" + line + pasteStop)
	if a := r.wants(line); !a.Pasted {
		t.Errorf("pasted %v, rest %d", a.Pasted, a.Rest)
	}
	r.see("sock> [1048576 bytes pasted]|")
	r.typed("\x03")
	r.get()
	r.mu.Lock()
	shown := r.screen.Bytes
	r.mu.Unlock()
	if shown > 20_000 {
		t.Errorf("%d bytes were written to the terminal", shown)
	}

	go r.typed(line + "\r")
	r.wants(line)
}

func TestHeldPastesAreForgottenInOrder(t *testing.T) {
	var h paste
	var line []rune
	for i := range heldMost + 1 {
		line = append(line, h.hold(strings.Repeat(fmt.Sprint(i), shortPaste+1))...)
	}
	want := "\uFFFD"
	for i := 1; i <= heldMost; i++ {
		want += strings.Repeat(fmt.Sprint(i), shortPaste+1)
	}
	if got := h.exact(line); got != want || len(h.held) != heldMost {
		t.Errorf("%.100q, %d held", got, len(h.held))
	}
}

func TestDropPaste(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	dropped := -1
	r.runs(func(l Line) {
		if l.Text == "bad" {
			dropped = r.prompt.DropPaste()
		}
	})
	r.typed(pasteBegin + "good\rbad\rworse\rworst\rfragment" + pasteStop)
	r.wants("good")
	r.wants("bad")
	if dropped != 3 {
		t.Errorf("dropped %d lines", dropped)
	}
	r.see("sock> good", "sock> bad", "sock> |")
	r.typed("next\r")
	r.wants("next")
}

// A paste whose end mark is lost ends when nothing more comes.
func TestPasteWithoutEnd(t *testing.T) {
	r := newRig(t, 80, 24, nil)
	r.typed(pasteBegin + "one\rtwo")
	r.wants("one")
	r.see("sock> two|")
}

// However the terminal's bytes come in, the keys are the same.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("ab\x1b[1;5Dc\x1b[200~x\ry\x1b[201~\xe4\xbd\xa0\x00\x1b\x1b[A\x1bOH\x1b]0;x\x07"), 3)
	f.Add([]byte("\x1b[200~\x1b[201\x1b[201~\x1b[M abc\x1b[[A\x1b"), 1)
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		size = 1 + int(uint(size)%64)
		whole := &keyboard{rest: bytes.Clone(b)}
		want := append(keysOf(whole, false), keysOf(whole, true)...)
		parts := &keyboard{}
		var got []string
		for from := 0; from < len(b); from += size {
			parts.rest = append(parts.rest, b[from:min(len(b), from+size)]...)
			got = append(got, keysOf(parts, false)...)
		}
		got = append(got, keysOf(parts, true)...)
		if strings.Join(got, "") != strings.Join(want, "") {
			t.Errorf("at once %q, in parts of %d %q", want, size, got)
		}
		if len(whole.rest) > 0 || whole.pasting {
			t.Errorf("%q stays for ever", whole.rest)
		}
	})
}

func keysOf(k *keyboard, idle bool) (keys []string) {
	for {
		switch r := k.decoded(idle); r {
		case keyIgnore:
			return keys
		case keyText:
			keys = append(keys, string(k.text))
		case keyPaste:
			keys = append(keys, "<"+string(k.text)+">")
		default:
			keys = append(keys, string(r))
		}
	}
}
