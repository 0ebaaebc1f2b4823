//go:build !arm64 && !riscv64 && !loong64

package kernel

import "golang.org/x/sys/unix"

// older is the calls that machines newer than the calls' successors were not given: there the C library makes dup3 of
// dup2 and unlinkat of unlink.
func older(name string) (uintptr, bool) {
	switch name {
	case "dup2":
		return unix.SYS_DUP2, true
	case "unlink":
		return unix.SYS_UNLINK, true
	}
	return 0, false
}
