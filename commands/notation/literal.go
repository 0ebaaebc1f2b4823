package notation

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// literal reads one word as its type wants it. wrong is "must be X, but is Y", or empty.
func (p *Plan) literal(t spec.Type, w *Word, env Env, sc *spec.Scope) (v spec.Value, wrong string) {
	switch tt := t.(type) {
	case *spec.Ptr:
		return p.literal(spec.Resolve(tt.To, sc), w, env, sc)
	case *spec.Dialect:
		return p.literal(tt.As, w, env, sc)
	case spec.Absent:
		return v, "must be left out, but is " + w.show()
	}
	if w.Ref != "" {
		if h := held(env, w.Ref); !holdsFit(t, h) {
			return v, fmt.Sprintf("must be %s, but $%s holds %s", mustBe(t), w.Ref, h)
		}
		return spec.Value{Kind: spec.Ref, B: []byte(w.Ref)}, ""
	}
	if w.Parts != nil {
		return spec.Dots(), "" // read again when the line runs
	}
	switch tt := t.(type) {
	case spec.Blob, spec.CStr, spec.Path, spec.File:
		return bytesWord(t, w)
	case *spec.Tagged:
		return p.address(tt, w)
	case spec.Raw:
		if n, ok := plainNumber(w.Text); ok && !w.Quoted {
			return spec.N(n), ""
		}
		return bytesWord(t, w)
	}
	if w.Quoted {
		return v, "must be " + mustBe(t) + ", but is the text " + w.show()
	}
	if digits, ok := w.form("hex:"); ok {
		switch t.(type) {
		case spec.Int, *spec.Struct, *spec.Array, spec.Errno:
			return hexBytes(digits)
		}
	}
	switch tt := t.(type) {
	case spec.FD:
		return descriptor(w, env)
	case *spec.Struct:
		if tt.Word == spec.Duration {
			return duration(w.Text)
		}
		return p.members(tt.Fields, w, env, sc)
	case *spec.Array:
		v = spec.Value{Kind: spec.List}
		for one := range strings.SplitSeq(w.Text, ",") {
			x, wrong := p.literal(spec.Resolve(tt.Elem, sc), &Word{Text: one}, env, sc)
			if wrong != "" {
				return v, wrong
			}
			v.L = append(v.L, x)
		}
		return v, ""
	case *spec.By: // unresolved: an error is being worded
		return v, "must be " + mustBe(t) + ", but is " + w.show() + nearNames(typeSets(t), w.Text)
	}
	return scalar(t, w.Text, p.IfIndex)
}

// members reads a structure's short form, its members joined by commas; those left out are zero or their default.
func (p *Plan) members(fields []spec.Field, w *Word, env Env, up *spec.Scope) (spec.Value, string) {
	v := spec.Value{Kind: spec.List, L: make([]spec.Value, len(fields))}
	sc := &spec.Scope{Fields: fields, Vals: v.L, Up: up}
	rest, more := w.Text, true
	for i := range fields {
		if !more {
			if v.L[i] = fields[i].Default; v.L[i].Kind == spec.None {
				v.L[i] = spec.N(0)
			}
			continue
		}
		one := rest
		one, rest, more = strings.Cut(rest, ",")
		x, wrong := p.literal(spec.Resolve(fields[i].Type, sc), &Word{Text: one}, env, sc)
		if wrong != "" {
			if i == 0 {
				return v, fmt.Sprintf("must be %s, but is %s", memberList(fields), w.show())
			}
			return v, fields[i].Name + " " + wrong
		}
		v.L[i] = x
	}
	if more {
		return v, fmt.Sprintf("must be %s, but is %s", memberList(fields), w.show())
	}
	return v, ""
}

func memberList(fields []spec.Field) string {
	return strings.ReplaceAll(memberNames(fields), ", ", ",")
}

// scalar reads a number, a constant or an address part.
func scalar(t spec.Type, s string, ifIndex func(string) (int64, bool)) (spec.Value, string) {
	switch t := t.(type) {
	case spec.Len:
		n, wrong := number64(s)
		switch {
		case wrong != "":
			return spec.Value{}, "must be a size such as 1024 or 64K, but is " + quoted(s)
		case n < 0 || n > spec.Limit:
			return spec.Value{}, "must be from 0 to 256M, but is " + s
		}
		return spec.N(n), ""
	case spec.Int:
		switch {
		case t.Bool && s == "on":
			return spec.N(1), ""
		case t.Bool && s == "off":
			return spec.N(0), ""
		}
		n, wrong := number64(s)
		if wrong != "" {
			return spec.Value{}, "must be " + mustBe(t) + ", but is " + quoted(s)
		}
		return inSize(n, t.Size, s)
	case spec.Enum:
		n, ok := constants([]*names.Set{t.Set}, s)
		if !ok {
			return spec.Value{}, "must be " + mustBe(t) + ", but is " + quoted(s) + nearNames(typeSets(t), s)
		}
		return inSize(n, t.Size, s)
	case spec.Flags:
		n, ok := constants(typeSets(t), s)
		if !ok {
			for one := range strings.SplitSeq(s, "|") {
				if _, ok := constants(typeSets(t), one); !ok {
					s = one
					break
				}
			}
			return spec.Value{}, "must be " + mustBe(t) + ", but is " + quoted(s) + nearNames(typeSets(t), s)
		}
		return inSize(n, t.Size, s)
	case spec.Errno:
		if n, ok := constants(typeSets(t), s); ok {
			return spec.N(n), ""
		}
	case spec.Port:
		if t.Set != nil {
			if n, ok := constants(typeSets(t), s); ok {
				return inSize(n, 2, s)
			}
			break
		}
		return port(s)
	case spec.IP4:
		if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
			return spec.N(IP4Number(a)), ""
		}
	case spec.IP6:
		if a, err := netip.ParseAddr(s); err == nil && a.Is6() && a.Zone() == "" {
			b := a.As16()
			return spec.S(b[:]), ""
		}
	case spec.IfIndex:
		if n, ok := interfaceIndex(s, ifIndex); ok {
			return spec.N(n), ""
		}
	case spec.Net32:
		if n, ok := plainNumber(s); ok {
			return inSize(n, 4, s)
		}
	}
	return spec.Value{}, "must be " + mustBe(t) + ", but is " + quoted(s)
}

func quoted(s string) string { return (&Word{Text: s}).show() }

func typeSets(t spec.Type) []*names.Set {
	switch t := t.(type) {
	case spec.Enum:
		return []*names.Set{t.Set}
	case spec.Flags:
		if t.Base != nil {
			return []*names.Set{t.Base, t.Set}
		}
		return []*names.Set{t.Set}
	case spec.Errno:
		return []*names.Set{names.Errnos()}
	case spec.Port:
		if t.Set != nil {
			return []*names.Set{t.Set}
		}
	case *spec.By:
		var all []*names.Set
		for i := range t.Cases {
			all = append(all, typeSets(t.Cases[i].Type)...)
		}
		return all
	}
	return nil
}

func nearNames(sets []*names.Set, word string) string {
	if near := nearConstant(sets, word); near != "" {
		return ` (did you mean "` + near + `"?)`
	}
	return ""
}

// descriptor reads 4, @4, or a bare name that holds one.
func descriptor(w *Word, env Env) (spec.Value, string) {
	s := strings.TrimPrefix(w.Text, "@")
	if n, ok := plainNumber(s); ok {
		return inSize(n, 4, s)
	}
	if descriptorName(env, w.Text) {
		return spec.Value{Kind: spec.Ref, B: []byte(w.Text)}, ""
	}
	is := w.show()
	switch {
	case len(s) < len(w.Text):
		is += ": a name takes no @"
	case held(env, w.Text) != Nothing:
		is += fmt.Sprintf(", which holds %s", held(env, w.Text))
	case env != nil:
		is += DidYouMean(w.Text, env.Names())
	}
	return spec.Value{}, "must be a descriptor, but is " + is
}

// bytesWord reads text, hex:, file: and fill:.
func bytesWord(t spec.Type, w *Word) (spec.Value, string) {
	switch t.(type) {
	case spec.Blob, spec.CStr, spec.Raw:
		if s, ok := w.form("hex:"); ok {
			return hexBytes(s)
		}
		if s, ok := w.form("file:"); ok {
			if s == "" {
				return spec.Value{}, "must be file:PATH, but has no path"
			}
			return spec.Value{Kind: spec.Bytes, L: []spec.Value{spec.S([]byte(s))}}, ""
		}
		if s, ok := w.form("fill:"); ok {
			n, wrong := number64(s)
			if wrong != "" || n < 0 || n > spec.Limit {
				return spec.Value{}, "must be fill:N with N from 0 to 256M, but is " + w.show()
			}
			return spec.S(spec.Fill(int(n))), ""
		}
	}
	return spec.S([]byte(w.Text)), ""
}

func hexBytes(digits string) (spec.Value, string) {
	b, err := hex.DecodeString(digits)
	if err != nil {
		return spec.Value{}, "must be hex: and pairs of hex digits, but is " + quoted("hex:"+digits)
	}
	return spec.S(b), ""
}

// String says what a name holds, as errors word it.
func (h Holds) String() string {
	return [...]string{"nothing", "something not known yet", "a descriptor", "a number", "text", "an address", "a structure", "a job"}[h]
}
