package session

import (
	"socksh/commands/names"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// invalid finds the argument or the state that does not fit (EINVAL).
func (a *asked) invalid() {
	switch a.Call.Name {
	case "socket", "socketpair":
		a.reason("the type %s is unknown, or a flag beside it is", constant(&names.SockType, int(a.arg("type").N&0xf)))
		if a.Call.Name == "socket" {
			a.try("socket inet stream|nonblock")
		} else {
			a.try("socketpair unix stream|nonblock")
		}
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
		return "unix:@name"
	}
	return "127.0.0.1:0"
}

func (a *asked) bindInvalid() {
	if !fresh(&a.sock) {
		a.reason("%s has an address already, %s, and a socket is bound only once", a.it(), rawText(a.sock.Local))
		a.also("connect, listen and sendto bind a socket too, to a port that the kernel chooses.")
		a.try("socket %s %s", constant(&names.AF, a.sock.Domain), constant(&names.SockType, a.sock.Type))
		return
	}
	if a.foreign() {
		a.family()
		return
	}
	if v, i, ok := a.address(); ok {
		a.reason("addrlen (%d) does not fit an address of %s", a.arg("addrlen").N, constant(&names.AF, int(v.L[0].N)))
		a.try("%s", a.typed(i, v))
	}
}

// foreign says whether the address is of another family than the socket, which AF_UNIX answers with EINVAL.
func (a *asked) foreign() bool {
	v, _, ok := a.address()
	return ok && a.open && a.sock.Kind == "socket" && constant(&names.AF, a.sock.Domain) == "AF_UNIX" && v.L[0].N != int64(a.sock.Domain)
}

func (a *asked) listenInvalid() {
	switch {
	case len(a.sock.Peer) > 0:
		a.reason("%s is connected to %s, and a connected socket cannot listen", a.it(), rawText(a.sock.Peer))
		a.try("socket %s %s", constant(&names.AF, a.sock.Domain), constant(&names.SockType, a.sock.Type))
	case local(&a.sock) && fresh(&a.sock):
		a.reason("%s has no address to listen on, and AF_UNIX gives none by itself", a.it())
		a.try("bind %d unix:@name", a.FD)
		a.try("listen @%d", a.FD)
	case tcp(&a.sock):
		a.reason("%s cannot listen in the state %s", a.it(), wire.StateName(a.sock.State))
	}
}

func (a *asked) addressInvalid() {
	v, i, ok := a.address()
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
		a.try("socket %s %s", constant(&names.AF, a.sock.Domain), constant(&names.SockType, a.sock.Type))
	case p < 0 && member(v, isPath) < 0:
		a.reason("addrlen (%d) does not fit an address of %s", a.arg("addrlen").N, constant(&names.AF, int(v.L[0].N)))
	default:
		a.reason("addrlen (%d) does not fit that address", a.arg("addrlen").N)
		a.try("%s", a.typed(i, v))
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
