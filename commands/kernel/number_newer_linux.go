//go:build arm64 || riscv64 || loong64

package kernel

// older is the calls that this machine's kernel never had.
func older(string) (uintptr, bool) { return 0, false }
