package view

import (
	"slices"
	"strings"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// cUsage is the C spelling, and what of it the shell supplies.
func cUsage(c *spec.Call) string {
	var dots []string
	for i := range c.Args {
		f := &c.Args[i]
		if l, ok := spec.LenOf(f.Type); !f.Kernel && (spec.Points(f.Type) == spec.Out || ok && l.Back) {
			dots = append(dots, f.Name)
		}
	}
	text := notation.CUsage(c)
	if len(dots) > 0 {
		text += "; " + list(dots, "and") + " may be ..."
	}
	return text
}

// list is "a, b or c".
func list(all []string, last string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " " + last + " " + all[len(all)-1]
}

// fieldsOf finds the argument that each operand of a call stands for: they are in the same order.
func fieldsOf(plan *notation.Plan) []*spec.Field {
	ops := plan.Operands()
	all := make([]*spec.Field, len(ops))
	at := 0
	for i := range ops {
		for ; at < len(plan.Call.Args); at++ {
			f := &plan.Call.Args[at]
			t := f.Type
			if p, ok := t.(*spec.Ptr); ok {
				t = p.To
			}
			if t == ops[i].Type && !f.Kernel && spec.Points(f.Type) != spec.Out {
				all[i] = f
				at++
				break
			}
		}
	}
	return all
}

// operandText says what an operand takes, what it is when left out, and what else there is to know.
func operandText(o *notation.Operand, f *spec.Field) string {
	text := takes(o)
	if f == nil {
		return text
	}
	switch d := f.Default; {
	case o.FD:
		text += "; default: the current socket"
	case d.Kind == spec.Any:
		text += "; default: this machine's own (127.0.0.1 or ::1) with port 0, for which the kernel chooses one; for AF_UNIX a name of the kernel's choice"
	case d.Kind == spec.Num && flagsOnly(f.Type):
		text += "; default: none"
	case d.Kind == spec.Num:
		text += "; default: " + string(notation.AppendWord(nil, f.Type, d))
	}
	return text
}

func flagsOnly(t spec.Type) bool {
	f, ok := t.(spec.Flags)
	return ok && f.Base == nil
}

// few is how many constants are listed by name.
const few = 8

// takes says what a word for an operand may be.
func takes(o *notation.Operand) string {
	switch t := o.Type.(type) {
	case spec.FD:
		return "a descriptor: a number, @N, or a name that holds one"
	case *spec.Tagged:
		return "an address: HOST:PORT, [IPV6]:PORT, :PORT, unix:PATH (help addresses)"
	case spec.Blob:
		return `bytes: "text", text, $name, hex:..., file:..., fill:N (help bytes)`
	case spec.Len:
		return "how many bytes: 1024, 64K, 1M"
	case spec.File:
		return "the name of a file"
	case spec.Int:
		if t.Bool {
			return "a number, on or off"
		}
		return "a number"
	case spec.Enum:
		if len(t.Set.Entries) > few {
			return "a constant " + prefixes(t.Set)
		}
		return "one of " + constants(t.Set)
	case spec.Flags:
		if t.Base != nil {
			return "one of " + constants(t.Base) + "; joined to it with |: " + constants(t.Set)
		}
		return "flags " + constants(t.Set) + ", joined with |"
	case *spec.By:
		if len(o.Sets) > 0 {
			var all []string
			for _, s := range o.Sets {
				if name := prefixes(s); !slices.Contains(all, name) {
					all = append(all, name)
				}
			}
			text := "a constant " + list(all, "or")
			if o.Name == "option" {
				text += " (help options)"
			}
			return text
		}
		if o.Name == "value" {
			return "what the option takes: a number, on, off, a time, ... (help options)"
		}
		return "depends on " + t.On
	}
	return "a value"
}

// constants lists a set by name if it is small, else says what all its names begin with.
func constants(s *names.Set) string {
	if len(s.Entries) > few || len(s.Entries) == 0 {
		return prefixes(s)
	}
	var all []string
	for i := range s.Entries {
		all = append(all, s.Entries[i].Name)
	}
	return strings.Join(all, ", ")
}

func prefixes(s *names.Set) string {
	if len(s.Prefix) == 0 {
		return "numbers"
	}
	return s.Prefix[0] + "*"
}

// returns says what the number is that a call returns.
func returns(c *spec.Call) string {
	switch t := c.Result.(type) {
	case spec.FD:
		if c.Current == spec.Makes {
			return "the new descriptor, which becomes the current socket unless a job made it"
		}
		return "the new descriptor"
	case spec.Int:
		if t.Size == 8 {
			return "how many bytes"
		}
	case *spec.By:
		return "what the command asks for, else 0"
	}
	return "0"
}

// gives says what the names before = receive, where that is not what the call returns.
func gives(c *spec.Call) string {
	vals := make([]spec.Value, len(c.Args))
	what := map[notation.Holds]string{notation.Descriptor: "a descriptor", notation.Text: "the bytes", notation.Address: "an address",
		notation.Structure: "a structure", notation.Unknown: "the option's value"}
	vars := map[notation.Holds]string{notation.Descriptor: "fd", notation.Text: "data", notation.Address: "addr", notation.Unknown: "v", notation.Structure: "v"}
	var texts, left []string
	for i, h := range line.Gives(c, vals) {
		if what[h] == "" {
			return ""
		}
		name := vars[h]
		if i > 0 && slices.Contains(left, name) {
			name += "2"
		}
		texts, left = append(texts, what[h]), append(left, name)
	}
	return list(texts, "and") + ": " + strings.Join(left, ", ") + " = " + c.Name
}
