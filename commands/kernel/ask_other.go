//go:build !linux

package kernel

import "golang.org/x/sys/unix"

// Getsockname, Getpeername and Getsockopt know nothing: on this system no call is made.
func Getsockname(int, []byte) ([]byte, unix.Errno) { return nil, unix.ENOSYS }

// Getpeername is as Getsockname.
func Getpeername(int, []byte) ([]byte, unix.Errno) { return nil, unix.ENOSYS }

// Getsockopt is as Getsockname.
func Getsockopt(int, int, int, []byte) ([]byte, unix.Errno) { return nil, unix.ENOSYS }
