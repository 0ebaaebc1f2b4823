package session

import (
	"errors"

	"socksh/repl/line"
)

// ErrInterrupted ends what runs after Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// An Exit ends the shell with a status: the builtin exit.
type Exit struct{ Status int }

func (e *Exit) Error() string { return "exit" }

// A Failure is an error that no expectation foresaw, or an expectation that did not hold.
type Failure struct {
	Line     *line.Statement // nil: none
	Msg      string          // instead of expectation and result
	Expected string
	Came     string
}

func (f *Failure) Error() string {
	if f.Expected == "" {
		return f.Msg
	}
	return "expected " + f.Expected + ", came " + f.Came
}
