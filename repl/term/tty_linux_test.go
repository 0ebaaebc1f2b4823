package term_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/repl/term"
)

func openPTY(t *testing.T) (*term.PTY, *term.TTY) {
	t.Helper()
	pty, err := term.OpenPTY(80, 24)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pty.Close() })
	tty, err := term.OpenTTY(pty.Terminal, pty.Terminal)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return pty, tty
}

func modes(t *testing.T, pty *term.PTY) unix.Termios {
	t.Helper()
	m, err := pty.Modes()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModes(t *testing.T) {
	pty, tty := openPTY(t)
	found := modes(t, pty)
	if err := tty.Edit(); err != nil {
		t.Fatal(err)
	}
	if m := modes(t, pty); m.Lflag&(unix.ICANON|unix.ECHO|unix.ISIG) != 0 || m.Iflag&unix.ICRNL != 0 || m.Oflag&unix.OPOST == 0 {
		t.Errorf("Edit: lflag %#x, iflag %#x, oflag %#x", m.Lflag, m.Iflag, m.Oflag)
	}
	if err := tty.Run(); err != nil {
		t.Fatal(err)
	}
	if m := modes(t, pty); m.Lflag&unix.ISIG == 0 || m.Lflag&unix.ECHO != 0 || m.Cc[unix.VQUIT] != 0 || m.Cc[unix.VINTR] != 3 || m.Cc[unix.VSUSP] != 26 {
		t.Errorf("Run: lflag %#x, cc %v", m.Lflag, m.Cc)
	}
	for range 2 {
		if err := tty.Restore(); err != nil || modes(t, pty) != found {
			t.Errorf("Restore: %v, %+v, found %+v", err, modes(t, pty), found)
		}
	}
	if err := tty.Edit(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	tty.Close()
	if err := tty.Edit(); !errors.Is(err, os.ErrClosed) || modes(t, pty) != found {
		t.Errorf("after Close, Edit gives %v and modes %+v", err, modes(t, pty))
	}
	pty.Driver.SetReadDeadline(time.Now().Add(5 * time.Second))
	want := strings.Repeat("\x1b[?2004h\x1b[?2004l", 2)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(pty.Driver, got); err != nil || string(got) != want {
		t.Errorf("bracketed paste: %q, %v", got, err)
	}
}

func TestInput(t *testing.T) {
	pty, tty := openPTY(t)
	tty.Edit()
	p := make([]byte, 10)
	if n, err := tty.Input(p, 0); n != 0 || err != nil {
		t.Errorf("nothing typed: %d, %v", n, err)
	}
	pty.Driver.WriteString("ab\x03\x00")
	if n, err := tty.Input(p, -1); string(p[:n]) != "ab\x03\x00" || err != nil {
		t.Errorf("typed: %q, %v", p[:n], err)
	}
	tty.Wake()
	tty.Wake()
	if n, err := tty.Input(p, -1); n != 0 || err != nil {
		t.Errorf("woken before: %d, %v", n, err)
	}
	go tty.Wake()
	if n, err := tty.Input(p, -1); n != 0 || err != nil {
		t.Errorf("woken meanwhile: %d, %v", n, err)
	}
	go tty.Close()
	if n, err := tty.Input(p, -1); n == 0 && err == nil {
		n, err = tty.Input(p, -1)
		if n != 0 || err != io.EOF {
			t.Errorf("closed: %d, %v", n, err)
		}
	}
}

func TestHangup(t *testing.T) {
	pty, tty := openPTY(t)
	tty.Edit()
	go pty.Hangup()
	if n, err := tty.Input(make([]byte, 10), -1); n != 0 || err != io.EOF {
		t.Errorf("hung up: %d, %v", n, err)
	}
}

func TestSize(t *testing.T) {
	pty, tty := openPTY(t)
	pty.Resize(123, 45)
	if c, r := tty.Size(); c != 123 || r != 45 || tty.Width() != 123 {
		t.Errorf("size %d x %d", c, r)
	}
	pty.Resize(0, 0)
	if c, r := tty.Size(); c != 80 || r != 24 {
		t.Errorf("unknown size: %d x %d", c, r)
	}
}

func TestNoTerminal(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := term.OpenTTY(f, f); !errors.Is(err, unix.ENOTTY) {
		t.Errorf("OpenTTY(/dev/null): %v", err)
	}
}
