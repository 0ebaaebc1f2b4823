package repl

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A screen is a small terminal: what is written to it becomes rows of cells.
// It knows the sequences that the prompt may use and notes every other one
// as a fault, so that a raw control byte from a paste is seen.
type screen struct {
	columns, rows int
	cells         [][]string // "" is a blank, "\x00" the right half of a wide character
	row, col      int
	wrapping      bool // the last column is full: the next character wraps
	saved         [2]int
	part          []byte // an unfinished sequence
	faults        []string
	greys         string // what was written in grey since the last plain
	grey          bool
	pasteMode     bool
	bytes         int
}

func newScreen(columns, rows int) *screen {
	s := &screen{columns: columns, rows: rows}
	for range rows {
		s.cells = append(s.cells, make([]string, columns))
	}
	return s
}

// text is the rows without blanks at their ends and without empty rows at the end.
func (s *screen) text() string {
	var b strings.Builder
	for _, row := range s.cells {
		line := ""
		for _, c := range row {
			switch c {
			case "":
				line += " "
			case "\x00":
			default:
				line += c
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

func (s *screen) String() string {
	return fmt.Sprintf("%s\ncursor %d,%d faults %q", s.text(), s.row, s.col, s.faults)
}

func (s *screen) write(b []byte) {
	s.bytes += len(b)
	s.part = append(s.part, b...)
	for len(s.part) > 0 {
		n := s.step(s.part)
		if n == 0 {
			return
		}
		s.part = s.part[n:]
	}
}

func (s *screen) step(b []byte) int {
	switch c := b[0]; {
	case c == 0x1b:
		return s.escape(b)
	case c == '\r':
		s.col, s.wrapping = 0, false
	case c == '\n':
		s.wrapping = false
		s.down()
	case c == '\b':
		s.col, s.wrapping = max(0, s.col-1), false
	case c < 0x20 || c == 0x7f:
		s.faults = append(s.faults, fmt.Sprintf("control %#x", c))
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

func (s *screen) down() {
	if s.row++; s.row == s.rows {
		s.row--
		s.cells = append(s.cells[1:], make([]string, s.columns))
	}
}

// wide is the test's own opinion, so that it does not repeat a fault.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xff00 && r <= 0xff60 || r >= 0x1f300 && r <= 0x1f64f || r >= 0x1f900 && r <= 0x1f9ff || r >= 0x20000 && r <= 0x3fffd
}

func (s *screen) put(r rune) {
	switch {
	case r >= 0x80 && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000:
		s.faults = append(s.faults, fmt.Sprintf("rune %#x", r))
		return
	case r >= 0x300 && r <= 0x36f:
		s.cells[s.row][max(0, s.col-1)] += string(r)
		return
	}
	if s.grey {
		s.greys += string(r)
	}
	width := 1
	if wide(r) {
		width = 2
	}
	if s.wrapping || s.col+width > s.columns {
		s.col, s.wrapping = 0, false
		s.down()
	}
	s.cells[s.row][s.col] = string(r)
	if width == 2 && s.col+1 < s.columns {
		s.cells[s.row][s.col+1] = "\x00"
	}
	if s.col += width; s.col >= s.columns {
		s.col, s.wrapping = s.columns-1, true
	}
}

func (s *screen) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	if b[1] != '[' {
		s.faults = append(s.faults, fmt.Sprintf("escape %q", b[:2]))
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
		s.row, s.wrapping = max(0, s.row-max(1, n)), false
	case 'C':
		s.col, s.wrapping = min(s.columns-1, s.col+max(1, n)), false
	case 'H':
		s.row, s.col, s.wrapping = 0, 0, false
	case 'J':
		from := s.row
		if n == 2 {
			from = -1
		} else {
			clear(s.cells[s.row][s.col:])
		}
		for _, row := range s.cells[from+1:] {
			clear(row)
		}
	case 'm':
		if s.grey = n == 90; s.grey {
			s.greys = ""
		}
	case 'h', 'l':
		if parameter != "?2004" {
			s.faults = append(s.faults, fmt.Sprintf("%q", b[:i+1]))
		}
		s.pasteMode = b[i] == 'h'
	default:
		s.faults = append(s.faults, fmt.Sprintf("%q", b[:i+1]))
	}
	return i + 1
}
