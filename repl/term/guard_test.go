//go:build linux

package term

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// playSignals waits for what the test sends. Standard input ending means: stop guarding, and say so.
func playSignals() {
	stop := OnSignals(func() { fmt.Println("restored") }, os.Exit)
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	stop()
	stop()
	fmt.Println("stopped")
	signalled := make(chan struct{})
	<-signalled
}

func startPart(t *testing.T, part, setting string) (*exec.Cmd, io.WriteCloser, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", setting+"\nexec \"$0\" 2>&1", self)
	cmd.Env = append(os.Environ(), partVariable+"="+part, "GORACE=atexit_sleep_ms=0")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, in, bufio.NewReader(out)
}

func expectLine(t *testing.T, from *bufio.Reader, want string) {
	t.Helper()
	if line, err := from.ReadString('\n'); line != want+"\n" {
		t.Fatalf("got %q (%v), want %q", line, err, want)
	}
}

func TestSignalsRestore(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		cmd, _, out := startPart(t, "signals", "")
		expectLine(t, out, "ready")
		cmd.Process.Signal(s)
		expectLine(t, out, "restored")
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 128+int(s) {
			t.Errorf("%v: %v, want exit status %d", s, err, 128+int(s))
		}
	}
}

func TestSignalsIgnoredStayIgnored(t *testing.T) {
	cmd, _, out := startPart(t, "signals", "trap '' HUP")
	expectLine(t, out, "ready")
	cmd.Process.Signal(syscall.SIGHUP)
	cmd.Process.Signal(syscall.SIGTERM)
	expectLine(t, out, "restored")
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 143 {
		t.Errorf("%v, want exit status 143: the hang-up is ignored", err)
	}
}

func TestSignalsStop(t *testing.T) {
	cmd, in, out := startPart(t, "signals", "")
	expectLine(t, out, "ready")
	in.Close()
	expectLine(t, out, "stopped")
	cmd.Process.Signal(syscall.SIGTERM)
	rest, _ := io.ReadAll(out)
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || !exit.Sys().(syscall.WaitStatus).Signaled() || len(rest) != 0 {
		t.Errorf("%v after %q, want the plain death by SIGTERM", err, rest)
	}
}

func playPanic() {
	defer RestoreOnPanic(func() { fmt.Println("restored") })
	panic("on purpose")
}

func TestPanicRestores(t *testing.T) {
	cmd, _, out := startPart(t, "panic", "")
	text, _ := io.ReadAll(out)
	if err := cmd.Wait(); err == nil {
		t.Error("the panic did not go on")
	}
	if !strings.HasPrefix(string(text), "restored\n") || !strings.Contains(string(text), "on purpose") {
		t.Errorf("got %q", text)
	}
	func() {
		defer RestoreOnPanic(func() { t.Error("restored without a panic") })
	}()
}
