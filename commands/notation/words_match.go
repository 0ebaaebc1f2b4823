package notation

import (
	"fmt"
	"strings"

	"socksh/commands/spec"
)

// A matching gives words to operands from the left, trying again where an operand may be left out.
type matching struct {
	p        *Plan
	words    []Word
	env      Env
	take     [mostArgs]int8     // the word of each operand, from 1; 0: left out
	furthest int                // the first word that found no place
	tried    [mostArgs + 1]int8 // the operands that it was tried on, from 1
	n        int
	missing  *Operand // the operand that lacked a word, if no word was too many
}

func (m *matching) run(descriptor bool) bool {
	m.take = [mostArgs]int8{}
	m.furthest, m.n, m.missing = 0, 0, nil
	ops := m.p.ops
	if len(ops) > 0 && ops[0].FD {
		if descriptor {
			m.take[0] = 1
			return m.from(1, 1)
		}
		return m.from(1, 0)
	}
	return m.from(0, 0)
}

func (m *matching) from(op, word int) bool {
	if word > m.furthest {
		m.furthest, m.n, m.missing = word, 0, nil
	}
	if op == len(m.p.ops) {
		return word == len(m.words)
	}
	o := &m.p.ops[op]
	if word < len(m.words) {
		if o.fits(&m.words[word], m.env) {
			m.take[op] = int8(word + 1)
			if m.from(op+1, word+1) {
				return true
			}
			m.take[op] = 0
		} else if word == m.furthest && m.n < len(m.tried) {
			m.tried[m.n] = int8(op + 1)
			m.n++
		}
	} else if !o.Optional && m.missing == nil {
		m.missing = o
	}
	return o.Optional && m.from(op+1, word)
}

// wrong words the error of a matching that failed.
func (m *matching) wrong() error {
	p := m.p
	if m.furthest == len(m.words) {
		name := "an operand"
		if m.missing != nil {
			name = m.missing.Name
		}
		col := 0
		if len(m.words) > 0 {
			col = m.words[len(m.words)-1].Col
		}
		if m.take[0] == 1 && p.ops[0].FD && len(m.words) == 1 {
			return &SyntaxError{col, fmt.Sprintf("%s must have %s, but %s is its descriptor: %s", p.Call.Name, name, m.words[0].show(), p.Usage())}
		}
		return &SyntaxError{col, fmt.Sprintf("%s must have %s: %s", p.Call.Name, name, p.Usage())}
	}
	w := &m.words[m.furthest]
	near := m.meant(w)
	var best *Operand
	for i := range m.n {
		o := &p.ops[m.tried[i]-1]
		if w.Bare() && len(o.Sets) > 0 && nearConstant(o.Sets, w.Text) != "" {
			best = o
			break
		}
		if best == nil || best.Optional && !o.Optional {
			best = o
		}
	}
	if best == nil {
		return &SyntaxError{w.Col, fmt.Sprintf("%s must have no more words, but has %s%s: %s", p.Call.Name, w.show(), near, p.Usage())}
	}
	_, wrong := p.literal(best.Type, w, m.env, &spec.Scope{})
	if wrong == "" {
		wrong = "must be " + mustBe(best.Type) + ", but is " + w.show()
	}
	if near != "" {
		wrong, _, _ = strings.Cut(wrong, " (did you mean")
	}
	return &SyntaxError{w.Col, best.Name + " " + wrong + near + ": " + p.Usage()}
}

// meant suggests what is no constant: a variable, a preset, or the name of a descriptor.
func (m *matching) meant(w *Word) string {
	switch {
	case !w.Bare():
		return ""
	case held(m.env, w.Text) != Nothing:
		return ` (did you mean "$` + w.Text + `"?)`
	case len(m.words) == 1 && m.p.Call.Preset != nil:
		var all []string
		for i := range m.p.Call.Preset {
			all = append(all, m.p.Call.Preset[i].Word)
		}
		return DidYouMean(w.Text, all)
	case m.furthest == 0 && m.p.ops[0].FD && m.env != nil:
		return DidYouMean(w.Text, m.env.Names())
	}
	return ""
}

// show is a word as an error quotes it.
func (w *Word) show() string {
	if w.Ref != "" {
		return "$" + w.Ref
	}
	const most = 40
	b := []byte{'"'}
	if len(w.Text) > most {
		return string(append(Escape(b, []byte(w.Text[:most])), `"...`...))
	}
	return string(append(Escape(b, []byte(w.Text)), '"'))
}

// fits says whether a word could be meant for an operand, by its looks.
func (o *Operand) fits(w *Word, env Env) bool {
	if w.Ref != "" {
		return holdsFit(o.Type, held(env, w.Ref))
	}
	if w.Parts != nil {
		if _, ok := o.Type.(*spec.Tagged); ok {
			return true
		}
		return !w.Quoted || o.data() || len(o.Sets) == 0 && !o.counts()
	}
	switch t := o.Type.(type) {
	case spec.FD:
		if !w.Bare() {
			return false
		}
		_, ok := plainNumber(strings.TrimPrefix(w.Text, "@"))
		return ok || descriptorName(env, w.Text)
	case spec.Len, spec.Int:
		if w.Quoted {
			return false
		}
		_, wrong := number64(w.Text)
		i, _ := t.(spec.Int)
		return wrong == "" || i.Bool && (w.Text == "on" || w.Text == "off")
	case *spec.Tagged:
		return addressLike(w.Text)
	}
	if len(o.Sets) > 0 {
		if w.Quoted {
			return false
		}
		if by, ok := o.Type.(*spec.By); ok && o.by == nil && spec.SetOf(by.Else) == nil && o.field.Default.Kind == spec.None {
			return true // a value that may be anything
		}
		_, ok := constants(o.Sets, w.Text)
		return ok
	}
	if o.data() {
		return true
	}
	return w.Text != "" || w.Quoted
}

// holdsFit says whether what a name holds is good for a type.
func holdsFit(t spec.Type, h Holds) bool {
	if h == Unknown || h == Nothing || h == Job {
		return true
	}
	switch t := t.(type) {
	case *spec.Ptr:
		return holdsFit(t.To, h)
	case *spec.Dialect:
		return holdsFit(t.As, h)
	case spec.FD:
		return h == Descriptor || h == Number
	case spec.Len, spec.Int, spec.Port, spec.Net32, spec.IfIndex, spec.Enum, spec.Flags, spec.Errno:
		return h == Number || h == Descriptor
	case *spec.Tagged:
		return h == Address
	case spec.Blob, spec.CStr, spec.File, spec.Path:
		return h == Text || h == Number
	case *spec.Struct, *spec.Array:
		return h == Structure || h == Text
	case spec.Absent:
		return false
	}
	return true
}

// descriptorName says whether a bare name can stand for a descriptor.
func descriptorName(env Env, name string) bool {
	if env == nil {
		return false
	}
	switch env.Name(name) {
	case Descriptor, Job, Unknown:
		return true
	}
	return false
}
