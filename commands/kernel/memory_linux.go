package kernel

import "golang.org/x/sys/unix"

// mapGuarded maps room for n bytes and a guard behind them that cannot be touched. It panics when the system has no
// address space left, as make does.
func mapGuarded(n int) []byte {
	page := unix.Getpagesize()
	size := (n+page-1)/page*page + guardSize
	b, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		panic("out of memory: " + err.Error())
	}
	if err := unix.Mprotect(b[size-guardSize:], unix.PROT_NONE); err != nil {
		panic("out of memory: " + err.Error())
	}
	return b
}

func unmap(b []byte) {
	// The only error is a wrong address, and this one came from mmap.
	_ = unix.Munmap(b)
}
