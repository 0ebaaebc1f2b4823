// Command socksh is the socket shell: an interactive shell in which each command is one system call of the socket API.
package main

import (
	"os"
	"runtime"

	"socksh/repl"
	"socksh/repl/term"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == term.LookupWord {
		os.Exit(term.LookupMain(os.Args[2:], os.Stdout))
	}
	runtime.LockOSThread() // a script's calls are made on the process's first thread, a job's never
	os.Exit(repl.Main(os.Args[1:], repl.Std{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Exit: os.Exit}))
}
