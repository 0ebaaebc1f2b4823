package notation

import (
	"net/netip"
	"strings"

	"socksh/commands/spec"
)

// addressLike says whether a word looks like an address, whether or not it is a good one.
func addressLike(s string) bool { return strings.Contains(s, ":") || strings.Contains(s, "/") }

// ParseAddress reads an address as words write it, as a value of the address type t. Where the text leaves the
// family open, for :80, *:80 and HOST:80, the value is [None, port] or [None, port, host]: the session completes it.
func (p *Plan) ParseAddress(t *spec.Tagged, text string) (spec.Value, error) {
	v, wrong := p.address(t, &Word{Text: text})
	if wrong != "" {
		return v, &SyntaxError{0, "address " + wrong}
	}
	return v, nil
}

func (p *Plan) address(t *spec.Tagged, w *Word) (spec.Value, string) {
	s := w.Text
	if path, ok := strings.CutPrefix(s, "unix:"); ok {
		return unixAddress(t, path, w)
	}
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") {
		return unixAddress(t, s, nil)
	}
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 {
		return spec.Value{}, "must be " + mustBe(t) + ", but is " + w.show()
	}
	host := s[:colon]
	bracket := strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]")
	if !bracket && strings.Contains(host, ":") {
		return spec.Value{}, "must have its IPv6 address in brackets, [::1]:80, but is " + w.show()
	}
	number, wrong := port(s[colon+1:])
	if wrong != "" {
		return number, wrong
	}
	switch {
	case host == "" || host == "*":
		return spec.L(spec.Value{}, number), ""
	case bracket:
		return p.inet6(t, host[1:len(host)-1], number, w)
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Is4() {
		return fillAddress(t, "AF_INET", number, spec.N(IP4Number(a)), 0)
	}
	if wrong := hostName(host); wrong != "" {
		return spec.Value{}, wrong
	}
	return spec.L(spec.Value{}, number, spec.S([]byte(host))), ""
}

func (p *Plan) inet6(t *spec.Tagged, host string, number spec.Value, w *Word) (spec.Value, string) {
	a, err := netip.ParseAddr(host)
	if err != nil || !a.Is6() {
		return spec.Value{}, "must have an IPv6 address in brackets, but is " + w.show()
	}
	scope := int64(0)
	if zone := a.Zone(); zone != "" {
		var ok bool
		if scope, ok = interfaceIndex(zone, p.IfIndex); !ok {
			return spec.Value{}, "must name an interface of this machine behind %, but names " + quoted(zone)
		}
	}
	b := a.As16()
	return fillAddress(t, "AF_INET6", number, spec.S(b[:]), scope)
}

// hostName refuses what can be no name of a host: digits and dots only, or characters that no name has.
func hostName(s string) string {
	digits := true
	for i := range len(s) {
		c := s[i]
		if !isIdent(c) && c != '-' && c != '.' && c < 0x80 {
			return "must be a host and a port, but the host is " + quoted(s)
		}
		digits = digits && (c >= '0' && c <= '9' || c == '.')
	}
	if digits || len(s) > 253 {
		return "must be an IPv4 address and a port, but the address is " + quoted(s)
	}
	return ""
}

func unixAddress(t *spec.Tagged, path string, w *Word) (spec.Value, string) {
	tag, ok := spec.SetOf(t.Tag.Type).Exact("AF_UNIX")
	if !ok || t.Case(tag) == nil {
		return spec.Value{}, "must be of a family that the table knows, but is unix:"
	}
	if path == "" {
		return spec.L(spec.N(tag)), ""
	}
	b := []byte(path)
	if w != nil && b[0] == '@' {
		b[0] = 0
	}
	return fillAddress(t, "AF_UNIX", spec.Value{}, spec.S(b), 0)
}

// fillAddress puts the parts of an address into the members whose types they have.
func fillAddress(t *spec.Tagged, family string, number, host spec.Value, scope int64) (spec.Value, string) {
	tag, ok := spec.SetOf(t.Tag.Type).Exact(family)
	st := t.Case(tag)
	if !ok || st == nil {
		return spec.Value{}, "must be of a family that the table knows, but is of " + family
	}
	v := spec.Value{Kind: spec.List, L: make([]spec.Value, len(st.Fields))}
	v.L[0] = spec.N(tag)
	for i := 1; i < len(st.Fields); i++ {
		switch st.Fields[i].Type.(type) {
		case spec.Port:
			v.L[i] = number
		case spec.IP4, spec.IP6, spec.Path:
			v.L[i] = host
		case spec.IfIndex:
			v.L[i] = spec.N(scope)
		default:
			v.L[i] = spec.N(0)
		}
	}
	return v, ""
}
