package names

import "golang.org/x/sys/unix"

// Fcntl is the commands of fcntl(2).
var Fcntl = Set{Prefix: []string{"F_"}, Unknown: "F_???", Entries: []Entry{
	{unix.F_DUPFD, "F_DUPFD", ""},
	{unix.F_GETFD, "F_GETFD", ""},
	{unix.F_SETFD, "F_SETFD", ""},
	{unix.F_GETFL, "F_GETFL", ""},
	{unix.F_SETFL, "F_SETFL", ""},
	{unix.F_GETLK, "F_GETLK", ""},
	{unix.F_SETLK, "F_SETLK", ""},
	{unix.F_SETLKW, "F_SETLKW", ""},
	{unix.F_SETOWN, "F_SETOWN", ""},
	{unix.F_GETOWN, "F_GETOWN", ""},
	{unix.F_SETSIG, "F_SETSIG", ""},
	{unix.F_GETSIG, "F_GETSIG", ""},
	{unix.F_SETOWN_EX, "F_SETOWN_EX", ""},
	{unix.F_GETOWN_EX, "F_GETOWN_EX", ""},
	{unix.F_OFD_GETLK, "F_OFD_GETLK", ""},
	{unix.F_OFD_SETLK, "F_OFD_SETLK", ""},
	{unix.F_OFD_SETLKW, "F_OFD_SETLKW", ""},
	{unix.F_SETLEASE, "F_SETLEASE", ""},
	{unix.F_GETLEASE, "F_GETLEASE", ""},
	{unix.F_NOTIFY, "F_NOTIFY", ""},
	{unix.F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC", ""},
	{unix.F_SETPIPE_SZ, "F_SETPIPE_SZ", ""},
	{unix.F_GETPIPE_SZ, "F_GETPIPE_SZ", ""},
	{unix.F_ADD_SEALS, "F_ADD_SEALS", ""},
	{unix.F_GET_SEALS, "F_GET_SEALS", ""},
	{unix.F_GET_RW_HINT, "F_GET_RW_HINT", ""},
	{unix.F_SET_RW_HINT, "F_SET_RW_HINT", ""},
	{unix.F_GET_FILE_RW_HINT, "F_GET_FILE_RW_HINT", ""},
	{unix.F_SET_FILE_RW_HINT, "F_SET_FILE_RW_HINT", ""},
}}

// FDFlag is the flags of a descriptor (F_GETFD in fcntl(2)).
var FDFlag = Set{Prefix: []string{"FD_"}, Unknown: "FD_???", Entries: []Entry{
	{unix.FD_CLOEXEC, "FD_CLOEXEC", ""},
}}

// OAcc is the access mode of an open file (open(2)).
var OAcc = Set{Prefix: []string{"O_"}, Unknown: "O_???", Entries: []Entry{
	{unix.O_RDONLY, "O_RDONLY", ""},
	{unix.O_WRONLY, "O_WRONLY", ""},
	{unix.O_RDWR, "O_RDWR", ""},
}}

// OFlag is the flags of an open file (open(2), F_GETFL in fcntl(2)).
var OFlag = Set{Prefix: []string{"O_"}, Unknown: "O_???", Entries: []Entry{
	{unix.O_CREAT, "O_CREAT", ""},
	{unix.O_EXCL, "O_EXCL", ""},
	{unix.O_NOCTTY, "O_NOCTTY", ""},
	{unix.O_TRUNC, "O_TRUNC", ""},
	{unix.O_APPEND, "O_APPEND", ""},
	{unix.O_NONBLOCK, "O_NONBLOCK", ""},
	{unix.O_DSYNC, "O_DSYNC", ""},
	{unix.O_ASYNC, "O_ASYNC", ""},
	{unix.O_DIRECT, "O_DIRECT", ""},
	{0x8000, "O_LARGEFILE", ""},
	{unix.O_DIRECTORY, "O_DIRECTORY", ""},
	{unix.O_NOFOLLOW, "O_NOFOLLOW", ""},
	{unix.O_NOATIME, "O_NOATIME", ""},
	{unix.O_CLOEXEC, "O_CLOEXEC", ""},
}, Also: []Entry{
	{unix.O_NDELAY, "O_NDELAY", ""},
}}
