package repl

import "fmt"

// A layout writes glyphs row by row and knows where the terminal's cursor is. It
// leaves the wrapping of full rows to the terminal, so that what is copied
// from it and what it wraps anew has no newlines of ours.
type layout struct {
	columns  int
	row, col int // col may be columns: the terminal then wraps before the next glyph
	out      []byte
}

// raw writes a text that holds sequences of colour; width is that of the rest.
func (l *layout) raw(text string, width int) {
	l.out = append(l.out, text...)
	l.col += width
	if l.col > l.columns {
		l.row += (l.col - 1) / l.columns
		l.col = (l.col-1)%l.columns + 1
	}
}

// room goes to the next row if a glyph of that width does not fit into this one.
func (l *layout) room(width int) {
	if width = min(width, l.columns); l.col+width > l.columns {
		l.row++
		l.col = 0
	}
}

// glyph writes one, after room has been made.
func (l *layout) glyph(g string, width int) {
	if width > l.columns {
		g, width = "?", 1
	}
	l.out = append(l.out, g...)
	l.col += width
}

// text writes narrow characters.
func (l *layout) text(s string) {
	for _, r := range s {
		l.room(1)
		l.glyph(string(r), 1)
	}
}

// edge has the terminal do a wrap that it has put off. Terminals disagree about
// where the cursor is until then.
func (l *layout) edge() {
	if l.col == l.columns {
		l.out = append(l.out, " \r"...)
		l.row++
		l.col = 0
	}
}

func (l *layout) moveTo(row, col int) {
	if l.row > row {
		l.out = fmt.Appendf(l.out, "\x1b[%dA", l.row-row)
	}
	if l.row == row && l.col == col {
		return
	}
	l.out = append(l.out, '\r')
	if col > 0 {
		l.out = fmt.Appendf(l.out, "\x1b[%dC", col)
	}
	l.row, l.col = row, col
}

// window is the part of a line around the cursor that fits into so many cells, and the
// marks of what is left out before and after it.
func (p *Prompt) window(text []rune, pos, room int) (part []rune, at int, before, after string) {
	width := func(r rune) (sum int) {
		_, widths := p.glyphs(r)
		for _, w := range widths {
			sum += max(1, w) // a row's last cell may stay empty before a wide one
		}
		return sum
	}
	from, to, left := pos, pos, max(room, 1)
	// As far back as three quarters of the room go, then forward, then back again.
	back := func(keep int) {
		for from > 0 && left-width(text[from-1]) >= keep {
			from--
			left -= width(text[from])
		}
	}
	back(room / 4)
	for to < len(text) && left >= width(text[to]) {
		left -= width(text[to])
		to++
	}
	back(0)
	if from > 0 {
		before = "..."
	}
	if to < len(text) {
		after = "..."
	}
	return text[from:to], pos - from, before, after
}
