package commands

import "socksh/commands/spec"

var sending = Family{Name: "sending", Calls: []spec.Call{
	{
		Name: "send", Kernel: "sendto", Summary: "send bytes to the peer; a stream may take only a part",
		Args: []spec.Field{sockfd(), inBuf(), bufLen(), msgFlags(),
			{Name: "dest_addr", Type: &spec.Ptr{Dir: spec.In, To: &Address}, Kernel: true, Default: spec.Value{Kind: spec.Null}},
			{Name: "addrlen", Type: spec.Len{Of: "dest_addr"}, Kernel: true, Default: spec.Value{Kind: spec.Num}}},
		Result: length, Blocks: true, Python: "send",
		Errors:  sendErrors,
		Example: []string{"socketpair", "send 3 \"hello\\r\\n\"", "send 4 hex:00ff dontwait"},
	},
	{
		Name: "sendall", Kernel: "sendto", Repeats: "send", Summary: "send until all is sent, each send on its line", Manual: "send(2)",
		Args: []spec.Field{sockfd(), inBuf(), bufLen(), msgFlags(),
			{Name: "dest_addr", Type: &spec.Ptr{Dir: spec.In, To: &Address}, Kernel: true, Default: spec.Value{Kind: spec.Null}},
			{Name: "addrlen", Type: spec.Len{Of: "dest_addr"}, Kernel: true, Default: spec.Value{Kind: spec.Num}}},
		Result: length, Blocks: true, Python: "sendall",
		Errors:  sendErrors,
		Example: []string{"socketpair", "sendall 3 fill:4096", "recv 4 8K"},
	},
	{
		Name: "sendto", Summary: "send bytes to an address", Manual: "send(2)",
		Args: []spec.Field{sockfd(), inBuf(), bufLen(), msgFlags(),
			{Name: "dest_addr", Type: &spec.Ptr{Dir: spec.In, To: &Address}}, {Name: "addrlen", Type: spec.Len{Of: "dest_addr"}}},
		Result: length, Blocks: true, Python: "sendto",
		Errors:  sendErrors,
		Example: []string{"b = socket udp", "bind", "addr = getsockname b", "a = socket udp", "sendto a \"ping\" $addr", "recvfrom b"},
	},
	{
		Name: "write", Summary: "write bytes to any descriptor; on a socket, send without flags",
		Args: []spec.Field{{Name: "fd", Type: spec.FD{}}, inBuf(),
			{Name: "count", Type: spec.Len{Of: "buf", Size: 8, Unsigned: true}}},
		Result: length, Blocks: true,
		Errors:  sendErrors,
		Example: []string{"a, b = socketpair", "write a \"hello\"", "read b"},
	},
}}

var sendErrors = []spec.Meaning{
	{Errno: "EPIPE", Text: "the connection is over in this direction: shut down here, or the peer is gone (a C program would get SIGPIPE)"},
	{Errno: "ECONNRESET", Text: "the peer broke the connection off (RST)"},
	{Errno: "ENOTCONN", Text: "the socket is not connected, and no address was given"},
	{Errno: "EDESTADDRREQ", Text: "the socket has no peer, and no address was given"},
	{Errno: "EISCONN", Text: "the socket has a peer already, so it takes no address"},
	{Errno: "ECONNREFUSED", Text: "nobody listened at the peer's address: a non-blocking connect failed, or an earlier datagram was answered"},
	{Errno: "EMSGSIZE", Text: "the message is too long for this type of socket, which sends it whole or not at all"},
	{Errno: "EAFNOSUPPORT", Text: "the address is of another family than the socket"},
	{Errno: "EACCES", Text: "a broadcast address needs SO_BROADCAST; for a UNIX path, it may not be written"},
	{Errno: "ENETUNREACH", Text: "no route leads to that network"},
	{Errno: "ENOBUFS", Text: "the interface's queue is full"},
	{Errno: "EOPNOTSUPP", Text: "a flag does not fit this type of socket"},
	{Errno: "EINVAL", Text: "an argument does not fit, such as port 0 or a short addrlen"},
	again, intr, badFD, notSock, fault,
}
