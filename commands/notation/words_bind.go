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
