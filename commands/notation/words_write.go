package notation

import (
	"encoding/hex"
	"net/netip"
	"strconv"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// longFill is from how many bytes on a repeating pattern is written as fill:N.
const longFill = 256

// AppendWords writes a call as a line of words that binds to equal values. What the shell supplies is left out.
func AppendWords(b []byte, c *spec.Call, vals []spec.Value) []byte {
	p := NewPlan(c)
	b = append(b, c.Name...)
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	last := len(p.ops) - 1
	for last >= 0 && p.omitted(last, vals) {
		last--
	}
	current := len(p.ops) > 0 && p.ops[0].FD && vals[0].Kind == spec.Current
	for i := 0; i <= last; i++ {
		o, v := &p.ops[i], vals[p.ops[i].arg]
		t := spec.Resolve(o.field.Type, sc)
		if _, ok := t.(spec.Absent); ok || v.Kind == spec.Current || v.Kind == spec.Any {
			continue
		}
		b = append(b, ' ')
		if o.FD && v.Kind == spec.Num && last == 0 && len(p.ops) > 1 && p.ops[1].counts() {
			b = append(b, '@') // a number alone would be the length
		}
		at := len(b)
		b = appendWord(b, t, v, sc)
		if _, plain := plainNumber(string(b[at:])); plain && current && len(typeSets(t)) > 0 {
			b = append(b[:at], "0|"...) // a plain number would be the descriptor
			b = appendWord(b, t, v, sc)
		}
	}
	return b
}

// omitted says whether an operand need not be written behind all others.
func (p *Plan) omitted(i int, vals []spec.Value) bool {
	o := &p.ops[i]
	v := vals[o.arg]
	switch v.Kind {
	case spec.None, spec.Current, spec.Any:
		return true
	}
	return o.Optional && !o.FD && o.field.Default.Kind != spec.None && v.Kind == o.field.Default.Kind && spec.Equal(v, o.field.Default)
}

// AppendWord writes one value as one word.
func AppendWord(b []byte, t spec.Type, v spec.Value) []byte {
	return appendWord(b, t, v, &spec.Scope{})
}

// ReadWord reads one value from one word, as a call's operand of that type would be.
func ReadWord(t spec.Type, w *Word, env Env) (spec.Value, error) {
	v, wrong := (&Plan{}).literal(t, w, env, &spec.Scope{})
	if wrong != "" {
		return v, &SyntaxError{w.Col, wrong}
	}
	return v, nil
}

func appendWord(b []byte, t spec.Type, v spec.Value, sc *spec.Scope) []byte {
	v = v.Before()
	switch tt := t.(type) {
	case *spec.Ptr:
		return appendWord(b, spec.Resolve(tt.To, sc), v, sc)
	case *spec.Dialect:
		return appendWord(b, tt.As, v, sc)
	}
	switch v.Kind {
	case spec.Ref:
		return append(append(b, '$'), v.B...)
	case spec.Bytes:
		return appendBytesWord(b, t, v)
	case spec.Num, spec.List:
	default:
		return append(b, "..."...)
	}
	switch tt := t.(type) {
	case spec.Enum:
		return appendConstant(b, tt.Set, v.N)
	case spec.Flags:
		return appendFlagWord(b, tt, v.N)
	case spec.Port:
		if tt.Set != nil {
			return appendConstant(b, tt.Set, v.N)
		}
	case spec.Errno:
		return appendConstant(b, names.Errnos(), v.N)
	case spec.IP4:
		return IP4Addr(v.N).AppendTo(b)
	case *spec.Tagged:
		return appendAddressWord(b, tt, v)
	case *spec.Struct:
		if tt.Word == spec.Duration && len(v.L) == 2 {
			return appendDuration(b, v.L[0].N, v.L[1].N)
		}
		inner := &spec.Scope{Fields: tt.Fields, Vals: v.L, Up: sc}
		for i := range v.L {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendWord(b, spec.Resolve(tt.Fields[i].Type, inner), v.L[i], inner)
		}
		return b
	case *spec.Array:
		for i := range v.L {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendWord(b, spec.Resolve(tt.Elem, sc), v.L[i], sc)
		}
		return b
	}
	return strconv.AppendInt(b, v.N, 10)
}

func appendConstant(b []byte, set *names.Set, n int64) []byte {
	if e := set.Name(n); e != nil {
		return append(b, e.Name...)
	}
	return strconv.AppendInt(b, n, 10)
}

// appendFlagWord writes flags without the comments that C takes for a number without a name.
func appendFlagWord(b []byte, t spec.Flags, n int64) []byte {
	if t.Base != nil {
		if b = appendConstant(b, t.Base, n&t.Mask); n&^t.Mask == 0 {
			return b
		}
		b, n = append(b, '|'), n&^t.Mask
	}
	if rest := known(t.Set, n); rest == n && n != 0 {
		return strconv.AppendInt(b, n, 10)
	}
	return t.Set.AppendFlags(b, n, false)
}

// known takes the bits that have a name out of n.
func known(set *names.Set, n int64) int64 {
	for i := range set.Entries {
		if e := &set.Entries[i]; e.N != 0 && n&e.N == e.N {
			n &^= e.N
		}
	}
	return n
}

func appendBytesWord(b []byte, t spec.Type, v spec.Value) []byte {
	switch t.(type) {
	case spec.IP6:
		if len(v.B) == 16 {
			return netip.AddrFrom16([16]byte(v.B)).AppendTo(b)
		}
	case spec.Blob, spec.CStr, spec.Raw:
		switch {
		case len(v.L) == 1:
			b = append(b, "file:"...)
			return appendQuoted(b, v.L[0].B)
		case len(v.B) >= longFill && spec.IsFill(v.B):
			return strconv.AppendInt(append(b, "fill:"...), int64(len(v.B)), 10)
		}
		return appendQuoted(b, v.B)
	case spec.File, spec.Path:
		return appendQuoted(b, v.B)
	}
	return hex.AppendEncode(append(b, "hex:"...), v.B)
}

// appendQuoted writes bytes in double quotes, as words read them.
func appendQuoted(b, v []byte) []byte {
	return append(escape(append(b, '"'), v, `"\$`, false), '"')
}

func appendAddressWord(b []byte, t *spec.Tagged, v spec.Value) []byte {
	at := len(b)
	b = appendAddress(b, t, v)
	for _, c := range b[at:] {
		if !isIdent(c) && c != '.' && c != ':' && c != '/' && c != '[' && c != ']' && c != '%' && c != '-' && c != '*' && c != '@' {
			text := string(b[at:])
			return appendQuoted(b[:at], []byte(text))
		}
	}
	return b
}

// AppendAddress writes an address as words read it: 127.0.0.1:80, [::1]:80, unix:/tmp/s, unix:@abstract, unix: for the
// unnamed. Names are escaped, so that any terminal can show them.
func AppendAddress(b []byte, t *spec.Tagged, v spec.Value) []byte {
	return Escape(b, appendAddress(nil, t, v.After()))
}

func appendAddress(b []byte, t *spec.Tagged, v spec.Value) []byte {
	if v.Kind != spec.List || len(v.L) == 0 {
		return append(b, "..."...)
	}
	if v.L[0].Kind != spec.Num { // the family is left open
		switch {
		case len(v.L) > 2:
			b = append(b, v.L[2].B...)
		default:
			b = append(b, '*')
		}
		if len(v.L) > 1 {
			b = strconv.AppendInt(append(b, ':'), v.L[1].N, 10)
		}
		return b
	}
	st := t.Case(v.L[0].N)
	if st == nil || len(v.L) > 1 && len(v.L) != len(st.Fields) {
		return appendConstant(b, spec.SetOf(t.Tag.Type), v.L[0].N)
	}
	var host netip.Addr
	port, scope := int64(-1), int64(0)
	for i := range st.Fields {
		x := spec.Value{}
		if i < len(v.L) {
			x = v.L[i].After()
		} else if _, ok := st.Fields[i].Type.(spec.Path); !ok {
			continue
		}
		switch st.Fields[i].Type.(type) {
		case spec.Port:
			port = x.N
		case spec.IP4:
			host = IP4Addr(x.N)
		case spec.IP6:
			if len(x.B) == 16 {
				host = netip.AddrFrom16([16]byte(x.B))
			}
		case spec.IfIndex:
			scope = x.N
		case spec.Path:
			b = append(b, "unix:"...)
			if len(x.B) > 0 && x.B[0] == 0 {
				return append(append(b, '@'), x.B[1:]...)
			}
			return append(b, x.B...)
		}
	}
	if !host.IsValid() || port < 0 {
		return appendConstant(b, spec.SetOf(t.Tag.Type), v.L[0].N)
	}
	if host.Is4() {
		b = host.AppendTo(b)
	} else {
		b = host.AppendTo(append(b, '['))
		if scope != 0 {
			b = strconv.AppendInt(append(b, '%'), scope, 10)
		}
		b = append(b, ']')
	}
	return strconv.AppendInt(append(b, ':'), port, 10)
}
