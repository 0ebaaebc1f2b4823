package view

import (
	"io"
	"strconv"
	"sync"

	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/notation"
)

// A Printer writes events as lines of text: the trace to Out, what went wrong to Err.
type Printer struct {
	Out, Err io.Writer
	Quiet    bool // no trace: only what scripts print, and what went wrong
	Color    bool
	Terminal bool // Out is a terminal: what is printed must not reach it raw

	mu      sync.Mutex
	style   notation.Style
	decoder kernel.Decoder
	buf     []byte
}

// NewPrinter prints in a notation.
func NewPrinter(out, err io.Writer, style notation.Style) *Printer {
	return &Printer{Out: out, Err: err, style: style, decoder: kernel.Decoder{Strace: style.Strace}}
}

// SetStrings says how many bytes of a string are shown from now on.
func (p *Printer) SetStrings(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.style.Strings = n
}

// Put writes one event.
func (p *Printer) Put(e *event.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buf[:0]
	out := p.Out
	switch e.Kind {
	case event.Enter:
		if p.Quiet || e.Job == 0 {
			return
		}
		b = p.entry(b, e)
	case event.Exit:
		if p.Quiet {
			return
		}
		b = p.exit(b, e)
	case event.Print:
		if p.Terminal {
			b = notation.AppendSafe(b, e.Text)
		} else {
			b = append(b, e.Text...)
		}
	case event.View:
		b = append(b, e.Text...)
	case event.Note:
		if p.Quiet {
			return
		}
		b = p.paint(b, grey, "# ", e.Text)
	case event.Hint:
		b, out = p.paint(b, yellow, "hint: ", e.Text), p.Err
		p.flush()
	case event.Error:
		b, out = p.paint(b, red, "", e.Text), p.Err
		p.flush()
	}
	if b == nil {
		return
	}
	if e.Kind != event.Print && e.Kind != event.View {
		b = append(b, '\n')
	}
	out.Write(b)
	if p.buf = b; cap(b) > outputSize {
		p.buf = nil
	}
}

// flush writes the trace out: what goes to Err belongs behind what led to it.
func (p *Printer) flush() {
	if f, ok := p.Out.(*Output); ok {
		f.Flush() // its error stays, and is told at the end
	}
}

// Colours of a terminal (ECMA-48).
const (
	grey   = "\x1b[90m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

func (p *Printer) paint(b []byte, color, before string, text []byte) []byte {
	if p.Color {
		b = append(b, color...)
	}
	b = append(b, before...)
	b = notation.AppendSafe(b, text)
	if p.Color {
		b = append(b, plain...)
	}
	return b
}

func (p *Printer) mark(b []byte, e *event.Event, done string) []byte {
	if e.Job == 0 || p.style.Strace {
		return b
	}
	b = strconv.AppendInt(append(b, '['), int64(e.Job), 10)
	return append(append(b, ']'), done...)
}

func (p *Printer) entry(b []byte, e *event.Event) []byte {
	b = p.mark(b, e, " ")
	p.decoder.Exit = false
	return p.style.AppendEntry(b, e.Bound.Call, e.Bound.Types[:], p.decoder.Args(e.Bound))
}

func (p *Printer) exit(b []byte, e *event.Event) []byte {
	b = p.mark(b, e, "+ ")
	start := len(b)
	p.decoder.Exit = true
	c := e.Bound.Call
	vals := p.decoder.Args(e.Bound)
	if len(e.Origins) > 0 {
		e.Named(vals)
	}
	b = p.style.AppendCall(b, c, e.Bound.Types[:], vals)
	if p.Color && e.Bound.Errno != 0 {
		b = append(b, red...)
	}
	b = p.style.AppendResult(b, start, c, vals, e.Bound.Ret, e.Bound.Errno)
	if p.Color && e.Bound.Errno != 0 {
		b = append(b, plain...)
	}
	if len(e.Text) > 0 {
		b = p.paint(append(b, ' ', ' '), grey, "# ", e.Text)
	}
	return b
}
