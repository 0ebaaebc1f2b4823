package session

import (
	"time"

	"socksh/commands/kernel"
	"socksh/commands/names"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// What can be known of SO_REUSEADDR, for which the kernel asks both sockets.
const (
	unknown = iota
	helps   // this socket alone lacks it
	lacked  // an old one lacked it, so that it does not help to set it now
)

// ended tells about closed connections, for whose ends the kernel keeps the address.
func (a *asked) ended(others []wire.Holding, at string) {
	left := time.Duration(0)
	for i := range others {
		left = max(left, others[i].Left)
	}
	seconds := max(1, int((left+time.Second-1)/time.Second))
	a.see("tcp(7)")
	wait := others[0].State == wire.TimeWait
	if wait {
		a.reason("%s is kept by a connection that was closed: TIME_WAIT, for %s more", at, plural(seconds, "second"))
		a.also("The side that closes first keeps the address for a minute, so that late segments find nobody else.")
	} else {
		a.reason("%s is taken: the kernel still ends a closed connection there (%s)", at, wire.StateName(others[0].State))
		if left > 0 {
			a.also("It waits for the peer to close too, for " + plural(seconds, "second") + " more; if the peer does, TIME_WAIT follows.")
		}
	}
	if a.Call.Name != "bind" {
		return
	}
	again := a.typed(-1, spec.Value{})
	if a.reuse(others) == helps {
		a.try("%s", again)
		return
	}
	a.try("%s", a.otherPort(0))
	if wait && again != "" {
		a.try("sleep %ds; %s", seconds+late, again)
	}
}

// late is how many seconds after its time the kernel's timer for a minute may go off (its wheel is that coarse).
const late = 5

// reuse says whether SO_REUSEADDR would help.
func (a *asked) reuse(others []wire.Holding) int {
	if a.Call.Name != "bind" || dgram(&a.sock) || local(&a.sock) {
		return unknown
	}
	a.also("SO_REUSEADDR lets two sockets share an address as long as neither listens, if both have it set, the socket that had the address before too: " +
		"servers set it before each bind.")
	for i := range others {
		if others[i].State == wire.Listen {
			return unknown
		}
	}
	switch known := a.shared(); known {
	case helps:
		a.try("setsockopt %d SO_REUSEADDR 1", a.FD)
		return known
	case lacked:
		who := "the old socket"
		if others[0].Inode != 0 {
			who = "that socket"
		}
		a.because += "; " + who + " had no SO_REUSEADDR"
		a.also("To set it on this socket alone does not help.")
		return known
	}
	return unknown
}

// shared tries it out: no table of the kernel says whether a closed socket had SO_REUSEADDR. A socket of the shell's
// own, alike but for the option, is bound to the address and closed at once; it sends nothing and never listens.
func (a *asked) shared() int {
	addr, _, ok := a.address()
	on, known := a.option("SO_REUSEADDR")
	if !ok || !known || !fresh(&a.sock) {
		return unknown // why may ask when the bind has gone well since
	}
	level, name := number(&names.Level, "SOL_SOCKET"), number(&names.SO, "SO_REUSEADDR")
	only, six := a.optionOf("IPPROTO_IPV6", &names.IPV6, "IPV6_V6ONLY")
	verdict := unknown
	a.Run(func() {
		typ := a.sock.Type | number(&names.SockFlag, "SOCK_CLOEXEC")
		fd, errno := own("socket", spec.N(int64(a.sock.Domain)), spec.N(int64(typ)), spec.N(int64(a.sock.Protocol)))
		if errno != 0 {
			return
		}
		defer own("close", spec.N(fd))
		if _, errno = own("setsockopt", spec.N(fd), spec.N(int64(level)), spec.N(int64(name)), spec.N(1), spec.N(4)); errno != 0 {
			return
		}
		if six {
			own("setsockopt", spec.N(fd), spec.N(int64(number(&names.Level, "IPPROTO_IPV6"))), spec.N(int64(number(&names.IPV6, "IPV6_V6ONLY"))), spec.N(only), spec.N(4))
		}
		_, errno = own("bind", spec.N(fd), addr, spec.N(int64(len(sockaddr(addr)))))
		switch {
		case errno == 0:
			verdict = helps
		case errno.Name() == "EADDRINUSE":
			verdict = lacked
		}
	})
	if on != 0 && verdict == helps {
		return unknown
	}
	return verdict
}

// own makes one call for the shell itself.
func own(name string, vals ...spec.Value) (ret int64, errno names.Errno) {
	var b kernel.Bound
	defer b.Free()
	if err := b.Set(callOf(name), vals); err != nil {
		return -1, names.Errno(number(names.Errnos(), "ENOSYS"))
	}
	b.Do()
	return b.Ret, b.Errno
}
