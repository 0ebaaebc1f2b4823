package session_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/commands"
	"socksh/commands/engine"
	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/notation"
	"socksh/repl/builtin"
	"socksh/repl/line"
	"socksh/repl/session"
)

func TestMain(m *testing.M) {
	if err := engine.Setup(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// ownFD is what the host of these tests calls the shell's own.
const ownFD = 999

// A host needs no care for descriptors: these tests use no literal numbers below 700.
type host struct{}

func (host) Do(run func()) { run() }

func (host) ReadFile(path string, limit int64) ([]byte, error) {
	b, err := os.ReadFile(path)
	if int64(len(b)) > limit {
		return nil, errors.New("too long")
	}
	return b, err
}

func (host) Own(fd int) string {
	if fd == ownFD {
		return "the shell's test"
	}
	return ""
}

func (host) Resolve(_ context.Context, name, family string) ([]netip.Addr, error) {
	switch {
	case name != "localhost":
		return nil, fmt.Errorf("no host %s", name)
	case family == "AF_INET6":
		return []netip.Addr{netip.IPv6Loopback()}, nil
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

// A record keeps what a session told: calls as c traces, all else as its text.
type record struct {
	mu    sync.Mutex
	lines []string
}

// Put implements event.Sink.
func (r *record) Put(e *event.Event) {
	var b []byte
	if e.Job > 0 {
		b = fmt.Appendf(b, "[%d] ", e.Job)
	}
	switch e.Kind {
	case event.Enter:
		d := kernel.Decoder{}
		b = notation.C().AppendEntry(b, e.Bound.Call, e.Bound.Types[:], d.Args(e.Bound))
	case event.Exit:
		d := kernel.Decoder{Exit: true}
		vals := d.Args(e.Bound)
		b = notation.C().AppendCall(b, e.Bound.Call, e.Bound.Types[:], vals)
		b = notation.C().AppendResult(b, 0, e.Bound.Call, vals, e.Bound.Ret, e.Bound.Errno)
	default:
		b = append(b, e.Text...)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, string(b))
}

// take gives the lines since the last take.
func (r *record) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.lines
	r.lines = nil
	return all
}

// A rig is a session and whatever a test needs around it.
type rig struct {
	*testing.T
	s      *session.Session
	parser *line.Parser
	told   *record
	number int
	before []int // the sockets that were open
}

func newRig(t *testing.T, prompt bool) *rig {
	t.Helper()
	r := &rig{T: t, told: &record{}}
	reader := notation.NewReader(commands.Calls())
	reader.IfIndex = func(name string) (int64, bool) { return 1, name == "lo" }
	r.parser = &line.Parser{Reader: reader, Builtins: builtin.Names(), Sources: "source"}
	verbs := &builtin.Shell{Reader: reader, Own: host{}.Own, Run: host{}.Do}
	r.s = session.New(session.Config{Reader: reader, Verb: verbs.Find, Sink: r.told, Host: host{}, Trace: true, Prompt: prompt})
	r.s.SetNotes(false)
	r.before = open(t)
	t.Cleanup(func() {
		for _, j := range r.s.Jobs() {
			j.Kill()
			await(t, j)
		}
		r.closeAll()
	})
	return r
}

// closeAll closes what the session has opened, so that the numbers are free again.
func (r *rig) closeAll() {
	for _, fd := range open(r.T) {
		if !slices.Contains(r.before, fd) {
			unix.Close(fd)
		}
	}
}

// open lists the descriptors that are sockets.
func open(t *testing.T) (all []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if to, _ := os.Readlink("/proc/self/fd/" + e.Name()); strings.HasPrefix(to, "socket:") {
			n := 0
			fmt.Sscan(e.Name(), &n)
			all = append(all, n)
		}
	}
	return all
}

func await(t *testing.T, task *session.Task) {
	t.Helper()
	select {
	case <-task.Done():
	case <-time.After(30 * time.Second):
		t.Fatalf("%q does not end", task.Text())
	}
}

// start begins a line.
func (r *rig) start(text string) (*session.Task, error) {
	r.Helper()
	r.number++
	list, err := r.parser.Line(text, r.number, r.s)
	if err != nil {
		return nil, err
	}
	task, err := r.s.Foreground(list, text)
	if err != nil {
		r.Fatal(err)
	}
	return task, nil
}

// try runs lines and gives the first error.
func (r *rig) try(lines ...string) error {
	r.Helper()
	for _, text := range lines {
		task, err := r.start(text)
		if err != nil {
			return err
		}
		await(r.T, task)
		if err := task.Err(); err != nil {
			return err
		}
	}
	return nil
}

// run runs lines that must succeed, and gives what was told.
func (r *rig) run(lines ...string) []string {
	r.Helper()
	r.told.take()
	for _, text := range lines {
		if err := r.try(text); err != nil {
			r.Fatalf("%s\n%v", text, err)
		}
	}
	return r.told.take()
}

// fails runs a line that must fail with an error that holds a text.
func (r *rig) fails(text, want string) {
	r.Helper()
	if err := r.try(text); err == nil || !strings.Contains(err.Error(), want) {
		r.Errorf("%s\nfails with %v, not %q", text, err, want)
	}
}

// fd is the descriptor that a name holds.
func (r *rig) fd(name string) int {
	r.Helper()
	for fd, list := range r.s.NamesByFD() {
		if slices.Contains(list, name) {
			return fd
		}
	}
	r.Fatalf("%s holds no descriptor", name)
	return -1
}

// current is the name of the current socket, "none", or its number if it has no name.
func (r *rig) current() string {
	fd, ok := r.s.Current()
	if !ok {
		return "none"
	}
	if list := r.s.NamesOf(fd); len(list) > 0 {
		return strings.Join(list, " ")
	}
	return fmt.Sprint(fd)
}

// last is the last line told.
func last(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}
