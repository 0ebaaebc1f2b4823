package session

import (
	"fmt"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// data is the call's bytes as a word where they are few, else some that stand for them.
func (q *Question) data() string {
	if v := q.arg("buf"); v.Kind == spec.Bytes && len(v.B) > 0 && len(v.B) <= 24 && !v.Cut {
		return string(notation.AppendWord(nil, spec.Blob{}, v))
	}
	return `"hello"`
}

// receives says whether the call takes bytes from the socket.
func receives(c *spec.Call) bool {
	for i := range c.Args {
		if p, ok := c.Args[i].Type.(*spec.Ptr); ok && p.Dir == spec.Out {
			if _, blob := p.To.(spec.Blob); blob {
				return true
			}
		}
	}
	return false
}

func sends(c *spec.Call) bool {
	for i := range c.Args {
		if p, ok := c.Args[i].Type.(*spec.Ptr); ok && p.Dir == spec.In {
			if _, blob := p.To.(spec.Blob); blob {
				return true
			}
		}
	}
	return false
}

const sigpipe = "A C program would have been killed here by the signal SIGPIPE; the flag MSG_NOSIGNAL asks for the error alone. " +
	"This shell ignores the signal."

// pipe tells why nothing more can be sent (EPIPE).
func (a *asked) pipe() {
	if !a.open {
		return
	}
	if a.sock.Kind != "socket" {
		a.reason("nobody has the reading end of %s open any more", a.it())
		a.also(sigpipe)
		return
	}
	a.also(sigpipe)
	a.see("send(2)", "signal(7)")
	state := a.sock.State
	switch {
	case a.sock.Listening:
		a.reason("%s listens: it has no peer, accept gives a socket for each connection", a.it())
		a.try("accept %d", a.FD)
		return
	case has(&names.Msg, a.arg("flags").N, "MSG_OOB") && local(&a.sock):
	case tcp(&a.sock) && fresh(&a.sock):
		a.reason("%s was never connected; Linux says EPIPE to that", a.it())
		a.connectTo()
		return
	case tcp(&a.sock) && (state == wire.FinWait1 || state == wire.FinWait2 || state == wire.Closing || state == wire.TimeWait || state == wire.LastACK):
		a.reason("%s has ended its sending side itself (shutdown): its state is %s", a.it(), wire.StateName(state))
		if state == wire.FinWait1 || state == wire.FinWait2 {
			a.also("The other direction is still open: what the peer sends can be received.")
			a.try("recv %d 1024", a.FD)
		}
	case tcp(&a.sock) && state == wire.Close:
		a.reason("the connection of %s is over (CLOSE): it was reset, or both sides have ended it", a.it())
		a.also("The first send to a peer that is gone goes well: its answer is a reset, which the next calls learn of.")
	case local(&a.sock):
		a.reason("the peer of %s is gone, or this direction was shut down, at either end", a.it())
	}
	a.try("close %d", a.FD)
}

// reset tells that the peer has broken the connection off (ECONNRESET).
func (a *asked) reset() {
	if !a.open {
		return
	}
	if local(&a.sock) {
		a.reason("the peer closed while bytes that it had not read waited for it")
	} else {
		a.reason("the peer has broken the connection off with a reset (RST); what was on its way is lost")
	}
	a.also("A peer resets when it closes with bytes unread, when it closes with SO_LINGER on and 0 seconds, when it gets bytes after it is gone, or when its machine has forgotten the connection.")
	if sends(a.Call) {
		a.also("The next send gives EPIPE, and with it SIGPIPE to a C program that does not ask for MSG_NOSIGNAL.")
	}
	a.try("close %d", a.FD)
	a.see("tcp(7)")
}

// again tells why the call did not wait, and for what (EAGAIN).
func (a *asked) again() {
	if !a.open || a.Call.Name == "connect" && !local(&a.sock) {
		return
	}
	queue := a.waitsFor()
	nonblock := has(&names.OFlag, int64(a.sock.FileFlags), "O_NONBLOCK")
	timeout := "SO_RCVTIMEO"
	if sends(a.Call) || a.Call.Name == "connect" {
		timeout = "SO_SNDTIMEO"
	}
	usec, limited := int64(0), false
	if a.sock.Kind == "socket" {
		usec, limited = a.option(timeout)
		limited = limited && usec > 0
	}
	switch {
	case has(&names.Msg, a.arg("flags").N, "MSG_DONTWAIT"):
		a.reason("%s, and MSG_DONTWAIT says not to wait", queue)
		if flags, i := a.withoutFlag("MSG_DONTWAIT"); i >= 0 && a.small() {
			a.try("%s", a.typed(i, flags))
		}
	case nonblock:
		a.reason("%s, and %s is non-blocking (O_NONBLOCK)", queue, a.it())
		rest := int64(a.sock.FileFlags)
		if f, ok := names.OFlag.Exact("O_NONBLOCK"); ok {
			rest &^= f
		}
		a.try("fcntl %d F_SETFL %s", a.FD, notation.AppendWord(nil, spec.Flags{Set: &names.OFlag, Base: &names.OAcc, Mask: 3}, spec.N(rest&^0x8000)))
		a.see("fcntl(2)")
	case limited:
		a.reason("%s, and the time to wait is over: %s of %s is %s", queue, timeout, a.it(), micros(usec))
		a.try("setsockopt %d %s 0", a.FD, timeout)
		a.see("socket(7)")
	default:
		a.reason("%s", queue)
	}
	if a.small() {
		a.try("%s", a.typed(-1, spec.Value{}))
	}
	a.also("EAGAIN is no failure: it says \"not yet\", and the call can be made again later.")
}

func micros(n int64) string {
	if n%1e6 == 0 {
		return fmt.Sprintf("%ds", n/1e6)
	}
	return fmt.Sprintf("%gms", float64(n)/1e3)
}

// small says whether the call's own line is short enough to be typed again.
func (q *Question) small() bool { return len(q.typed(-1, spec.Value{})) <= 60 }

// withoutFlag is the call's flags without one of them, and the argument's index.
func (q *Question) withoutFlag(name string) (spec.Value, int) {
	f, _ := names.Msg.Exact(name)
	for i := range min(len(q.Call.Args), len(q.Vals)) {
		if q.Call.Args[i].Name == "flags" {
			return spec.N(q.Vals[i].N &^ f), i
		}
	}
	return spec.Value{}, -1
}

// waitsFor is what the call would wait for, as the queues are now.
func (a *asked) waitsFor() string {
	switch {
	case a.sock.Kind != "socket":
		return "the call would have to wait"
	case a.Call.Name == "connect":
		return a.fullBacklog()
	case a.sock.Listening:
		list := []wire.Socket{a.sock}
		if wire.Backlogs(a.Run, list) == nil && list[0].RecvQ > 0 {
			return fmt.Sprintf("no connection waited then (now %d)", list[0].RecvQ)
		}
		return "no connection waits in the accept queue"
	case receives(a.Call) && a.sock.RecvQ > 0:
		return fmt.Sprintf("nothing had come then (%s now)", plural(a.sock.RecvQ, "byte"))
	case receives(a.Call):
		return "nothing has come to be received"
	case sends(a.Call):
		room := ""
		if n, ok := a.option("SO_SNDBUF"); ok && a.sock.SendQ >= 0 {
			room = fmt.Sprintf(" (%s in the send queue, SO_SNDBUF %d)", plural(a.sock.SendQ, "byte"), n)
		}
		return "there was no room for it: the peer does not receive as fast" + room
	}
	return "the call would have to wait"
}

// fullBacklog tells about the UNIX listener that takes no more.
func (a *asked) fullBacklog() string {
	v, _, ok := a.address()
	if !ok {
		return "the listener's accept queue is full"
	}
	holders, err := wire.Holders(a.Run, sockaddr(v), a.sock.Type, a.sock.Protocol)
	if err == nil {
		for i := range holders {
			if h := &holders[i]; h.State == wire.Listen {
				a.fact("%s, %s in its accept queue, backlog %d", a.held(h), plural(h.RecvQ, "connection"), h.SendQ)
				if len(h.FDs) > 0 {
					a.try("accept %d", h.FDs[0])
				}
			}
		}
	}
	return "the accept queue of " + addressText(v) + " is full"
}

// tooLong tells how long a message may be (EMSGSIZE).
func (a *asked) tooLong() {
	if !a.open {
		return
	}
	length := a.arg("len").N
	if a.arg("len").Kind == spec.None {
		length = a.arg("count").N
	}
	a.also("A datagram is sent whole or not at all; a stream takes any length, part by part.")
	most := 0
	switch constant(&names.AF, a.sock.Domain) {
	case "AF_INET":
		most = 65507 // 65535 less the headers of IP and UDP
	case "AF_INET6":
		most = 65527
	}
	switch {
	case most > 0 && dgram(&a.sock) && length > int64(most):
		a.reason("%d bytes are more than a UDP datagram can carry: %d at most", length, most)
		a.try("sendto %d fill:%d 127.0.0.1:9999", a.FD, most)
		if most == 65527 {
			a.tries = []string{fmt.Sprintf("sendto %d fill:%d [::1]:9999", a.FD, most)}
		}
		if len(a.sock.Peer) > 0 {
			a.tries = []string{fmt.Sprintf("send %d fill:%d", a.FD, most)}
		}
		a.see("udp(7)")
	case local(&a.sock):
		if n, ok := a.option("SO_SNDBUF"); ok {
			a.reason("%d bytes do not fit into the send buffer: SO_SNDBUF of %s is %d, bookkeeping included", length, a.it(), n)
			a.try("setsockopt %d SO_SNDBUF %d", a.FD, max(2*length, 4096))
			a.see("unix(7)")
		}
	}
}

// interrupted tells what an interrupted call has left (EINTR).
func (a *asked) interrupted() {
	a.see("signal(7)")
	switch {
	case a.Call.Name == "close":
		return
	case a.Call.Name == "connect" && a.open && a.sock.State == wire.SynSent:
		a.reason("a signal (Ctrl-C, kill) ended the wait, not the handshake: it goes on (SYN_SENT)")
		a.try("getpeername %d", a.FD)
	case a.Call.Name == "connect" && a.open && a.sock.State == wire.Established:
		a.reason("a signal (Ctrl-C, kill) ended the wait, not the handshake: meanwhile it is done (ESTABLISHED)")
		a.try("getpeername %d", a.FD)
	default:
		a.reason("a signal (Ctrl-C, kill) came while the call waited; nothing was transferred")
		again := a.typed(-1, spec.Value{})
		switch {
		case a.FD >= 0 && !a.open:
			a.because += fmt.Sprintf(", and %d has been closed since", a.FD)
		case again != "" && a.small() && a.could():
			a.try("%s", again)
			a.try("%s &", again)
		}
	}
}

// could says whether the descriptor, which may be another socket by now, still takes a call that waits.
func (a *asked) could() bool {
	accepts := a.Call.Name == "accept" || a.Call.Name == "accept4"
	return a.FD < 0 || a.sock.Kind != "socket" || accepts == a.sock.Listening
}
