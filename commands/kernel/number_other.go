//go:build !linux

package kernel

import (
	"fmt"
	"runtime"
	"syscall"

	"socksh/commands/names"
	"socksh/commands/spec"
)

func number(c *spec.Call) (uintptr, error) {
	return 0, fmt.Errorf("%s: this shell makes calls on linux only, and this is %s", c.Name, runtime.GOOS)
}

func syscall6(uintptr, *[6]uintptr) (int64, names.Errno) { return -1, names.Errno(syscall.ENOSYS) }
