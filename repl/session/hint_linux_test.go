package session

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/commands"
	"socksh/commands/kernel"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
	"socksh/repl/line"
)

func hintMust(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hintSocket(t testing.TB, domain, typ int) int {
	t.Helper()
	fd, err := unix.Socket(domain, typ|unix.SOCK_CLOEXEC, 0)
	hintMust(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

var hintHome = &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}

func hintPort(t testing.TB, fd int) int {
	t.Helper()
	addr, err := unix.Getsockname(fd)
	hintMust(t, err)
	return addr.(*unix.SockaddrInet4).Port
}

// hintListener is bound to a free port of loopback.
func hintListener(t testing.TB, reuse bool) (fd, port int) {
	fd = hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	if reuse {
		hintMust(t, unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
	}
	hintMust(t, unix.Bind(fd, hintHome))
	hintMust(t, unix.Listen(fd, 5))
	return fd, hintPort(t, fd)
}

// hintPair is a TCP connection over loopback.
func hintPair(t testing.TB, srv int) (client, accepted int) {
	client = hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	addr, err := unix.Getsockname(srv)
	hintMust(t, err)
	hintMust(t, unix.Connect(client, addr))
	accepted, _, err = unix.Accept4(srv, unix.SOCK_CLOEXEC)
	hintMust(t, err)
	t.Cleanup(func() { unix.Close(accepted) })
	return client, accepted
}

// hintState waits for a socket's state.
func hintState(t testing.TB, fd, state int) {
	t.Helper()
	var s wire.Socket
	for end := time.Now().Add(10 * time.Second); wire.Look(fd, &s) != nil || s.State != state; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("socket %d is in state %s, not %s", fd, wire.StateName(s.State), wire.StateName(state))
		}
	}
}

// A hintTest makes calls that fail, and asks about them.
type hintTest struct {
	*testing.T
	names  map[int][]string
	parser *line.Parser
	edit   func(*Question)
	ret    int64 // of the last call
}

func newHintTest(t *testing.T) *hintTest {
	return &hintTest{T: t, names: map[int][]string{}, parser: &line.Parser{Reader: notation.NewReader(commands.Calls()),
		Builtins: []string{"fds", "use", "jobs", "fg", "wait", "kill", "rlimit", "help", "why", "set", "sleep"}}}
}

// call makes the call of a line and gives the question that its error is.
func (h *hintTest) call(errno unix.Errno, text string) *Question {
	h.Helper()
	list, err := h.parser.Line(text, 1, nil)
	if err != nil {
		h.Fatalf("%s: %v", text, err)
	}
	b := new(kernel.Bound)
	hintMust(h, b.Set(list[0].Call, list[0].Vals))
	b.Do()
	h.ret = b.Ret
	if unix.Errno(b.Errno) != errno {
		h.Fatalf("%s: %v, want %v", text, unix.Errno(b.Errno), errno)
	}
	q := &Question{Call: b.Call, Errno: b.Errno.Name(), FD: -1, Run: func(run func()) { run() },
		Names: func(fd int) []string { return h.names[fd] }, JobOn: func(int) []int { return nil }, Shell: func(int) string { return "" }}
	d := kernel.Decoder{Exit: true}
	for _, v := range d.Args(b) {
		q.Vals = append(q.Vals, v.Clone())
	}
	if _, ok := b.Call.Args[0].Type.(spec.FD); ok {
		q.FD = int(int32(q.Vals[0].N))
	}
	if h.edit != nil {
		h.edit(q)
	}
	return q
}

// ask checks that the short hint is short and ends with a line, that each line of the long one can be typed, and that
// the parts stand in the hint.
func (h *hintTest) ask(q *Question, short string, long ...string) []string {
	h.Helper()
	s, l := Hint(q)
	if s != short {
		h.Errorf("hint is %q\n    want %q", s, short)
	}
	if len(s) > 190 || strings.Contains(s, "\n") {
		h.Errorf("hint is longer than two lines of a terminal: %q", s)
	}
	both := s + l
	if strings.Contains(both, "%!") || strings.ContainsRune(both, '\x1b') {
		h.Errorf("badly written: %q", both)
	}
	if !strings.HasPrefix(l, q.Errno+" from "+q.Call.Name+": ") || !strings.Contains(l, "\nsee:  ") {
		h.Errorf("why must say what the errno means and where to read on:\n%s", l)
	}
	folded := strings.Join(strings.Fields(l), " ")
	for _, want := range long {
		if !strings.Contains(folded, want) {
			h.Errorf("%q is not in:\n%s", want, l)
		}
	}
	var tries []string
	in := false
	for _, text := range strings.Split(l, "\n") {
		if len(text) >= 6 && text[:6] != "      " {
			in = strings.HasPrefix(text, "try:")
		}
		if in {
			tries = append(tries, text[6:])
		}
	}
	for _, try := range tries {
		if _, err := h.parser.Line(try, 1, nil); err != nil {
			h.Errorf("%q cannot be typed: %v", try, err)
		}
	}
	if _, first, ok := strings.Cut(s, "; try: "); ok && (len(tries) == 0 || first != tries[0]) {
		h.Errorf("the hint ends with %q, why begins with %q", first, tries)
	}
	return tries
}

// TestHintEverywhere asks about each errno of each call, with whatever state there is: nothing may break, and each
// line that it suggests can be typed.
func TestHintEverywhere(t *testing.T) {
	h := newHintTest(t)
	fds := []int{-1, 0, 1 << 20, hintSocket(t, unix.AF_INET, unix.SOCK_STREAM), hintSocket(t, unix.AF_INET6, unix.SOCK_DGRAM), hintSocket(t, unix.AF_UNIX, unix.SOCK_SEQPACKET)}
	srv, _ := hintListener(t, false)
	client, accepted := hintPair(t, srv)
	fds = append(fds, srv, client, accepted)
	for _, c := range commands.Calls() {
		for _, m := range append(c.Errors, spec.Meaning{Errno: "EPERM"}, spec.Meaning{Errno: "ENFILE"}, spec.Meaning{Errno: "EADDRINUSE"}) {
			for _, fd := range fds {
				for _, addr := range []spec.Value{spec.Dots(), spec.L(spec.N(unix.AF_INET), spec.N(80), spec.N(0x7f000001)), spec.L(spec.N(unix.AF_UNIX), spec.S([]byte("\x00\x1b[m"))), spec.L(spec.N(99), spec.S([]byte("x")))} {
					q := &Question{Call: c, Errno: m.Errno, FD: -1, Run: func(run func()) { run() }, Names: func(int) []string { return nil },
						JobOn: func(int) []int { return []int{7} }, Shell: func(int) string { return "" }}
					for i := range c.Args {
						v := spec.N(1)
						if p, ok := c.Args[i].Type.(*spec.Ptr); ok {
							v = spec.Dots()
							if _, ok := p.To.(*spec.Tagged); ok && p.Dir == spec.In {
								v = addr
							}
							if _, ok := p.To.(spec.Blob); ok && p.Dir == spec.In {
								v = spec.S([]byte("data"))
							}
						}
						if _, ok := c.Args[i].Type.(spec.FD); ok && i == 0 {
							v = spec.N(int64(fd))
							q.FD = fd
						}
						q.Vals = append(q.Vals, v)
					}
					s, _ := Hint(q)
					h.ask(q, s)
				}
			}
		}
	}
}
