package main

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// calls makes n calls, and says whether each of them succeeded.
func calls(mode string, n int) bool {
	if mode == "getsockname" {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			return false
		}
		var addr [128]byte
		for range n {
			size := uint32(len(addr))
			if _, _, e := unix.Syscall(unix.SYS_GETSOCKNAME, uintptr(fd), uintptr(unsafe.Pointer(&addr)), uintptr(unsafe.Pointer(&size))); e != 0 {
				return false
			}
		}
		return true
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return false
	}
	var b [1]byte
	for range n / 2 {
		if _, _, e := unix.Syscall6(unix.SYS_SENDTO, uintptr(pair[0]), uintptr(unsafe.Pointer(&b)), 1, 0, 0, 0); e != 0 {
			return false
		}
		if _, _, e := unix.Syscall6(unix.SYS_RECVFROM, uintptr(pair[1]), uintptr(unsafe.Pointer(&b)), 1, 0, 0, 0); e != 0 {
			return false
		}
	}
	return true
}
