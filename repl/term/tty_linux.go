package term

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Bracketed paste: while it is on, the terminal puts ESC[200~ and ESC[201~
// around what is pasted (xterm's control sequences, "Bracketed Paste Mode").
const (
	pasteOn  = "\x1b[?2004h"
	pasteOff = "\x1b[?2004l"
)

// A TTY is the shell's own terminal, on descriptors that the user's calls do
// not reach. Its methods may be called from any goroutine, that of a signal
// included. After Close only Restore and the questions have an effect.
type TTY struct {
	in, out *os.File
	fd      int          // in's number
	found   unix.Termios // the modes as they were at OpenTTY
	wake    *os.File     // an eventfd: poll(2) returns when it is written

	mu      sync.Mutex // the modes
	bracket bool       // bracketed paste is on
	closed  bool

	reading sync.Mutex // held by Input, so that Close does not pull the eventfd away
}

// OpenTTY remembers the modes of the terminal in, to which Restore goes back.
// The files stay the caller's. The error says so if in is not a terminal
// (ENOTTY). One descriptor is used, at or above in's number where the limit of
// open files allows.
func OpenTTY(in, out *os.File) (*TTY, error) {
	t := &TTY{in: in, out: out, fd: int(in.Fd())}
	found, err := unix.IoctlGetTermios(t.fd, unix.TCGETS)
	if err != nil {
		return nil, fmt.Errorf("%s is not a terminal: %w", in.Name(), err)
	}
	t.found = *found
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	if high, err := unix.FcntlInt(uintptr(wake), unix.F_DUPFD_CLOEXEC, t.fd); err == nil {
		unix.Close(wake)
		wake = high
	}
	t.wake = os.NewFile(uintptr(wake), "eventfd")
	return t, nil
}

// Edit sets the modes for editing a line: every byte comes at once and as
// typed, nothing is echoed, no key is a signal, and pastes are bracketed.
// Output is still processed: a newline returns the carriage.
func (t *TTY) Edit() error { return t.set(t.modes(false), true) }

// Run sets the modes for the time that a call runs: Ctrl-C is SIGINT and
// Ctrl-Z SIGTSTP for the foreground processes, Ctrl-\ nothing. What is typed is
// not echoed, for it would stand in the middle of the trace, and not gathered
// into lines: the kernel cuts those at 4095 bytes, and turns a Ctrl-D into a
// NUL when the mode changes. A call that reads the terminal itself (read 0)
// wants Restore instead.
func (t *TTY) Run() error { return t.set(t.modes(true), false) }

// Restore puts the terminal back as OpenTTY found it. It may be repeated, and
// Edit and Run may follow.
func (t *TTY) Restore() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.put(t.found, false)
}

// Close restores the terminal for good: a later Edit or Run fails with
// os.ErrClosed, so that a goroutine which does not know yet that the shell ends
// cannot spoil it again. A pending Input returns.
func (t *TTY) Close() error {
	t.mu.Lock()
	again := t.closed
	t.closed = true
	err := t.put(t.found, false)
	t.mu.Unlock()
	if again {
		return err
	}
	t.Wake()
	t.reading.Lock()
	defer t.reading.Unlock()
	t.wake.Close()
	return err
}

// modes is the modes as found, but byte by byte; signals says whether keys
// send them. Modes are built anew each time, so that nothing that another
// program left behind stays.
func (t *TTY) modes(signals bool) unix.Termios {
	m := t.found
	m.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	m.Oflag |= unix.OPOST | unix.ONLCR
	m.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	m.Cc[unix.VMIN], m.Cc[unix.VTIME] = 1, 0
	m.Cc[unix.VQUIT] = 0 // _POSIX_VDISABLE: SIGQUIT would end the shell with a dump
	if signals {
		m.Lflag |= unix.ISIG
		m.Cc[unix.VINTR], m.Cc[unix.VSUSP] = 'C'-'@', 'Z'-'@'
	}
	return m
}

func (t *TTY) set(m unix.Termios, bracket bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return fmt.Errorf("terminal: %w", os.ErrClosed)
	}
	return t.put(m, bracket)
}

// put needs t.mu. TCSETS and not TCSETSF: what was typed ahead is kept.
func (t *TTY) put(m unix.Termios, bracket bool) error {
	if err := unix.IoctlSetTermios(t.fd, unix.TCSETS, &m); err != nil {
		return fmt.Errorf("terminal modes: %w", err)
	}
	if bracket == t.bracket {
		return nil
	}
	t.bracket = bracket
	word := pasteOff
	if bracket {
		word = pasteOn
	}
	_, err := t.out.WriteString(word)
	return err
}

// Input waits until something is typed and reads it, at most len(p) bytes. It
// gives 0 and no error if wait is over (a negative wait has no end) or if Wake
// was called, and io.EOF if the terminal has hung up or the TTY is closed. It
// reads only while it is called: what is typed at other times stays with the
// kernel, for whoever reads the terminal next. One goroutine at a time.
func (t *TTY) Input(p []byte, wait time.Duration) (int, error) {
	t.reading.Lock()
	defer t.reading.Unlock()
	t.mu.Lock()
	closed := t.closed
	t.mu.Unlock()
	if closed {
		return 0, io.EOF
	}
	wake := int(t.wake.Fd())
	end := time.Now().Add(wait)
	for {
		left := -1
		if wait >= 0 {
			left = int(max(0, time.Until(end)).Milliseconds())
		}
		fds := []unix.PollFd{{Fd: int32(t.fd), Events: unix.POLLIN}, {Fd: int32(wake), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, left)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, fmt.Errorf("poll: %w", err)
		case n == 0:
			return 0, nil
		case fds[1].Revents != 0:
			var count [8]byte
			unix.Read(wake, count[:]) // back to zero; a second waker may have been counted too
			return 0, nil
		case fds[0].Revents&unix.POLLIN == 0: // POLLHUP alone, or POLLNVAL
			return 0, io.EOF
		}
		n, err = unix.Read(t.fd, p)
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
			continue
		case err == unix.EIO || err == nil && n == 0:
			return 0, io.EOF
		case err != nil:
			return 0, fmt.Errorf("reading the terminal: %w", err)
		}
		return n, nil
	}
}

// Wake makes a waiting Input, or else the next one, return at once.
func (t *TTY) Wake() {
	one := [8]byte{1, 0, 0, 0, 0, 0, 0, 1} // not zero in either byte order; its size says nothing
	t.wake.Write(one[:])
}

// Write writes to the terminal as it is: escape sequences are the caller's care.
func (t *TTY) Write(p []byte) (int, error) { return t.out.Write(p) }

// Size is how many columns and rows the terminal has now; where it does not
// know, 80 and 24.
func (t *TTY) Size() (columns, rows int) {
	w, err := unix.IoctlGetWinsize(t.fd, unix.TIOCGWINSZ)
	if err != nil || w.Col == 0 || w.Row == 0 {
		return 80, 24
	}
	return int(w.Col), int(w.Row)
}

// Width is how many columns the terminal has now.
func (t *TTY) Width() int {
	columns, _ := t.Size()
	return columns
}

// OnResize calls f, on a goroutine of its own, after each change of the
// terminal's size (SIGWINCH, signal(7)) until stop is called.
func (t *TTY) OnResize(f func()) (stop func()) {
	changed, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(changed, unix.SIGWINCH)
	go func() {
		for {
			select {
			case <-changed:
				f()
			case <-done:
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(changed)
		close(done)
	})
}
