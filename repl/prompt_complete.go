package repl

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"socksh/repl/term"
)

// A Candidate is what the last word of a line could be.
type Candidate struct {
	Text   string // the whole word
	Suffix bool   // a blank follows it, once it is the only candidate
	// Typed is how many bytes at the end of what was typed Text takes the place of. 0: as
	// many as are a beginning of Text, whether in capitals or not.
	Typed int
}

const (
	menuRows       = 10
	menuCandidates = 500 // so many are looked at for the menu's columns
)

// complete works on a Tab: it lengthens the word as far as the candidates agree,
// or lists them below the line.
func (p *Prompt) complete() rune {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := &p.edit
	if e.search != nil || len(p.view.menu) > 0 { // the one ends, the other makes way
		p.key(keyIgnore)
	}
	if p.cfg.Complete == nil || !p.view.editing || hasHeld(e.text) {
		return 0
	}
	before := string(e.text[:e.pos])
	var candidates []Candidate
	p.unlocked(func() { candidates = p.cfg.Complete(before) })
	if p.closed || len(candidates) == 0 {
		return 0
	}
	if line, ok := completed(before, candidates); ok {
		text := []rune(line)
		return e.put(slices.Concat(text, e.text[e.pos:]), len(text))
	}
	columns, _ := p.cfg.TTY.Size()
	p.view.menu, p.view.dirty = menu(candidates, columns), true
	return 0
}

// completed is the line up to the cursor with its last word as long as the
// candidates agree, and false if that is nothing new.
func completed(before string, candidates []Candidate) (string, bool) {
	first := candidates[0]
	common, n := first.Text, first.replaces(before)
	for _, c := range candidates[1:] {
		common = commonPrefix(common, c.Text)
		if c.replaces(before) != n {
			return "", false
		}
	}
	if len(candidates) == 1 && first.Suffix {
		common += " "
	}
	line := before[:len(before)-n] + common
	return line, len(common) >= n && line != before
}

func (c Candidate) replaces(before string) int {
	if c.Typed > 0 {
		return min(c.Typed, len(before))
	}
	for n := min(len(c.Text), len(before)); n > 0; n-- {
		if whole := utf8.RuneStart(before[len(before)-n]) && (n == len(c.Text) || utf8.RuneStart(c.Text[n])); !whole {
			continue // EqualFold takes any two broken characters for the same
		}
		if strings.EqualFold(before[len(before)-n:], c.Text[:n]) {
			return n
		}
	}
	return 0
}

func commonPrefix(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) {
		i--
	}
	return a[:i]
}

// menu is rows of candidates, as many as fit into the width, in columns.
func menu(candidates []Candidate, columns int) []string {
	texts := make([]string, 0, min(len(candidates), menuCandidates))
	widest := 0
	for _, c := range candidates[:cap(texts)] {
		text := cutWidth(c.Text, columns-1)
		texts = append(texts, text)
		widest = max(widest, term.TextCells(text))
	}
	perRow := max(1, (columns+1)/(widest+2))
	fits := min(len(texts), perRow*menuRows)
	if fits < len(candidates) {
		fits = min(len(texts), perRow*(menuRows-1))
	}
	var rows []string
	for row := range slices.Chunk(texts[:fits], perRow) {
		var b strings.Builder
		for i, text := range row {
			b.WriteString(text)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widest+2-term.TextCells(text)))
			}
		}
		rows = append(rows, b.String())
	}
	if more := len(candidates) - fits; more > 0 {
		rows = append(rows, strconv.Itoa(more)+" more")
	}
	return rows
}
