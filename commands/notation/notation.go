// Package notation turns values into text and text into values: c, strace, words, json, one or two files each. Every
// walk has the Type beside the Value, so that a new call costs it nothing. It must not know memory, sessions or the
// operating system.
package notation

import (
	"fmt"

	"socksh/commands/spec"
)

// A SyntaxError says what is wrong with a line, at which column (in characters, from 1; 0: the line as a whole), and
// what would be right.
type SyntaxError struct {
	Col int
	Msg string
}

func (e *SyntaxError) Error() string {
	if e.Col == 0 {
		return e.Msg
	}
	return fmt.Sprintf("column %d: %s", e.Col, e.Msg)
}

// Holds is what a name stands for, so far as it is known where the line is read.
type Holds uint8

const (
	Nothing    Holds = iota // no such name
	Unknown                 // known only when the line runs
	Descriptor              // c = socket
	Number                  // n = send c x
	Text                    // data = recv c
	Address                 // addr = getsockname c
	Structure               // v = getsockopt c TCP_INFO
	Job                     // j = accept srv &
)

// Env answers for the names that a line uses.
type Env interface {
	Name(name string) Holds
	Names() []string // all of them, for did-you-mean
}

// A Reader reads lines of a table of calls. Its indexes are made at first use and kept, which is why it is no global.
type Reader struct {
	Calls []*spec.Call
	// IfIndex gives an interface's index by its name; nil: none is known.
	IfIndex func(name string) (int64, bool)

	byName map[string]*spec.Call
	plans  map[*spec.Call]*Plan
}

// NewReader makes a reader for the calls.
func NewReader(calls []*spec.Call) *Reader {
	r := &Reader{Calls: calls, byName: make(map[string]*spec.Call, len(calls)), plans: map[*spec.Call]*Plan{}}
	for _, c := range calls {
		r.byName[c.Name] = c
	}
	return r
}

// Call finds a call by its name, nil if the table has none.
func (r *Reader) Call(name string) *spec.Call { return r.byName[name] }

// Plan is how a call is written in words, worked out once from its description.
func (r *Reader) Plan(c *spec.Call) *Plan {
	p := r.plans[c]
	if p == nil {
		p = NewPlan(c)
		r.plans[c] = p
	}
	return p
}
