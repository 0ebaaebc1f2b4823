package session

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/commands/wire"
)

func TestHintDescriptors(t *testing.T) {
	h := newHintTest(t)
	var pipe [2]int
	hintMust(t, unix.Pipe2(pipe[:], unix.O_CLOEXEC))
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	link, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", pipe[0]))
	hintMust(t, err)
	s := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	h.ask(h.call(unix.ENOTSOCK, fmt.Sprintf("recv %d 10", pipe[0])), fmt.Sprintf("descriptor %d is no socket but a pipe (%s); try: read %d 1024", pipe[0], link, pipe[0]), fmt.Sprintf("use %d", s))
	h.ask(h.call(unix.EBADF, fmt.Sprintf("write %d x", pipe[0])), fmt.Sprintf("descriptor %d is open for reading only; try: fds", pipe[0]))
	short, long := Hint(h.call(unix.EBADF, "listen @9999"))
	if !strings.HasPrefix(short, "9999 is no open descriptor; open are 0-") || !strings.HasSuffix(short, "; try: fds") || !strings.Contains(long, "open descriptors: 0-") {
		t.Errorf("%q\n%s", short, long)
	}
	h.ask(h.call(unix.EBADF, fmt.Sprintf("dup2 %d %d", s, 1<<30)), fmt.Sprintf("%d cannot be a descriptor: it is negative or not below the limit of open files; try: fds", 1<<30))
	for _, c := range []struct {
		list []int
		want string
	}{{nil, "none"}, {[]int{3}, "3"}, {[]int{0, 1, 2, 4, 5, 7}, "0-2, 4, 5, 7"}} {
		if got := ranges(c.list); got != c.want {
			t.Errorf("%v: %q, want %q", c.list, got, c.want)
		}
	}
}

// TestHintMeantPort binds to a bare number, which is a descriptor.
func TestHintMeantPort(t *testing.T) {
	h := newHintTest(t)
	begins := func(q *Question, number int, tries ...string) {
		t.Helper()
		short, long := Hint(q)
		if !strings.HasPrefix(short, fmt.Sprintf("%d is no open descriptor; open are ", number)) || !strings.HasSuffix(short, "; try: "+tries[0]) || !strings.Contains(long, "try:  "+strings.Join(tries, "\n      ")+"\n") {
			t.Errorf("want %q:\n%s\n%s", tries, short, long)
		}
	}
	// What the session gives the call for "bind 8080".
	q := h.call(unix.EBADF, "bind 8080 127.0.0.1:0")
	begins(q, 8080, "socket", "bind :8080", "fds")
	hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	begins(q, 8080, "bind :8080", "fds")
	begins(h.call(unix.EBADF, "bind 8080 127.0.0.1:80"), 8080, "fds")
	begins(h.call(unix.EBADF, "bind 77 127.0.0.1:0"), 77, "fds")
	begins(h.call(unix.EBADF, "listen @8080"), 8080, "fds")
}

// TestHintLimit fills the descriptor table of a process of its own.
func TestHintLimit(t *testing.T) {
	if os.Getenv("HINT_LIMIT") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestHintLimit$", "-test.v")
		cmd.Env = append(os.Environ(), "HINT_LIMIT=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	limit := unix.Rlimit{Cur: 40, Max: 100}
	hintMust(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	h := newHintTest(t)
	last := -1
	for {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			break
		}
		last = fd
	}
	q := h.call(unix.EMFILE, "socket")
	open, err := wire.Open()
	hintMust(t, err)
	h.ask(q, fmt.Sprintf("no number below the limit of open files is free: %d descriptors open; try: rlimit nofile %d", len(open), 2*len(open)))
	q.Limit = func() (uint64, uint64, error) { return 40, 100, nil }
	h.ask(q, "no number below the limit of 40 is free: 40 descriptors open; try: rlimit nofile 80", fmt.Sprintf("close %d", last))
	q.Limit = func() (uint64, uint64, error) { return 40, 40, nil }
	h.ask(q, fmt.Sprintf("no number below the limit of 40 is free: 40 descriptors open; try: close %d", last))
}

func TestHintArguments(t *testing.T) {
	h := newHintTest(t)
	h.ask(h.call(unix.EPROTONOSUPPORT, "socket inet stream udp"), "protocol IPPROTO_UDP does not go with AF_INET and SOCK_STREAM; try: socket", "socket udp")
	h.ask(h.call(unix.EPROTONOSUPPORT, "socket inet raw"), "AF_INET with SOCK_RAW has no usual protocol: name one; try: socket inet raw icmp")
	h.ask(h.call(unix.ESOCKTNOSUPPORT, "socket inet seqpacket"), "AF_INET has no sockets of type SOCK_SEQPACKET; try: socket", "socket udp")
	h.ask(h.call(unix.EAFNOSUPPORT, "socket 99 stream"), "this kernel makes no sockets of family 99; try: socket")
	h.ask(h.call(unix.EINVAL, "socket(AF_INET, SOCK_STREAM|0x40, 0)"), "type 65 is 1 (SOCK_STREAM) with the flag bits 0x40 beside it; the flags are SOCK_NONBLOCK and SOCK_CLOEXEC; try: socket")
	h.ask(h.call(unix.EOPNOTSUPP, "socketpair inet stream"), "AF_INET makes no pairs; AF_UNIX does; try: socketpair")
	h.ask(h.call(unix.EINVAL, "socket inet 99"), "type 99 is 3 (SOCK_RAW) with the flag bits 0x60 beside it; the flags are SOCK_NONBLOCK and SOCK_CLOEXEC; try: socket")
	h.ask(h.call(unix.EINVAL, "socket(AF_INET, SOCK_DGRAM|SOCK_NONBLOCK|0x40, 0)"), "type 2114 is 2 (SOCK_DGRAM) with the flag bits 0x40 beside it; the flags are SOCK_NONBLOCK and SOCK_CLOEXEC; try: socket")
	h.ask(h.call(unix.EINVAL, "socket inet 15"), "15 is no type of socket; try: socket")
	h.ask(h.call(unix.EINVAL, "socket inet6 dgram 300"), "300 is no protocol's number here; try: socket udp6")
	h.ask(h.call(unix.EINVAL, "socketpair unix 99"), "type 99 is 3 (SOCK_RAW) with the flag bits 0x60 beside it; the flags are SOCK_NONBLOCK and SOCK_CLOEXEC; try: socketpair")
	h.ask(h.call(unix.EPROTONOSUPPORT, "socket inet6 dgram tcp"), "protocol IPPROTO_TCP does not go with AF_INET6 and SOCK_DGRAM; try: socket udp6", "socket tcp6")
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	h.ask(h.call(unix.EFAULT, fmt.Sprintf("getsockname(%d, NULL, NULL)", fd)), "addr is NULL, and the kernel has to use it; try: help getsockname")
	h.ask(h.call(unix.EFAULT, fmt.Sprintf("bind(%d, 0x1, 16)", fd)), "addr is 0x1, where this process has no memory; try: help bind")
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("dup3 %d %d", fd, fd)), fmt.Sprintf("dup3 refuses to make %d a copy of itself; try: dup3 %d %d", fd, fd, fd+10))
	h.ask(h.call(unix.ENOPROTOOPT, fmt.Sprintf("setsockopt(%d, SOL_SOCKET, 9999, [1], 4)", fd)), "level SOL_SOCKET has no option 9999 for this socket; try: help options")
	local := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("listen @%d", local)), fmt.Sprintf("socket %d has no address to listen on, and AF_UNIX gives none by itself; try: bind %d unix:@name", local, local))
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("recv %d 10", local)), fmt.Sprintf("socket %d is not connected; an AF_UNIX stream says EINVAL to that; try: connect %d unix:@name", local, local))
	// Nothing is known of it beyond the table.
	h.ask(h.call(unix.ENOENT, "unlink /nowhere/at/all"), "there is no file of that name")
}
