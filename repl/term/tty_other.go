//go:build !linux

package term

import (
	"errors"
	"os"
	"runtime"
	"time"
)

var errTTY = errors.New("the prompt's terminal is not written for " + runtime.GOOS)

// A TTY is the shell's own terminal; on this system it cannot be opened.
type TTY struct{}

// OpenTTY fails: it names the operating system.
func OpenTTY(in, out *os.File) (*TTY, error) { return nil, errTTY }

// Edit fails, as OpenTTY does; so do the others.
func (t *TTY) Edit() error { return errTTY }

// Run fails.
func (t *TTY) Run() error { return errTTY }

// Restore fails.
func (t *TTY) Restore() error { return errTTY }

// Close fails.
func (t *TTY) Close() error { return errTTY }

// Input fails.
func (t *TTY) Input(p []byte, wait time.Duration) (int, error) { return 0, errTTY }

// Write fails.
func (t *TTY) Write(p []byte) (int, error) { return 0, errTTY }

// Wake does nothing.
func (t *TTY) Wake() {}

// Size is 80 columns and 24 rows.
func (t *TTY) Size() (columns, rows int) { return 80, 24 }

// Width is 80 columns.
func (t *TTY) Width() int { return 80 }

// OnResize never calls f.
func (t *TTY) OnResize(f func()) (stop func()) { return func() {} }
