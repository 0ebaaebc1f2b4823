package commands

import "socksh/commands/spec"

var connections = Family{Name: "connecting", Calls: []spec.Call{
	{
		Name: "listen", Summary: "let peers connect to a socket",
		Args: []spec.Field{sockfd(), {Name: "backlog", Type: spec.Int{}, Default: spec.Value{Kind: spec.Num, N: 128},
			Help: "how many connections may wait in the accept queue; one more than this fits"}},
		Result: spec.Int{}, Python: "listen",
		Errors: []spec.Meaning{
			{Errno: "EADDRINUSE", Text: "another socket listens on that port, or an unbound socket found none left"},
			{Errno: "EINVAL", Text: "the socket is connected, or is a UNIX socket without an address to listen on: bind first"},
			{Errno: "EOPNOTSUPP", Text: "sockets of this type do not listen: only STREAM and SEQPACKET do"},
			badFD, notSock,
		},
		Example: []string{"socket", "bind", "listen 5"},
	},
	{
		Name: "accept", Summary: "take the first connection from a listener's accept queue, or wait for one",
		Args:   []spec.Field{sockfd(), outAddr(), outAddrlen()},
		Result: spec.FD{}, Blocks: true, Current: spec.Makes, Python: "accept",
		Errors:  acceptErrors,
		Example: []string{"srv = socket", "bind", "listen", "accept &", "addr = getsockname srv", "c = socket", "connect $addr", "wait"},
	},
	{
		Name: "accept4", Summary: "accept, with flags for the new descriptor", Manual: "accept(2)",
		Args:   []spec.Field{sockfd(), outAddr(), outAddrlen(), {Name: "flags", Type: socketFlags(), Default: spec.Value{Kind: spec.Num}}},
		Result: spec.FD{}, Blocks: true, Current: spec.Makes,
		Errors:  acceptErrors,
		Example: []string{"srv = socket", "bind", "listen", "addr = getsockname srv", "c = socket", "connect $addr", "accept4 srv nonblock|cloexec"},
	},
	{
		Name: "connect", Summary: "name the peer; on a stream, shake hands with it",
		Args:   []spec.Field{sockfd(), inAddr(), inAddrlen()},
		Result: spec.Int{}, Blocks: true, Python: "connect",
		Errors: []spec.Meaning{
			{Errno: "ECONNREFUSED", Text: "nobody listens at that address"},
			{Errno: "ETIMEDOUT", Text: "no answer came"},
			{Errno: "ENETUNREACH", Text: "no route leads to that network"},
			{Errno: "EHOSTUNREACH", Text: "the network cannot reach that host"},
			{Errno: "EINPROGRESS", Text: "the socket is non-blocking and the handshake goes on; it is done when the socket becomes writable"},
			{Errno: "EALREADY", Text: "an earlier connect of this non-blocking socket is still going on"},
			{Errno: "EISCONN", Text: "the socket is connected already"},
			{Errno: "EADDRINUSE", Text: "the local address is in use"},
			{Errno: "EADDRNOTAVAIL", Text: "no local port is left, or that address cannot be a peer's"},
			{Errno: "EAFNOSUPPORT", Text: "the address is of another family than the socket"},
			{Errno: "EACCES", Text: "a firewall forbids it, a broadcast address needs SO_BROADCAST, or the UNIX path may not be written"},
			{Errno: "EPERM", Text: "a firewall forbids it"},
			{Errno: "EAGAIN", Text: "the UNIX listener's queue is full, or no local port is left"},
			{Errno: "ENOENT", Text: "the UNIX path does not exist"},
			{Errno: "EPROTOTYPE", Text: "the UNIX socket at that path is of another type"},
			{Errno: "ECONNRESET", Text: "the peer broke the handshake off"},
			{Errno: "EINVAL", Text: "addrlen does not fit the family, or the socket listens"},
			intr, badFD, notSock, fault,
		},
		Example: []string{"srv = socket", "bind", "listen", "addr = getsockname srv", "c = socket", "connect $addr"},
	},
}}

var acceptErrors = []spec.Meaning{
	{Errno: "EINVAL", Text: "the socket does not listen, or flags or addrlen are wrong"},
	{Errno: "EAGAIN", Text: "no connection waits, and the socket is non-blocking or its timeout passed"},
	{Errno: "ECONNABORTED", Text: "the connection was broken off before it was accepted"},
	{Errno: "EMFILE", Text: "this process has as many descriptors as its limit allows"},
	{Errno: "ENFILE", Text: "the whole system has as many open files as it allows"},
	{Errno: "EOPNOTSUPP", Text: "sockets of this type have no connections to accept"},
	intr, badFD, notSock, fault,
}
