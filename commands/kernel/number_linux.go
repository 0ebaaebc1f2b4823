package kernel

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// number is the call's number in this kernel's table. One line a kernel call.
func number(c *spec.Call) (uintptr, error) {
	name := c.Kernel
	if name == "" {
		name = c.Name
	}
	switch name {
	case "socket":
		return unix.SYS_SOCKET, nil
	case "socketpair":
		return unix.SYS_SOCKETPAIR, nil
	case "bind":
		return unix.SYS_BIND, nil
	case "listen":
		return unix.SYS_LISTEN, nil
	case "accept":
		return unix.SYS_ACCEPT, nil
	case "accept4":
		return unix.SYS_ACCEPT4, nil
	case "connect":
		return unix.SYS_CONNECT, nil
	case "sendto":
		return unix.SYS_SENDTO, nil
	case "recvfrom":
		return unix.SYS_RECVFROM, nil
	case "read":
		return unix.SYS_READ, nil
	case "write":
		return unix.SYS_WRITE, nil
	case "shutdown":
		return unix.SYS_SHUTDOWN, nil
	case "close":
		return unix.SYS_CLOSE, nil
	case "getsockname":
		return unix.SYS_GETSOCKNAME, nil
	case "getpeername":
		return unix.SYS_GETPEERNAME, nil
	case "getsockopt":
		return unix.SYS_GETSOCKOPT, nil
	case "setsockopt":
		return unix.SYS_SETSOCKOPT, nil
	case "dup":
		return unix.SYS_DUP, nil
	case "dup3":
		return unix.SYS_DUP3, nil
	case "fcntl":
		return unix.SYS_FCNTL, nil
	}
	if nr, ok := older(name); ok {
		return nr, nil
	}
	return 0, fmt.Errorf("the kernel of linux on %s has no call %s", runtime.GOARCH, name)
}

// syscall6 is the bare call. It tells the scheduler, unlike RawSyscall6, so that a call that blocks holds up nobody.
func syscall6(nr uintptr, r *[6]uintptr) (int64, names.Errno) {
	ret, _, e := unix.Syscall6(nr, r[0], r[1], r[2], r[3], r[4], r[5])
	return int64(int(ret)), names.Errno(e)
}
