package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"socksh/commands/notation"
	"socksh/commands/spec"
)

// A variable is what a name stands for.
type variable struct {
	holds notation.Holds
	value spec.Value
	typ   spec.Type // of a structure, for its fields
	job   *Task     // the value is the job's index'th result, once it has ended
	index int
}

// A result is what a statement gives to the names before its equals sign.
type result struct {
	vars []variable
}

// resultOf reads what assigning gives, as Python's socket does: a new descriptor, then what the kernel filled in; else
// the return value.
func resultOf(c *spec.Call, types []spec.Type, vals []spec.Value, ret int64) *result {
	r := &result{}
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	if _, ok := spec.Resolve(c.Result, sc).(spec.FD); ok {
		r.add(notation.Descriptor, spec.N(ret), nil)
	}
	for i := range c.Args {
		p, ok := types[i].(*spec.Ptr)
		if !ok || p.Dir != spec.Out || c.Args[i].Kernel {
			continue
		}
		r.fill(spec.Resolve(p.To, sc), vals[i].Clone())
	}
	if len(r.vars) == 0 {
		r.add(notation.Number, spec.N(ret), nil)
	}
	return r
}

func (r *result) add(h notation.Holds, v spec.Value, t spec.Type) {
	r.vars = append(r.vars, variable{holds: h, value: v, typ: t})
}

func (r *result) fill(t spec.Type, v spec.Value) {
	switch t := t.(type) {
	case *spec.Dialect:
		r.fill(t.As, v)
	case *spec.Array:
		for i := range v.L {
			r.fill(t.Elem, v.L[i])
		}
	case *spec.Tagged:
		r.add(notation.Address, v, t)
	case *spec.Struct:
		r.add(notation.Structure, v, t)
	case spec.FD:
		r.add(notation.Descriptor, v, nil)
	default:
		if v.Kind == spec.Bytes {
			r.add(notation.Text, v, nil)
		} else {
			r.add(notation.Number, v, nil)
		}
	}
}

// Name says what a name holds, for reading lines (notation.Env).
func (s *Session) Name(name string) notation.Holds {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "errno" {
		return notation.Text
	}
	v := s.vars[name]
	switch {
	case v == nil:
		return notation.Nothing
	case v.job != nil && !v.job.Ended():
		return notation.Job
	case v.job != nil && v.job.result != nil && v.index < len(v.job.result.vars):
		return v.job.result.vars[v.index].holds
	}
	return v.holds
}

// Names gives all names.
func (s *Session) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []string{"errno"}
	for name := range s.vars {
		all = append(all, name)
	}
	return all
}

// NamesOf gives the names that hold a descriptor, in order.
func (s *Session) NamesOf(fd int) []string { return s.NamesByFD()[fd] }

// NamesByFD gives the names that hold each descriptor, in order.
func (s *Session) NamesByFD() map[int][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[int][]string{}
	for name, v := range s.vars {
		if v.job != nil {
			if !v.job.Ended() || v.job.result == nil || v.index >= len(v.job.result.vars) {
				continue
			}
			v = &v.job.result.vars[v.index]
		}
		if v.holds == notation.Descriptor {
			all[int(v.value.N)] = append(all[int(v.value.N)], name)
		}
	}
	for _, list := range all {
		slices.Sort(list)
	}
	return all
}

// JobNamed gives the job that a name stands for, nil if it stands for none.
func (s *Session) JobNamed(name string) *Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.vars[name]; v != nil {
		return v.job
	}
	return nil
}

// SetVariable gives a name to a text, for the arguments of a script.
func (s *Session) SetVariable(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		s.vars[name] = &variable{holds: notation.Number, value: spec.N(n)}
		return
	}
	s.vars[name] = &variable{holds: notation.Text, value: spec.S([]byte(text))}
}

// lookup finds a variable, waiting for its job where it stands for one. The name may end in .field.
func (s *Session) lookup(t *Task, ref string) (variable, error) {
	name, field, hasField := strings.Cut(ref, ".")
	s.mu.Lock()
	v, errno := s.vars[name], s.errno
	s.mu.Unlock()
	if v == nil && name == "errno" {
		return variable{holds: notation.Text, value: spec.S([]byte(errno))}, nil
	}
	if v == nil {
		return variable{}, &notation.SyntaxError{Msg: fmt.Sprintf("$%s has no value%s", name, notation.DidYouMean(name, s.Names()))}
	}
	if v.job != nil {
		select {
		case <-v.job.done:
		case <-t.Cancelled():
			return variable{}, ErrInterrupted
		}
		if v.job.result == nil || v.index >= len(v.job.result.vars) {
			return variable{}, &Failure{Msg: fmt.Sprintf("$%s has no value: its job failed", name)}
		}
		got := v.job.result.vars[v.index]
		v = &got
	}
	if hasField {
		return v.field(name, field)
	}
	return *v, nil
}

// field gives one member: $addr.port, $info.tcpi_rtt.
func (v *variable) field(name, field string) (variable, error) {
	var known []string
	for _, m := range v.parts() {
		if m.name == field || strings.TrimPrefix(m.name, m.prefix) == field {
			return m.variable, nil
		}
		known = append(known, strings.TrimPrefix(m.name, m.prefix))
	}
	if known == nil {
		return variable{}, &notation.SyntaxError{Msg: fmt.Sprintf("$%s has no fields, it is %s", name, v.holds)}
	}
	return variable{}, &notation.SyntaxError{Msg: fmt.Sprintf("field of $%s must be one of %s, but is %q", name, strings.Join(known, ", "), field)}
}

type part struct {
	variable
	name   string
	prefix string
}

// parts lists the fields of a structure, and of an address the ones that Python's tuples have: host, port, path.
func (v *variable) parts() []part {
	var st *spec.Struct
	switch t := v.typ.(type) {
	case *spec.Struct:
		st = t
	case *spec.Tagged:
		if len(v.value.L) == 0 {
			return nil
		}
		if st = t.Case(v.value.L[0].N); st == nil {
			return nil
		}
	default:
		return nil
	}
	var all []part
	for i := range st.Fields {
		if i >= len(v.value.L) {
			break
		}
		f := &st.Fields[i]
		m := part{name: f.Name, prefix: f.Name[:strings.IndexByte(f.Name, '_')+1]}
		m.value = v.value.L[i]
		switch f.Type.(type) {
		case spec.Port:
			m.name, m.prefix, m.holds = "port", "", notation.Number
		case spec.IP4:
			m.name, m.prefix, m.holds = "host", "", notation.Text
			m.value = spec.S([]byte(notation.IP4Addr(m.value.N).String()))
		case spec.IP6:
			m.name, m.prefix, m.holds = "host", "", notation.Text
			m.value = spec.S([]byte(ip6Text(m.value.B)))
		case spec.Path:
			m.name, m.prefix, m.holds = "path", "", notation.Text
		default:
			m.holds = notation.Number
			if m.value.Kind == spec.Bytes {
				m.holds = notation.Text
			}
		}
		all = append(all, m)
	}
	return all
}

// text is a variable inside a word's other text, and what print shows.
func (v *variable) text() (string, error) {
	switch v.holds {
	case notation.Descriptor, notation.Number:
		return strconv.FormatInt(v.value.N, 10), nil
	case notation.Text:
		return string(v.value.B), nil
	case notation.Address:
		return string(notation.AppendAddress(nil, v.typ.(*spec.Tagged), v.value)), nil
	case notation.Structure:
		return string(notation.C().AppendValue(nil, v.typ, v.value)), nil
	}
	return "", fmt.Errorf("has no text: it is %s", v.holds)
}
