package session

import (
	"encoding/binary"

	"socksh/commands/kernel"
	"socksh/commands/names"
)

// option reads a number or a time of level SOL_SOCKET, optionOf of any level: of a time it gives the microseconds. It never asks SO_ERROR.
func (a *asked) option(name string) (n int64, ok bool) {
	return a.optionOf("SOL_SOCKET", &names.SO, name)
}

func (a *asked) optionOf(of string, set *names.Set, name string) (n int64, ok bool) {
	level, known := names.Level.Exact(of)
	opt, known2 := set.Exact(name)
	if !known || !known2 || name == "SO_ERROR" {
		return 0, false
	}
	var buf [16]byte
	got, errno := kernel.Getsockopt(a.FD, int(level), int(opt), buf[:])
	switch {
	case errno != 0:
	case len(got) == 4:
		return int64(int32(binary.NativeEndian.Uint32(got))), true
	case len(got) == 16:
		return int64(binary.NativeEndian.Uint64(got))*1e6 + int64(binary.NativeEndian.Uint64(got[8:])), true
	}
	return 0, false
}
