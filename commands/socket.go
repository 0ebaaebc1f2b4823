package commands

import (
	"socksh/commands/names"
	"socksh/commands/spec"
)

var sockets = Family{Name: "making and closing", Calls: []spec.Call{
	{
		Name: "socket", Summary: "make a socket, an endpoint for communication",
		Args: []spec.Field{
			{Name: "domain", Type: spec.Enum{Set: &names.AF}, Default: spec.Value{Kind: spec.Num, N: 2}, Help: "the address family"},
			{Name: "type", Type: socketType(), Default: spec.Value{Kind: spec.Num, N: 1}, Help: "stream, datagram, ...; may be joined with NONBLOCK and CLOEXEC"},
			{Name: "protocol", Type: protocol, Default: spec.Value{Kind: spec.Num}, Help: "0 is the usual one of the domain and type"},
		},
		Result: spec.FD{}, Current: spec.Makes, Python: "socket",
		Errors: []spec.Meaning{
			{Errno: "EAFNOSUPPORT", Text: "this kernel does not have that address family"},
			{Errno: "EPROTONOSUPPORT", Text: "the domain has no such protocol, or the protocol is not of that type"},
			{Errno: "ESOCKTNOSUPPORT", Text: "the domain has no such type"},
			{Errno: "EPROTOTYPE", Text: "the protocol does not fit the type"},
			{Errno: "EINVAL", Text: "the flags beside the type are unknown, or the family is"},
			{Errno: "EACCES", Text: "such a socket needs a privilege"},
			{Errno: "EPERM", Text: "such a socket needs a privilege (CAP_NET_RAW for raw and packet sockets)"},
			{Errno: "EMFILE", Text: "this process has as many descriptors as its limit allows"},
			{Errno: "ENFILE", Text: "the whole system has as many open files as it allows"},
			{Errno: "ENOBUFS", Text: "there is not enough memory"},
		},
		Example: []string{"socket", "socket udp", "socket inet6 stream|nonblock", "socket unix seqpacket"},
		Preset: []spec.Preset{
			{Word: "tcp", Args: []string{"AF_INET", "SOCK_STREAM", "IPPROTO_IP"}},
			{Word: "udp", Args: []string{"AF_INET", "SOCK_DGRAM", "IPPROTO_IP"}},
			{Word: "tcp6", Args: []string{"AF_INET6", "SOCK_STREAM", "IPPROTO_IP"}},
			{Word: "udp6", Args: []string{"AF_INET6", "SOCK_DGRAM", "IPPROTO_IP"}},
			{Word: "icmp", Args: []string{"AF_INET", "SOCK_DGRAM", "IPPROTO_ICMP"}},
			{Word: "icmp6", Args: []string{"AF_INET6", "SOCK_DGRAM", "IPPROTO_ICMPV6"}},
			{Word: "raw", Args: []string{"AF_INET", "SOCK_RAW", "IPPROTO_RAW"}},
			{Word: "unix", Args: []string{"AF_UNIX", "SOCK_STREAM"}},
			{Word: "unix-dgram", Args: []string{"AF_UNIX", "SOCK_DGRAM"}},
			{Word: "unix-seqpacket", Args: []string{"AF_UNIX", "SOCK_SEQPACKET"}},
			{Word: "packet", Args: []string{"AF_PACKET", "SOCK_RAW", "ETH_P_ALL"}},
			{Word: "arp", Args: []string{"AF_PACKET", "SOCK_DGRAM", "ETH_P_ARP"}},
			{Word: "netlink", Args: []string{"AF_NETLINK", "SOCK_RAW", "NETLINK_ROUTE"}},
			{Word: "mptcp", Args: []string{"AF_INET", "SOCK_STREAM", "IPPROTO_MPTCP"}},
			{Word: "vsock", Args: []string{"AF_VSOCK", "SOCK_STREAM"}},
		},
	},
	{
		Name: "socketpair", Summary: "make two sockets that are connected to each other",
		Args: []spec.Field{
			{Name: "domain", Type: spec.Enum{Set: &names.AF}, Default: spec.Value{Kind: spec.Num, N: 1}},
			{Name: "type", Type: socketType(), Default: spec.Value{Kind: spec.Num, N: 1}},
			{Name: "protocol", Type: spec.Int{Unsigned: true}, Default: spec.Value{Kind: spec.Num}},
			{Name: "sv", Type: &spec.Ptr{Dir: spec.Out, To: &spec.Array{Elem: spec.FD{}, N: 2}}},
		},
		Result: spec.Int{}, Current: spec.Pairs, Python: "socketpair",
		Errors: []spec.Meaning{
			{Errno: "EOPNOTSUPP", Text: "the domain makes no pairs; AF_UNIX does"},
			{Errno: "EAFNOSUPPORT", Text: "this kernel does not have that address family"},
			{Errno: "EPROTONOSUPPORT", Text: "the domain has no such protocol"},
			{Errno: "EMFILE", Text: "this process has as many descriptors as its limit allows"},
			{Errno: "EFAULT", Text: "sv does not point to memory of this process"},
		},
		Example: []string{"a, b = socketpair", "send a \"hello\"", "recv b"},
	},
	{
		Name: "shutdown", Summary: "end one direction of a connection, or both, whoever else holds the socket",
		Args: []spec.Field{sockfd(), {Name: "how", Type: spec.Enum{Set: &names.Shut}, Default: spec.Value{Kind: spec.Num, N: 1},
			Help: "SHUT_WR sends what is queued, then the end (FIN); SHUT_RD stops receiving; SHUT_RDWR does both"}},
		Result: spec.Int{}, Python: "shutdown",
		Errors: []spec.Meaning{
			badFD, notSock,
			{Errno: "ENOTCONN", Text: "the socket is not connected, so there is nothing to end"},
			{Errno: "EINVAL", Text: "how is none of SHUT_RD, SHUT_WR and SHUT_RDWR"},
		},
		Example: []string{"a, b = socketpair", "shutdown a wr", "recv b"},
	},
	{
		Name: "close", Summary: "give a descriptor back; the last one of a socket ends its connection",
		Args:   []spec.Field{{Name: "fd", Type: spec.FD{}, Closes: true}},
		Result: spec.Int{}, Blocks: true, Current: spec.Ends, Python: "close",
		Errors: []spec.Meaning{
			badFD,
			{Errno: "EINTR", Text: "a signal came; on Linux the descriptor is closed all the same, so do not close it again"},
			{Errno: "EIO", Text: "an input or output error came up"},
		},
		Example: []string{"socket", "close"},
	},
}}

func socketType() spec.Flags {
	return spec.Flags{Set: &names.SockFlag, Base: &names.SockType, Mask: 0xf}
}

var protocol = &spec.By{On: "domain", Else: spec.Int{Unsigned: true}, Cases: []spec.Case{
	{Key: "AF_INET", Type: spec.Enum{Set: &names.IPProto}},
	{Key: "AF_INET6", Type: spec.Enum{Set: &names.IPProto}},
	{Key: "AF_NETLINK", Type: spec.Enum{Set: &names.Netlink}},
	{Key: "AF_PACKET", Type: spec.Port{Set: &names.EtherType}},
}}

// Meanings that are the same in many calls.
var (
	badFD   = spec.Meaning{Errno: "EBADF", Text: "the number is no open descriptor of this process"}
	notSock = spec.Meaning{Errno: "ENOTSOCK", Text: "the descriptor is open, but it is no socket"}
	fault   = spec.Meaning{Errno: "EFAULT", Text: "a pointer does not lead to memory of this process"}
	intr    = spec.Meaning{Errno: "EINTR", Text: "a signal came before there was anything to return"}
	again   = spec.Meaning{Errno: "EAGAIN", Text: "the call would have to wait, and the socket is non-blocking, MSG_DONTWAIT was given or its timeout passed"}
)
