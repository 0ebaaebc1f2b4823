package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A held is a shell that waits in the middle of its script: in a real read of its standard input, so that it neither
// works nor ends until it is let go on.
type held struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// hold is the line at which a script waits, behind which it says so.
const hold = "print ready\nread 0 1\n"

// holdScript starts a quiet script and returns when it waits at its hold.
func (w *workshop) holdScript(text string) (*held, error) {
	path, err := w.file("held.sock", text)
	if err != nil {
		return nil, err
	}
	h := &held{cmd: exec.Command(w.shell, "-q", path)}
	if h.in, err = h.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	h.cmd.Stderr = h.cmd.Stdout
	h.out = bufio.NewScanner(out)
	if err := h.cmd.Start(); err != nil {
		return nil, err
	}
	var seen []string
	for h.out.Scan() {
		if h.out.Text() == "ready" {
			return h, nil
		}
		seen = append(seen, h.out.Text())
	}
	h.in.Close()
	return nil, fmt.Errorf("the script ended early: %w: %s", h.cmd.Wait(), strings.Join(seen, "; "))
}

// memory is what the shell has in physical memory, in bytes (proc(5), VmRSS).
func (h *held) memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		var kB int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kB); err == nil {
			return kB << 10, nil
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no VmRSS", h.cmd.Process.Pid)
}

// finish lets the script go on and says how long it took to its end, and how many lines it wrote.
func (h *held) finish() (took time.Duration, lines int, err error) {
	start := time.Now()
	if _, err := h.in.Write([]byte{'x'}); err != nil {
		return 0, 0, err
	}
	for h.out.Scan() {
		lines++
	}
	took = time.Since(start)
	h.in.Close()
	return took, lines, h.cmd.Wait()
}
