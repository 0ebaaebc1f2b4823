package repl

import (
	"fmt"
	"strings"
	"unicode"

	"socksh/repl/term"
)

// A view is what of the line is on the screen: a block of rows that begins
// with the prompt, and below the line a menu. It is drawn as a whole each
// time, from its first row on.
type view struct {
	prompt  string
	hint    string
	menu    []string // rows below the line, without control characters
	editing bool     // between begin and leave
	shown   bool     // the block is on the screen
	dirty   bool     // and is not up to date
	row     int      // the cursor's row in it
}

const (
	grey  = "\x1b[90m"
	plain = "\x1b[0m"

	longestHinted = 4096 // runes of a line for which a hint is asked
)

// settle is called when all that has been typed so far is in the line: now it
// is worth drawing.
func (p *Prompt) settle() {
	defer p.rescue()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.view.dirty || !p.view.editing {
		return
	}
	p.view.hint = ""
	e := &p.edit
	if p.cfg.Hint != nil && p.cfg.Color && e.search == nil && e.pos == len(e.text) && len(e.text) <= longestHinted && !hasHeld(e.text) {
		line := string(e.text)
		var hint string
		p.unlocked(func() { hint = p.cfg.Hint(line) })
		if !p.view.editing {
			return
		}
		p.view.hint = hint
	}
	p.redraw()
}

// unlocked asks without mu, for the answer may take its time, write, and panic.
func (p *Prompt) unlocked(ask func()) {
	p.mu.Unlock()
	defer p.mu.Lock()
	ask()
}

// resized draws the line anew. The terminal has wrapped the rows anew too, or
// has not: of the two, the cursor's row that is nearer is believed, for so
// nothing above the prompt is lost.
func (p *Prompt) resized() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.view.shown {
		return
	}
	row := p.view.row
	p.drawing()
	p.view.row = min(row, p.view.row)
	p.view.menu = nil
	p.redraw()
}

func (p *Prompt) redraw() {
	out := p.view.erase()
	p.cfg.TTY.Write(append(out, p.drawing()...))
	p.view.shown, p.view.dirty = true, false
}

// leave draws the line for the last time, from its beginning and without hint and menu, and
// puts the cursor below it.
func (p *Prompt) leave(mark string) {
	if !p.view.editing {
		return
	}
	out := p.view.erase()
	p.view.editing, p.view.hint, p.view.menu = false, "", nil
	p.edit.search = nil
	out = append(out, p.drawing()...)
	p.cfg.TTY.Write(append(out, mark+"\n"...))
	p.view.shown, p.view.row = false, 0
}

// erase takes the block from the screen; the cursor is then where it began.
func (v *view) erase() []byte {
	if !v.shown {
		return nil
	}
	out := []byte("\r")
	if v.row > 0 {
		out = fmt.Appendf(out, "\x1b[%dA", v.row)
	}
	v.row = 0
	return append(out, "\x1b[J"...)
}

// drawing is the block's text, written from the first column on; it notes the
// cursor's row. While editing, the cursor is in its place afterwards, else
// behind the line.
func (p *Prompt) drawing() []byte {
	v, e := &p.view, &p.edit
	columns, rows := p.cfg.TTY.Size()
	prompt, text, pos := v.prompt, e.text, e.pos
	if e.search != nil {
		prompt = e.search.prompt()
	}
	if !v.editing {
		pos = 0 // a line too long for the screen is shown from its beginning
	}
	l := layout{columns: columns}
	if width := term.TextCells(stripColour(prompt)); width <= columns*rows/2 {
		l.raw(prompt, width)
	}
	text, pos, before, after := p.window(text, pos, columns*max(1, rows-2)-l.col-l.row*columns-8)
	l.text(before)
	cursorRow, cursorCol := -1, 0
	for i, r := range text {
		glyphs, widths := p.glyphs(r)
		for j, g := range glyphs {
			l.room(widths[j])
			if i == pos && j == 0 {
				cursorRow, cursorCol = l.row, l.col
			}
			l.glyph(g, widths[j])
		}
	}
	l.text(after)
	l.edge()
	if !v.editing || cursorRow < 0 {
		cursorRow, cursorCol = l.row, l.col
	}
	if v.editing {
		p.hintAndMenu(&l, rows)
		l.moveTo(cursorRow, cursorCol)
	}
	v.row = cursorRow
	return l.out
}

func (p *Prompt) hintAndMenu(l *layout, rows int) {
	if hint := cutWidth(p.view.hint, l.columns-l.col-1); hint != "" {
		l.out = append(l.out, grey+hint+plain...)
		l.col += term.TextCells(hint)
	}
	menu := p.view.menu
	if room := rows - 1 - l.row; len(menu) > room {
		menu = menu[:max(0, room)]
	}
	for _, line := range menu {
		line = cutWidth(line, l.columns-1)
		l.out = append(l.out, "\r\n"+line...)
		l.row++
		l.col = term.TextCells(line)
	}
}

// glyphs are the cells in which a rune of the line is shown. What is no
// printable character never reaches the terminal as it is.
func (p *Prompt) glyphs(r rune) (glyphs []string, widths []int) {
	if r >= 0x20 && r < 0x7f {
		return []string{string(r)}, []int{1}
	}
	shown := visible(r)
	if isHeld(r) {
		shown = p.paste.shown(r)
	} else if r == '\t' {
		shown = "    "
	}
	if w, ok := term.RuneCells(r); ok && r != '\t' {
		return []string{shown}, []int{w}
	}
	for _, c := range shown {
		glyphs, widths = append(glyphs, string(c)), append(widths, 1)
	}
	return glyphs, widths
}

// visible is how a rune is shown: ^X for control characters, <200d> for format and other
// characters that cannot be seen, among them the bidirectional ones.
func visible(r rune) string {
	switch _, ok := term.RuneCells(r); {
	case unicode.Is(unicode.Variation_Selector, r):
		return "" // terminals disagree about how wide they make a character
	case ok:
		return string(r)
	case r < 0x20 || r == 0x7f:
		return "^" + string(r^0x40)
	}
	return fmt.Sprintf("<%x>", r)
}

// printable is text as it may be shown in one row.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteString(visible(r))
	}
	return b.String()
}

// cutWidth is as much of the text as fits, made printable.
func cutWidth(text string, width int) string {
	text = printable(text)
	for i, r := range text {
		w, _ := term.RuneCells(r)
		if width -= w; width < 0 {
			return text[:i]
		}
	}
	return text
}

// stripColour takes SGR sequences out.
func stripColour(text string) string {
	var b strings.Builder
	for {
		plain, rest, found := strings.Cut(text, "\x1b[")
		b.WriteString(plain)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, "m")
	}
}
