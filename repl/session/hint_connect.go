package session

import (
	"strconv"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// refused asks who is at the address that refused (ECONNREFUSED).
func (a *asked) refused() {
	v, _, ok := a.address()
	if !ok {
		switch {
		case !a.open:
		case tcp(&a.sock):
			a.reason("an earlier connect of %s has failed: nobody listened at that address (RST)", a.it())
			a.also("A connect that does not wait leaves its error behind; this call has taken it, as reading SO_ERROR would have.")
			if l, ok := a.listener(); ok && reach(&l) != "" {
				a.fact("%s", a.describe(&l))
				a.try("connect %d %s", a.FD, reach(&l))
			}
		case dgram(&a.sock):
			to := "its peer"
			if len(a.sock.Peer) > 0 {
				to = rawText(a.sock.Peer)
			}
			a.reason("a datagram sent earlier was answered: nobody has %s (ICMP port unreachable)", to)
			a.also("The error belongs to that datagram; this call has taken note of it, and the next one can go well.")
			a.see("udp(7)")
		}
		return
	}
	addr := sockaddr(v)
	if addr == nil || !a.open {
		return
	}
	at := addressText(v)
	holders, err := wire.Holders(a.Run, addr, a.sock.Type, a.sock.Protocol)
	if err != nil {
		a.fact("who has %s could not be asked: %v", at, err)
		return
	}
	for i := range holders {
		if h := &holders[i]; len(h.FDs) != 1 || h.FDs[0] != a.FD {
			a.refusedBy(h, at)
			return
		}
	}
	a.see("listen(2)")
	switch {
	case local(&a.sock):
		a.reason("no socket in this system is bound to %s", at)
		a.also("A listener must be there before connect is called: socket, bind, listen.")
	case isLoopback(v):
		a.reason("nobody listens on %s: the kernel answered for it (RST)", at)
		a.also("A server must be there before connect is called: socket, bind, listen.")
		a.elsewhere(v)
	default:
		a.reason("nobody listens on %s: an answer said so (RST)", at)
		a.also("Somebody answered, so the machine is reached: the port is closed, or a firewall says no.")
		a.elsewhere(v)
	}
	if l, ok := a.listener(); ok {
		a.fact("%s", a.describe(&l))
		if to := reach(&l); to != "" {
			a.try("connect %d %s", a.FD, to)
			return
		}
	}
	a.try("fds")
}

// refusedBy tells about somebody who has the address and does not answer there.
func (a *asked) refusedBy(h *wire.Holding, at string) {
	switch {
	case h.Leftover && h.File == "socket":
		a.reason("the file %s is left over: no socket is bound to it any more", at)
		a.also("Its server is gone; the next one must unlink the file before it can bind.")
		if v, _, ok := a.address(); ok {
			if p := member(v, isPath); p >= 0 {
				a.try("unlink %s", notation.AppendWord(nil, spec.File{}, spec.S(v.L[p].B)))
			}
		}
		return
	case h.Leftover:
		a.reason("%s is no socket but another kind of file", at)
		a.try("fds")
		return
	}
	a.fact("%s", a.held(h))
	who := "a process that may not be looked into"
	switch {
	case len(h.FDs) > 0:
		who = "socket " + a.called(h.FDs[0])
	case h.PID != 0:
		who = "process " + strconv.Itoa(h.PID) + " (" + safe(h.Process) + ")"
	case h.Inode == 0:
		a.reason("nobody listens on %s: only a closed connection (%s) is left there", at, wire.StateName(h.State))
		a.try("fds")
		return
	}
	switch {
	case h.State == wire.Listen:
		a.reason("%s listens on %s now, but did not when connect was called", who, at)
		a.try("%s", a.typed(-1, spec.Value{}))
	case len(h.Peer) > 0:
		a.reason("nobody listens on %s: %s has that address, in a connection", at, who)
		a.try("fds")
	default:
		a.reason("%s is bound to %s but does not listen", who, at)
		if len(h.FDs) > 0 {
			a.try("listen @%d", h.FDs[0])
		}
		a.try("%s", a.typed(-1, spec.Value{}))
	}
}

// elsewhere looks for listeners on the same port at other addresses of this machine.
func (a *asked) elsewhere(v spec.Value) {
	if !tcp(&a.sock) || member(v, isPort) < 0 {
		return
	}
	port := v.L[member(v, isPort)].N
	entries, err := wire.Internet(a.Run, a.sock.Domain, a.sock.Protocol, int(port))
	if err != nil || port == 0 {
		return
	}
	for i := range entries {
		if entries[i].State == wire.Listen {
			a.also("Somebody listens on " + rawText(entries[i].Local) + ": that is another address.")
			a.try("connect %d %s", a.FD, rawText(entries[i].Local))
			return
		}
	}
}

func isLoopback(v spec.Value) bool {
	_, host, ok := notation.Field(&commands.Address, v, "host")
	return ok && (string(host.B) == "::1" || len(host.B) > 4 && string(host.B[:4]) == "127.")
}

// reach is an address at which a listener can be reached from here, "" if it has none.
func reach(l *wire.Socket) string {
	v := addressOf(l.Local)
	if fresh(l) || v.Kind != spec.List {
		return ""
	}
	if host := hostOf(v); host == "0.0.0.0" || host == "::" {
		v = loopback(v, false)
	}
	return string(notation.AppendWord(nil, &commands.Address, v))
}

// notConnected tells what the socket is instead (ENOTCONN).
func (a *asked) notConnected() {
	if !a.open {
		return
	}
	switch {
	case a.sock.Listening:
		a.reason("%s listens: it has no peer itself, accept gives a socket for each connection", a.it())
		a.try("accept %d", a.FD)
		return
	case a.sock.State == wire.SynSent:
		a.reason("%s is still connecting (SYN_SENT): no answer has come yet", a.it())
		a.try("getpeername %d", a.FD)
		return
	case dgram(&a.sock):
		a.reason("%s has no peer: a datagram socket has one only after connect", a.it())
	case tcp(&a.sock) && !fresh(&a.sock):
		a.reason("%s has no connection (its state is %s): it never had one, or it is over", a.it(), wire.StateName(a.sock.State))
	default:
		a.reason("%s is not connected", a.it())
	}
	a.connectTo()
}

// connectTo suggests to connect, to a listener of this session if there is one.
func (a *asked) connectTo() {
	if l, ok := a.listener(); ok {
		if to := reach(&l); to != "" {
			a.fact("%s", a.describe(&l))
			a.try("connect %d %s", a.FD, to)
			return
		}
	}
	switch constant(&names.AF, a.sock.Domain) {
	case "AF_INET":
		a.try("connect %d 127.0.0.1:8080", a.FD)
	case "AF_INET6":
		a.try("connect %d [::1]:8080", a.FD)
	case "AF_UNIX":
		a.try("connect %d unix:@name", a.FD)
	}
}

// connected tells to whom the socket is connected already (EISCONN).
func (a *asked) connected() {
	if !a.open {
		return
	}
	again := a.another()
	switch {
	case a.sock.Listening:
		a.reason("%s listens, and a listener cannot connect: that takes a socket of its own", a.it())
		a.try("%s", again)
	case len(a.sock.Peer) > 0 && a.Call.Name != "connect":
		a.reason("%s is connected to %s, so it takes no address", a.it(), rawText(a.sock.Peer))
		a.try("send %d %s", a.FD, a.data())
	case len(a.sock.Peer) > 0:
		a.reason("%s is connected to %s already, and a stream connects only once", a.it(), rawText(a.sock.Peer))
		a.try("%s", again)
		a.try("close %d", a.FD)
	default:
		a.reason("%s was connected before, and a stream connects only once", a.it())
		a.try("%s", again)
	}
}

// inProgress tells how far a connect that does not wait has come (EINPROGRESS, EALREADY).
func (a *asked) inProgress() {
	if !a.open {
		return
	}
	first := a.it() + " is non-blocking, so connect did not wait"
	if a.Errno == "EALREADY" {
		first = "an earlier connect of " + a.it() + " is not over"
	}
	switch {
	case a.sock.State == wire.SynSent:
		a.reason("%s: the handshake goes on (SYN_SENT)", first)
	case a.sock.State == wire.Established:
		a.reason("%s; meanwhile it is connected", first)
	case a.sock.State == wire.Close:
		a.reason("%s; meanwhile it has failed: SO_ERROR says why, once", first)
	default:
		return
	}
	a.also("When it is done, fds shows ESTABLISHED, and SO_ERROR reads 0; if it has failed, SO_ERROR reads why, and reading clears it.")
	if a.sock.State == wire.Established {
		a.try("getpeername %d", a.FD)
	}
	a.try("getsockopt %d SO_ERROR", a.FD)
	a.see("getsockopt(2)")
}

// timedOut tells who did not answer (ETIMEDOUT).
func (a *asked) timedOut() {
	v, _, ok := a.address()
	switch {
	case ok:
		a.reason("%s did not answer: nobody has that address, or a firewall drops what is sent there", addressText(v))
		a.also("connect sends its SYN several times before it gives up: tcp_syn_retries, six times by default, takes about two minutes.")
	case a.open && tcp(&a.sock):
		a.reason("the peer of %s no longer acknowledged what was sent, so the kernel ended the connection", a.it())
	default:
		return
	}
	a.see("tcp(7)")
}

// noFile tells which path is missing (ENOENT).
func (a *asked) noFile() {
	v, _, ok := a.address()
	if !ok || member(v, isPath) < 0 {
		return
	}
	a.see("unix(7)")
	if a.Call.Name == "bind" {
		a.reason("a folder of %s does not exist: bind makes the file but no folders", addressText(v))
		a.try("bind %d %s", a.FD, a.freeName())
		return
	}
	a.reason("there is no file %s: a server makes it with bind", addressText(v))
	if l, ok := a.listener(); ok {
		if to := reach(&l); to != "" {
			a.fact("%s", a.describe(&l))
			a.try("connect %d %s", a.FD, to)
		}
	}
	if len(a.tries) == 0 {
		a.try("fds")
	}
}

// otherType tells which types met (EPROTOTYPE).
func (a *asked) otherType() {
	v, _, ok := a.address()
	if !ok || !a.open {
		if a.Call.Name == "socket" {
			a.protocol()
		}
		return
	}
	holders, err := wire.Holders(a.Run, sockaddr(v), a.sock.Type, a.sock.Protocol)
	if err != nil || len(holders) == 0 || holders[0].Leftover {
		return
	}
	theirs := constant(&names.SockType, holders[0].Type)
	a.reason("%s is %s, and the socket bound to %s is %s", a.it(), constant(&names.SockType, a.sock.Type), addressText(v), theirs)
	a.fact("%s", a.held(&holders[0]))
	a.try("%s", newSocket(a.sock.Domain, holders[0].Type, 0))
}
