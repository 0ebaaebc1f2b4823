// Package spec is what a description of a system call can say, and the values that go with it. A description is data:
// Types and Values are two small closed sets, and every notation, and the kernel package, is one walk over both side
// by side. It must not know text, memory or the operating system.
package spec

import "socksh/commands/names"

// A Call describes one system call: all that the shell knows about it.
type Call struct {
	Name    string    // as typed, and as in section 2 of the manual: "recv"
	Kernel  string    // the kernel's call where it differs: "recvfrom"
	Summary string    // one lower-case line, no full stop
	Args    []Field   // the kernel's, in order
	Result  Type      // of the return value; FD{} makes a descriptor
	Blocks  bool      // it can wait for a peer
	Repeats string    // sendall: the call that is made until all is sent
	Current int8      // which new descriptor becomes the current socket: see Makes
	Errors  []Meaning // what an errno means here
	Example []string  // lines that run as they stand, in one fresh session
	Preset  []Preset  // one word for the leading arguments: "udp"
	Manual  string    // "accept(2)"; empty: Name and section 2
	Python  string    // the method of Python's socket, where it has one
}

// What Call.Current can say.
const (
	Keeps int8 = iota // no descriptor becomes current
	Makes             // the result does
	Pairs             // the first of the pair that the last argument receives
	Ends              // the descriptor given is closed
)

// A Meaning is what an errno means for one call.
type Meaning struct {
	Errno string
	Text  string
}

// A Preset stands for the leading arguments of a call, by their constants' names.
type Preset struct {
	Word string
	Args []string
}

// A Field is an argument of a call or a member of a structure: the same thing to every walk.
type Field struct {
	Name    string // the manual page's
	Type    Type
	Default Value  // words may leave it out
	Like    string // words: the default is this sibling's value
	Kernel  bool   // only the kernel's call has it: absent from words and from C
	Out     bool   // the kernel writes this member
	Closes  bool   // the call closes this descriptor
	Help    string // one line for help; empty where the type says it all
}

// Scope answers for siblings by name, innermost structure first.
type Scope struct {
	Fields []Field
	Vals   []Value
	Up     *Scope
}

// find gives a sibling's description and its value on entry.
func (s *Scope) find(name string) (*Field, Value, *Scope) {
	for ; s != nil; s = s.Up {
		for i := range s.Fields {
			if s.Fields[i].Name == name {
				return &s.Fields[i], s.Vals[i].Before(), s
			}
		}
	}
	return nil, Value{}, nil
}

// Resolve follows By to the type that the siblings' values choose.
func Resolve(t Type, s *Scope) Type {
	for {
		by, ok := t.(*By)
		if !ok {
			return t
		}
		t = by.choose(s)
	}
}

func (by *By) choose(s *Scope) Type {
	f, v, at := s.find(by.On)
	if f == nil || v.Kind != Num {
		return by.Else
	}
	set := SetOf(Resolve(f.Type, at))
	if set == nil {
		return by.Else
	}
	e := set.Name(v.N)
	if e == nil {
		return by.Else
	}
	for i := range by.Cases {
		if by.Cases[i].Key == e.Name {
			return by.Cases[i].Type
		}
	}
	if by.Named != nil {
		return by.Named
	}
	return by.Else
}

// SetOf is the set of constants that a type takes, nil if it takes none.
func SetOf(t Type) *names.Set {
	switch t := t.(type) {
	case Enum:
		return t.Set
	case Flags:
		return t.Set
	case Port:
		return t.Set
	}
	return nil
}

// Case finds the type for the tag's number, nil for an unknown family.
func (t *Tagged) Case(tag int64) *Struct {
	e := SetOf(t.Tag.Type).Name(tag)
	if e == nil {
		return nil
	}
	for i := range t.Cases {
		if t.Cases[i].Key == e.Name {
			return t.Cases[i].Type.(*Struct)
		}
	}
	return nil
}

// LenOf unwraps a length, or a pointer to one.
func LenOf(t Type) (Len, bool) {
	if p, ok := t.(*Ptr); ok {
		t = p.To
	}
	l, ok := t.(Len)
	return l, ok
}

// CountOf is the index of the sibling that counts field i, or -1.
func CountOf(fs []Field, i int) int {
	for j := range fs {
		if l, ok := LenOf(fs[j].Type); ok && l.Of == fs[i].Name {
			return j
		}
	}
	return -1
}

// Points says in which direction a type points, 0 if it is no pointer.
func Points(t Type) Dir {
	if p, ok := t.(*Ptr); ok {
		return p.Dir
	}
	return 0
}
