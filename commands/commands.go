// Package commands is the table of calls: what the shell knows about each system call stands here, once. Parsers,
// notations, help, completion and hints are derived from it, and the calls themselves are made from it by package
// kernel. The table is literal data without functions and maps, so that the linker lays it out and starting costs
// nothing. One file a family.
package commands

import (
	"socksh/commands/names"
	"socksh/commands/spec"
)

// A Family is the calls of one file.
type Family struct {
	Name  string
	Calls []spec.Call
}

// Families lists the table in the order of help and of the README.
var families = [...]*Family{&sockets, &addresses, &connections, &sending, &receiving, &options, &descriptors}

// Families gives the table, family by family, in the order of help.
func Families() []*Family { return families[:] }

// Calls gives the table, call by call.
func Calls() []*spec.Call {
	var all []*spec.Call
	for _, f := range families {
		for i := range f.Calls {
			all = append(all, &f.Calls[i])
		}
	}
	return all
}

// Fields that stand in many calls, under the names of the manual pages. They are functions, which the compiler
// evaluates where they stand: a copy of a variable would be made by code, at each start.
func sockfd() spec.Field { return spec.Field{Name: "sockfd", Type: spec.FD{}} }
func inAddr() spec.Field {
	return spec.Field{Name: "addr", Type: &spec.Ptr{Dir: spec.In, To: &Address}}
}
func inAddrlen() spec.Field { return spec.Field{Name: "addrlen", Type: spec.Len{Of: "addr"}} }
func anyAddr() spec.Field {
	return spec.Field{Name: "addr", Type: &spec.Ptr{Dir: spec.In, To: &Address}, Default: spec.Value{Kind: spec.Any}}
}

func outAddr() spec.Field {
	return spec.Field{Name: "addr", Type: &spec.Ptr{Dir: spec.Out, To: &Address}}
}
func outAddrlen() spec.Field {
	return spec.Field{Name: "addrlen", Type: &spec.Ptr{Dir: spec.InOut, To: spec.Len{Of: "addr", Back: true}}}
}
func inBuf() spec.Field {
	return spec.Field{Name: "buf", Type: &spec.Ptr{Dir: spec.In, To: spec.Blob{}}}
}
func outBuf() spec.Field {
	return spec.Field{Name: "buf", Type: &spec.Ptr{Dir: spec.Out, To: spec.Blob{}}}
}
func bufLen() spec.Field {
	return spec.Field{Name: "len", Type: spec.Len{Of: "buf", Size: 8, Unsigned: true}}
}
func bufRoom() spec.Field {
	return spec.Field{Name: "len", Type: spec.Len{Of: "buf", Size: 8, Unsigned: true}, Default: spec.Value{Kind: spec.Num, N: 1024}}
}
func msgFlags() spec.Field {
	return spec.Field{Name: "flags", Type: spec.Flags{Set: &names.Msg}, Default: spec.Value{Kind: spec.Num}}
}
func socketFlags() spec.Flags { return spec.Flags{Set: &names.SockFlag} }

var length = spec.Int{Size: 8}

// Address is any socket address (sockaddr(3type)): the family chooses the rest.
var Address = spec.Tagged{Tag: spec.Field{Name: "sa_family", Type: family()}, Cases: []spec.Case{
	{Key: "AF_INET", Type: &spec.Struct{Min: 16, Fields: []spec.Field{ // ip(7)
		{Name: "sa_family", Type: family()},
		{Name: "sin_port", Type: spec.Port{}},
		{Name: "sin_addr", Type: spec.IP4{}},
	}}},
	{Key: "AF_INET6", Type: &spec.Struct{Min: 24, Fields: []spec.Field{ // ipv6(7); old programs leave the scope out
		{Name: "sa_family", Type: family()},
		{Name: "sin6_port", Type: spec.Port{}},
		{Name: "sin6_flowinfo", Type: spec.Net32{}},
		{Name: "sin6_addr", Type: spec.IP6{}},
		{Name: "sin6_scope_id", Type: spec.IfIndex{Scope: true}},
	}}},
	{Key: "AF_UNIX", Type: &spec.Struct{Min: 3, Fields: []spec.Field{ // unix(7)
		{Name: "sa_family", Type: family()},
		{Name: "sun_path", Type: spec.Path{}},
	}}},
}}

func family() spec.Enum { return spec.Enum{Set: &names.AF, Size: 2} }
