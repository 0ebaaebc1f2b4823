package notation

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"unicode/utf8"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// AppendJSON writes a call's arguments as one JSON object by the manual page's names: bytes as a string, or
// {"hex": "..."} if they are no UTF-8; numbers of 64 bits as strings; constants by C's names; an address as an object of
// its members; {"before": ..., "after": ...} for what the kernel changed; "..." for what the shell supplied.
func AppendJSON(b []byte, c *spec.Call, vals []spec.Value) []byte {
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	b = append(b, '{')
	first := true
	for i := range c.Args {
		t := spec.Resolve(c.Args[i].Type, sc)
		if _, ok := t.(spec.Absent); ok || c.Args[i].Kernel || i >= len(vals) {
			continue
		}
		if !first {
			b = append(b, ", "...)
		}
		first = false
		b = append(appendJSONText(b, c.Args[i].Name), ": "...)
		b = AppendJSONValue(b, t, vals[i], sc)
	}
	return append(b, '}')
}

// AppendJSONValue writes one value as its type wants it; sc may be nil where no type looks at its siblings.
func AppendJSONValue(b []byte, t spec.Type, v spec.Value, sc *spec.Scope) []byte {
	switch tt := t.(type) {
	case *spec.Ptr:
		return AppendJSONValue(b, tt.To, v, sc)
	case *spec.Dialect:
		return AppendJSONValue(b, tt.As, v, sc)
	case *spec.By:
		if rt := spec.Resolve(tt, sc); rt != nil {
			return AppendJSONValue(b, rt, v, sc)
		}
	}
	switch v.Kind {
	case spec.None, spec.Null:
		return append(b, "null"...)
	case spec.Any, spec.Current:
		return append(b, `"..."`...)
	case spec.Pointer:
		b = strconv.AppendUint(append(b, `"0x`...), uint64(v.N), 16)
		return append(b, '"')
	case spec.Ref:
		b = append(b, `"$`...)
		b = appendJSONBytes(b, v.B)
		return append(b, '"')
	case spec.Change:
		b = AppendJSONValue(append(b, `{"before": `...), t, v.L[0], sc)
		b = AppendJSONValue(append(b, `, "after": `...), t, v.L[1], sc)
		return append(b, '}')
	case spec.Bytes:
		return jsonBytes(b, t, v)
	case spec.List:
		return jsonList(b, t, v, sc)
	}
	return jsonNumber(b, t, v.N)
}

func jsonNumber(b []byte, t spec.Type, n int64) []byte {
	size, unsigned := 4, false
	switch t := t.(type) {
	case spec.Int:
		size, unsigned = t.Size, t.Unsigned
	case spec.Len:
		size, unsigned = t.Size, t.Unsigned
	case spec.Enum:
		return jsonConstant(b, t.Set, n)
	case spec.Flags:
		b = append(b, '"')
		return append(appendFlagWord(b, t, n), '"')
	case spec.Errno:
		if n != 0 {
			return jsonConstant(b, names.Errnos(), n)
		}
	case spec.Port:
		if t.Set != nil {
			return jsonConstant(b, t.Set, n)
		}
	case spec.IP4:
		return append(IP4Addr(n).AppendTo(append(b, '"')), '"')
	}
	if size < 8 {
		return strconv.AppendInt(b, n, 10)
	}
	b = append(b, '"')
	if unsigned {
		b = strconv.AppendUint(b, uint64(n), 10)
	} else {
		b = strconv.AppendInt(b, n, 10)
	}
	return append(b, '"')
}

// jsonConstant writes a constant's name, or the number that has none.
func jsonConstant(b []byte, set *names.Set, n int64) []byte {
	if e := set.Name(n); e != nil {
		return append(append(append(b, '"'), e.Name...), '"')
	}
	return strconv.AppendInt(b, n, 10)
}

func jsonBytes(b []byte, t spec.Type, v spec.Value) []byte {
	if _, ok := t.(spec.IP6); ok && len(v.B) == 16 {
		return append(netip.AddrFrom16([16]byte(v.B)).AppendTo(append(b, '"')), '"')
	}
	if v.B == nil && len(v.L) == 1 {
		b = AppendJSONBytes(append(b, `{"file": `...), v.L[0].B)
		return append(b, '}')
	}
	if !v.Cut {
		return AppendJSONBytes(b, v.B)
	}
	b = AppendJSONBytes(append(b, `{"prefix": `...), v.B)
	return append(b, '}')
}

// AppendJSONBytes writes bytes as a JSON string if they are UTF-8, else as {"hex": "..."}.
func AppendJSONBytes(b, v []byte) []byte {
	if !utf8.Valid(v) {
		b = hex.AppendEncode(append(b, `{"hex": "`...), v)
		return append(b, `"}`...)
	}
	return append(appendJSONBytes(append(b, '"'), v), '"')
}

// appendJSONText writes a string in quotes.
func appendJSONText(b []byte, s string) []byte {
	return append(appendJSONBytes(append(b, '"'), []byte(s)), '"')
}

// appendJSONBytes escapes valid UTF-8 for the inside of a JSON string; control, line separators and what else a
// terminal might act on become \u.
func appendJSONBytes(b, v []byte) []byte {
	const digits = "0123456789abcdef"
	for i := 0; i < len(v); {
		r, n := utf8.DecodeRune(v[i:])
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError && n == 1 || format(r):
			b = append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
		default:
			b = append(b, v[i:i+n]...)
		}
		i += n
	}
	return b
}

// format says whether a character of the basic plane changes how text around it is laid out.
func format(r rune) bool {
	return r == 0xad || r == 0x61c || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff
}

func jsonList(b []byte, t spec.Type, v spec.Value, sc *spec.Scope) []byte {
	switch t := t.(type) {
	case *spec.Struct:
		return jsonMembers(b, t.Fields, v.L, sc)
	case *spec.Tagged:
		if len(v.L) > 0 && v.L[0].Kind == spec.Num {
			if st := t.Case(v.L[0].N); st != nil && len(v.L) <= len(st.Fields) && (len(v.L) < 2 || !rawAddress(st, &v)) {
				return jsonMembers(b, st.Fields, v.L, sc)
			}
			b = append(appendJSONText(append(b, '{'), t.Tag.Name), ": "...)
			b = AppendJSONValue(b, t.Tag.Type, v.L[0], sc)
			if len(v.L) > 1 {
				b = AppendJSONValue(append(b, `, "sa_data": `...), spec.Blob{}, v.L[1], sc)
			}
			return append(b, '}')
		}
		if len(v.L) > 1 {
			b = strconv.AppendInt(append(b, `{"port": `...), v.L[1].N, 10)
			if len(v.L) > 2 {
				b = AppendJSONBytes(append(b, `, "host": `...), v.L[2].B)
			}
			return append(b, '}')
		}
	}
	b = append(b, '[')
	elem := spec.Type(spec.Int{Size: 8})
	if a, ok := t.(*spec.Array); ok {
		elem = a.Elem
	}
	for i := range v.L {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = AppendJSONValue(b, elem, v.L[i], sc)
	}
	return append(b, ']')
}

// jsonMembers writes a structure; members that are not there are left out.
func jsonMembers(b []byte, fields []spec.Field, vals []spec.Value, up *spec.Scope) []byte {
	b = append(b, '{')
	sc := &spec.Scope{Fields: fields, Vals: vals, Up: up}
	first := true
	for i := range min(len(fields), len(vals)) {
		if vals[i].Kind == spec.None {
			continue
		}
		if !first {
			b = append(b, ", "...)
		}
		first = false
		b = append(appendJSONText(b, fields[i].Name), ": "...)
		b = AppendJSONValue(b, spec.Resolve(fields[i].Type, sc), vals[i], sc)
	}
	return append(b, '}')
}
