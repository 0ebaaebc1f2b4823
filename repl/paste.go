package repl

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A paste is what a bracketed paste has left for later lines. It is guarded by
// the prompt's mu.
type paste struct {
	lines []string  // complete, waiting for ReadLine
	begin *position // what follows the last newline, and the line's old end
	begun bool      // begin holds pasted text
	held  map[rune]string
	count int
}

const (
	// heldFirst is the first of the runes of private use that stand in a line for
	// a piece of a paste that readline is not to see: it is too long, as readline
	// copies the line at each key, or is not text.
	heldFirst = '\U0010E000'
	heldRunes = 2048
	heldMost  = 8 // pieces that are remembered

	shortPaste = 1000 // bytes that are put into the line as they are
)

// DropPaste throws away what is still waiting of a paste, and tells how many
// lines that was.
func (p *Prompt) DropPaste() (dropped int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dropped = len(p.paste.lines)
	if p.paste.begun {
		dropped++
	}
	p.paste.lines, p.paste.begin, p.paste.begun = nil, nil, false
	return dropped
}

// waiting gives the next waiting line and shows it behind the prompt, as if
// typed.
func (p *Prompt) waiting(prompt string) (Line, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.paste.lines) == 0 {
		return Line{}, false
	}
	text := p.paste.lines[0]
	if p.paste.lines = p.paste.lines[1:]; len(p.paste.lines) == 0 {
		p.paste.lines = nil // the array too
	}
	p.edit = edit{text: shortRunes(text), killed: p.edit.killed}
	p.view = view{prompt: prompt, editing: true}
	p.leave("")
	return Line{Text: text, Pasted: true, Rest: len(p.paste.lines)}, true
}

// splitPaste takes pasted text apart at its newlines, which come as \r, \n or
// \r\n; last is what follows the last of them.
func splitPaste(b []byte) (lines []string, last string) {
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	lines = strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
	return lines[:len(lines)-1], lines[len(lines)-1]
}

// hold gives the runes that stand for pasted text in a line: its own, or a single
// one in its place.
func (h *paste) hold(text string) []rune {
	if len(text) <= shortPaste && utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r >= firstReserved }) {
		return []rune(text)
	}
	if h.held == nil {
		h.held = make(map[rune]string)
	}
	place := func(n int) rune { return heldFirst + rune(n%heldRunes) }
	delete(h.held, place(h.count+heldRunes-heldMost))
	r := place(h.count)
	h.held[r] = text
	h.count++
	return []rune{r}
}

// exact is a line with its held pieces in their places. Of one that is too
// long ago there is nothing left but U+FFFD.
func (h *paste) exact(line []rune) string {
	var b strings.Builder
	for _, r := range line {
		if !isHeld(r) {
			b.WriteRune(r)
		} else if text, ok := h.held[r]; ok {
			b.WriteString(text)
		} else {
			b.WriteRune(utf8.RuneError)
		}
	}
	return b.String()
}

// shown is what stands on the screen for a held piece.
func (h *paste) shown(r rune) string {
	return "[" + strconv.Itoa(len(h.held[r])) + " bytes pasted]"
}

func isHeld(r rune) bool { return r >= heldFirst && r < heldFirst+heldRunes }

func hasHeld(line []rune) bool {
	for _, r := range line {
		if isHeld(r) {
			return true
		}
	}
	return false
}

// shortRunes is a line as far as a screen could show it.
func shortRunes(text string) []rune {
	const most = 64 << 10
	if len(text) > most {
		text = text[:most]
	}
	line := []rune(text)
	for i, r := range line {
		line[i] = typed(r)
	}
	return line
}
