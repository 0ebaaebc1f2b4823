package view

import "strings"

const (
	pageWidth = 80
	itemWidth = 18 // where the text of an item begins
)

// A page gathers lines of help.
type page struct {
	b    []byte
	bold bool
}

func (p *page) line(text string) { p.b = append(append(p.b, text...), '\n') }

// lines takes text that is laid out already.
func (p *page) lines(text string) { p.line(strings.TrimRight(text, "\n")) }

func (p *page) strong(text string) {
	if p.bold {
		text = bold + text + plain
	}
	p.b = append(p.b, text...)
}

func (p *page) head(text string) {
	for i, l := range wrap(text, pageWidth-1) {
		if i > 0 {
			p.b = append(p.b, "  "...)
		}
		p.strong(l)
		p.b = append(p.b, '\n')
	}
}

// item is a name and what there is to say about it, in a column of its own.
func (p *page) item(name, text string, column int) {
	lead := "  " + name
	p.b = append(p.b, lead...)
	p.column(lead, text, column)
}

// headed is an item with a heading for its name.
func (p *page) headed(name, text string, column int) {
	p.strong(name)
	p.column(name, text, column)
}

func (p *page) column(lead, text string, column int) {
	at := cells(lead)
	if at+1 > column {
		p.b = append(p.b, '\n')
		at = 0
	}
	for _, l := range wrap(text, pageWidth-1-column) {
		p.b = append(pad(p.b, column-at), l...)
		p.b = append(p.b, '\n')
		at = 0
	}
}

func (p *page) wrapped(text string, indent int) {
	for _, l := range wrap(text, pageWidth-1-indent) {
		p.b = append(append(pad(p.b, indent), l...), '\n')
	}
}

// wrap breaks text between words.
func wrap(text string, width int) []string {
	var all []string
	line, at := "", 0
	for _, w := range strings.Fields(text) {
		n := cells(w)
		switch {
		case at == 0:
			line, at = w, n
		case at+1+n > width:
			all = append(all, line)
			line, at = w, n
		default:
			line += " " + w
			at += 1 + n
		}
	}
	return append(all, line)
}
