// Package screen is a small terminal for tests: what is written to it becomes rows of cells, as a person would see
// them. It must not know what the shell means to show.
package screen

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Screen is made by New and is not safe for use by several goroutines. It knows the sequences that the shell may use
// and notes every other one as a fault, so that a raw control byte from a paste or a peer is seen.
type Screen struct {
	Columns, Rows int
	Row, Col      int      // of the cursor, from 0
	Faults        []string // what reached the terminal and should not have
	Grey          string   // what was written in grey last
	Paste         bool     // bracketed paste is on
	Prompts       int      // how often it was switched on: the shell does so for each line that it reads
	Bytes         int      // how many were written
	Tabs          bool     // a tab is no fault

	cells    [][]string // "" is a blank, "\x00" the right half of a wide character
	above    []string   // rows that have left at the top
	wrapping bool       // the last column is full: the next character wraps
	part     []byte     // an unfinished sequence
	grey     bool
}

// New is an empty screen.
func New(columns, rows int) *Screen {
	s := &Screen{Columns: columns, Rows: rows}
	for range rows {
		s.cells = append(s.cells, make([]string, columns))
	}
	return s
}

// Text is the rows without blanks at their ends and without empty rows at the end.
func (s *Screen) Text() string {
	var b strings.Builder
	for _, row := range s.cells {
		b.WriteString(text(row) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// All is Text below the rows that have left at the top.
func (s *Screen) All() string {
	return strings.Join(append(s.above[:len(s.above):len(s.above)], s.Text()), "\n")
}

func text(row []string) string {
	var b strings.Builder
	for _, c := range row {
		switch c {
		case "":
			b.WriteByte(' ')
		case "\x00":
		default:
			b.WriteString(c)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// String is what the message of a failed test shows.
func (s *Screen) String() string {
	return fmt.Sprintf("%s\ncursor %d,%d faults %.1000q", s.Text(), s.Row, s.Col, s.Faults)
}

// Write shows what a program wrote; a sequence or character may come in parts.
func (s *Screen) Write(b []byte) {
	s.Bytes += len(b)
	s.part = append(s.part, b...)
	for len(s.part) > 0 {
		n := s.step(s.part)
		if n == 0 {
			return
		}
		s.part = s.part[n:]
	}
}

func (s *Screen) step(b []byte) int {
	switch c := b[0]; {
	case c == 0x1b:
		return s.escape(b)
	case c == '\r':
		s.Col, s.wrapping = 0, false
	case c == '\n':
		s.wrapping = false
		s.down()
	case c == '\b':
		s.Col, s.wrapping = max(0, s.Col-1), false
	case c == '\t' && s.Tabs:
		s.Col = min(s.Columns-1, s.Col/8*8+8)
	case c < 0x20 || c == 0x7f:
		s.Faults = append(s.Faults, fmt.Sprintf("control %#x", c))
	default:
		if !utf8.FullRune(b) {
			return 0
		}
		r, n := utf8.DecodeRune(b)
		s.put(r)
		return n
	}
	return 1
}

func (s *Screen) down() {
	if s.Row++; s.Row == s.Rows {
		s.Row--
		s.above = append(s.above, text(s.cells[0]))
		s.cells = append(s.cells[1:], make([]string, s.Columns))
	}
}

// Wide says whether a character takes two cells: an opinion of its own, so that it does not repeat a fault of the shell's.
func Wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xff00 && r <= 0xff60 || r >= 0x1f300 && r <= 0x1f64f || r >= 0x1f900 && r <= 0x1f9ff || r >= 0x20000 && r <= 0x3fffd
}

func (s *Screen) put(r rune) {
	switch {
	case r >= 0x80 && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000:
		s.Faults = append(s.Faults, fmt.Sprintf("rune %#x", r))
		return
	case r >= 0x300 && r <= 0x36f:
		s.cells[s.Row][max(0, s.Col-1)] += string(r)
		return
	}
	if s.grey {
		s.Grey += string(r)
	}
	width := 1
	if Wide(r) {
		width = 2
	}
	if s.wrapping || s.Col+width > s.Columns {
		s.Col, s.wrapping = 0, false
		s.down()
	}
	s.cells[s.Row][s.Col] = string(r)
	if width == 2 && s.Col+1 < s.Columns {
		s.cells[s.Row][s.Col+1] = "\x00"
	}
	if s.Col += width; s.Col >= s.Columns {
		s.Col, s.wrapping = s.Columns-1, true
	}
}

func (s *Screen) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	if b[1] != '[' {
		s.Faults = append(s.Faults, fmt.Sprintf("escape %q", b[:2]))
		return 2
	}
	i := 2
	for i < len(b) && (b[i] < 0x40 || b[i] > 0x7e) {
		i++
	}
	if i == len(b) {
		return 0
	}
	parameter := string(b[2:i])
	n, _ := strconv.Atoi(parameter)
	switch b[i] {
	case 'A':
		s.Row, s.wrapping = max(0, s.Row-max(1, n)), false
	case 'C':
		s.Col, s.wrapping = min(s.Columns-1, s.Col+max(1, n)), false
	case 'H':
		s.Row, s.Col, s.wrapping = 0, 0, false
	case 'J':
		from := s.Row
		if n == 2 {
			from = -1
		} else {
			clear(s.cells[s.Row][s.Col:])
		}
		for _, row := range s.cells[from+1:] {
			clear(row)
		}
	case 'm':
		if s.grey = n == 90; s.grey {
			s.Grey = ""
		}
	case 'h', 'l':
		if parameter != "?2004" {
			s.Faults = append(s.Faults, fmt.Sprintf("%q", b[:i+1]))
		}
		if s.Paste = b[i] == 'h'; s.Paste {
			s.Prompts++
		}
	default:
		s.Faults = append(s.Faults, fmt.Sprintf("%q", b[:i+1]))
	}
	return i + 1
}
