package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"

	"socksh/commands/spec"
)

// le is the byte order of the machines that the shell runs on.
var le = binary.LittleEndian

// errNumber and its like complete "sockfd ...".
var (
	errNumber    = errors.New("must be a number")
	errStructure = errors.New("must be a structure")
	errCut       = errors.New(`must be whole: a text that ends in "..."... was cut`)
	errUnfilled  = errors.New("must be given")
)

// cells is where the values of fields go: registers of eight bytes, or the members of a structure.
type cells struct {
	mem *Memory
	at  func(i int) []byte
	sc  *spec.Scope
}

// fields writes values into their cells, lengths last, since they count what the others hold.
func (c *cells) fields() error {
	fs, vals := c.sc.Fields, c.sc.Vals
	var counts [spec.MaxFields]int64
	for i := range fs {
		if _, isLen := spec.LenOf(fs[i].Type); isLen || fs[i].Out {
			continue
		}
		stated := spec.Value{}
		j := spec.CountOf(fs, i)
		var ln spec.Len
		if j >= 0 {
			stated = vals[j].Before()
			ln, _ = spec.LenOf(fs[j].Type)
		}
		n, err := c.field(i, stated, ln)
		if err != nil {
			return fmt.Errorf("%s %w", fs[i].Name, err)
		}
		if j >= 0 {
			counts[j] = n
		}
	}
	for i := range fs {
		ln, isLen := spec.LenOf(fs[i].Type)
		if !isLen {
			continue
		}
		v := vals[i].Before()
		cell := c.at(i)
		switch {
		case v.Kind == spec.None || v.Kind == spec.Any:
			v = spec.N(counts[i])
		case v.Kind == spec.Null || v.Kind == spec.Pointer && spec.Points(fs[i].Type) != 0:
			putInt(cell, 8, v.N)
			continue
		}
		size, _ := spec.SizeOf(ln)
		if dir := spec.Points(fs[i].Type); dir != 0 { // accept's addrlen
			o := c.mem.alloc(size, false)
			putInt(o.live, size, v.N)
			c.mem.keep(o)
			putInt(cell, 8, int64(o.addr))
			continue
		}
		putInt(cell, size, v.N)
	}
	return nil
}

// field writes one value and says how much there is of what it points to: bytes, or elements of an array.
func (c *cells) field(i int, stated spec.Value, ln spec.Len) (int64, error) {
	t := spec.Resolve(c.sc.Fields[i].Type, c.sc)
	v := c.sc.Vals[i].Before()
	p, ok := t.(*spec.Ptr)
	if !ok {
		if _, absent := t.(spec.Absent); absent {
			return 0, nil
		}
		if v.Kind == spec.Any {
			return 0, errUnfilled
		}
		return 0, put(t, v, c.at(i))
	}
	switch v.Kind {
	case spec.None, spec.Null:
		return 0, nil
	case spec.Pointer:
		putInt(c.at(i), 8, v.N)
		return 0, nil
	}
	o, n, err := c.object(p, v, stated, ln)
	if err != nil {
		return 0, err
	}
	if p.Dir == spec.InOut {
		c.mem.keep(o)
	}
	putInt(c.at(i), 8, int64(o.addr))
	return n, nil
}

// object makes what a pointer points to. stated is the length that the user wrote: true or not, the kernel gets it,
// and so much memory at least.
func (c *cells) object(p *spec.Ptr, v, stated spec.Value, ln spec.Len) (*object, int64, error) {
	to := spec.Resolve(p.To, c.sc)
	out := p.Dir == spec.Out
	n, unit := 0, 1
	var data []byte
	if a, ok := to.(*spec.Array); ok {
		unit, _ = spec.SizeOf(a.Elem)
		n = unit * max(a.N, len(v.L))
	} else {
		n, _ = spec.SizeOf(to)
	}
	switch {
	case out: // what stands here is an expectation
		if n == 0 && stated.Kind != spec.Num {
			n = capacity(to) * unit
		}
	case v.Kind == spec.Bytes:
		if v.Cut {
			return nil, 0, errCut
		}
		data, n = v.B, len(v.B)
		if _, ok := to.(spec.File); ok {
			n++ // the NUL that ends a path
		}
	case v.Kind == spec.Any:
		n = capacity(to)
	default:
		if _, ok := to.(spec.Raw); ok && v.Kind == spec.Num {
			to, n = spec.Int{}, 4
		}
		if _, ok := to.(*spec.Tagged); ok {
			b, err := Sockaddr(to.(*spec.Tagged), v)
			if err != nil {
				return nil, 0, err
			}
			data, n = b, len(b)
		}
	}
	count := int64(n / unit)
	guard := false
	if stated.Kind == spec.Num {
		want := uint64(stated.N)
		if !ln.Unsigned {
			want = uint64(max(stated.N, 0))
		}
		guard = want > spec.Limit
		n = max(n, int(min(want, spec.Limit))*unit)
	}
	o := c.mem.alloc(n, guard)
	o.out = out
	if out || v.Kind == spec.Any {
		return o, count, nil
	}
	if data != nil || v.Kind == spec.Bytes {
		copy(o.live, data)
		return o, count, nil
	}
	return o, count, put(to, v, o.live)
}

// put writes a value whose place and size are known.
func put(t spec.Type, v spec.Value, c []byte) error {
	switch t := t.(type) {
	case *spec.Dialect:
		return put(t.As, v, c)
	case *spec.Struct:
		if v.Kind != spec.List {
			return errStructure
		}
		var w spec.Walk
		for i := range t.Fields {
			off, size, _ := w.Next(t, i)
			if i < len(v.L) {
				if err := put(t.Fields[i].Type, v.L[i].Before(), c[off:off+size]); err != nil {
					return fmt.Errorf("%s %w", t.Fields[i].Name, err)
				}
			}
		}
		return nil
	case *spec.Array:
		n, _ := spec.SizeOf(t.Elem)
		for i := range v.L {
			if err := put(t.Elem, v.L[i], c[i*n:]); err != nil {
				return err
			}
		}
		return nil
	case spec.IP6, spec.Blob, spec.CStr, spec.Path, spec.File:
		copy(c, v.B)
		return nil
	}
	switch v.Kind {
	case spec.None, spec.Null, spec.Num, spec.Pointer:
	default:
		return errNumber
	}
	switch t.(type) {
	case spec.Port:
		binary.BigEndian.PutUint16(c, uint16(v.N))
		return nil
	case spec.Net32, spec.IP4:
		binary.BigEndian.PutUint32(c, uint32(v.N))
		return nil
	}
	n, _ := spec.SizeOf(t)
	putInt(c, n, v.N)
	return nil
}

func putInt(c []byte, n int, v int64) {
	switch n {
	case 1:
		c[0] = byte(v)
	case 2:
		le.PutUint16(c, uint16(v))
	case 4:
		le.PutUint32(c, uint32(v))
	case 8:
		le.PutUint64(c, uint64(v))
	}
}

// Sockaddr is a socket address as long as C would state it: {tag, members...}, {tag, bytes} or {tag}.
func Sockaddr(t *spec.Tagged, v spec.Value) ([]byte, error) {
	if v.Kind != spec.List || len(v.L) == 0 || v.L[0].Kind != spec.Num {
		return nil, errors.New("must be an address")
	}
	st := t.Case(v.L[0].N)
	members := st != nil && len(v.L) > 1
	if members && v.L[1].Kind == spec.Bytes {
		_, members = st.Fields[1].Type.(spec.Path)
	}
	if !members {
		b := le.AppendUint16(nil, uint16(v.L[0].N))
		if len(v.L) > 1 {
			b = append(b, v.L[1].B...)
		}
		return b, nil
	}
	size, _ := spec.SizeOf(st)
	b := make([]byte, max(size, st.Min), max(size, st.Min)+len(v.L[1].B)+1)
	var w spec.Walk
	for i := range st.Fields {
		off, size, _ := w.Next(st, i)
		if i >= len(v.L) || v.L[i].Kind == spec.None {
			continue
		}
		if _, path := st.Fields[i].Type.(spec.Path); path {
			b = append(b[:off], v.L[i].B...)
			if len(v.L[i].B) > 0 && v.L[i].B[0] != 0 {
				b = append(b, 0) // as sizeof would count it (unix(7))
			}
			return b, nil
		}
		if err := put(st.Fields[i].Type, v.L[i].Before(), b[off:off+size]); err != nil {
			return nil, fmt.Errorf("%s %w", st.Fields[i].Name, err)
		}
	}
	return b, nil
}
