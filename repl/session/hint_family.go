package session

import (
	"strings"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/spec"
)

// family tells which families met (EAFNOSUPPORT, and EINVAL of a socket that looks at the length first).
func (a *asked) family() {
	v, i, ok := a.address()
	if !ok {
		if a.Call.Name == "socket" || a.Call.Name == "socketpair" {
			a.reason("this kernel makes no sockets of family %s", constant(&names.AF, int(a.arg("domain").N)))
			a.try("%s", a.Call.Name)
		}
		return
	}
	if !a.open || a.sock.Kind != "socket" || v.L[0].N == int64(a.sock.Domain) {
		return
	}
	a.reason("%s is of family %s, and %s is an address of %s", a.it(), constant(&names.AF, a.sock.Domain), addressText(v), constant(&names.AF, int(v.L[0].N)))
	a.also("A socket's family is settled when it is made (its first argument), and its addresses are of that family.")
	same, alike := a.translated(v)
	switch {
	case local(&a.sock) && a.Call.Name == "bind":
		a.try("bind %d %s", a.FD, a.freeName())
	case alike || a.Call.Name == "bind":
		a.try("%s", a.typed(i, same))
	}
	switch constant(&names.AF, int(v.L[0].N)) {
	case "AF_INET", "AF_INET6", "AF_UNIX":
		typ := a.sock.Type
		if !dgram(&a.sock) {
			typ = number(&names.SockType, "SOCK_STREAM")
		}
		a.try("%s", newSocket(int(v.L[0].N), typ, 0))
	}
}

// foreign says whether the address is of a family that the socket does not take. An IPv6 datagram socket takes peers'
// IPv4 addresses as they are; AF_UNSPEC in connect takes a peer away (connect(2)), and is AF_INET to sendto.
func (a *asked) foreign() bool {
	v, _, ok := a.address()
	if !ok || !a.open || a.sock.Kind != "socket" || v.L[0].N == int64(a.sock.Domain) {
		return false
	}
	if a.Call.Name == "bind" || local(&a.sock) || !inet(&a.sock) {
		return true
	}
	switch constant(&names.AF, int(v.L[0].N)) {
	case "AF_UNSPEC":
		return false
	case "AF_INET":
		return !dgram(&a.sock)
	}
	return true
}

// mapped begins the IPv6 form of an IPv4 address (RFC 4291 section 2.5.5.2).
const mapped = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff"

// translated is an address of the socket's family in the place of v, and whether it leads to the same.
func (a *asked) translated(v spec.Value) (same spec.Value, alike bool) {
	bind := a.Call.Name == "bind"
	port := spec.N(8080)
	if p := member(v, isPort); p >= 0 {
		port = v.L[p]
	} else if bind {
		port = spec.N(0) // a free one
	}
	family, host := spec.N(int64(a.sock.Domain)), hostOf(v)
	v6 := constant(&names.AF, int(v.L[0].N)) == "AF_INET6"
	v4 := constant(&names.AF, int(v.L[0].N)) == "AF_INET"
	switch constant(&names.AF, a.sock.Domain) {
	case "AF_INET":
		ip := int64(0x7f000001)
		alike = v6 && host == "::1"
		if m := member(v, isIP6); m >= 0 && strings.HasPrefix(string(v.L[m].B), mapped) && len(v.L[m].B) == 16 {
			b := v.L[m].B[12:]
			ip, alike = int64(b[0])<<24|int64(b[1])<<16|int64(b[2])<<8|int64(b[3]), true
		} else if bind && host == "::" {
			ip, alike = 0, true
		}
		return spec.L(family, port, spec.N(ip)), alike
	case "AF_INET6":
		ip := make([]byte, 16)
		m := member(v, isIP4)
		switch only, known := a.optionOf("IPPROTO_IPV6", &names.IPV6, "IPV6_V6ONLY"); {
		case bind && host == "0.0.0.0":
			alike = true
		case m >= 0 && known && only == 0 && !(bind && strings.HasPrefix(host, "127.")):
			n := v.L[m].N
			copy(ip, mapped)
			copy(ip[12:], []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
			alike = true
		default:
			ip[15] = 1
			alike = v4 && strings.HasPrefix(host, "127.")
		}
		return spec.L(family, port, spec.N(0), spec.S(ip), spec.N(0)), alike
	}
	return spec.Value{}, false
}

func isIP4(t spec.Type) bool { _, ok := t.(spec.IP4); return ok }
func isIP6(t spec.Type) bool { _, ok := t.(spec.IP6); return ok }

// mostPath is the room for a path in an AF_UNIX address (sun_path in unix(7)).
const mostPath = 108

// misfit finds what is wrong with an address of the right family (EINVAL).
func (a *asked) misfit() {
	v, i, ok := a.address()
	if !ok {
		return
	}
	family := constant(&names.AF, int(v.L[0].N))
	path := member(v, isPath)
	switch {
	case path >= 0 && len(v.L[path].B) > mostPath:
		a.reason("the path has %d bytes, and an address of AF_UNIX has room for %d", len(v.L[path].B), mostPath)
		a.see("unix(7)")
		if a.Call.Name == "bind" {
			a.try("bind %d %s", a.FD, a.freeName())
		}
	case a.arg("addrlen").N != int64(len(sockaddr(v))):
		a.reason("addrlen (%d) does not fit an address of %s", a.arg("addrlen").N, family)
		a.try("%s", a.typed(i, v))
		if len(a.tries) == 0 && a.Call.Name == "bind" {
			a.try("bind %d %s", a.FD, a.home())
		}
	case scoped(v):
		a.reason("%s is a link-local address, and which interface it is on is not said", hostOf(v))
		a.also("The same link-local address may be on each interface: write the interface behind it, as in [fe80::1%lo]:80.")
		a.see("ipv6(7)")
	case a.onlyIPv6(v):
		a.reason("%s has IPV6_V6ONLY on, so it takes no IPv4 address (%s)", a.it(), hostOf(v))
		a.see("ipv6(7)")
		a.try("setsockopt %d IPV6_V6ONLY 0", a.FD)
	}
}

func (a *asked) onlyIPv6(v spec.Value) bool {
	m := member(v, isIP6)
	on, known := a.optionOf("IPPROTO_IPV6", &names.IPV6, "IPV6_V6ONLY")
	return m >= 0 && strings.HasPrefix(string(v.L[m].B), mapped) && known && on != 0
}

// scoped is a link-local address that does not say which interface it is on (ipv6(7)).
func scoped(v spec.Value) bool {
	st := commands.Address.Case(v.L[0].N)
	if st == nil || len(v.L) != len(st.Fields) {
		return false
	}
	local, without := false, false
	for i := range st.Fields {
		switch st.Fields[i].Type.(type) {
		case spec.IP6:
			b := v.L[i].B
			local = len(b) == 16 && b[0] == 0xfe && b[1]&0xc0 == 0x80
		case spec.IfIndex:
			without = v.L[i].N == 0
		}
	}
	return local && without
}
