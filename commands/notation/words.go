package notation

import (
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// A Word is one word of a line, its quotes and escapes decoded.
type Word struct {
	Text   string // the decoded bytes, without the $names of Parts
	Quoted bool   // any part of it stood in quotes: it is bytes or text, never a number, a descriptor or a keyword
	Mixed  bool   // a variable's text was put into it; like Quoted, but a number or an address may come of it
	Lead   int    // Quoted or Mixed: how many bytes of Text stood bare at its beginning, before any quote or $name
	Col    int    // the column of its first character, from 1
	Ref    string // the word is exactly $name, ${name} or $name.field: "name" or "name.field"
	Parts  []Part // the $names inside other text, in order
}

// A Part is a $name inside a word's other text; its value goes before byte At when the line runs.
type Part struct {
	At  int
	Ref string
	Col int
}

// Bare says whether nothing of the word was quoted or put in: only then it can be a keyword or a descriptor.
func (w *Word) Bare() bool { return !w.Quoted && !w.Mixed && w.Ref == "" && w.Parts == nil }

// form says whether the word begins with a prefix such as hex: that was typed bare, and gives what follows it. What a
// peer sent never makes a form.
func (w *Word) form(prefix string) (string, bool) {
	if w.Ref != "" || (w.Quoted || w.Mixed || w.Parts != nil) && w.Lead < len(prefix) {
		return "", false
	}
	return strings.CutPrefix(w.Text, prefix)
}

// Expand puts the text of each $name inside a word into it. value gives the text for a Ref.
func Expand(words []Word, value func(ref string) (string, error)) ([]Word, error) {
	out := make([]Word, len(words))
	for i, w := range words {
		out[i] = w
		if w.Parts == nil {
			continue
		}
		var b strings.Builder
		at := 0
		for _, p := range w.Parts {
			s, err := value(p.Ref)
			if err != nil {
				return nil, &SyntaxError{p.Col, err.Error()}
			}
			b.WriteString(w.Text[at:p.At])
			b.WriteString(s)
			at = p.At
		}
		b.WriteString(w.Text[at:])
		out[i].Text, out[i].Parts, out[i].Mixed = b.String(), nil, true
	}
	return out, nil
}

// A Plan is how a call is written in words, worked out once from its description: the manual page's order without
// what the shell can compute.
type Plan struct {
	Call *spec.Call
	// IfIndex gives an interface's index by its name, for the scope of [fe80::1%lo]; nil: none is known.
	IfIndex func(name string) (int64, bool)

	ops  []Operand
	base []spec.Value // every argument's value where no word gives it
}

// An Operand is the place of one word.
type Operand struct {
	Name     string    // as usage shows it: "fd", "data", "option"
	Type     spec.Type // what a pointer points to; By is not resolved
	Optional bool
	FD       bool         // the leading descriptor, which the current socket stands in for
	Sets     []*names.Set // the sets that its constants come from

	arg   int // index in Call.Args
	field *spec.Field
	key   int      // the operand that this one's constant implies, such as the level of an option; -1: none
	by    *spec.By // the choice by that key
	looks bool     // its type may look at its siblings
}

// Field is the description of the argument that the operand gives.
func (o *Operand) Field() *spec.Field { return o.field }

// Operands are the places of words, in order.
func (p *Plan) Operands() []Operand { return p.ops }

// NewPlan works a call's words out of its description.
func NewPlan(c *spec.Call) *Plan {
	p := &Plan{Call: c, base: make([]spec.Value, len(c.Args))}
	for i := range c.Args {
		f := &c.Args[i]
		p.base[i] = f.Default
		if f.Kernel {
			continue
		}
		if !typed(c.Args, i) {
			p.base[i] = spec.Dots()
			continue
		}
		o := Operand{Name: wordName(f, i), Type: f.Type, arg: i, field: f, key: -1, Optional: f.Default.Kind != spec.None || f.Like != ""}
		if ptr, ok := f.Type.(*spec.Ptr); ok {
			o.Type = ptr.To
		}
		if _, ok := o.Type.(spec.FD); ok && i == 0 {
			o.FD, o.Optional = true, true
			p.base[i] = spec.Value{Kind: spec.Current}
		}
		switch o.Type.(type) {
		case *spec.By, *spec.Struct, *spec.Array:
			o.looks = true
		}
		p.choices(&o)
		p.ops = append(p.ops, o)
	}
	return p
}

// typed says whether a person gives argument i: not what the kernel fills, nor a length that the shell can count.
func typed(args []spec.Field, i int) bool {
	t := args[i].Type
	if l, ok := spec.LenOf(t); ok {
		if l.Back || spec.Points(t) != 0 {
			return false
		}
		for j := range args {
			if args[j].Name == l.Of {
				return spec.Points(args[j].Type) == spec.Out
			}
		}
		return true
	}
	return spec.Points(t) != spec.Out && !allOut(t)
}

func allOut(t spec.Type) bool {
	by, ok := t.(*spec.By)
	if !ok || len(by.Cases) == 0 {
		return false
	}
	for i := range by.Cases {
		if spec.Points(by.Cases[i].Type) != spec.Out {
			return false
		}
	}
	return true
}

// choices finds the sets of an operand, what it may leave out, and the key that its constant implies.
func (p *Plan) choices(o *Operand) {
	switch t := o.Type.(type) {
	case spec.Enum:
		o.Sets = []*names.Set{t.Set}
	case spec.Flags:
		o.Sets = []*names.Set{t.Set}
		if t.Base != nil {
			o.Sets = []*names.Set{t.Base, t.Set}
		}
	case spec.Errno:
		o.Sets = []*names.Set{names.Errnos()}
	case *spec.By:
		all := true
		for i := range t.Cases {
			if _, ok := t.Cases[i].Type.(spec.Absent); ok {
				o.Optional = true
			}
			set := spec.SetOf(t.Cases[i].Type)
			if set == nil {
				all = false
			} else {
				o.Sets = append(o.Sets, set)
			}
		}
		if !all || len(t.Cases) == 0 {
			return
		}
		for k := range p.ops {
			if key := &p.ops[k]; key.field.Name == t.On && spec.SetOf(key.Type) != nil && key.field.Default.Kind == spec.None {
				key.Optional = true
				o.key, o.by = k, t
			}
		}
	}
}

// data says whether an operand takes any bytes.
func (o *Operand) data() bool {
	switch o.Type.(type) {
	case spec.Blob, spec.File, spec.CStr:
		return true
	}
	return false
}

// counts says whether an operand takes a plain number: a length, a backlog, a descriptor.
func (o *Operand) counts() bool {
	switch o.Type.(type) {
	case spec.Len, spec.Int, spec.FD:
		return true
	}
	return false
}
