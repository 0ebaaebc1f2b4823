package wire

import "socksh/commands/names"

// States of a socket, as the kernel numbers TCP's (include/net/tcp_states.h, RFC 9293 section 3.3.2). UDP and AF_UNIX
// use three of them: ESTABLISHED for connected, LISTEN, and CLOSE for neither.
const (
	Established   = 1
	SynSent       = 2
	SynRecv       = 3
	FinWait1      = 4
	FinWait2      = 5
	TimeWait      = 6
	Close         = 7
	CloseWait     = 8
	LastACK       = 9
	Listen        = 10
	Closing       = 11
	NewSynRecv    = 12
	BoundInactive = 13 // bound, neither listening nor connected; only sock_diag says it (Linux 6.8), TCP_INFO says CLOSE
)

var stateNames = [...]string{
	Established: "ESTABLISHED", SynSent: "SYN_SENT", SynRecv: "SYN_RECV", FinWait1: "FIN_WAIT1", FinWait2: "FIN_WAIT2",
	TimeWait: "TIME_WAIT", Close: "CLOSE", CloseWait: "CLOSE_WAIT", LastACK: "LAST_ACK", Listen: "LISTEN",
	Closing: "CLOSING", NewSynRecv: "NEW_SYN_RECV", BoundInactive: "BOUND_INACTIVE",
}

// StateName gives a state's name without its prefix ("LISTEN" for TCP_LISTEN), "" for a number that is none.
func StateName(state int) string {
	if state < 0 || state >= len(stateNames) {
		return ""
	}
	return stateNames[state]
}

// TCP tells a stream socket of AF_INET or AF_INET6, the kind whose states TCP's names are for.
func (s *Socket) TCP() bool {
	family, typ := names.AF.Name(int64(s.Domain)), names.SockType.Name(int64(s.Type))
	return family != nil && typ != nil && typ.Name == "SOCK_STREAM" && (family.Name == "AF_INET" || family.Name == "AF_INET6")
}

// StateText is TCP's state under the kernel's name; of other sockets, whether they have a peer.
func (s *Socket) StateText() string {
	switch {
	case s.TCP(), s.State == Listen:
		return StateName(s.State)
	case s.State == Established:
		return "connected"
	case s.State == Close:
		return "unconnected"
	}
	return "-"
}
