package engine

import (
	"strconv"
	"strings"
)

// blockedIn reads a thread's syscall file: the number of the call that it sleeps in and its arguments, or "running".
func blockedIn(text []byte, nr int64) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	n, err := strconv.ParseInt(first, 10, 64)
	return err == nil && n == nr
}
