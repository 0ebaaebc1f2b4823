package spec

import "bytes"

// Kind is what a Value holds.
type Kind uint8

const (
	None    Kind = iota // not given: words leave it to the default, C cannot
	Null                // NULL
	Num                 // any number: plain, constant, flags, descriptor
	Bytes               // a string; L may hold its origin, see Value
	List                // an array's elements, or a structure's members in order
	Pointer             // 0x1: an address as it stands, never followed
	Any                 // "..." or "*": the shell supplies it, anything matches
	Change              // 128 => 16: L[0] on entry, L[1] on return
	Ref                 // $name or $name.field: B is the name; the session puts the value in before the call
	Current             // the current socket: the session puts the descriptor in before the call
)

// A Value is payload only: its Type, which every walk has beside it, knows names, signs and layout. It is a small
// tagged struct and not an interface, so that decoding can use one slab again (log/slog's Value is the model).
type Value struct {
	Kind Kind
	Cut  bool    // Bytes: the text ended in "..."..., there is more
	N    int64   // Num, Pointer
	B    []byte  // Bytes, Ref
	L    []Value // List, Change; Bytes: L[0] is the path of the file that they came from
}

// N is a number.
func N(n int64) Value { return Value{Kind: Num, N: n} }

// S is a string of bytes; it aliases b.
func S(b []byte) Value { return Value{Kind: Bytes, B: b} }

// L is a list or a structure.
func L(v ...Value) Value { return Value{Kind: List, L: v} }

// P is an address that the user wrote.
func P(addr uint64) Value { return Value{Kind: Pointer, N: int64(addr)} }

// Nil is NULL.
func Nil() Value { return Value{Kind: Null} }

// Dots is what the shell is to supply, and what matches anything.
func Dots() Value { return Value{Kind: Any} }

// Before is the value on entry.
func (v Value) Before() Value {
	if v.Kind == Change {
		return v.L[0]
	}
	return v
}

// After is the value on return.
func (v Value) After() Value {
	if v.Kind == Change {
		return v.L[1]
	}
	return v
}

// Clone makes v independent of the memory that it was decoded from.
func (v Value) Clone() Value {
	v.B = bytes.Clone(v.B)
	if v.L != nil {
		l := make([]Value, len(v.L))
		for i := range l {
			l[i] = v.L[i].Clone()
		}
		v.L = l
	}
	return v
}

func (v Value) zero() bool {
	switch v.Kind {
	case None, Null:
		return true
	case Num, Pointer:
		return v.N == 0
	}
	return false
}

// Equal says whether two values give the kernel the same bytes; a member left out is zero, as in C.
func Equal(a, b Value) bool {
	if a.zero() && b.zero() {
		return true
	}
	if a.Kind != b.Kind || a.N != b.N || !bytes.Equal(a.B, b.B) {
		return false
	}
	if a.Kind == Bytes {
		return true // where they came from is no part of them
	}
	if len(a.L) != len(b.L) {
		return false
	}
	for i := range a.L {
		if !Equal(a.L[i], b.L[i]) {
			return false
		}
	}
	return true
}
