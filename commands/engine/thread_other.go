//go:build !linux

package engine

import (
	"fmt"
	"runtime"
)

// Setup names what is missing here.
func Setup() error { return fmt.Errorf("calls are made on linux only, and this is %s", runtime.GOOS) }

func maskSignals() error { return Setup() }

func threadID() int { return 0 }

func signal(int) {}

func yield() {}

func taskFile(int) string { return "" }

func gone(error) bool { return false }
