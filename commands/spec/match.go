package spec

import "bytes"

// ephemeral is where Linux begins to choose ports by itself (ip_local_port_range, ip(7)).
const ephemeral = 32768

// Match holds what was written against what came. Any and None match anything, a cut text matches as a prefix, and
// what the kernel chose by itself is not compared: ports it picked, autobound names, times and counters.
func Match(t Type, want, got Value) bool {
	switch want.Kind {
	case Any, None:
		return true
	case Change:
		return Match(t, want.L[1], got.After())
	case Pointer, Null:
		return true // where an object lay says nothing about what it held
	}
	got = got.After()
	switch t := t.(type) {
	case *Ptr:
		return Match(t.To, want, got)
	case *Dialect:
		return Match(t.As, want, got)
	case *Array:
		return matchList(want, got, func(int) Type { return t.Elem })
	case *Struct:
		return matchList(want, got, func(i int) Type { return t.Fields[i].Type })
	case *Tagged:
		if want.Kind == List && len(want.L) > 0 {
			if st := t.Case(want.L[0].N); st != nil {
				return matchList(want, got, func(i int) Type { return st.Fields[min(i, len(st.Fields)-1)].Type })
			}
		}
	case Int:
		if t.Chosen {
			return got.Kind == Num
		}
	case Port:
		if want.N >= ephemeral {
			return got.Kind == Num
		}
	case Path:
		if autobound(want.B) {
			return autobound(got.B)
		}
	}
	if want.Kind == Bytes && want.Cut {
		return got.Kind == Bytes && bytes.HasPrefix(got.B, want.B)
	}
	return Equal(want, got)
}

func matchList(want, got Value, elem func(int) Type) bool {
	if want.Kind != List || got.Kind != List || len(want.L) > len(got.L) {
		return Equal(want, got)
	}
	for i := range want.L {
		if !Match(elem(i), want.L[i], got.L[i]) {
			return false
		}
	}
	return true
}

// autobound is the form of the abstract names that unix(7) says the kernel chooses: NUL and five hex digits.
func autobound(b []byte) bool {
	if len(b) != 6 || b[0] != 0 {
		return false
	}
	for _, c := range b[1:] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
