package notation

import (
	"fmt"
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// most is the largest number of arguments that a system call has.
const mostArgs = 6

// Bind gives the words behind a call's name their places, and each argument its value: one for each of Call.Args, in
// vals if that is large enough. env may be nil. An error is a *SyntaxError.
func (p *Plan) Bind(words []Word, env Env, vals []spec.Value) ([]spec.Value, error) {
	if cap(vals) < len(p.base) {
		vals = make([]spec.Value, len(p.base))
	}
	vals = vals[:len(p.base)]
	copy(vals, p.base)
	if len(words) == 1 && words[0].Bare() && p.preset(words[0].Text, vals) {
		return vals, nil
	}
	first, sure := p.leading(words, env)
	m := matching{p: p, words: words, env: env}
	if !m.run(first) && (sure || first || !m.run(true)) {
		m.run(first)
		return nil, m.wrong()
	}
	take := &m.take
	var sc *spec.Scope // made where it is needed: it escapes
	for i := range p.ops {
		o := &p.ops[i]
		if o.looks && sc == nil {
			sc = &spec.Scope{Fields: p.Call.Args, Vals: vals}
		}
		if take[i] == 0 {
			if err := p.leftOut(o, sc, words, vals); err != nil {
				return nil, err
			}
			continue
		}
		w := &words[take[i]-1]
		if o.key >= 0 && take[o.key] == 0 {
			if err := p.imply(o, w, vals); err != nil {
				return nil, err
			}
		}
		v, wrong := p.literal(spec.Resolve(o.field.Type, sc), w, env, sc)
		if wrong != "" {
			return nil, p.reject(o, w, wrong)
		}
		vals[o.arg] = v
	}
	return vals, nil
}

func (p *Plan) reject(o *Operand, w *Word, wrong string) error {
	return &SyntaxError{w.Col, o.Name + " " + wrong}
}

// preset fills the leading arguments for a word such as udp.
func (p *Plan) preset(word string, vals []spec.Value) bool {
	for i := range p.Call.Preset {
		pr := &p.Call.Preset[i]
		if !strings.EqualFold(pr.Word, word) {
			continue
		}
		sc := spec.Scope{Fields: p.Call.Args, Vals: vals}
		for j, name := range pr.Args {
			w := Word{Text: name}
			v, wrong := p.literal(spec.Resolve(p.Call.Args[j].Type, &sc), &w, nil, &sc)
			if wrong != "" {
				return false // a constant that this system lacks
			}
			vals[j] = v
		}
		return true
	}
	return false
}

// leading says whether the first word is the descriptor (LANGUAGE: "The current socket"); sure, that no other reading
// is to be tried.
func (p *Plan) leading(words []Word, env Env) (is, sure bool) {
	if len(p.ops) == 0 || !p.ops[0].FD || len(words) == 0 {
		return false, true
	}
	w := &words[0]
	var next *Operand
	if len(p.ops) > 1 {
		next = &p.ops[1]
	}
	switch {
	case w.Quoted || w.Mixed || w.Parts != nil:
		return next == nil, true
	case w.Ref != "":
		switch held(env, w.Ref) {
		case Descriptor, Job:
			return true, true
		case Text, Address, Structure:
			return next == nil, true
		}
	case strings.HasPrefix(w.Text, "@"):
		_, ok := plainNumber(w.Text[1:])
		return ok || next == nil || !next.data(), true
	default:
		if _, ok := plainNumber(w.Text); ok {
			break
		}
		switch held(env, w.Text) {
		case Descriptor, Job:
			return true, true
		case Unknown:
		case Nothing:
			return next == nil, true
		default:
			return next == nil || !next.data() && !next.counts() && len(words) > p.required(), true
		}
	}
	switch {
	case next == nil:
		return true, true
	case next.data():
		return len(words) > p.required(), false
	case next.counts():
		return countNumbers(words, env) > 1, false
	}
	return true, true
}

// required is how many words must be given beside the descriptor.
func (p *Plan) required() int {
	n := 0
	for i := range p.ops {
		if !p.ops[i].Optional {
			n++
		}
	}
	return n
}

func countNumbers(words []Word, env Env) int {
	n := 0
	for i := range words {
		w := &words[i]
		if w.Ref != "" {
			switch held(env, w.Ref) {
			case Number, Unknown, Nothing:
				n++
			}
		} else if _, wrong := number64(w.Text); wrong == "" && w.Bare() {
			n++
		}
	}
	return n
}

// held is what a name, or the value before a field, holds.
func held(env Env, ref string) Holds {
	if env == nil {
		return Nothing
	}
	if i := strings.IndexByte(ref, '.'); i > 0 {
		if env.Name(ref[:i]) == Nothing {
			return Nothing
		}
		return Unknown
	}
	return env.Name(ref)
}

// imply finds the key of an option that was named without its level. Of two levels that know the name, SOL_SOCKET wins.
func (p *Plan) imply(o *Operand, w *Word, vals []spec.Value) error {
	key := &p.ops[o.key]
	if w.Bare() {
		best := -1
		for i := range o.by.Cases {
			c := &o.by.Cases[i]
			if _, ok := spec.SetOf(c.Type).Find(w.Text); ok && (best < 0 || c.Key == "SOL_SOCKET") {
				best = i
			}
		}
		if best >= 0 {
			n, _ := spec.SetOf(key.Type).Exact(o.by.Cases[best].Key)
			vals[key.arg] = spec.N(n)
			return nil
		}
	}
	return &SyntaxError{w.Col, fmt.Sprintf("%s must be given, for %s may belong to any: %s", key.Name, w.show(), p.Usage())}
}

// leftOut completes an argument that no word gave.
func (p *Plan) leftOut(o *Operand, sc *spec.Scope, words []Word, vals []spec.Value) error {
	if o.field.Like != "" {
		for i := range p.Call.Args {
			if p.Call.Args[i].Name == o.field.Like {
				vals[o.arg] = vals[i]
			}
		}
		return nil
	}
	if o.field.Default.Kind != spec.None || o.FD {
		return nil
	}
	t := spec.Resolve(o.field.Type, sc)
	if _, ok := t.(spec.Absent); ok {
		return nil
	}
	for i := range p.ops {
		if p.ops[i].key >= 0 && &p.ops[p.ops[i].key] == o {
			return nil // its option implies it
		}
	}
	col := 0
	if len(words) > 0 {
		col = words[len(words)-1].Col
	}
	return &SyntaxError{col, fmt.Sprintf("%s must be given here, and be %s: %s", o.Name, mustBe(t), p.Usage())}
}

// constants reads names and numbers joined by |, the names from any of the sets.
func constants(sets []*names.Set, text string) (int64, bool) {
	var n int64
	for {
		one, rest, more := strings.Cut(text, "|")
		v, ok := int64(0), false
		for _, s := range sets {
			if v, ok = s.Find(one); ok {
				break
			}
		}
		if !ok {
			var wrong string
			if v, wrong = number64(one); wrong != "" || one == "" {
				return 0, false
			}
		}
		n |= v
		if !more {
			return n, true
		}
		text = rest
	}
}
