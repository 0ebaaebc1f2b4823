package repl

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"socksh/repl/term"
)

const (
	historyLines = 10_000
	historySlack = 2_000   // so many more may be in the file before it is written anew
	historyLine  = 8 << 10 // bytes; a longer line is not remembered
	historyFile  = 8 << 20 // bytes of the file, from its end, that are read
)

// A history is the lines given before, oldest first, and the file in which they
// outlive the session: a line of text each, as it was typed, appended when
// it is given. The file is opened for each append and closed again, so that no
// descriptor stays and several shells may share it.
type history struct {
	path string
	io   func(func())

	mu    sync.Mutex
	lines []string
	err   error
}

// openHistory reads the file, and makes it if there is none.
func openHistory(path string, io func(func())) *history {
	h := &history{path: path, io: io}
	if path == "" {
		return h
	}
	io(func() {
		lines, total, err := readHistory(path)
		if err == nil && total > historyLines+historySlack {
			err = term.WritePrivate(path, []byte(strings.Join(lines, "\n")+"\n"))
		}
		h.lines, h.err = lines, err
	})
	return h
}

func (h *history) failed() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// add remembers a line, unless it is blank, too long or the same as the last one.
func (h *history) add(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if strings.TrimSpace(line) == "" || len(line) > historyLine || strings.ContainsAny(line, "\r\n") {
		return
	}
	if n := len(h.lines); n > 0 && h.lines[n-1] == line {
		return
	}
	h.lines = bounded(append(h.lines, line))
	if h.path == "" || h.err != nil {
		return
	}
	h.io(func() { h.err = term.AppendPrivate(h.path, []byte(line+"\n")) })
}

func bounded(lines []string) []string {
	if over := len(lines) - historyLines; over > 0 {
		return slices.Delete(lines, 0, over)
	}
	return lines
}

// openPrivate opens the file for its owner alone, whatever its mode was. A
// FIFO or a device, which could block, is refused.
func openPrivate(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s must be a regular file, but is %s", path, info.Mode())
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().Perm() != 0o600 {
		err = f.Chmod(0o600)
		if err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

func readHistory(path string) (lines []string, total int, err error) {
	f, err := openPrivate(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, err
	}
	text, err := io.ReadAll(io.NewSectionReader(f, max(0, size-historyFile), historyFile))
	if err != nil {
		return nil, 0, err
	}
	if size > historyFile { // the first line is cut
		_, text, _ = bytes.Cut(text, []byte("\n"))
		total = historyLines + historySlack + 1
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		total++
		if line != "" && len(line) <= historyLine {
			lines = append(lines, line)
		}
	}
	return bounded(slices.Compact(lines)), total, nil
}

// A recall is a walk through the lines as they were when it began, with Up
// and Down. The line that was being typed is its newest end.
type recall struct {
	lines []string
	at    int // len(lines): the draft
	draft string
}

func (h *history) recall() recall {
	h.mu.Lock()
	defer h.mu.Unlock()
	lines := slices.Clone(h.lines)
	return recall{lines: lines, at: len(lines)}
}

func (r *recall) older(text []rune) (string, bool) {
	if r.at == 0 {
		return "", false
	}
	if r.at == len(r.lines) {
		r.draft = string(text)
	}
	r.at--
	return r.lines[r.at], true
}

func (r *recall) newer([]rune) (string, bool) {
	if r.at >= len(r.lines) {
		return "", false
	}
	if r.at++; r.at == len(r.lines) {
		return r.draft, true
	}
	return r.lines[r.at], true
}
