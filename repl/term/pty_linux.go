package term

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// A PTY is both ends of a pseudo-terminal (pty(7)). Tests drive the prompt
// through it: what a person would type is written to Driver, what would be seen
// is read from it.
type PTY struct {
	Driver   *os.File // the master side; has deadlines
	Terminal *os.File // the side that a program takes for a terminal
}

// OpenPTY makes a pseudo-terminal of that size.
func OpenPTY(columns, rows int) (*PTY, error) {
	driver, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	p := &PTY{Driver: driver}
	var number uint32
	err = p.control(func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
			number, err = unix.IoctlGetUint32(fd, unix.TIOCGPTN)
		}
		return err
	})
	if err == nil {
		p.Terminal, err = os.OpenFile("/dev/pts/"+strconv.Itoa(int(number)), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err == nil {
		err = p.Resize(columns, rows)
	}
	if err != nil {
		p.Close()
		return nil, fmt.Errorf("pseudo-terminal: %w", err)
	}
	return p, nil
}

// Resize changes the size; the foreground processes get SIGWINCH.
func (p *PTY) Resize(columns, rows int) error {
	return p.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(columns), Row: uint16(rows)})
	})
}

// Modes is the terminal's modes now, to be compared.
func (p *PTY) Modes() (modes unix.Termios, err error) {
	err = p.control(func(fd int) error {
		m, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err == nil {
			modes = *m
		}
		return err
	})
	return modes, err
}

// Start starts cmd in a session of its own, with this terminal as its
// controlling one and as its standard input, output and error.
func (p *PTY) Start(cmd *exec.Cmd) error {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.Terminal, p.Terminal, p.Terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	return cmd.Start()
}

// Hangup closes the driver's end: the program sees the end of its input, and
// SIGHUP if this is its controlling terminal.
func (p *PTY) Hangup() error { return p.Driver.Close() }

// Close closes both ends.
func (p *PTY) Close() error {
	err := p.Driver.Close()
	if p.Terminal != nil {
		p.Terminal.Close()
	}
	return err
}

func (p *PTY) control(f func(fd int) error) error {
	raw, err := p.Driver.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}
