//go:build !linux

package wire

import (
	"fmt"
	"runtime"
)

func notHere() error {
	return fmt.Errorf("asking the kernel for its sockets is not written for %s yet", runtime.GOOS)
}

// Look fails.
func Look(fd int, s *Socket) error {
	*s = Socket{FD: fd, RecvQ: -1, SendQ: -1, Err: notHere()}
	return s.Err
}

// Open fails.
func Open() ([]int, error) { return nil, notHere() }

// Same fails.
func Same(a, b int) (bool, error) { return false, notHere() }

// Internet fails.
func Internet(run func(func()), family, protocol, port int) ([]Entry, error) { return nil, notHere() }

// Local fails.
func Local(run func(func()), states uint32) ([]Entry, error) { return nil, notHere() }

// Backlogs fails.
func Backlogs(run func(func()), sockets []Socket) error { return notHere() }

// Holders fails.
func Holders(run func(func()), addr []byte, typ, protocol int) ([]Holding, error) {
	return nil, notHere()
}
