package spec

// SizeOf is a type's size and alignment in bytes, as C lays it out; 0, 1 where only the object itself can tell.
func SizeOf(t Type) (size, align int) {
	switch t := t.(type) {
	case FD, Errno, IfIndex, IP4, Net32:
		return 4, 4
	case Port:
		return 2, 2
	case IP6:
		return 16, 4
	case Int:
		return width(t.Size)
	case Enum:
		return width(t.Size)
	case Flags:
		return width(t.Size)
	case Len:
		return width(t.Size)
	case *Ptr:
		return 8, 8
	case *Struct:
		var w Walk
		align = 1
		for i := range t.Fields {
			_, _, a := w.Next(t, i)
			align = max(align, a)
		}
		return pad(w.end, align), align
	case *Array:
		n, a := SizeOf(t.Elem)
		return n * t.N, a
	case *Dialect:
		return SizeOf(t.As)
	}
	return 0, 1
}

func width(n int) (int, int) {
	if n == 0 {
		n = 4
	}
	return n, n
}

func pad(n, align int) int { return (n + align - 1) / align * align }

// A Walk tells where a structure's members lie, one after the other: it needs no table that would have to be kept.
type Walk struct{ end int }

// Next gives the place of member i; call it for each member in order.
func (w *Walk) Next(s *Struct, i int) (off, size, align int) {
	size, align = SizeOf(s.Fields[i].Type)
	if s.Packed {
		align = 1
	}
	off = pad(w.end, align)
	w.end = off + size
	return off, size, align
}
