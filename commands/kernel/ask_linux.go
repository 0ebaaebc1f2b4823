package kernel

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// These few calls are made for the shell itself, for notes, hints and tables: never on the user's behalf.
// They exist because the wrappers of x/sys add a getsockopt and allocate.

// Getsockname reads the socket's own address into buf and gives the part that the kernel filled (getsockname(2)).
func Getsockname(fd int, buf []byte) ([]byte, unix.Errno) {
	return askName(unix.SYS_GETSOCKNAME, fd, buf)
}

// Getpeername reads the peer's address into buf and gives the part that the kernel filled (getpeername(2)).
func Getpeername(fd int, buf []byte) ([]byte, unix.Errno) {
	return askName(unix.SYS_GETPEERNAME, fd, buf)
}

func askName(nr uintptr, fd int, buf []byte) ([]byte, unix.Errno) {
	n := uint32(len(buf))
	_, _, e := unix.Syscall(nr, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(unsafe.Pointer(&n)))
	if e != 0 {
		return nil, e
	}
	return buf[:min(int(n), len(buf))], 0
}

// Getsockopt reads an option's value into buf and gives the part that the kernel filled (getsockopt(2)).
// It must not be asked for SO_ERROR, which clears what the user wants to see.
func Getsockopt(fd, level, name int, buf []byte) ([]byte, unix.Errno) {
	n := uint32(len(buf))
	_, _, e := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), uintptr(level), uintptr(name),
		uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(unsafe.Pointer(&n)), 0)
	if e != 0 {
		return nil, e
	}
	return buf[:min(int(n), len(buf))], 0
}
