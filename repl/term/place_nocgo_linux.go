//go:build !cgo

package term

// settleLibrary has nothing to do: there is no C library.
func settleLibrary() {}
