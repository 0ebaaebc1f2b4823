// Package spectest makes values for tests: what one could write for a call, well formed, at random and repeatable. It
// walks types as the notations do; it must not know any call.
package spectest

import (
	"math/rand/v2"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// A Source makes values. Equal seeds make equal values.
type Source struct {
	*rand.Rand
	// Words leaves out what words cannot say: NULL, addresses of memory, lengths beside objects, unknown families.
	Words bool
}

// New makes a source.
func New(seed uint64) *Source { return &Source{Rand: rand.New(rand.NewPCG(seed, 0))} }

// Args makes one value for each argument.
func (s *Source) Args(c *spec.Call) []spec.Value {
	vals := make([]spec.Value, len(c.Args))
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	for i := range c.Args {
		f := &c.Args[i]
		switch t := spec.Resolve(f.Type, sc); {
		case f.Kernel:
			vals[i] = f.Default
		case spec.SetOf(t) != nil && s.IntN(4) > 0 && s.key(c, f.Name, spec.SetOf(t), &vals[i]):
		case s.Words && spec.Points(t) == spec.Out, s.Words && shellCounts(c, i, sc):
			vals[i] = spec.Dots()
		default:
			vals[i] = s.Value(t, sc)
		}
	}
	return vals
}

// key chooses a constant that another argument's type depends on, so that each such type has its turn.
func (s *Source) key(c *spec.Call, name string, set *names.Set, v *spec.Value) bool {
	var keys []int64
	var walk func(t spec.Type)
	walk = func(t spec.Type) {
		switch t := t.(type) {
		case *spec.Ptr:
			walk(t.To)
		case *spec.By:
			for i := range t.Cases {
				if n, ok := set.Exact(t.Cases[i].Key); ok && t.On == name {
					keys = append(keys, n)
				}
				walk(t.Cases[i].Type)
			}
			walk(t.Else)
		}
	}
	for i := range c.Args {
		walk(c.Args[i].Type)
	}
	if keys == nil {
		return false
	}
	*v = spec.N(keys[s.IntN(len(keys))])
	return true
}

// shellCounts says whether argument i is a length of what a person gives, or one that the kernel writes back.
func shellCounts(c *spec.Call, i int, sc *spec.Scope) bool {
	l, ok := spec.LenOf(c.Args[i].Type)
	if !ok {
		return false
	}
	for j := range c.Args {
		if c.Args[j].Name == l.Of {
			return l.Back || spec.Points(spec.Resolve(c.Args[j].Type, sc)) == spec.In
		}
	}
	return false
}

// Value makes a value of a type whose choices are resolved.
func (s *Source) Value(t spec.Type, sc *spec.Scope) spec.Value {
	switch t := t.(type) {
	case spec.FD:
		return spec.N(int64(s.IntN(5000)) - 1)
	case spec.Int:
		return spec.N(s.integer(t.Size, t.Unsigned))
	case spec.Enum:
		return spec.N(s.constant(t.Set))
	case spec.Flags:
		return spec.N(s.flags(t))
	case spec.Errno:
		return spec.N(s.constant(names.Errnos()))
	case spec.Len:
		return spec.N(int64(s.IntN(300)))
	case spec.Port:
		return spec.N(int64(s.IntN(1 << 16)))
	case spec.Net32, spec.IP4:
		return spec.N(int64(s.Uint32()))
	case spec.IP6:
		return spec.S(s.bytes(16))
	case spec.IfIndex:
		return spec.N(int64(s.IntN(1000)))
	case spec.Path:
		return spec.S(s.path(108))
	case spec.File:
		return spec.S(s.path(300)[1:])
	case spec.Blob:
		return spec.S(s.bytes(s.IntN(600)))
	case spec.CStr:
		return spec.S(s.path(15)[1:])
	case spec.Raw:
		if s.IntN(2) == 0 {
			return spec.N(s.integer(4, false))
		}
		return spec.S(s.bytes(5 + s.IntN(40)))
	case *spec.Ptr:
		return s.pointee(t, sc)
	case *spec.Dialect:
		return s.Value(t.As, sc)
	case *spec.Struct:
		if t.Word == spec.Duration {
			return spec.L(spec.N(int64(s.IntN(1e6))), spec.N(int64(s.IntN(1e6))))
		}
		v := spec.Value{Kind: spec.List, L: make([]spec.Value, len(t.Fields))}
		inner := &spec.Scope{Fields: t.Fields, Vals: v.L, Up: sc}
		for i := range t.Fields {
			v.L[i] = s.Value(spec.Resolve(t.Fields[i].Type, inner), inner)
		}
		return v
	case *spec.Array:
		v := spec.Value{Kind: spec.List}
		for range max(t.N, 1) {
			v.L = append(v.L, s.Value(t.Elem, sc))
		}
		return v
	case *spec.Tagged:
		return s.tagged(t)
	}
	return spec.Value{}
}

func (s *Source) pointee(t *spec.Ptr, sc *spec.Scope) spec.Value {
	if l, ok := t.To.(spec.Len); ok {
		n := s.Value(l, sc)
		if s.IntN(2) == 0 {
			return n
		}
		return spec.Value{Kind: spec.Change, L: []spec.Value{n, s.Value(l, sc)}}
	}
	if !s.Words {
		switch s.IntN(10) {
		case 0:
			return spec.Nil()
		case 1:
			return spec.P(uint64(1 + s.IntN(0xffff)))
		}
	}
	return s.Value(spec.Resolve(t.To, sc), sc)
}

func (s *Source) integer(size int, unsigned bool) int64 {
	n := s.Int64()
	if s.IntN(2) == 0 {
		n = int64(s.IntN(100))
	}
	switch size {
	case 1:
		n = int64(int8(n))
	case 2:
		n = int64(int16(n))
	case 0, 4:
		n = int64(int32(n))
	}
	if unsigned && n < 0 {
		n = -(n + 1)
	}
	return n
}

func (s *Source) constant(set *names.Set) int64 {
	if s.IntN(10) == 0 {
		return int64(s.IntN(1 << 15)) // most have no name
	}
	return set.Entries[s.IntN(len(set.Entries))].N
}

func (s *Source) flags(t spec.Flags) int64 {
	n := int64(0)
	if t.Base != nil {
		n = t.Base.Entries[s.IntN(len(t.Base.Entries))].N
	}
	for range s.IntN(4) {
		if len(t.Set.Entries) > 0 {
			n |= t.Set.Entries[s.IntN(len(t.Set.Entries))].N
		}
	}
	if s.IntN(10) == 0 {
		n |= 1 << (20 + s.IntN(10))
	}
	return n
}

// bytes are often text, sometimes anything, with the characters that notations must escape.
func (s *Source) bytes(n int) []byte {
	const text = "abc \"\\$?*'|#;,()[]{}\n\t\x00\x1b0179äé你\u202e\xff"
	b := make([]byte, n)
	raw := s.IntN(2) == 0
	for i := range b {
		if raw {
			b[i] = byte(s.Uint32())
		} else {
			b[i] = text[s.IntN(len(text))]
		}
	}
	return b
}

// path is an absolute path or, for a socket, an abstract name, of at most limit bytes and at least two.
func (s *Source) path(limit int) []byte {
	b := s.bytes(2 + s.IntN(limit-1))
	for i := range b {
		if b[i] == 0 {
			b[i] = 'z'
		}
	}
	b[0] = '/'
	if limit == 108 && s.IntN(3) == 0 {
		b[0] = 0
	}
	return b
}

// tagged is an address of a family that the type knows, sometimes a bare family or one that nobody knows.
func (s *Source) tagged(t *spec.Tagged) spec.Value {
	set := spec.SetOf(t.Tag.Type)
	if !s.Words {
		switch s.IntN(8) {
		case 0:
			return spec.L(spec.N(int64(200+s.IntN(1000))), spec.S(s.bytes(1+s.IntN(14))))
		case 1:
			return spec.L(spec.N(s.constant(set)))
		}
	}
	k := &t.Cases[s.IntN(len(t.Cases))]
	st := k.Type.(*spec.Struct)
	v := spec.Value{Kind: spec.List, L: make([]spec.Value, len(st.Fields))}
	for i := range st.Fields {
		v.L[i] = s.Value(st.Fields[i].Type, nil)
		if _, order := st.Fields[i].Type.(spec.Net32); order && s.Words {
			v.L[i] = spec.N(0) // flow labels are for C
		}
	}
	v.L[0].N, _ = set.Exact(k.Key)
	return v
}
