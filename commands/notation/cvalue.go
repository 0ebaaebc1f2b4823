package notation

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// value gives an expression the meaning that its type asks for. NULL, addresses and "..." are good for any pointer,
// bytes for any object.
func (l *cReader) value(t spec.Type, e expr, sc *spec.Scope) spec.Value {
	switch e.op {
	case dots:
		return spec.Dots()
	case arrow:
		return spec.Value{Kind: spec.Change, L: []spec.Value{l.value(t, e.list[0], sc), l.value(t, e.list[1], sc)}}
	case ident:
		if v, ok := l.variable(t, e); ok {
			return v
		}
	}
	switch t := t.(type) {
	case *spec.Ptr:
		return l.pointer(t, e, sc)
	case *spec.Dialect:
		return l.value(t.As, e, sc)
	case *spec.Struct:
		if e.op == str {
			return l.bytes(e)
		}
		return l.members(t.Fields, e, sc, true)
	case *spec.Tagged:
		return l.tagged(t, e, sc)
	case *spec.Array:
		if e.op != array {
			l.failAt(e.at, "must be a list: [...]")
		}
		v := spec.Value{Kind: spec.List}
		for _, x := range e.list {
			v.L = append(v.L, l.value(t.Elem, x, sc))
		}
		return v
	case spec.Blob, spec.CStr, spec.File:
		return l.bytes(e)
	case spec.Path:
		if e.op == atStr {
			return spec.S(append([]byte{0}, e.bytes...))
		}
		return l.bytes(e)
	case spec.IP6:
		if e.op == call && e.text == "inet_pton" && len(e.list) >= 2 {
			a, err := netip.ParseAddr(string(e.list[1].bytes))
			if err != nil || !a.Is6() {
				l.failAt(e.list[1].at, "must be an IPv6 address")
			}
			b := a.As16()
			return spec.S(b[:])
		}
	case spec.Raw:
		if e.op == str || e.op == raw {
			return l.bytes(e)
		}
	case spec.Int, spec.Errno:
		if e.op == str { // strace: shorter than its type
			return l.bytes(e)
		}
	}
	return spec.N(l.number(t, e))
}

// variable is a name that stands for a value: constants come first.
func (l *cReader) variable(t spec.Type, e expr) (spec.Value, bool) {
	if e.text == "NULL" || l.env == nil {
		return spec.Value{}, false
	}
	if _, ok := constant(t, e.text); ok {
		return spec.Value{}, false
	}
	if l.env.Name(e.text) == Nothing {
		return spec.Value{}, false
	}
	return spec.Value{Kind: spec.Ref, B: []byte(e.text)}, true
}

func (l *cReader) pointer(t *spec.Ptr, e expr, sc *spec.Scope) spec.Value {
	to := spec.Resolve(t.To, sc)
	switch e.op {
	case ident:
		if e.text == "NULL" {
			return spec.Nil()
		}
	case number:
		switch {
		case e.n == 0:
			return spec.Nil()
		case e.n < 0x10000 || e.n >= 1<<47:
			return spec.P(e.n) // goes to the kernel as it is, and nothing lies there
		default:
			return spec.Dots() // a log's address: it never means anything here
		}
	case array:
		if _, ok := to.(*spec.Array); ok {
			break
		}
		if len(e.list) != 1 {
			l.failAt(e.at, "must be one value in brackets")
		}
		return l.value(to, e.list[0], sc)
	case str, raw:
		return l.bytes(e)
	}
	if e.op == ident || e.op == call && bytesCall(e.text) {
		if _, ok := to.(*spec.Tagged); !ok {
			return l.bytes(e)
		}
	}
	return l.value(to, e, sc)
}

func bytesCall(name string) bool { return name == "hex" || name == "file" || name == "fill" }

// bytes reads "text", hex(48656c), file("PATH") and fill(65536).
func (l *cReader) bytes(e expr) spec.Value {
	switch {
	case e.op == str:
		v := spec.S(e.bytes)
		v.Cut = e.cut
		return v
	case e.op == raw, e.op == call && e.text == "hex" && len(e.list) == 1:
		digits := e.bytes
		if e.op == call {
			digits = e.list[0].bytes
		}
		b := make([]byte, hex.DecodedLen(len(digits)))
		if _, err := hex.Decode(b, digits); err != nil {
			l.failAt(e.at, "hex must hold pairs of hex digits")
		}
		return spec.S(b)
	case e.op == call && e.text == "file" && len(e.list) == 1 && e.list[0].op == str:
		return spec.Value{Kind: spec.Bytes, L: []spec.Value{spec.S(e.list[0].bytes)}}
	case e.op == call && e.text == "fill" && len(e.list) == 1 && e.list[0].op == number && !e.list[0].neg:
		if e.list[0].n > spec.Limit {
			l.failAt(e.list[0].at, "length must be at most 256M, but is %d", e.list[0].n)
		}
		return spec.S(spec.Fill(int(e.list[0].n)))
	case e.op == ident:
		l.failAt(e.at, "must be a value, but %q is no variable%s", e.text, l.nearVariable(e.text))
	}
	l.failAt(e.at, `must be bytes: "text", hex(...), file("PATH"), fill(N) or NULL`)
	return spec.Value{}
}

func (l *cReader) nearVariable(name string) string {
	if l.env == nil {
		return ""
	}
	return DidYouMean(name, l.env.Names())
}

func (l *cReader) tagged(t *spec.Tagged, e expr, sc *spec.Scope) spec.Value {
	if e.op == str || e.op == raw {
		return l.bytes(e)
	}
	if e.op != structure || len(e.list) == 0 {
		l.failAt(e.at, "must be an address: {%s=AF_INET, ...}, NULL or ...", t.Tag.Name)
	}
	if e.names[0] != t.Tag.Name && e.names[0] != "" {
		l.failAt(e.at, "address must begin with %s=", t.Tag.Name)
	}
	tag := l.value(t.Tag.Type, e.list[0], sc)
	if len(e.list) == 1 {
		return spec.L(tag)
	}
	st := t.Case(tag.N)
	if st == nil || e.names[1] == "sa_data" {
		return spec.L(tag, l.bytes(e.list[1]))
	}
	return l.members(st.Fields, e, sc, false)
}

// members reads a structure. partial says that a member which came only in part stands there as its bytes.
func (l *cReader) members(fields []spec.Field, e expr, up *spec.Scope, partial bool) spec.Value {
	if e.op != structure {
		l.failAt(e.at, "must be a structure: {%s=...}", fields[0].Name)
	}
	v := spec.Value{Kind: spec.List, L: make([]spec.Value, len(fields))}
	sc := &spec.Scope{Fields: fields, Vals: v.L, Up: up}
	for i, name := range e.names {
		x := e.list[i]
		if name == "" && x.op == call && len(x.list) == 3 {
			name = x.list[2].text // inet_pton(AF_INET6, "::1", &sin6_addr)
		}
		if name == "" && x.op == dots { // the rest may be anything
			continue
		}
		j := 0
		for j < len(fields) && fields[j].Name != name {
			j++
		}
		if j == len(fields) {
			l.failAt(x.at, "member must be one of %s, but is %q", memberNames(fields), name)
		}
		if partial && x.op == str {
			v.L[j] = l.bytes(x)
			continue
		}
		v.L[j] = l.value(spec.Resolve(fields[j].Type, sc), x, sc)
	}
	return v
}

func memberNames(fields []spec.Field) string {
	var all []string
	for i := range fields {
		all = append(all, fields[i].Name)
	}
	return strings.Join(all, ", ")
}

func (l *cReader) number(t spec.Type, e expr) int64 {
	switch e.op {
	case number:
		return int64(e.n)
	case or:
		var n int64
		for _, x := range e.list {
			n |= l.number(t, x)
		}
		return n
	case ident:
		if n, ok := constant(t, e.text); ok {
			return n
		}
		if n, ok := anyConstant(e.text); ok { // of another kind: the kernel will answer
			return n
		}
		near := ""
		if set := spec.SetOf(t); set != nil {
			near = DidYouMean(e.text, setNames(set))
		}
		l.failAt(e.at, "must be a constant or a variable, but is %q%s", e.text, near)
	case call:
		if len(e.list) == 1 {
			return l.numberCall(t, e)
		}
	}
	l.failAt(e.at, "must be a number or a constant")
	return 0
}

func (l *cReader) numberCall(t spec.Type, e expr) int64 {
	x := e.list[0]
	switch e.text {
	case "htons", "htonl", "ntohs", "ntohl": // the type knows the order
		return l.number(t, x)
	case "inet_addr":
		a, err := netip.ParseAddr(string(x.bytes))
		if err != nil || !a.Is4() {
			l.failAt(x.at, "must be an IPv4 address, but is %q", x.bytes)
		}
		return IP4Number(a)
	case "if_nametoindex":
		if l.ifIndex != nil {
			if i, ok := l.ifIndex(string(x.bytes)); ok {
				return i
			}
		}
		l.failAt(x.at, "must be an interface of this machine, but is %q", x.bytes)
	}
	l.failAt(e.at, "must be htons, htonl, inet_addr or if_nametoindex, but is %q", e.text)
	return 0
}

// IP4Number is the value of type IP4 for an address: its four bytes as a big-endian number.
func IP4Number(a netip.Addr) int64 {
	b := a.As4()
	return int64(b[0])<<24 | int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3])
}

// constant reads a name of the type's own sets.
func constant(t spec.Type, name string) (int64, bool) {
	switch t := t.(type) {
	case spec.Enum:
		return t.Set.Exact(name)
	case spec.Flags:
		if n, ok := t.Set.Exact(name); ok {
			return n, true
		}
		if t.Base != nil {
			return t.Base.Exact(name)
		}
	case spec.Port:
		if t.Set != nil {
			return t.Set.Exact(name)
		}
	case spec.Errno:
		return names.Errnos().Exact(name)
	case *spec.Ptr:
		return constant(t.To, name)
	case *spec.Dialect:
		return constant(t.As, name)
	case spec.Int:
		if t.Bool && name == "true" {
			return 1, true
		}
		if t.Bool && name == "false" {
			return 0, true
		}
	}
	switch name {
	case "INADDR_ANY":
		return 0, true
	case "INADDR_LOOPBACK":
		return 0x7f000001, true
	case "INADDR_BROADCAST", "INADDR_NONE":
		return 0xffffffff, true
	}
	return 0, false
}

// anyConstant reads a name of whatever set.
func anyConstant(name string) (int64, bool) {
	for _, set := range names.All {
		if n, ok := set.Exact(name); ok {
			return n, true
		}
	}
	return 0, false
}

func setNames(set *names.Set) []string {
	all := make([]string, 0, len(set.Entries))
	for i := range set.Entries {
		all = append(all, set.Entries[i].Name)
	}
	return all
}
