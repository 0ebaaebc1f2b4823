package notation

import (
	"net/netip"

	"socksh/commands/spec"
)

// Inet is the value of an AF_INET or AF_INET6 address of type t.
func Inet(t *spec.Tagged, a netip.Addr, port int64) spec.Value {
	family, host := "AF_INET", spec.Value{}
	if a.Is4() {
		host = spec.N(IP4Number(a))
	} else {
		b := a.As16()
		family, host = "AF_INET6", spec.S(b[:])
	}
	v, _ := fillAddress(t, family, spec.N(port), host, 0)
	return v
}
