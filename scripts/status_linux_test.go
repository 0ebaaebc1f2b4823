package scripts

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestStatus(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.sock", "socket\nclose\n", 0o600)
	bad := file("bad.sock", "socket\nlisten 99 5\nprint never\n", 0o600)
	wrong := file("wrong.sock", "socket\nsokcet\n", 0o600)
	binary := file("binary", "\x7fELF\x00\x00\xff", 0o600)
	args := file("args.sock", "print $1 and $2\n", 0o600)
	for _, k := range []struct {
		name      string
		stdin     string
		args      []string
		status    int
		out, errs string // what standard output is, and what standard error holds; "" for nothing
	}{
		{"a good script", "", []string{good}, 0, "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3\nclose(3) = 0\n", ""},
		{"quiet", "", []string{"-q", good}, 0, "", ""},
		{"an unforeseen error", "", []string{bad}, 1, "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3\nlisten(99, 5) = -1 EBADF (Bad file descriptor)\n", "bad.sock:2: listen 99 5"},
		{"and on", "", []string{"-k", bad}, 1, "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3\nlisten(99, 5) = -1 EBADF (Bad file descriptor)\nnever\n", "bad.sock:2: listen 99 5"},
		{"quietly on", "", []string{"-q", "-k", bad}, 1, "never\n", "bad.sock:2: listen 99 5"},
		{"an expectation that fails", "", []string{"-q", "-c", "socket => 7"}, 1, "", "expected: 7\n  came:     3"},
		{"a foreseen error", "", []string{"-q", "-c", "listen 99 5 => EBADF; print on"}, 0, "on\n", ""},
		{"a syntax error", "", []string{wrong}, 2, "", "wrong.sock:2:1: command must be"},
		{"a wrong flag", "", []string{"--nonsense"}, 2, "", "nonsense"},
		{"a wrong notation", "", []string{"--notation=pascal"}, 2, "", "notation must be c or strace"},
		{"a wrong time", "", []string{"--timeout=soon", good}, 2, "", "timeout"},
		{"a missing file", "", []string{filepath.Join(dir, "nothing")}, 2, "", "nothing: no such file"},
		{"a folder", "", []string{dir}, 2, "", "is a folder"},
		{"a binary", "", []string{binary}, 2, "", "NUL byte"},
		{"exit N", "", []string{"-q", "-c", "exit 7; print never"}, 7, "", ""},
		{"exit", "", []string{"-q", "-c", "exit; print never"}, 0, "", ""},
		{"arguments", "", []string{"-q", args, "one", "two words"}, 0, "one and two words\n", ""},
		{"standard input", "print one\nprint two\n", nil, 0, "one\ntwo\n", ""},
		{"standard input by name", "print one\n", []string{"-"}, 0, "one\n", ""},
		{"its arguments", "print $1\n", []string{"-", "x"}, 0, "x\n", ""},
		{"its syntax error", "print one\nprnt two\n", []string{"-"}, 2, "", "standard input:2:1"},
		{"an empty one", "", nil, 0, "", ""},
		{"no newline at the end", "print one", nil, 0, "one\n", ""},
		{"CRLF", "print one\r\nprint two\r\n", nil, 0, "one\ntwo\n", ""},
		{"print is exact", "", []string{"-q", "-c", `print "\x1b\0\xff"`}, 0, "\x1b\x00\xff\n", ""},
		{"timed out", "", []string{"-q", "--timeout=50ms", "-c", "socket; bind; listen; accept"}, 124, "", "timed out after 50ms"},
		{"timed out asleep", "", []string{"-q", "--timeout=50ms", "-c", "sleep 1000"}, 124, "", "timed out after 50ms"},
		{"in time", "", []string{"-q", "--timeout=1000s", "-c", "socket"}, 0, "", ""},
		{"help of nothing", "", []string{"help", "nothing"}, 2, "", "topic must be"},
	} {
		t.Run(k.name, func(t *testing.T) {
			got := run(t, k.stdin, k.args...)
			if got.status != k.status || got.out != k.out || !strings.Contains(got.err, k.errs) || (k.errs == "") != (got.err == "") {
				t.Errorf("status %d, want %d; standard output\n%s\nwant\n%s\nstandard error\n%s\nwant\n%s", got.status, k.status, got.out, k.out, got.err, k.errs)
			}
		})
	}
	for _, k := range [][]string{{"--help"}, {"--version"}, {"help"}, {"help", "accept"}} {
		if got := run(t, "", k...); got.status != 0 || len(got.out) < 10 || got.err != "" {
			t.Errorf("%s: %+v", k, got)
		}
	}
}

// TestSharpBang runs a script by its first line.
func TestSharpBang(t *testing.T) {
	cmd := program(t)
	path := filepath.Join(t.TempDir(), "script.sock")
	if err := os.WriteFile(path, []byte("#!"+cmd.Path+" -q\nprint run by its first line, with $1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	script := exec.CommandContext(t.Context(), path, "one")
	script.Env = cmd.Env
	if out, err := script.CombinedOutput(); err != nil || string(out) != "run by its first line, with one\n" {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestRedirected is `socksh < file`.
func TestRedirected(t *testing.T) {
	path := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(path, []byte("socket\nclose 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := program(t, "-q")
	cmd.Stdin = f
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestInterruptedScript sends SIGINT to a script that is blocked: the line that tells of it is printed.
func TestInterruptedScript(t *testing.T) {
	cmd := program(t, "-c", "socket\nbind\nlisten\nprint ready\naccept\nprint never")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for { // output is flushed while the call blocks
		row, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if row == "ready\n" {
			break
		}
	}
	if !asleep(cmd.Process.Pid, unix.SYS_ACCEPT, 1) {
		t.Fatal("the script does not block")
	}
	cmd.Process.Signal(os.Interrupt)
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if cmd.ProcessState.ExitCode() != 130 || string(rest) != interrupted+"\n" || errs.Len() > 0 {
		t.Errorf("status %d, standard output %q, standard error %q", cmd.ProcessState.ExitCode(), rest, errs.String())
	}
}

// TestClosedOutput ends the reader of standard output early, as `| head -1` does.
func TestClosedOutput(t *testing.T) {
	var script strings.Builder
	script.WriteString("socketpair\n")
	for range 100_000 {
		script.WriteString("getsockname 3\n")
	}
	cmd := program(t, "-")
	cmd.Stdin = strings.NewReader(script.String())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	line, err := bufio.NewReaderSize(r, 16).ReadString('\n')
	r.Close()
	cmd.Wait()
	if err != nil || !strings.HasPrefix(line, "socketpair(") {
		t.Errorf("read %q, %v", line, err)
	}
	if cmd.ProcessState.ExitCode() != 0 || errs.Len() > 0 {
		t.Errorf("ended with %v, standard error %.500q", cmd.ProcessState, errs.String())
	}
}

// TestJSON holds that each line is one event, in order, and that nothing else is on standard output.
func TestJSON(t *testing.T) {
	got := run(t, "", "--json", "-k", "-c", `a, b = socketpair
print "你好\xff"
send a "hi\xff\0"
data = recv b
accept b => EINVAL
j = recv b &
blocked j
send a x
wait j
set notes on
close a
listen 99 5
fds
sleep 1ms`)
	if got.status != 1 {
		t.Errorf("status %d, want 1; standard error\n%s", got.status, got.err)
	}
	last := 0.0
	kinds := map[string]int{}
	for i, row := range strings.Split(strings.TrimSuffix(got.out, "\n"), "\n") {
		var event map[string]any
		if err := json.Unmarshal([]byte(row), &event); err != nil {
			t.Fatalf("line %d: %v\n%s", i+1, err, row)
		}
		seq, ok := event["seq"].(float64)
		if !ok || seq <= last {
			t.Errorf("line %d has the number %v after %v", i+1, event["seq"], last)
		}
		last = seq
		kind, _ := event["event"].(string)
		kinds[kind]++
	}
	for _, kind := range []string{"enter", "exit", "print"} {
		if kinds[kind] == 0 {
			t.Errorf("no event %q; there are %v\n%s", kind, kinds, got.out)
		}
	}
}

// TestNumbersAmongJobs makes many threads: what the C library opens for itself as threads begin takes no number from
// the user, for not even a moment.
func TestNumbersAmongJobs(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "jobs.sock")
	if err := os.WriteFile(path, []byte("s = socket => 3\nbind\nlisten\n"+strings.Repeat("accept s &\n", 40)+"socket => 44\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, "-q", path)
	log := filepath.Join(dir, "log")
	cmd.Args = append([]string{strace, "-f", "-e", "trace=socket,openat", "-o", log, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = strace
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), "socket(AF_INET")
	if !ok || strings.Contains(after, "/sys/") {
		t.Errorf("the user's first socket: %v; then\n%s", ok, after)
	}
}
