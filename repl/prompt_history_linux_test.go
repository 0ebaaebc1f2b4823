package repl

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const up, down = "\x1b[A", "\x1b[B"

func TestHistoryKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "socksh", "history")
	var onIO int
	with := func(c *PromptConfig) {
		c.History = path
		c.IO = func(f func()) { onIO++; f() }
	}
	r := newRig(t, 80, 24, with)
	for _, line := range []string{"one", "two", "two", "", "  ", "three"} {
		r.typed(line + "\r")
		r.wants(line)
	}
	r.typed("dra" + up)
	r.see("sock> three|")
	r.typed(up + up + up + up)
	r.see("sock> one|")
	r.typed(down + down + down + down)
	r.see("sock> dra|")
	r.typed("ft" + up + up + "!\r")
	r.wants("two!")
	if err := r.prompt.HistoryError(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "one\ntwo\nthree\ntwo!\n" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700 | os.ModeDir} {
		if info, err := os.Stat(p); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", p, info.Mode(), err)
		}
	}
	r.prompt.Close()
	if onIO != 5 {
		t.Errorf("IO was used %d times for one reading and four lines", onIO)
	}

	again := newRig(t, 80, 24, with)
	again.typed(up + up)
	again.see("sock> three|")
}

func TestSearch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	writeFile(t, path, "socket tcp\nbind :80\nsend 你好 x\nsocket udp\nclose 3\n")
	r := newRig(t, 80, 24, func(c *PromptConfig) { c.History = path })
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("a file of mode 0644 has become %v, %v", info.Mode(), err)
	}
	r.typed("half\x12")
	r.see("(search `') half|")
	r.typed("so")
	r.see("(search `so') |socket udp")
	r.typed("\x12")
	r.see("(search `so') |socket tcp")
	r.typed("\x12")
	r.see("(no such line, search `so') |socket tcp")
	r.typed("\x13")
	r.see("(search forward `so') |socket udp")
	r.typed("zz")
	r.see("(no such line, search forward `sozz') |socket udp")
	r.typed("\x7f\x7f\x7f\x7f")
	r.see("(search forward `') half|")
	r.typed("\x12好")
	r.see("(search `好') send 你|好 x")
	fmt.Fprintln(r.prompt, "in between")
	r.see("in between", "(search `好') send 你|好 x")
	r.typed("\x07")
	r.see("sock> half|")
	r.typed("\x12clo\x03")
	r.see("sock> half|")
	r.typed("\x12tcp\x1b[D")
	r.see("sock> socket| tcp")
	r.typed(down)
	r.see("sock> bind :80|")
	r.typed("\x03")
	r.get()
	r.typed("\x12udp\r")
	r.wants("socket udp")
	r.typed("\x12\x13\x12" + pasteBegin + "cl" + pasteStop + "\r")
	r.wants("cl")
}

func TestHistoryFile(t *testing.T) {
	direct := func(f func()) { f() }
	dir := t.TempDir()
	path := filepath.Join(dir, "history")
	var text strings.Builder
	for i := range historyLines + historySlack + 10 {
		fmt.Fprintf(&text, "line %d\r\n", i)
	}
	writeFile(t, path, text.String())
	h := openHistory(path, direct)
	if err := h.failed(); err != nil || len(h.lines) != historyLines || h.lines[historyLines-1] != "line 12009" {
		t.Fatalf("%d lines, %v", len(h.lines), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	h.add("one more")
	h.add(strings.Repeat("x", historyLine+1))
	h.add("two\nlines")
	if again := openHistory(path, direct); len(h.lines) != historyLines || len(again.lines) != historyLines || again.lines[historyLines-1] != "one more" || again.lines[0] != "line 2011" {
		t.Errorf("%d lines then, %d when read again, %q to %q", len(h.lines), len(again.lines), again.lines[0], again.lines[historyLines-1])
	}
	if left, err := filepath.Glob(path + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}

	if h := openHistory(dir, direct); h.failed() == nil {
		t.Error("a folder as history is no error")
	} else if h.add("kept all the same"); h.recall().lines[0] != "kept all the same" {
		t.Error("a line was lost")
	}
	if h := openHistory(filepath.Join(path, "x"), direct); h.failed() == nil || errors.Is(h.failed(), os.ErrNotExist) {
		t.Errorf("a file as a folder: %v", h.failed())
	}
}
