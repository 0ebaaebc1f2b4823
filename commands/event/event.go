// Package event is what happened: calls that began and returned, notes about them, and what scripts printed. It must
// not know who looks at it.
package event

import (
	"sync/atomic"
	"time"

	"socksh/commands/kernel"
	"socksh/commands/spec"
)

// Kind tells what an Event is about.
type Kind uint8

const (
	Enter Kind = 1 + iota // a call is about to be made
	Exit                  // a call has returned
	Note                  // what the shell found out beside the calls
	Hint                  // what would help after an error
	Print                 // what a script printed
	View                  // a table or a text that the shell drew: no byte of it is a peer's as it came
	Error                 // what went wrong outside of the kernel: a failed expectation, a line that cannot be read
)

// An Event is one thing that happened. It lives until Put returns, as does the memory of Bound: a sink copies what it
// keeps.
type Event struct {
	Kind  Kind
	Seq   uint64
	Actor string // the process it happened in, "" for the shell's own
	Job   int    // the job's number, 0 in the foreground
	PID   int
	TID   int
	Time  time.Time     // zero where no sink asked for clocks
	Took  time.Duration // Exit: the time in the call
	Bound *kernel.Bound // Enter, Exit: the call, its memory and its result
	Text  []byte        // Note, Hint, Print, View, Error; Exit: a note about the call

	// Origins are the call's values as they were given, where one of them names the file that its bytes came from.
	Origins []spec.Value
}

// Named tells decoded values where their bytes came from, which memory does not know.
func (e *Event) Named(vals []spec.Value) {
	for i := range e.Origins {
		if o := &e.Origins[i]; o.Kind == spec.Bytes && vals[i].Kind == spec.Bytes && len(o.B) == len(vals[i].B) {
			vals[i].L = o.L
		}
	}
}

// A Sink takes events. It is called from any thread, one event at a time for each Stream.
type Sink interface {
	Put(*Event)
}

// Counter numbers the events of one session.
type Counter struct{ n atomic.Uint64 }

// Next is the next number, from 1.
func (c *Counter) Next() uint64 { return c.n.Add(1) }
