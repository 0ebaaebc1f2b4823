// Package line turns text into statements: one line of the prompt, or a whole script, in words or in C's spelling,
// with the column of whatever is wrong. It knows the language and the table's descriptions; it must not know the
// kernel, a session's descriptors or how anything is shown, and it runs nothing.
package line

import (
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// Kind is what a statement does.
type Kind uint8

const (
	Call    Kind = iota // a system call
	Builtin             // a verb that makes no system call
	Value               // NAME = "text", a number or $other
	Check               // $x => EXPECTATION
)

// Spelling is how a call was written.
type Spelling uint8

const (
	Words Spelling = iota
	C
)

// A Statement is one line, or one of those that ; separates. It is read-only once parsed: equal lines of a script
// share one.
type Statement struct {
	Text  string // as written, without what surrounds it
	Line  int    // of the line where it was first read, from 1
	Col   int    // of its first character, from 1
	Actor string // NAME: before the call; empty: this process

	Assign []string         // the names before =
	Gives  []notation.Holds // what each of them holds afterwards

	Kind     Kind
	Spelling Spelling
	Call     *spec.Call
	Vals     []spec.Value    // Call: one for each argument; Value: the one value; Check: the Ref
	Name     string          // Builtin: the verb
	Words    []notation.Word // Builtin: its operands; of a Late statement, the words to expand and to bind again
	Late     bool            // its words hold $names inside text: notation.Expand, then Bind or the builtin

	Said       bool       // C: output arguments were written, not left to "..."
	Ret        spec.Value // C: what stood behind =; None: nothing, Any: *
	Errno      string     // C: "EAGAIN" behind = -1
	Open       bool       // C: <unfinished ...>: starts the job
	Background bool       // &
	JobMark    int        // [N] in front
	JobDone    bool       // [N]+ in front: the job's end
	Again      bool       // equal lines of a script share it, so that it runs more than once
	Expect     *Expect    // nil: none
	Comment    string     // behind #, trimmed
}

// Gives says what the results of a call hold, in the order in which names before = receive them, as Python's socket
// returns them.
func Gives(c *spec.Call, vals []spec.Value) []notation.Holds {
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	var all []notation.Holds
	result := spec.Resolve(c.Result, sc)
	if _, ok := result.(spec.FD); ok {
		all = append(all, notation.Descriptor)
	}
	for i := range c.Args {
		p, ok := spec.Resolve(c.Args[i].Type, sc).(*spec.Ptr)
		if !ok || p.Dir != spec.Out || c.Args[i].Kernel {
			continue
		}
		t := spec.Resolve(p.To, sc)
		if a, ok := t.(*spec.Array); ok && a.N > 0 {
			for range a.N {
				all = append(all, gives(a.Elem))
			}
			continue
		}
		all = append(all, gives(t))
	}
	if all == nil {
		all = append(all, notation.Number)
	}
	return all
}

func gives(t spec.Type) notation.Holds {
	switch t := t.(type) {
	case spec.FD:
		return notation.Descriptor
	case spec.Int, spec.Enum, spec.Flags, spec.Len, spec.Errno, spec.Port, spec.Net32, spec.IfIndex:
		return notation.Number
	case spec.Blob, spec.CStr, spec.File, spec.Path:
		return notation.Text
	case *spec.Tagged:
		return notation.Address
	case *spec.Struct:
		return notation.Structure
	case *spec.Dialect:
		return gives(t.As)
	}
	return notation.Unknown
}
