package view

import (
	"io"
	"strconv"
	"sync"
	"time"

	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// A JSON writes each event as one JSON object on a line of its own:
//
//	{"event": "enter", "seq": 1, "time": RFC 3339, "pid": N, "tid": N, "call": NAME, "args": {...}}
//	{"event": "exit", ..., "args": {...}, "ret": N, "took_ns": N}; failed: also "errno": NAME, "error": TEXT
//	{"event": "note"|"hint"|"print"|"view"|"error", ..., "text": BYTES}
//
// args are what notation.AppendJSON writes, before and after the call; ret is a string where the call's type has 64
// bits. BYTES are a string, or {"hex": "..."} if they are no UTF-8. "actor" and "job" are there for what does not happen
// in the foreground of the shell's own process, and what is zero (pid, tid, time, took_ns) is left out. A note that
// belongs to a call follows its exit, with the same seq.
type JSON struct {
	Out   io.Writer
	Quiet bool // no calls, notes and hints: only what scripts print, and what went wrong

	mu      sync.Mutex
	decoder kernel.Decoder
	buf     []byte
}

// NewJSON writes to out.
func NewJSON(out io.Writer) *JSON { return &JSON{Out: out} }

var kinds = [...]string{event.Enter: "enter", event.Exit: "exit", event.Note: "note", event.Hint: "hint", event.Print: "print", event.View: "view", event.Error: "error"}

// Put writes one event.
func (j *JSON) Put(e *event.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Quiet && e.Kind != event.Print && e.Kind != event.Error {
		return
	}
	b := j.buf[:0]
	switch e.Kind {
	case event.Enter, event.Exit:
		b = j.call(head(b, e, e.Kind), e)
		b = append(b, "}\n"...)
		if e.Kind == event.Exit && len(e.Text) > 0 {
			b = text(b, e, event.Note)
		}
	default:
		b = text(b, e, e.Kind)
	}
	j.Out.Write(b)
	if j.buf = b; cap(b) > outputSize {
		j.buf = nil
	}
}

func head(b []byte, e *event.Event, kind event.Kind) []byte {
	b = append(append(b, `{"event": "`...), kinds[kind]...)
	b = strconv.AppendUint(append(b, `", "seq": `...), e.Seq, 10)
	if !e.Time.IsZero() {
		b = e.Time.AppendFormat(append(b, `, "time": "`...), time.RFC3339Nano)
		b = append(b, '"')
	}
	if e.Actor != "" {
		b = notation.AppendJSONBytes(append(b, `, "actor": `...), []byte(e.Actor))
	}
	b = number(b, `, "job": `, e.Job)
	b = number(b, `, "pid": `, e.PID)
	return number(b, `, "tid": `, e.TID)
}

func number(b []byte, key string, n int) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, key...), int64(n), 10)
}

func text(b []byte, e *event.Event, kind event.Kind) []byte {
	b = append(head(b, e, kind), `, "text": `...)
	b = notation.AppendJSONBytes(b, e.Text)
	return append(b, "}\n"...)
}

// call writes a call's name and arguments, and of its exit the result.
func (j *JSON) call(b []byte, e *event.Event) []byte {
	c := e.Bound.Call
	j.decoder.Exit = e.Kind == event.Exit
	vals := j.decoder.Args(e.Bound)
	if len(e.Origins) > 0 {
		e.Named(vals)
	}
	b = append(append(b, `, "call": "`...), c.Name...)
	b = notation.AppendJSON(append(b, `", "args": `...), c, vals)
	if e.Kind != event.Exit {
		return b
	}
	b = append(b, `, "ret": `...)
	if wide(c, vals) {
		b = append(strconv.AppendInt(append(b, '"'), e.Bound.Ret, 10), '"')
	} else {
		b = strconv.AppendInt(b, e.Bound.Ret, 10)
	}
	if e.Bound.Errno != 0 {
		b = failure(b, e.Bound.Errno)
	}
	return number(b, `, "took_ns": `, int(e.Took))
}

func failure(b []byte, errno names.Errno) []byte {
	b = append(b, `, "errno": `...)
	if name := errno.Name(); name != "" {
		b = append(append(append(b, '"'), name...), '"')
	} else {
		b = strconv.AppendInt(b, int64(errno), 10)
	}
	b = append(append(b, `, "error": "`...), errno.Text()...)
	return append(b, '"')
}

// wide says whether a call's result has 64 bits: readers of JSON keep only 53 of a number.
func wide(c *spec.Call, vals []spec.Value) bool {
	t := c.Result
	if by, ok := t.(*spec.By); ok {
		t = spec.Resolve(by, &spec.Scope{Fields: c.Args, Vals: vals})
	}
	size, _ := spec.SizeOf(t)
	return size == 8
}
