// Command readline makes one socket and links readline without using it: what a program in Go that has a prompt costs
// before it does anything.
package main

import (
	"os"
	"runtime"

	"github.com/chzyer/readline"
)

func main() {
	if len(os.Args) > 1 { // never in the benchmark, but the linker cannot know
		if l, err := readline.New("> "); err == nil {
			l.Readline()
		}
	}
	if !makeSocket() {
		runtime.Goexit()
	}
}
