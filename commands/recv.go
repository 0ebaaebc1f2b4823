package commands

import "socksh/commands/spec"

var receiving = Family{Name: "receiving", Calls: []spec.Call{
	{
		Name: "recv", Kernel: "recvfrom", Summary: "receive at most len bytes; 0 is the end of a stream",
		Args: []spec.Field{sockfd(), outBuf(), bufRoom(), msgFlags(),
			{Name: "src_addr", Type: &spec.Ptr{Dir: spec.Out, To: &Address}, Kernel: true, Default: spec.Value{Kind: spec.Null}},
			{Name: "addrlen", Type: &spec.Ptr{Dir: spec.InOut, To: spec.Len{Of: "src_addr", Back: true}}, Kernel: true, Default: spec.Value{Kind: spec.Null}}},
		Result: length, Blocks: true, Python: "recv",
		Errors:  recvErrors,
		Example: []string{"socketpair", "send 4 \"hello\"", "recv 3 2", "recv 3 1024 peek"},
	},
	{
		Name: "recvfrom", Summary: "receive at most len bytes, and the address of their sender", Manual: "recv(2)",
		Args: []spec.Field{sockfd(), outBuf(), bufRoom(), msgFlags(),
			{Name: "src_addr", Type: &spec.Ptr{Dir: spec.Out, To: &Address}},
			{Name: "addrlen", Type: &spec.Ptr{Dir: spec.InOut, To: spec.Len{Of: "src_addr", Back: true}}}},
		Result: length, Blocks: true, Python: "recvfrom",
		Errors:  recvErrors,
		Example: []string{"b = socket udp", "bind", "addr = getsockname b", "a = socket udp", "sendto a \"ping\" $addr", "recvfrom b"},
	},
	{
		Name: "read", Summary: "read at most count bytes from any descriptor; on a socket, recv without flags",
		Args: []spec.Field{{Name: "fd", Type: spec.FD{}}, outBuf(),
			{Name: "count", Type: spec.Len{Of: "buf", Size: 8, Unsigned: true}, Default: spec.Value{Kind: spec.Num, N: 1024}}},
		Result: length, Blocks: true,
		Errors: []spec.Meaning{
			{Errno: "ECONNRESET", Text: "the peer broke the connection off (RST)"},
			{Errno: "ENOTCONN", Text: "the stream is not connected"},
			{Errno: "ETIMEDOUT", Text: "the peer no longer answered"},
			{Errno: "EINVAL", Text: "the descriptor cannot be read"},
			again, intr, badFD, fault,
		},
		Example: []string{"a, b = socketpair", "write a \"hello\"", "read b"},
	},
}}

var recvErrors = []spec.Meaning{
	{Errno: "ECONNRESET", Text: "the peer broke the connection off (RST)"},
	{Errno: "ECONNREFUSED", Text: "nobody listened at the peer's address: a non-blocking connect failed, or an earlier datagram was answered"},
	{Errno: "ENOTCONN", Text: "the stream is not connected"},
	{Errno: "ETIMEDOUT", Text: "the peer no longer answered"},
	{Errno: "EINVAL", Text: "an argument does not fit, such as MSG_OOB without urgent data; a UNIX stream is not connected"},
	{Errno: "EOPNOTSUPP", Text: "a flag does not fit this type of socket"},
	again, intr, badFD, notSock, fault,
}
