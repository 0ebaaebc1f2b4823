package session

import (
	"bytes"
	"slices"
	"strconv"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// addressInUse asks who has the address (EADDRINUSE).
func (a *asked) addressInUse() {
	if !a.open || a.Call.Name == "setsockopt" {
		return
	}
	a.see("socket(7)")
	addr := a.sock.Local // listen's, and connect's
	if v, _, ok := a.address(); ok && a.Call.Name == "bind" {
		addr = sockaddr(v)
	}
	if addr == nil {
		return
	}
	if v := addressOf(addr); member(v, isPort) >= 0 && v.L[member(v, isPort)].N == 0 {
		a.reason("every port that the kernel may choose (ip_local_port_range) is taken")
		a.see("ip(7)")
		return
	}
	holders, err := wire.Holders(a.Run, addr, a.sock.Type, a.sock.Protocol)
	if err != nil {
		a.fact("who has %s could not be asked: %v", rawText(addr), err)
		return
	}
	others := slices.DeleteFunc(holders, func(h wire.Holding) bool { return len(h.FDs) == 1 && h.FDs[0] == a.FD })
	if len(others) > 0 {
		a.heldBy(others, addr)
	}
	if a.because == "" {
		a.reason("something had %s, but nobody is seen with it now", rawText(addr))
		a.also("It may just have let go, or it is in another network namespace.")
		a.try("%s", a.typed(-1, spec.Value{}))
	}
	if a.Call.Name == "bind" {
		a.try("%s", a.otherPort(0))
	}
}

// heldBy tells who has the address that was asked for, the likeliest first.
func (a *asked) heldBy(others []wire.Holding, addr []byte) {
	h, at := &others[0], rawText(addr)
	if h.Leftover {
		a.leftover(h, addr)
		return
	}
	a.fact("%s", a.held(h))
	does := holds(&h.Entry, addr)
	switch {
	case len(h.FDs) > 0:
		a.reason("%s is taken: socket %s %s", at, a.called(h.FDs[0]), does)
		if a.Call.Name == "bind" {
			a.try("%s", a.otherPort(0))
		}
		if a.endsWith(others) {
			a.try("close %d", h.FDs[0])
		}
	case h.PID != 0:
		a.reason("%s is taken: process %d (%s) %s", at, h.PID, safe(h.Process), does)
	case h.Inode == 0:
		a.ended(others, at)
		return
	default:
		a.reason("%s is taken: a process that may not be looked into (user %d) %s", at, h.UID, does)
	}
	if len(h.Peer) > 0 {
		a.reuse(others)
	}
}

// endsWith says whether closing one descriptor of the user's would free the address: nobody else has it, no call holds
// the socket open, and the kernel does not keep the address for a connection's end.
func (a *asked) endsWith(others []wire.Holding) bool {
	h := &others[0]
	return len(others) == 1 && len(h.FDs) == 1 && a.Shell(h.FDs[0]) == "" && len(a.JobOn(h.FDs[0])) == 0 &&
		(len(h.Peer) == 0 || h.State == wire.CloseWait || dgram(&a.sock) || local(&a.sock))
}

// leftover tells about a UNIX path that no socket is bound to.
func (a *asked) leftover(h *wire.Holding, addr []byte) {
	path, _, _ := bytes.Cut(addr[2:], []byte{0})
	name := safe(string(path))
	a.see("unix(7)", "unlink(2)")
	if h.File == "socket" {
		a.reason("the file %s is left over: no socket is seen bound to it", name)
		a.also("bind makes the file, and close does not remove it: unlink does.")
		a.try("unlink %s", notation.AppendWord(nil, spec.File{}, spec.S(path)))
		return
	}
	what := map[string]string{"file": "an ordinary file", "folder": "a folder"}[h.File]
	if what == "" {
		what = "a file that is no socket"
	}
	a.reason("%s is %s, and bind makes a new one", name, what)
	other := spec.L(spec.N(int64(addr[0])|int64(addr[1])<<8), spec.S(append(path, ".sock"...)))
	if _, i, ok := a.address(); ok {
		a.try("%s", a.typed(i, other))
	}
}

// holds is what a socket does with an address.
func holds(e *wire.Entry, addr []byte) string {
	elsewhere := ""
	if len(e.Local) > 2 && rawText(e.Local) != rawText(addr) {
		elsewhere = " (as " + rawText(e.Local) + ")"
	}
	switch {
	case e.State == wire.Listen:
		return "listens there" + elsewhere
	case len(e.Peer) > 0:
		return "is connected from there to " + rawText(e.Peer)
	}
	return "is bound there" + elsewhere
}

// held is what the kernel listed.
func (q *Question) held(h *wire.Holding) string {
	text := rawText(h.Local) + ": "
	if state := wire.StateName(h.State); state != "" {
		text += state
	}
	if len(h.Peer) > 0 {
		text += ", peer " + rawText(h.Peer)
	}
	switch {
	case len(h.FDs) > 0:
		text += ", held by"
		for i, fd := range h.FDs {
			if i > 0 {
				text += ","
			}
			text += " descriptor " + q.called(fd)
		}
	case h.Process != "":
		text += ", held by process " + strconv.Itoa(h.PID) + " (" + safe(h.Process) + ")"
	case h.Inode == 0:
		text += ", held by no descriptor"
	}
	return text
}

// addressNotAvailable tells what bind and connect could not have (EADDRNOTAVAIL).
func (a *asked) addressNotAvailable() {
	v, i, ok := a.address()
	if !ok || member(v, isPort) < 0 {
		return
	}
	a.see("ip(7)")
	if a.Call.Name != "bind" {
		if port := v.L[member(v, isPort)].N; port == 0 {
			a.reason("port 0 is nobody's: a peer's address needs a port")
		}
		return
	}
	a.reason("%s is no address of this machine's interfaces; bind takes only this machine's own", hostOf(v))
	a.also("127.0.0.1 and ::1 are this machine as it sees itself; 0.0.0.0 and :: stand for all its addresses.")
	a.try("%s", a.typed(i, loopback(v, false)))
	a.try("%s", a.typed(i, loopback(v, true)))
}

// loopback is v with the host that stands for this machine, or for all its addresses.
func loopback(v spec.Value, every bool) spec.Value {
	v = v.Clone()
	st := commands.Address.Case(v.L[0].N)
	for i := range st.Fields {
		switch st.Fields[i].Type.(type) {
		case spec.IP4:
			v.L[i] = spec.N(0x7f000001)
			if every {
				v.L[i] = spec.N(0)
			}
		case spec.IP6:
			ip := make([]byte, 16)
			if !every {
				ip[15] = 1
			}
			v.L[i] = spec.S(ip)
		case spec.IfIndex:
			v.L[i] = spec.N(0)
		}
	}
	return v
}

// hostOf is an address without its port.
func hostOf(v spec.Value) string {
	if _, host, ok := notation.Field(&commands.Address, v, "host"); ok {
		return string(host.B)
	}
	return addressText(v)
}

// access tells which privilege is missing (EACCES).
func (a *asked) access() {
	v, _, ok := a.address()
	if !ok {
		return
	}
	if p := member(v, isPort); p >= 0 {
		port := v.L[p].N
		switch {
		case a.Call.Name == "bind" && port > 0 && port < 1024:
			a.reason("port %d needs a privilege (CAP_NET_BIND_SERVICE): by default all ports below 1024 do", port)
			a.also("The first port that needs none stands in /proc/sys/net/ipv4/ip_unprivileged_port_start.")
			a.try("%s", a.otherPort(port+8000))
			a.see("ip(7)")
		case a.Call.Name != "bind" && a.open && inet(&a.sock) && dgram(&a.sock):
			if on, known := a.option("SO_BROADCAST"); known && on == 0 {
				a.reason("%s has SO_BROADCAST off: if %s is a broadcast address, that is why", a.it(), hostOf(v))
				a.try("setsockopt %d SO_BROADCAST 1", a.FD)
				a.see("socket(7)")
			}
		}
		return
	}
	if member(v, isPath) >= 0 && a.Call.Name == "bind" {
		a.reason("this user may not make a file in the folder of %s", addressText(v))
		a.try("bind %d %s", a.FD, a.freeName())
		a.also("An abstract name (unix:@name) makes no file.")
		a.see("unix(7)")
	}
}

// noDestination tells that a socket has nobody to send to (EDESTADDRREQ).
func (a *asked) noDestination() {
	if !a.open {
		return
	}
	if a.Call.Name == "listen" {
		a.reason("%s has no address yet, and AF_UNIX gives none by itself", a.it())
		a.try("bind %d %s", a.FD, a.freeName())
		return
	}
	if len(a.sock.Peer) > 0 {
		return
	}
	a.reason("%s has no peer, so each message needs an address", a.it())
	a.also("connect gives a datagram socket a peer for good: then send needs no address.")
	to := "127.0.0.1:9999"
	switch constant(&names.AF, a.sock.Domain) {
	case "AF_INET6":
		to = "[::1]:9999"
	case "AF_UNIX":
		to = "unix:@name"
	}
	a.try("sendto %d %s %s", a.FD, a.data(), to)
	a.try("connect %d %s", a.FD, to)
}
