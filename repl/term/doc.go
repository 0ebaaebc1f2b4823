// Package term is the terminal itself: its modes and its size, reading keys
// from it with a limit of time, giving it back as it was found, and the
// descriptors on which the shell keeps its own files out of the user's way.
//
// It knows termios(3), ioctl_tty(2) and poll(2). It must not know what is
// typed: lines, keys, history and colours belong to package repl.
package term
