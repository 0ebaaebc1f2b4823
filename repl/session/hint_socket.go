package session

import (
	"fmt"
	"strings"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/spec"
)

// callOf finds a call of the table by its name.
func callOf(name string) *spec.Call {
	for _, c := range commands.Calls() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// number is a constant's number, 0 where this system has none of that name.
func number(set *names.Set, name string) int {
	n, _ := set.Exact(name)
	return int(n)
}

// another is the line that makes a new socket of the same kind.
func (a *asked) another() string { return newSocket(a.sock.Domain, a.sock.Type, a.sock.Protocol) }

// newSocket is the shortest line that makes such a socket: "socket", "socket udp", "socket unix".
func newSocket(domain, typ, protocol int) string {
	if usual := map[string]string{"SOCK_STREAM": "IPPROTO_TCP", "SOCK_DGRAM": "IPPROTO_UDP"}[constant(&names.SockType, typ)]; protocol == number(&names.IPProto, usual) {
		protocol = 0
	}
	c := callOf("socket")
	want := []int{domain, typ, protocol}
	for i := range c.Preset {
		if p := &c.Preset[i]; p.Word != "tcp" && presets(p, want) {
			return "socket " + p.Word
		}
	}
	line := "socket"
	if protocol != 0 || domain != int(c.Args[0].Default.N) || typ != int(c.Args[1].Default.N) {
		line += " " + word(&names.AF, domain) + " " + word(&names.SockType, typ)
	}
	if protocol != 0 {
		line += " " + fmt.Sprint(protocol)
	}
	return line
}

// presets says whether a preset makes a socket of that domain, type and protocol.
func presets(p *spec.Preset, want []int) bool {
	sets := []*names.Set{&names.AF, &names.SockType, &names.IPProto}
	got := make([]int, len(sets))
	for i, name := range p.Args {
		n, ok := sets[i].Exact(name)
		if !ok {
			return false
		}
		got[i] = int(n)
	}
	return got[0] == want[0] && got[1] == want[1] && got[2] == want[2]
}

// newPair is the shortest line that makes a pair of a type.
func newPair(typ int) string {
	switch constant(&names.SockType, typ) {
	case "SOCK_DGRAM", "SOCK_SEQPACKET":
		return "socketpair unix " + word(&names.SockType, typ)
	}
	return "socketpair"
}

// word is a constant as people type it: inet, dgram.
func word(set *names.Set, n int) string {
	text := strings.ToLower(constant(set, n))
	for _, p := range set.Prefix {
		text = strings.TrimPrefix(text, strings.ToLower(p))
	}
	return text
}

// ofDomain are lines that make sockets of a domain.
func ofDomain(domain int) []string {
	switch constant(&names.AF, domain) {
	case "AF_INET", "AF_INET6", "AF_UNIX":
		return []string{newSocket(domain, number(&names.SockType, "SOCK_STREAM"), 0), newSocket(domain, number(&names.SockType, "SOCK_DGRAM"), 0)}
	case "AF_PACKET":
		return []string{"socket packet", "socket arp"}
	case "AF_NETLINK":
		return []string{"socket netlink"}
	}
	return []string{"socket"}
}

// instead suggests sockets, or pairs where the call makes pairs.
func (a *asked) instead(domain, typ int) {
	switch {
	case a.Call.Name == "socketpair":
		a.try("%s", newPair(typ))
	case typ == 0:
		for _, line := range ofDomain(domain) {
			a.try("%s", line)
		}
	default:
		a.try("%s", newSocket(domain, typ, 0))
	}
}

// socketInvalid tells what of type and protocol is no number of one (EINVAL of socket and socketpair).
func (a *asked) socketInvalid() {
	n := a.arg("type").N
	base := n & 0xf
	extra := n &^ 0xf
	for i := range names.SockFlag.Entries {
		extra &^= names.SockFlag.Entries[i].N
	}
	switch {
	case extra != 0:
		what := "which is no type"
		if e := names.SockType.Name(base); e != nil {
			what = e.Name
		}
		a.reason("type %d is %d (%s) with the flag bits %#x beside it; the flags are SOCK_NONBLOCK and SOCK_CLOEXEC", n, base, what, extra)
	case names.SockType.Name(base) == nil:
		a.reason("%d is no type of socket", base)
	default:
		a.reason("%d is no protocol's number here", a.arg("protocol").N)
		a.instead(int(a.arg("domain").N), int(base))
		return
	}
	a.instead(int(a.arg("domain").N), 0)
}

// protocol tells what does not go together (EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPROTOTYPE of socket).
func (a *asked) protocol() {
	if a.Call.Name != "socket" && a.Call.Name != "socketpair" {
		return
	}
	af, st := int(a.arg("domain").N), int(a.arg("type").N&0xf)
	domain, typ := constant(&names.AF, af), constant(&names.SockType, st)
	if a.Errno == "ESOCKTNOSUPPORT" {
		a.reason("%s has no sockets of type %s", domain, typ)
		a.instead(af, 0)
		return
	}
	n := int(a.arg("protocol").N)
	protocol := fmt.Sprint(n)
	if domain == "AF_INET" || domain == "AF_INET6" {
		protocol = constant(&names.IPProto, n)
	}
	if n == 0 {
		a.reason("%s with %s has no usual protocol: name one", domain, typ)
		if typ == "SOCK_RAW" {
			if icmp := map[string]string{"AF_INET": "icmp", "AF_INET6": "icmpv6"}[domain]; icmp != "" {
				a.try("socket %s raw %s", word(&names.AF, af), icmp)
			}
		}
		return
	}
	a.reason("protocol %s does not go with %s and %s", protocol, domain, typ)
	a.also("Protocol 0 is the usual one of the domain and type: TCP for a stream, UDP for datagrams.")
	a.see("ip(7)")
	switch {
	case typ == "SOCK_RAW" || typ == "SOCK_SEQPACKET" && domain != "AF_UNIX":
		a.instead(af, 0) // they have no usual protocol
	default:
		a.instead(af, st)
	}
	if protocol == "IPPROTO_UDP" && typ != "SOCK_DGRAM" {
		a.instead(af, number(&names.SockType, "SOCK_DGRAM"))
	}
	if protocol == "IPPROTO_TCP" && typ != "SOCK_STREAM" {
		a.instead(af, number(&names.SockType, "SOCK_STREAM"))
	}
}
