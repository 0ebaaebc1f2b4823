package kernel

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// rig is the calls of a test.
type rig struct {
	*testing.T
	r *notation.Reader
	d Decoder
}

func newRig(t *testing.T) *rig {
	return &rig{t, notation.NewReader(commands.Calls()), Decoder{Exit: true}}
}

// values reads a call in the C spelling.
func (r *rig) values(text string) (*spec.Call, []spec.Value) {
	r.Helper()
	st, _, err := r.r.ReadC(text, 1, nil)
	if err != nil {
		r.Fatalf("%s: %v", text, err)
	}
	return st.Call, st.Vals
}

func (r *rig) bind(b *Bound, text string) {
	r.Helper()
	c, vals := r.values(text)
	if err := b.Set(c, vals); err != nil {
		r.Fatalf("%s: %v", text, err)
	}
}

// do makes a call and gives its trace.
func (r *rig) do(text string) string {
	r.Helper()
	var b Bound
	defer b.Free()
	r.bind(&b, text)
	b.Do()
	return r.trace(&b)
}

func (r *rig) trace(b *Bound) string {
	vals := r.d.Args(b)
	text := notation.C().AppendCall(nil, b.Call, b.Types[:], vals)
	return string(notation.C().AppendResult(text, 0, b.Call, vals, b.Ret, b.Errno))
}

// pair makes two connected sockets with high numbers, which no other test's have.
func (r *rig) pair() (a, b string) {
	r.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		r.Fatal(err)
	}
	var text [2]string
	for i, fd := range fds {
		high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 100)
		if err != nil {
			r.Fatal(err)
		}
		unix.Close(fd)
		r.Cleanup(func() { unix.Close(high) })
		text[i] = digits(high)
	}
	return text[0], text[1]
}

// digits writes a number of three digits.
func digits(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestCall(t *testing.T) {
	r := newRig(t)
	a, b := r.pair()
	for _, c := range [][2]string{
		{"send(A, \"hello\", 5, 0)", "send(A, \"hello\", 5, 0) = 5"},
		{"recv(B, ..., 3, MSG_PEEK)", "recv(B, \"hel\", 3, MSG_PEEK) = 3"},
		{"recv(B, ..., 1024, MSG_DONTWAIT)", "recv(B, \"hello\", 1024, MSG_DONTWAIT) = 5"},
		{"recv(B, ..., 1024, MSG_DONTWAIT)", "recv(B, ..., 1024, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)"},
		{"getsockname(A, ..., ...)", "getsockname(A, {sa_family=AF_UNIX}, [128 => 2]) = 0"},
		{"getsockname(A, ..., [2])", "getsockname(A, {sa_family=AF_UNIX}, [2]) = 0"},
		{"getsockname(A, ..., [-1])", "getsockname(A, ..., [-1]) = -1 EINVAL (Invalid argument)"},
		{"getsockname(A, NULL, [16])", "getsockname(A, NULL, [16]) = -1 EFAULT (Bad address)"},
		{"getsockname(A, ..., NULL)", "getsockname(A, ..., NULL) = -1 EFAULT (Bad address)"},
		{"getsockopt(A, SOL_SOCKET, SO_TYPE, ..., ...)", "getsockopt(A, SOL_SOCKET, SO_TYPE, [1], [4]) = 0"},
		{"getsockopt(A, SOL_SOCKET, SO_TYPE, ..., [2])", `getsockopt(A, SOL_SOCKET, SO_TYPE, "\x01\x00", [2]) = 0`},
		{"getsockopt(A, SOL_SOCKET, SO_TYPE, ..., [0])", `getsockopt(A, SOL_SOCKET, SO_TYPE, ..., [0]) = 0`},
		{"getsockopt(A, SOL_SOCKET, SO_TYPE, ..., [-4])", `getsockopt(A, SOL_SOCKET, SO_TYPE, ..., [-4]) = -1 EINVAL (Invalid argument)`},
		{"write(A, NULL, 5)", "write(A, NULL, 5) = -1 EFAULT (Bad address)"},
		{"write(A, 0x1, 5)", "write(A, 0x1, 5) = -1 EFAULT (Bad address)"},
		{"write(A, \"\", 0)", "write(A, \"\", 0) = 0"},
		{"fcntl(A, F_GETFD)", "fcntl(A, F_GETFD) = 0x1 (flags FD_CLOEXEC)"},
		{"shutdown(A, SHUT_WR)", "shutdown(A, SHUT_WR) = 0"},
		{"recv(B, ..., 1024, 0)", "recv(B, \"\", 1024, 0) = 0"},
		{"shutdown(A, 9)", "shutdown(A, 0x9 /* SHUT_??? */) = -1 EINVAL (Invalid argument)"},
		{"close(-1)", "close(-1) = -1 EBADF (Bad file descriptor)"},
		{"socket(77, SOCK_STREAM)", "socket(0x4d /* AF_??? */, SOCK_STREAM, 0) = -1 EAFNOSUPPORT (Address family not supported by protocol)"},
		{"unlink(\"/no/such/file\")", "unlink(\"/no/such/file\") = -1 ENOENT (No such file or directory)"},
	} {
		fill := strings.NewReplacer("A,", a+",", "B,", b+",")
		if got, want := r.do(fill.Replace(c[0])), fill.Replace(c[1]); got != want {
			t.Errorf("%s\nis %s\nnot %s", c[0], got, want)
		}
	}
}

// TestGuard holds that a length beyond the buffer never lets the kernel touch the shell's own memory.
func TestGuard(t *testing.T) {
	r := newRig(t)
	a, b := r.pair()
	// A stream takes what its buffer holds before it faults; a datagram is copied whole or not at all.
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fds[0])
	defer unix.Close(fds[1])
	for _, n := range []string{"268435457", "1000000000000", "9223372036854775807", "18446744073709551615"} {
		var bound Bound
		c, vals := r.values(`send(` + a + `, "secret", ` + n + `, MSG_DONTWAIT)`)
		if err := bound.Set(c, vals); err != nil {
			t.Fatal(err)
		}
		o := bound.mem.at(uint64(bound.regs[1]))
		if o == nil || o.mapped == nil || len(o.live) != spec.Limit || o.addr+uintptr(len(o.live)) != addressOf(o.mapped)+uintptr(len(o.mapped)-guardSize) {
			t.Fatalf("send of %s: no guard lies right behind the buffer: %d bytes", n, len(o.live))
		}
		bound.Free()
	}
	for _, n := range []string{"268435457", "9223372036854775807"} {
		r.do("send(" + a + `, "hello", 5, 0)`)
		var bound Bound
		r.bind(&bound, "recv("+b+", ..., "+n+", 0)")
		bound.Do()
		if bound.Errno != 0 || bound.Ret != 5 {
			t.Errorf("recv of %s is %s", n, r.trace(&bound))
		} else if got := r.d.Args(&bound)[1].B; string(got) != "hello" {
			t.Errorf("recv of %s gave %q", n, got)
		}
		bound.Free()
	}
	// The guard itself: a read that crosses it.
	var bound Bound
	defer bound.Free()
	r.bind(&bound, `write(`+a+`, "x", 268435457)`)
	o := bound.mem.at(uint64(bound.regs[1]))
	bound.regs[1] = o.addr + uintptr(len(o.live)) - 1 // its last byte, and then the guard
	bound.regs[2] = 4096
	bound.regs[0] = uintptr(fds[0])
	if bound.Do(); bound.Errno != names.Errno(unix.EFAULT) {
		t.Errorf("a message across the guard is %d, %s", bound.Ret, bound.Errno.Name())
	}
}

// TestAgain holds that in-out objects are put back before a call is made again.
func TestAgain(t *testing.T) {
	r := newRig(t)
	a, _ := r.pair()
	var b Bound
	r.bind(&b, "getsockname("+a+", ..., [100])")
	for range 3 {
		b.Do()
		if got, want := r.trace(&b), "getsockname("+a+", {sa_family=AF_UNIX}, [100 => 2]) = 0"; got != want {
			t.Fatalf("%s, not %s", got, want)
		}
	}
}

func TestSkip(t *testing.T) {
	r := newRig(t)
	a, _ := r.pair()
	var b Bound
	r.bind(&b, "send("+a+`, "abcdefgh", 8, 0)`)
	if b.Length() != 8 {
		t.Errorf("the length is %d", b.Length())
	}
	b.Skip(3)
	if b.Length() != 5 {
		t.Errorf("after 3, the length is %d", b.Length())
	}
	b.Do()
	if got, want := r.trace(&b), "send("+a+`, "defgh", 5, 0) = 5`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	b.Skip(5)
	if b.Length() != 0 {
		t.Errorf("at the end, the length is %d", b.Length())
	}
	if got, want := r.trace(&b), "send("+a+`, "", 0, 0) = 5`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	r.bind(&b, "recv("+a+`, ..., 77, 0)`)
	if b.Length() != 77 {
		t.Errorf("the room is %d", b.Length())
	}
	r.bind(&b, "close(-1)")
	if b.Length() != 0 {
		t.Errorf("close has length %d", b.Length())
	}
}

// TestAllocates holds that neither binding into used memory nor calling nor decoding allocates.
func TestAllocates(t *testing.T) {
	r := newRig(t)
	a, _ := r.pair()
	for _, text := range []string{
		"getsockname(A, ..., ...)", "send(A, \"hello\", 5, MSG_DONTWAIT)", "recv(A, ..., 1024, MSG_DONTWAIT)", "close(-1)",
		"recvfrom(A, ..., 1024, MSG_DONTWAIT, ..., ...)", "listen(A, 5)", "accept(-1, ..., ...)", "fcntl(A, F_GETFL)",
		"setsockopt(A, SOL_SOCKET, SO_REUSEADDR, [1], 4)", "setsockopt(A, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8)",
		"getsockopt(A, SOL_SOCKET, SO_RCVBUF, ..., ...)", "shutdown(-1, SHUT_WR)", "socketpair(77, SOCK_STREAM, 0, ...)",
	} {
		c, vals := r.values(strings.Replace(text, "(A,", "("+a+",", 1))
		var b Bound
		if err := b.Set(c, vals); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(200, func() { b.Set(c, vals) }); n > 0 {
			t.Errorf("Set of %s allocates %v times", text, n)
		}
		if n := testing.AllocsPerRun(200, b.Do); n > 0 {
			t.Errorf("Do of %s allocates %v times", text, n)
		}
		if n := testing.AllocsPerRun(200, func() { r.d.Args(&b) }); n > 0 {
			t.Errorf("decoding %s allocates %v times", text, n)
		}
	}
}

// TestUnmaps holds that what a large call took is given back.
func TestUnmaps(t *testing.T) {
	r := newRig(t)
	var b Bound
	for _, end := range []func(){b.Free, func() { r.bind(&b, "close(-1)") }} {
		r.bind(&b, "recv(-1, ..., 268435456, 0)")
		if !mapped(t, b.regs[1]) {
			t.Fatal("the buffer is not mapped")
		}
		at := b.regs[1]
		if end(); mapped(t, at) {
			t.Error("the buffer is still mapped")
		}
	}
}

// mapped says whether /proc/self/maps has a mapping of 256 MiB at an address (proc(5)).
func mapped(t *testing.T, at uintptr) bool {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(maps) {
		var from, to uint64
		for i, part := range bytes.SplitN(bytes.Fields(line)[0], []byte("-"), 2) {
			n := uint64(0)
			for _, c := range part {
				n = n<<4 | uint64(strings.IndexByte("0123456789abcdef", c))
			}
			if i == 0 {
				from = n
			} else {
				to = n
			}
		}
		if from <= uint64(at) && uint64(at) < to && to-uint64(at) >= spec.Limit {
			return true
		}
	}
	return false
}

// TestLargeValues holds that what lies in mapped memory is whole.
func TestLargeValues(t *testing.T) {
	var b Bound
	defer b.Free()
	r := newRig(t)
	c, vals := r.values(`write(-1, "", 0)`)
	vals[1], vals[2] = spec.S(spec.Fill(3<<20+1)), spec.Dots()
	if err := b.Set(c, vals); err != nil {
		t.Fatal(err)
	}
	d := Decoder{}
	if got := d.Args(&b); !bytes.Equal(got[1].B, vals[1].B) || got[2].N != 3<<20+1 {
		t.Errorf("%d bytes, length %d", len(got[1].B), got[2].N)
	}
}

// TestRefused holds what cannot be put into memory, and that an error names the argument.
func TestRefused(t *testing.T) {
	r := newRig(t)
	for text, want := range map[string]string{
		`send(3, "cut"..., 100, 0)`: "buf must be whole",
		`setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff="x", l_linger=1}, 8)`: "l_onoff must be a number",
		`close(...)`: "fd must be given",
	} {
		c, vals := r.values(text)
		var b Bound
		if err := b.Set(c, vals); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %q", text, err, want)
		}
	}
}
