package view

import (
	"bytes"
)

// A table lays rows out in columns.
type table struct {
	rows  []row
	width int // 0: no limit
	color bool
	wide  [columns]int // cells of each column
	gap   int
}

// Addresses and names are not cut below these.
const (
	leastAddress = 12
	leastName    = 6
)

// fit chooses the columns' widths. Where they do not fit, the gaps give way first, then addresses, then names; the flags
// behind them have a line of their own if need be.
func (t *table) fit() {
	t.gap = 2
	named := false
	for i := range t.rows {
		r := &t.rows[i]
		named = named || r.cells[colName] != ""
		for c := range min(r.spans, columns) {
			t.wide[c] = max(t.wide[c], cells(r.cells[c]))
		}
	}
	for c := range columns {
		if c != colName || named {
			t.wide[c] = max(t.wide[c], len(heads[c]))
		}
	}
	// A listener's queue needs the room of the columns that it takes the place of, and takes that of the flags if need be.
	for i := range t.rows {
		if r := &t.rows[i]; r.spans == colPeer {
			if more := cells(r.span) - t.total(colPeer, columns); more > 0 {
				t.wide[colPeer] += more
			}
		}
	}
	if t.width <= 0 {
		return
	}
	two, behind := t.total(0, columns), t.overflow()
	t.gap = 1
	if two <= t.width && t.overflow() == behind {
		t.gap = 2
	}
	for _, c := range [...]struct{ column, least int }{{colPeer, leastAddress}, {colLocal, leastAddress}, {colName, leastName}} {
		if over := t.total(0, columns) - t.width; over > 0 {
			t.wide[c.column] = min(t.wide[c.column], max(c.least, t.wide[c.column]-over))
		}
	}
}

// total is the width of some columns with the gaps between them.
func (t *table) total(from, to int) int {
	n := 0
	for c := from; c < to; c++ {
		if t.wide[c] > 0 {
			if n > 0 {
				n += t.gap
			}
			n += t.wide[c]
		}
	}
	return n
}

// overflow counts the rows whose flags do not fit behind them.
func (t *table) overflow() int {
	n, at := 0, t.total(0, columns)+t.gap
	for i := range t.rows {
		if notes := cells(t.rows[i].notes); notes > 0 && at+notes > t.width {
			n++
		}
	}
	return n
}

const bold = "\x1b[1m"

// append writes a row. Notes that do not fit behind it go to a line of their own.
func (t *table) append(b []byte, r *row) []byte {
	if t.color && r.bold {
		b = append(b, bold...)
	}
	start, at, pending := len(b), 0, 0
	put := func(text string, wide int, right bool) {
		text = cut(text, wide)
		n := cells(text)
		if right {
			pending += wide - n
		}
		b = pad(b, pending)
		at += pending
		b = append(b, text...)
		at += n
		pending = t.gap
		if !right {
			pending += wide - n
		}
	}
	for c := range columns {
		if c == r.spans {
			put(r.span, max(t.total(c, columns), t.width-at-pending), false)
			pending = max(t.gap, t.total(0, columns)+t.gap-at)
			break
		}
		if t.wide[c] > 0 {
			put(r.cells[c], t.wide[c], c == colFD || c == colRecv || c == colSend)
		}
	}
	if head := r.cells == heads; r.notes != "" && !(head && t.width > 0 && at+pending+cells(r.notes) > t.width) {
		if n := cells(r.notes); t.width > 0 && at+pending+n > t.width {
			indent := min(t.total(0, colType)+t.gap, max(0, t.width-n))
			if at+t.gap+n <= t.width {
				b = append(pad(b, t.gap), r.notes...)
			} else {
				b = append(pad(append(b, '\n'), indent), r.notes...)
			}
		} else {
			b = append(pad(b, pending), r.notes...)
		}
	}
	if t.color && r.bold {
		b = append(b, plain...)
	} else {
		b = append(b[:start], bytes.TrimRight(b[start:], " ")...)
	}
	return append(b, '\n')
}

func pad(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}

// cut shortens a text to so many cells, in its middle: the end of a path and a port say more than what stands before.
func cut(text string, wide int) string {
	if cells(text) <= wide {
		return text
	}
	const dots = "..."
	left := (wide - len(dots)) / 3
	right := wide - len(dots) - left
	return start(text, left) + dots + tail(text, right)
}

// start is the beginning of a text that fits into so many cells.
func start(text string, wide int) string {
	for i, r := range text {
		if wide -= cells(string(r)); wide < 0 {
			return text[:i]
		}
	}
	return text
}

// tail is the end of a text that fits into so many cells.
func tail(text string, wide int) string {
	runes := []rune(text)
	i := len(runes)
	for i > 0 && wide >= cells(string(runes[i-1])) {
		i--
		wide -= cells(string(runes[i]))
	}
	return string(runes[i:])
}
