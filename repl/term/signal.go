package term

import (
	"errors"
	"syscall"
)

// The signals that the terminal's keys send to what runs in the foreground (termios(3)).
const (
	CtrlC         = syscall.SIGINT
	CtrlZ         = syscall.SIGTSTP
	CtrlBackslash = syscall.SIGQUIT
)

// NoReader says whether a write failed because nobody reads any more: the other end of the pipe is closed (pipe(7)).
func NoReader(err error) bool { return errors.Is(err, syscall.EPIPE) }
