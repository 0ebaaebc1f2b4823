//go:build !linux

package term

import (
	"fmt"
	"os"
	"runtime"
)

// A Reserved knows the shell's own descriptors. Elsewhere than on Linux it knows none.
type Reserved struct{}

func notHere(what string) error {
	return fmt.Errorf("%s is not written for %s yet", what, runtime.GOOS)
}

// Reserve occupies nothing here.
func Reserve(base int) *Reserved { return &Reserved{} }

// Base is 3: the shell's descriptors lie among the user's.
func (r *Reserved) Base() int { return 3 }

// Inherited knows none.
func (r *Reserved) Inherited() []int { return nil }

// Release has nothing to free.
func (r *Reserved) Release() {}

// Own fails.
func (r *Reserved) Own(fd int, name string) (*os.File, error) {
	return nil, notHere("placing the shell's own descriptors")
}

// Disown closes the file.
func (r *Reserved) Disown(f *os.File) error { return f.Close() }

// Owns knows none.
func (r *Reserved) Owns(fd int) bool { return false }

// Name knows none.
func (r *Reserved) Name(fd int) string { return "" }

// Numbers knows none.
func (r *Reserved) Numbers() []int { return nil }

// Limit fails.
func Limit() (soft, hard uint64, err error) { return 0, 0, notHere("the limit of open files") }

// SetLimit fails.
func SetLimit(soft uint64) error { return notHere("the limit of open files") }

// RestoreLimit fails.
func RestoreLimit() error { return notHere("the limit of open files") }
