package kernel

import (
	"bytes"
	"encoding/binary"

	"socksh/commands/spec"
)

// A Decoder reads a Bound's memory into values. They alias that memory and the decoder's slab, which is used again at
// the next call of Args: what is to be kept must be cloned. Nothing is shown that was only typed.
type Decoder struct {
	Exit   bool // after the call; else before it, when objects that the kernel fills are Any
	Strace bool // the types as strace knows them (spec.Dialect), and pointers where it shows them

	b    *Bound
	ok   bool // the call has returned and did not fail
	slab []spec.Value
	sc   spec.Scope
}

// list takes n empty values from the slab.
func (d *Decoder) list(n int) []spec.Value {
	if len(d.slab)+n > cap(d.slab) {
		d.slab = make([]spec.Value, 0, max(32, n, 2*cap(d.slab)))
	}
	l := d.slab[len(d.slab) : len(d.slab)+n : len(d.slab)+n]
	d.slab = d.slab[:len(d.slab)+n]
	clear(l)
	return l
}

// Args decodes the arguments of a call, numbers and lengths first, then what they count.
func (d *Decoder) Args(b *Bound) []spec.Value {
	fs := b.Call.Args
	d.b, d.ok, d.slab = b, d.Exit && b.Errno == 0, d.slab[:0]
	vals := d.list(len(fs))
	d.sc = spec.Scope{Fields: fs, Vals: vals}
	for i := range fs {
		cell := b.cells[8*i : 8*i+8]
		if p, ok := b.Types[i].(*spec.Ptr); ok {
			if ln, ok := p.To.(spec.Len); ok {
				vals[i] = d.length(i, ln, le.Uint64(cell))
			}
			continue
		}
		if _, absent := b.Types[i].(spec.Absent); !absent {
			vals[i] = d.get(b.Types[i], cell)
		}
	}
	for i := range fs {
		p, ok := b.Types[i].(*spec.Ptr)
		if !ok {
			continue
		}
		if _, isLen := p.To.(spec.Len); !isLen {
			vals[i] = d.pointer(p, i)
		}
	}
	return vals
}

// length is an in-out length behind a pointer: the same before and after, or a Change. Where the call failed and the
// shell had supplied the length, it is the shell's own, like the object that it counts.
func (d *Decoder) length(i int, ln spec.Len, addr uint64) spec.Value {
	o := d.b.mem.at(addr)
	if o == nil {
		return pointerValue(addr)
	}
	before := d.get(ln, o.before)
	if !d.Exit {
		return before
	}
	if !d.ok && !d.Strace && before.N == d.supplied(ln) {
		return spec.Dots()
	}
	after := d.get(ln, o.live)
	if !d.ok || before.N == after.N {
		return before
	}
	l := d.list(2)
	l[0], l[1] = before, after
	return spec.Value{Kind: spec.Change, L: l}
}

// supplied is the length that the shell gives to what ln counts when nobody says one, -1 if it counts nothing of ours.
func (d *Decoder) supplied(ln spec.Len) int64 {
	for i := range d.sc.Fields {
		if p, ok := d.b.Types[i].(*spec.Ptr); ok && d.sc.Fields[i].Name == ln.Of && p.Dir == spec.Out {
			return int64(capacity(spec.Resolve(p.To, &d.sc)))
		}
	}
	return -1
}

func pointerValue(addr uint64) spec.Value {
	if addr == 0 {
		return spec.Nil()
	}
	return spec.P(addr)
}

// pointer decodes what argument i points to.
func (d *Decoder) pointer(p *spec.Ptr, i int) spec.Value {
	addr := le.Uint64(d.b.cells[8*i:])
	o := d.b.mem.at(addr)
	if o == nil {
		return pointerValue(addr)
	}
	if p.Dir == spec.Out && !d.ok {
		return d.ours(o)
	}
	mem := o.live
	if o.before != nil && !d.ok {
		mem = o.before
	}
	to := spec.Resolve(p.To, &d.sc)
	fs := d.b.Call.Args
	if j := int(d.b.count[i]) - 1; j >= 0 && d.sc.Vals[j].Kind != spec.Pointer && d.sc.Vals[j].Kind != spec.Null {
		n := d.sc.Vals[j].After().N
		ln, _ := spec.LenOf(fs[j].Type)
		if p.Dir == spec.Out && !ln.Back { // how much came is the result
			n = min(uint64N(n, ln), d.b.Ret)
		}
		if n < 0 {
			return d.ours(o)
		}
		mem = mem[:min(n, int64(len(mem)))]
	}
	return d.object(to, mem, o)
}

// uint64N is a length as the kernel understands it, cut to what fits into an int64.
func uint64N(n int64, ln spec.Len) int64 {
	if ln.Unsigned && n < 0 {
		return 1<<63 - 1
	}
	return n
}

// ours is an object of the shell's that was not filled: strace shows where it lay.
func (d *Decoder) ours(o *object) spec.Value {
	if d.Strace && d.Exit {
		return spec.P(uint64(o.addr))
	}
	return spec.Dots()
}

// object decodes a whole object, whose length says how much of its type is there.
func (d *Decoder) object(t spec.Type, mem []byte, o *object) spec.Value {
	switch t := t.(type) {
	case *spec.Dialect:
		if d.Strace {
			return d.object(t.Strace, mem, o)
		}
		return d.object(t.As, mem, o)
	case *spec.Tagged:
		if len(mem) < 2 {
			return d.ours(o)
		}
		return d.tagged(t, mem)
	case spec.Raw:
		switch {
		case len(mem) == 4:
			return spec.N(int64(int32(le.Uint32(mem))))
		case len(mem) == 0:
			return d.ours(o)
		}
		return spec.S(mem)
	case spec.Blob:
		return spec.S(mem)
	case spec.CStr, spec.File:
		if i := bytes.IndexByte(mem, 0); i >= 0 {
			mem = mem[:i]
		}
		return spec.S(mem)
	case *spec.Struct:
		if size, _ := spec.SizeOf(t); len(mem) >= size || len(mem) > 0 && o.out {
			return d.members(t, mem)
		}
		return d.short(mem, o)
	}
	if size, _ := spec.SizeOf(t); len(mem) < size {
		return d.short(mem, o)
	}
	return d.get(t, mem)
}

// short is an object that is shorter than its type.
func (d *Decoder) short(mem []byte, o *object) spec.Value {
	if len(mem) == 0 || d.Strace && !o.out {
		return d.ours(o)
	}
	return spec.S(mem)
}

// members decodes a structure so far as it came, a member that came in part as its bytes: an older kernel's tcp_info is
// shorter than ours, and a length can be stated too short.
func (d *Decoder) members(t *spec.Struct, mem []byte) spec.Value {
	l := d.list(len(t.Fields))
	var w spec.Walk
	for i := range t.Fields {
		off, size, _ := w.Next(t, i)
		if off+size > len(mem) {
			if off < len(mem) {
				l[i] = spec.S(mem[off:])
			}
			break
		}
		l[i] = d.get(t.Fields[i].Type, mem[off:off+size])
	}
	return spec.Value{Kind: spec.List, L: l}
}

// get decodes a value of known size.
func (d *Decoder) get(t spec.Type, c []byte) spec.Value {
	switch t := t.(type) {
	case spec.Int:
		n, _ := spec.SizeOf(t)
		return spec.N(getInt(c, n, t.Unsigned))
	case spec.Len:
		n, _ := spec.SizeOf(t)
		return spec.N(getInt(c, n, t.Unsigned))
	case spec.Flags:
		n, _ := spec.SizeOf(t)
		return spec.N(getInt(c, n, true))
	case spec.Enum:
		n, _ := spec.SizeOf(t)
		return spec.N(getInt(c, n, n < 4))
	case spec.FD, spec.Errno, spec.IfIndex:
		return spec.N(getInt(c, 4, false))
	case spec.Port:
		return spec.N(int64(binary.BigEndian.Uint16(c)))
	case spec.Net32, spec.IP4:
		return spec.N(int64(binary.BigEndian.Uint32(c)))
	case spec.IP6:
		return spec.S(c[:16])
	case *spec.Dialect:
		return d.get(t.As, c)
	case *spec.Struct:
		return d.members(t, c)
	case *spec.Array:
		n, _ := spec.SizeOf(t.Elem)
		l := d.list(len(c) / max(n, 1))
		for i := range l {
			l[i] = d.get(t.Elem, c[i*n:i*n+n])
		}
		return spec.Value{Kind: spec.List, L: l}
	}
	return spec.S(c)
}

func getInt(c []byte, n int, unsigned bool) int64 {
	switch n {
	case 1:
		if unsigned {
			return int64(c[0])
		}
		return int64(int8(c[0]))
	case 2:
		if unsigned {
			return int64(le.Uint16(c))
		}
		return int64(int16(le.Uint16(c)))
	case 4:
		if unsigned {
			return int64(le.Uint32(c))
		}
		return int64(int32(le.Uint32(c)))
	}
	return int64(le.Uint64(c))
}

// tagged decodes a socket address of len(mem) bytes, at least 2.
func (d *Decoder) tagged(t *spec.Tagged, mem []byte) spec.Value {
	mem = mem[:min(len(mem), 128)]
	tag := spec.N(int64(le.Uint16(mem)))
	st := t.Case(tag.N)
	if len(mem) == 2 || st == nil || len(mem) < st.Min {
		l := d.list(min(len(mem)-1, 2))
		if l[0] = tag; len(l) > 1 {
			l[1] = spec.S(mem[2:])
		}
		return spec.Value{Kind: spec.List, L: l}
	}
	l := d.list(len(st.Fields))
	var w spec.Walk
	for i := range st.Fields {
		off, size, _ := w.Next(st, i)
		if _, path := st.Fields[i].Type.(spec.Path); path {
			l[i] = spec.S(sunPath(mem[off:]))
			break
		}
		if off+size <= len(mem) {
			l[i] = d.get(st.Fields[i].Type, mem[off:off+size])
		} else if off < len(mem) { // as strace shows a scope of which only some bytes were given
			part := make([]byte, size)
			copy(part, mem[off:])
			l[i] = d.get(st.Fields[i].Type, part)
		}
	}
	return spec.Value{Kind: spec.List, L: l}
}

// sunPath is a path up to its NUL, or an abstract name whole (unix(7)).
func sunPath(p []byte) []byte {
	if len(p) > 0 && p[0] != 0 {
		if i := bytes.IndexByte(p, 0); i >= 0 {
			p = p[:i]
		}
	}
	return p
}

// Address decodes a socket address that the shell itself asked for; it is a value of its own.
func Address(t *spec.Tagged, mem []byte) spec.Value {
	if len(mem) < 2 {
		return spec.Value{}
	}
	var d Decoder
	return d.tagged(t, mem).Clone()
}
