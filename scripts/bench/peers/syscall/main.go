// Command syscall makes bare calls as the shell must make them in Go, telling the scheduler: getsockname|transfer N.
package main

import (
	"os"
	"strconv"
)

func main() {
	if len(os.Args) != 3 {
		os.Exit(2)
	}
	n, err := strconv.Atoi(os.Args[2])
	if err != nil || !calls(os.Args[1], n) {
		os.Exit(1)
	}
}
