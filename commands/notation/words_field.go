package notation

import (
	"net/netip"
	"strconv"

	"socksh/commands/spec"
)

// Field gives a member of a structure or an address by its name in the manual page; of an address also host (text),
// port (a number) and path (bytes, an abstract name's NUL as @), whatever its family calls them.
func Field(t spec.Type, v spec.Value, name string) (spec.Type, spec.Value, bool) {
	v = v.After()
	switch tt := t.(type) {
	case *spec.Ptr:
		return Field(tt.To, v, name)
	case *spec.Dialect:
		return Field(tt.As, v, name)
	case *spec.Struct:
		return member(tt.Fields, v, name)
	case *spec.Tagged:
		if v.Kind != spec.List || len(v.L) == 0 || v.L[0].Kind != spec.Num {
			return nil, v, false
		}
		st := tt.Case(v.L[0].N)
		if st == nil {
			return member([]spec.Field{tt.Tag}, v, name)
		}
		if mt, x, ok := member(st.Fields, v, name); ok {
			return mt, x, true
		}
		return addressPart(st, v, name)
	}
	return nil, v, false
}

func member(fields []spec.Field, v spec.Value, name string) (spec.Type, spec.Value, bool) {
	for i := range min(len(fields), len(v.L)) {
		if fields[i].Name == name {
			sc := &spec.Scope{Fields: fields, Vals: v.L}
			return spec.Resolve(fields[i].Type, sc), v.L[i].After(), true
		}
	}
	return nil, v, false
}

func addressPart(st *spec.Struct, v spec.Value, name string) (spec.Type, spec.Value, bool) {
	scope := int64(0)
	for i := range min(len(st.Fields), len(v.L)) {
		if _, ok := st.Fields[i].Type.(spec.IfIndex); ok {
			scope = v.L[i].After().N
		}
	}
	for i := range min(len(st.Fields), len(v.L)) {
		x := v.L[i].After()
		switch st.Fields[i].Type.(type) {
		case spec.Port:
			if name == "port" {
				return spec.Int{}, x, true
			}
		case spec.IP4:
			if name == "host" {
				return spec.Blob{}, spec.S([]byte(IP4Addr(x.N).String())), true
			}
		case spec.IP6:
			if name == "host" && len(x.B) == 16 {
				b := netip.AddrFrom16([16]byte(x.B)).AppendTo(nil)
				if scope != 0 {
					b = strconv.AppendInt(append(b, '%'), scope, 10)
				}
				return spec.Blob{}, spec.S(b), true
			}
		case spec.Path:
			if name == "path" {
				b := append([]byte(nil), x.B...)
				if len(b) > 0 && b[0] == 0 {
					b[0] = '@'
				}
				return spec.Blob{}, spec.S(b), true
			}
		}
	}
	return nil, v, false
}
