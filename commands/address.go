package commands

import "socksh/commands/spec"

var addresses = Family{Name: "addresses", Calls: []spec.Call{
	{
		Name: "bind", Summary: "give a socket its local address",
		Args:   []spec.Field{sockfd(), anyAddr(), inAddrlen()},
		Result: spec.Int{}, Python: "bind",
		Errors: []spec.Meaning{
			{Errno: "EADDRINUSE", Text: "another socket has that address; for port 0, no port is left"},
			{Errno: "EADDRNOTAVAIL", Text: "no interface of this machine has that address, or a UNIX name is taken"},
			{Errno: "EACCES", Text: "ports below 1024 need a privilege; for a UNIX path, its folder may not be written"},
			{Errno: "EINVAL", Text: "the socket has an address already, or addrlen does not fit the family"},
			{Errno: "EAFNOSUPPORT", Text: "the address is of another family than the socket"},
			{Errno: "ENOENT", Text: "a folder of the UNIX path does not exist"},
			{Errno: "ENOTDIR", Text: "a part of the UNIX path is no folder"},
			{Errno: "EROFS", Text: "the UNIX path is on a file system that is read-only"},
			badFD, notSock, fault,
		},
		Example: []string{"socket", "bind 127.0.0.1:0", "getsockname"},
	},
	{
		Name: "getsockname", Summary: "ask for a socket's own address",
		Args:   []spec.Field{sockfd(), outAddr(), outAddrlen()},
		Result: spec.Int{}, Python: "getsockname",
		Errors: []spec.Meaning{badFD, notSock, fault,
			{Errno: "EINVAL", Text: "addrlen is negative"}},
		Example: []string{"socket", "bind", "getsockname"},
	},
	{
		Name: "getpeername", Summary: "ask for the address of a socket's peer",
		Args:   []spec.Field{sockfd(), outAddr(), outAddrlen()},
		Result: spec.Int{}, Python: "getpeername",
		Errors: []spec.Meaning{badFD, notSock, fault,
			{Errno: "ENOTCONN", Text: "the socket is not connected, so it has no peer"},
			{Errno: "EINVAL", Text: "addrlen is negative"}},
		Example: []string{"socketpair", "getpeername 3"},
	},
	{
		Name: "unlink", Summary: "remove a name from the file system, such as a UNIX socket's path",
		Args:   []spec.Field{{Name: "pathname", Type: &spec.Ptr{Dir: spec.In, To: spec.File{}}}},
		Result: spec.Int{},
		Errors: []spec.Meaning{
			{Errno: "ENOENT", Text: "there is no file of that name"},
			{Errno: "EACCES", Text: "the folder may not be written"},
			{Errno: "EPERM", Text: "the file may not be removed, or the name is a folder's"},
			{Errno: "EISDIR", Text: "the name is a folder's"},
			{Errno: "ENOTDIR", Text: "a part of the path is no folder"},
			{Errno: "EROFS", Text: "the file system is read-only"},
			{Errno: "ENAMETOOLONG", Text: "the path is too long"},
			fault,
		},
		Example: []string{"socket unix", "bind unix:socksh-example.sock", "unlink socksh-example.sock"},
	},
}}
