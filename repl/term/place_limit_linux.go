package term

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// Limit gives the soft and the hard limit of open files that the kernel applies to this process now
// (RLIMIT_NOFILE, prlimit(2)).
func Limit() (soft, hard uint64, err error) {
	var now unix.Rlimit
	if err := unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &now); err != nil {
		return 0, 0, fmt.Errorf("read the limit of open files: %w", err)
	}
	return now.Cur, now.Max, nil
}

// SetLimit sets the soft limit of open files, which may be anything up to the hard one (else EINVAL). Descriptors
// above a lowered limit stay open. Children inherit it: Go otherwise gives each child the limit that the program was
// started with, and stops that once the program has set its own through x/sys.
func SetLimit(soft uint64) error {
	_, hard, err := Limit()
	if err != nil {
		return err
	}
	if err := unix.Prlimit(0, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: soft, Max: hard}, nil); err != nil {
		return fmt.Errorf("set the limit of open files to %d (the hard limit is %d): %w", soft, hard, err)
	}
	return nil
}

// RestoreLimit gives the process the soft limit of open files with which it was started, so that EMFILE comes where
// `ulimit -n` says, as in a C program. Go raises the soft limit to one below the hard one before main, keeps the old
// one where no program can read it, and puts it back only just before execve(2). So this asks for an execve that must
// fail: of the empty path (ENOENT). It costs one call that does nothing and one prlimit, and is to be the first thing
// that main does; done twice, or after [SetLimit], it changes nothing.
func RestoreLimit() error {
	if err := syscall.Exec("", []string{""}, nil); err != syscall.ENOENT {
		return fmt.Errorf("restore the limit of open files: %w", err)
	}
	return nil
}
