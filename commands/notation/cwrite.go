package notation

import (
	"net/netip"
	"strconv"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// A Style is one of the two C-like notations.
type Style struct {
	Strace  bool // the kernel's call as strace 6.1 prints it; else the C library's, so that it can be read again
	Strings int  // bytes of a string that are shown
	// IfName gives an interface's name by its index, "" for none; nil: none is known.
	IfName func(index int64) string
}

// C is what the shell prints, and Strace what strace prints.
func C() Style      { return Style{Strings: 1024} }
func Strace() Style { return Style{Strace: true, Strings: 32} }

// resultColumn is where strace puts the equals sign.
const resultColumn = 39

// AppendCall writes name(args) without the result. types are those that kernel.Bound resolved, or nil.
func (s Style) AppendCall(b []byte, c *spec.Call, types []spec.Type, vals []spec.Value) []byte {
	b, _ = s.appendArgs(b, c, types, vals, false)
	return append(b, ')')
}

// AppendEntry writes what is known when a call begins: accept(3, <unfinished ...>.
func (s Style) AppendEntry(b []byte, c *spec.Call, types []spec.Type, vals []spec.Value) []byte {
	b, any := s.appendArgs(b, c, types, vals, true)
	if any {
		b = append(b, ", "...)
	}
	return append(b, "<unfinished ...>"...)
}

func (s *Style) appendArgs(b []byte, c *spec.Call, types []spec.Type, vals []spec.Value, entry bool) ([]byte, bool) {
	if s.Strace && c.Kernel != "" {
		b = append(b, c.Kernel...)
	} else {
		b = append(b, c.Name...)
	}
	b = append(b, '(')
	any := false
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	for i := range c.Args {
		f := &c.Args[i]
		t := f.Type
		if types != nil {
			t = types[i]
		} else {
			t = spec.Resolve(t, sc)
		}
		if _, ok := t.(spec.Absent); ok || f.Kernel && !s.Strace {
			continue
		}
		if entry && vals[i].Kind == spec.Any { // strace stops at the first argument that only the kernel can fill
			break
		}
		if any {
			b = append(b, ", "...)
		}
		any = true
		b = s.value(b, t, &vals[i], sc)
	}
	return b, any
}

// AppendResult writes " = 3" or " = -1 EAGAIN (Resource temporarily unavailable)"; start is where the line begins in b.
func (s Style) AppendResult(b []byte, start int, c *spec.Call, vals []spec.Value, ret int64, errno names.Errno) []byte {
	if s.Strace {
		for len(b)-start < resultColumn {
			b = append(b, ' ')
		}
	}
	b = append(b, " = "...)
	if errno != 0 {
		b = append(b, "-1 "...)
		name := errno.Name()
		if name == "" {
			b = strconv.AppendInt(append(b, "(errno "...), int64(errno), 10)
			return append(b, ')')
		}
		b = append(b, name...)
		b = append(b, " ("...)
		b = append(b, errno.Text()...)
		return append(b, ')')
	}
	flags, ok := spec.Resolve(c.Result, &spec.Scope{Fields: c.Args, Vals: vals}).(spec.Flags)
	if !ok || ret == 0 && flags.Base == nil {
		return strconv.AppendInt(b, ret, 10)
	}
	if ret != 0 {
		b = append(b, "0x"...)
	}
	b = strconv.AppendInt(b, ret, 16)
	b = append(b, " (flags "...)
	b = s.flags(b, flags, ret)
	return append(b, ')')
}

// value writes v as its type wants it; sc is for the types that look at their siblings.
func (s *Style) value(b []byte, t spec.Type, v *spec.Value, sc *spec.Scope) []byte {
	switch v.Kind {
	case spec.None, spec.Any:
		return append(b, "..."...)
	case spec.Null:
		return append(b, "NULL"...)
	case spec.Pointer:
		return strconv.AppendUint(append(b, "0x"...), uint64(v.N), 16)
	case spec.Ref:
		return append(b, v.B...)
	case spec.Current:
		return append(b, "..."...)
	}
	if p, ok := t.(*spec.Ptr); ok {
		return s.pointee(b, spec.Resolve(p.To, sc), v, sc)
	}
	if v.Kind == spec.Change {
		b = s.value(b, t, &v.L[0], sc)
		b = append(b, " => "...)
		return s.value(b, t, &v.L[1], sc)
	}
	if v.Kind == spec.Bytes {
		return s.bytes(b, t, v)
	}
	switch t := t.(type) {
	case spec.Int:
		return s.int(b, t, v.N)
	case spec.Len:
		if t.Unsigned {
			return strconv.AppendUint(b, uint64(v.N), 10)
		}
	case spec.Enum:
		return t.Set.Append(b, v.N, s.Strace)
	case spec.Flags:
		return s.flags(b, t, v.N)
	case spec.Errno:
		if v.N != 0 {
			return names.Errnos().Append(b, v.N, s.Strace)
		}
	case spec.Port:
		b = append(b, "htons("...)
		if t.Set != nil {
			return append(t.Set.Append(b, v.N, s.Strace), ')')
		}
		return append(strconv.AppendInt(b, v.N, 10), ')')
	case spec.Net32:
		return append(strconv.AppendInt(append(b, "htonl("...), v.N, 10), ')')
	case spec.IP4:
		b = append(b, `inet_addr("`...)
		return append(IP4Addr(v.N).AppendTo(b), `")`...)
	case spec.IfIndex:
		return s.ifIndex(b, v.N, !t.Scope || linkLocal(sc))
	case *spec.Dialect:
		if s.Strace {
			return s.value(b, t.Strace, v, sc)
		}
		return s.value(b, t.As, v, sc)
	case *spec.Struct:
		return s.members(b, t.Fields, v.L)
	case *spec.Tagged:
		return s.tagged(b, t, v)
	case *spec.Array:
		b = append(b, '[')
		for i := range v.L {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = s.value(b, t.Elem, &v.L[i], sc)
		}
		return append(b, ']')
	}
	return strconv.AppendInt(b, v.N, 10)
}

// pointee puts what a pointer points to in brackets where it is a single number.
func (s *Style) pointee(b []byte, to spec.Type, v *spec.Value, sc *spec.Scope) []byte {
	if v.Kind != spec.Num && v.Kind != spec.Change {
		return s.value(b, to, v, sc)
	}
	b = append(b, '[')
	b = s.value(b, to, v, sc)
	return append(b, ']')
}

func (s *Style) int(b []byte, t spec.Int, n int64) []byte {
	switch {
	case t.Hex && n != 0:
		return strconv.AppendUint(append(b, "0x"...), uint64(n), 16)
	case t.Unsigned:
		return strconv.AppendUint(b, uint64(n), 10)
	}
	return strconv.AppendInt(b, n, 10)
}

func (s *Style) flags(b []byte, t spec.Flags, n int64) []byte {
	if t.Base == nil {
		return t.Set.AppendFlags(b, n, s.Strace)
	}
	if t.Base.Name(n&t.Mask) == nil {
		return t.Base.Append(b, n, s.Strace)
	}
	b = t.Base.Append(b, n&t.Mask, s.Strace)
	if n &^= t.Mask; n == 0 {
		return b
	}
	return t.Set.AppendFlags(append(b, '|'), n, s.Strace)
}

func (s *Style) ifIndex(b []byte, n int64, named bool) []byte {
	if named && n != 0 && s.IfName != nil {
		if name := s.IfName(n); name != "" {
			return append(append(append(b, `if_nametoindex("`...), name...), `")`...)
		}
	}
	return strconv.AppendInt(b, n, 10)
}

// linkLocal says whether the IPv6 address beside a scope is one whose scope is an interface (ipv6(7)).
func linkLocal(sc *spec.Scope) bool {
	for i := range sc.Fields {
		if _, ok := sc.Fields[i].Type.(spec.IP6); ok && len(sc.Vals[i].B) == 16 {
			a := netip.AddrFrom16([16]byte(sc.Vals[i].B))
			return a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast()
		}
	}
	return false
}

// IP4Addr is the address of an IP4 value.
func IP4Addr(n int64) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func (s *Style) tagged(b []byte, t *spec.Tagged, v *spec.Value) []byte {
	if len(v.L) == 0 {
		return append(b, "{}"...)
	}
	if st := t.Case(v.L[0].N); st != nil && len(v.L) == len(st.Fields) && !rawAddress(st, v) {
		return s.members(b, st.Fields, v.L)
	}
	b = append(append(append(b, '{'), t.Tag.Name...), '=')
	b = s.value(b, t.Tag.Type, &v.L[0], nil)
	if len(v.L) > 1 {
		b = s.string(append(b, ", sa_data="...), v.L[1].B, s.Strings, v.L[1].Cut)
	}
	return append(b, '}')
}

// rawAddress says whether v holds a tag and bytes where the family has members: too short for them.
func rawAddress(st *spec.Struct, v *spec.Value) bool {
	_, path := st.Fields[1].Type.(spec.Path)
	return !path && v.L[1].Kind == spec.Bytes
}

func (s *Style) members(b []byte, fields []spec.Field, vals []spec.Value) []byte {
	b = append(b, '{')
	sc := &spec.Scope{Fields: fields, Vals: vals}
	first := true
	for i := range vals {
		f, v := &fields[i], &vals[i]
		if v.Kind == spec.None {
			continue
		}
		if !first {
			b = append(b, ", "...)
		}
		first = false
		if _, ok := f.Type.(spec.IP6); ok && len(v.B) == 16 {
			b = append(b, `inet_pton(AF_INET6, "`...)
			b = netip.AddrFrom16([16]byte(v.B)).AppendTo(b)
			b = append(b, `", &`...)
			b = append(append(b, f.Name...), ')')
			continue
		}
		b = append(append(b, f.Name...), '=')
		b = s.value(b, spec.Resolve(f.Type, sc), v, sc)
	}
	return append(b, '}')
}

// bytes writes an object that is, or can only be shown as, a string.
func (s *Style) bytes(b []byte, t spec.Type, v *spec.Value) []byte {
	switch t := t.(type) {
	case spec.Path: // never cut: it would be another file
		if len(v.B) > 0 && v.B[0] == 0 {
			return s.string(append(b, '@'), v.B[1:], spec.Limit, false)
		}
		return s.string(b, v.B, spec.Limit, false)
	case spec.File:
		return s.string(b, v.B, spec.Limit, false)
	case spec.Int, spec.Enum, spec.Errno, *spec.Struct: // shorter than its type
		return hexString(b, v.B)
	case *spec.Dialect:
		if s.Strace {
			return s.bytes(b, t.Strace, v)
		}
		if _, ok := t.As.(spec.CStr); !ok {
			return s.bytes(b, t.As, v)
		}
	}
	if !s.Strace && len(v.B) > s.Strings {
		switch {
		case len(v.L) == 1:
			return append(s.string(append(b, "file("...), v.L[0].B, spec.Limit, false), ')')
		case spec.IsFill(v.B):
			return append(strconv.AppendInt(append(b, "fill("...), int64(len(v.B)), 10), ')')
		}
	}
	return s.string(b, v.B, s.Strings, v.Cut)
}

// string writes text in quotes, at most limit bytes of it, and dots behind them if there is more.
func (s *Style) string(b, v []byte, limit int, more bool) []byte {
	if len(v) > limit {
		v, more = v[:limit], true
	}
	b = append(b, '"')
	if s.Strace {
		b = octal(b, v)
	} else {
		b = Escape(b, v)
	}
	b = append(b, '"')
	if more {
		b = append(b, "..."...)
	}
	return b
}

// octal escapes as strace does, which decodes no UTF-8 and knows no \a and \b.
func octal(b, v []byte) []byte {
	for i, c := range v {
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\f':
			b = append(b, `\f`...)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		case '\v':
			b = append(b, `\v`...)
		default:
			if c >= ' ' && c <= '~' {
				b = append(b, c)
				continue
			}
			b = append(b, '\\')
			if i+1 < len(v) && v[i+1] >= '0' && v[i+1] <= '7' {
				b = append(b, '0'+c>>6, '0'+c>>3&7, '0'+c&7)
			} else {
				b = strconv.AppendUint(b, uint64(c), 8)
			}
		}
	}
	return b
}

func hexString(b, v []byte) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, c := range v {
		b = append(b, '\\', 'x', digits[c>>4], digits[c&15])
	}
	return append(b, '"')
}

// AppendValue writes a value that stands alone, such as what getsockopt gave.
func (s Style) AppendValue(b []byte, t spec.Type, v spec.Value) []byte { return s.value(b, t, &v, nil) }
