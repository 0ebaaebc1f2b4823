//go:build !linux

package term

import "os"

// IsTerminal says no: the prompt runs on Linux only.
func IsTerminal(*os.File) bool { return false }
