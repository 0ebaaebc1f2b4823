// Package scripts holds programs to read and to run. Its tests run them, and try the whole program from outside.
package scripts

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"socksh/repl"
	"socksh/repl/term"
)

// asProgram makes a copy of the test binary the program itself.
const asProgram = "SOCKSH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == term.LookupWord {
		os.Exit(term.LookupMain(os.Args[2:], os.Stdout))
	}
	if os.Getenv(asProgram) != "" {
		os.Exit(repl.Main(os.Args[1:], repl.Std{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Exit: os.Exit}))
	}
	os.Exit(m.Run())
}

// program is the shell with these arguments, not started yet.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	// A program under the race detector would sleep for a second at its end.
	cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+t.TempDir(), "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// result is what a run of the program came to.
type result struct {
	out, err string
	status   int
}

func run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	cmd := program(t, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader([]byte(stdin)), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}
