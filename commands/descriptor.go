package commands

import (
	"socksh/commands/names"
	"socksh/commands/spec"
)

var descriptors = Family{Name: "descriptors", Calls: []spec.Call{
	{
		Name: "dup", Summary: "give an open socket or file a second descriptor, the lowest free number",
		Args:   []spec.Field{{Name: "oldfd", Type: spec.FD{}}},
		Result: spec.FD{}, Current: spec.Makes, Python: "dup",
		Errors:  []spec.Meaning{badFD, {Errno: "EMFILE", Text: "this process has as many descriptors as its limit allows"}},
		Example: []string{"socket", "dup 3"},
	},
	{
		Name: "dup2", Summary: "make newfd a descriptor of what oldfd is, closing what it was", Manual: "dup(2)",
		Args:    []spec.Field{{Name: "oldfd", Type: spec.FD{}}, {Name: "newfd", Type: spec.FD{}, Closes: true}},
		Result:  spec.FD{},
		Errors:  dupErrors,
		Example: []string{"socket", "dup2 3 9"},
	},
	{
		Name: "dup3", Summary: "dup2, with flags for the new descriptor; the two must differ", Manual: "dup(2)",
		Args: []spec.Field{{Name: "oldfd", Type: spec.FD{}}, {Name: "newfd", Type: spec.FD{}, Closes: true},
			{Name: "flags", Type: spec.Flags{Set: &names.OFlag}, Default: spec.Value{Kind: spec.Num}}},
		Result:  spec.FD{},
		Errors:  dupErrors,
		Example: []string{"socket", "dup3 3 9 cloexec"},
	},
	{
		Name: "fcntl", Summary: "ask or change the flags of a descriptor or of what it stands for",
		Args: []spec.Field{{Name: "fd", Type: spec.FD{}}, {Name: "cmd", Type: spec.Enum{Set: &names.Fcntl}},
			{Name: "arg", Type: &spec.By{On: "cmd", Else: spec.Int{Size: 8, Hex: true}, Cases: []spec.Case{
				{Key: "F_GETFD", Type: spec.Absent{}},
				{Key: "F_GETFL", Type: spec.Absent{}},
				{Key: "F_GETOWN", Type: spec.Absent{}},
				{Key: "F_GETSIG", Type: spec.Absent{}},
				{Key: "F_SETFD", Type: spec.Flags{Set: &names.FDFlag}},
				{Key: "F_SETFL", Type: statusFlags()},
				{Key: "F_DUPFD", Type: spec.Int{}},
				{Key: "F_DUPFD_CLOEXEC", Type: spec.Int{}},
			}}, Help: "what the command takes: flags, or the lowest number for the new descriptor"}},
		Result: &spec.By{On: "cmd", Else: spec.Int{}, Cases: []spec.Case{
			{Key: "F_GETFD", Type: spec.Flags{Set: &names.FDFlag}},
			{Key: "F_GETFL", Type: statusFlags()},
			{Key: "F_DUPFD", Type: spec.FD{}},
			{Key: "F_DUPFD_CLOEXEC", Type: spec.FD{}},
		}},
		Errors: []spec.Meaning{badFD,
			{Errno: "EINVAL", Text: "the command is unknown, or the lowest number lies outside the limit"},
			{Errno: "EMFILE", Text: "no number from the lowest on is free within the limit"},
			{Errno: "EPERM", Text: "that flag may not be changed"}},
		Example: []string{"socket", "fcntl 3 F_GETFL", "fcntl 3 F_SETFL nonblock", "fcntl 3 F_DUPFD 20"},
	},
}}

func statusFlags() spec.Flags { return spec.Flags{Set: &names.OFlag, Base: &names.OAcc, Mask: 3} }

var dupErrors = []spec.Meaning{
	{Errno: "EBADF", Text: "oldfd is no open descriptor, or newfd lies outside the limit"},
	{Errno: "EINVAL", Text: "the flags are unknown, or dup3 was given the same number twice"},
	{Errno: "EBUSY", Text: "newfd is just being opened by another thread"},
	intr,
}
