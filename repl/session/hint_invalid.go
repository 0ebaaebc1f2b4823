package session

import (
	"strconv"

	"socksh/commands/names"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// invalid finds the argument or the state that does not fit (EINVAL).
func (a *asked) invalid() {
	switch a.Call.Name {
	case "socket", "socketpair":
		a.socketInvalid()
		return
	case "dup3":
		if a.arg("oldfd").N == a.arg("newfd").N {
			a.reason("dup3 refuses to make %d a copy of itself", a.FD)
			a.try("dup3 %d %d", a.FD, a.FD+10)
		}
		return
	}
	if !a.open || a.sock.Kind != "socket" {
		return
	}
	switch a.Call.Name {
	case "accept", "accept4":
		a.acceptInvalid()
	case "bind":
		a.bindInvalid()
	case "listen":
		a.listenInvalid()
	case "connect", "sendto":
		a.addressInvalid()
	case "shutdown":
		if how := a.arg("how").N; names.Shut.Name(how) == nil {
			a.reason("how is %d, and must be SHUT_RD, SHUT_WR or SHUT_RDWR", how)
			a.try("shutdown %d wr", a.FD)
		}
	default:
		a.receiveInvalid()
	}
}

func (a *asked) acceptInvalid() {
	switch {
	case a.sock.Listening:
		if f := a.arg("flags"); f.Kind == spec.Num && f.N != 0 {
			a.reason("%s listens, so it is the flags or addrlen: accept4 takes SOCK_NONBLOCK and SOCK_CLOEXEC", a.it())
		} else {
			a.reason("%s listens, so addrlen is negative, or accept was called before listen", a.it())
		}
		a.try("accept %d", a.FD)
	case len(a.sock.Peer) > 0:
		a.reason("%s is connected to %s: accept is for sockets that listen", a.it(), rawText(a.sock.Peer))
		if l, ok := a.listener(); ok {
			a.fact("%s", a.describe(&l))
			a.try("accept %d", l.FD)
		}
	default:
		a.reason("%s does not listen: accept takes connections that listen lets in", a.it())
		if fresh(&a.sock) {
			a.try("bind %d %s", a.FD, a.home())
		}
		a.try("listen @%d", a.FD)
		a.try("accept %d", a.FD)
	}
}

// home is an address of this machine to bind to; the kernel chooses the port.
func (a *asked) home() string {
	switch constant(&names.AF, a.sock.Domain) {
	case "AF_INET6":
		return "[::1]:0"
	case "AF_UNIX":
		return a.freeName()
	}
	return "127.0.0.1:0"
}

// freeName is an abstract name that nobody has now.
func (a *asked) freeName() string {
	for n := 1; ; n++ {
		name := "name"
		if n > 1 {
			name += strconv.Itoa(n)
		}
		v := spec.L(spec.N(int64(number(&names.AF, "AF_UNIX"))), spec.S([]byte("\x00"+name)))
		if holders, err := wire.Holders(a.Run, sockaddr(v), a.sock.Type, 0); n == 9 || err != nil || len(holders) == 0 {
			return "unix:@" + name
		}
	}
}

func (a *asked) bindInvalid() {
	if !fresh(&a.sock) {
		a.reason("%s has an address already, %s, and a socket is bound only once", a.it(), rawText(a.sock.Local))
		a.also("connect, listen and sendto bind a socket too, to a port that the kernel chooses.")
		a.try("%s", a.another())
		return
	}
	if a.foreign() {
		a.family()
		return
	}
	a.misfit()
}

func (a *asked) listenInvalid() {
	switch {
	case len(a.sock.Peer) > 0:
		a.reason("%s is connected to %s, and a connected socket cannot listen", a.it(), rawText(a.sock.Peer))
		a.try("%s", a.another())
	case local(&a.sock) && fresh(&a.sock):
		a.reason("%s has no address to listen on, and AF_UNIX gives none by itself", a.it())
		a.try("bind %d %s", a.FD, a.freeName())
		a.try("listen @%d", a.FD)
	case tcp(&a.sock) && a.sock.State == wire.Close:
		a.reason("a connect of %s has failed, or its connection is over: such a socket cannot listen", a.it())
		a.also("The state is CLOSE again, as with a new socket, but the kernel remembers besides that connect was called.")
		a.try("%s", a.another())
	case tcp(&a.sock):
		a.reason("%s cannot listen in the state %s", a.it(), wire.StateName(a.sock.State))
		a.try("%s", a.another())
	}
}

func (a *asked) addressInvalid() {
	v, _, ok := a.address()
	if !ok {
		return
	}
	p := member(v, isPort)
	switch {
	case a.foreign():
		a.family()
	case p >= 0 && v.L[p].N == 0:
		a.reason("port 0 is nobody's: a peer's address needs a port")
		a.try("%s", a.otherPort(8080))
	case a.sock.Listening:
		a.reason("%s listens, and a listener cannot connect", a.it())
		a.try("%s", a.another())
	default:
		a.misfit()
	}
}

func (a *asked) receiveInvalid() {
	switch {
	case !receives(a.Call):
	case has(&names.Msg, a.arg("flags").N, "MSG_OOB"):
		a.reason("MSG_OOB asks for urgent data, and none has come to %s", a.it())
		if flags, i := a.withoutFlag("MSG_OOB"); i >= 0 {
			a.try("%s", a.typed(i, flags))
		}
	case local(&a.sock) && !a.sock.Listening && len(a.sock.Peer) == 0:
		a.reason("%s is not connected; an AF_UNIX stream says EINVAL to that", a.it())
		a.connectTo()
	case a.sock.Listening:
		a.reason("%s listens: accept gives a socket for each connection", a.it())
		a.try("accept %d", a.FD)
	}
}
