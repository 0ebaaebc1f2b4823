package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/commands/wire"
)

// hintUntil makes a call that fails until its hint speaks of a state.
func hintUntil(h *hintTest, line, state string) *Question {
	h.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		q := h.call(unix.EADDRINUSE, line)
		if s, _ := Hint(q); strings.Contains(s, state) {
			return q
		}
		if time.Now().After(end) {
			s, _ := Hint(q)
			h.Fatalf("%s: %q does not speak of %s", line, s, state)
		}
	}
}

// TestHintTimeWait holds what the hint says of SO_REUSEADDR against the kernel: both sockets need it.
func TestHintTimeWait(t *testing.T) {
	for _, before := range []bool{false, true} {
		h := newHintTest(t)
		srv, port := hintListener(t, before)
		client, accepted := hintPair(t, srv)
		unix.Close(srv)
		unix.Close(accepted)
		hintState(t, client, wire.CloseWait)
		unix.Close(client)
		fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
		bind := fmt.Sprintf("bind %d 127.0.0.1:%d", fd, port)
		q := hintUntil(h, bind, "TIME_WAIT")
		short, _ := Hint(q)
		tail := fmt.Sprintf("; the old socket had no SO_REUSEADDR; try: bind %d 127.0.0.1:0", fd)
		if before {
			tail = fmt.Sprintf("; try: setsockopt %d SO_REUSEADDR 1", fd)
		}
		var seconds int
		if _, err := fmt.Sscanf(short, fmt.Sprintf("127.0.0.1:%d is kept by a connection that was closed: TIME_WAIT, for %%d", port), &seconds); err != nil || seconds < 50 || seconds > 61 {
			t.Errorf("%q: %v", short, err)
		}
		tries := h.ask(q, fmt.Sprintf("127.0.0.1:%d is kept by a connection that was closed: TIME_WAIT, for %d seconds more%s", port, seconds, tail), "if both have it set, the socket that had the address before too")
		if before {
			for _, try := range tries[:2] {
				h.call(0, try)
			}
			if again, _ := Hint(q); strings.Contains(again, "SO_REUSEADDR") {
				t.Errorf("the bind has gone well since: %q", again)
			}
			continue
		}
		if len(tries) != 2 || tries[1] != fmt.Sprintf("sleep %ds; %s", seconds+late, bind) {
			t.Errorf("%q", tries)
		}
		// With the option the bind fails again, and the hint says no other thing.
		h.call(0, fmt.Sprintf("setsockopt %d SO_REUSEADDR 1", fd))
		if again, _ := Hint(h.call(unix.EADDRINUSE, bind)); !strings.HasSuffix(again, tail) {
			t.Errorf("%q", again)
		}
		h.call(0, tries[0])
	}
}

// TestHintFinWait2 closes a server first, its client stays.
func TestHintFinWait2(t *testing.T) {
	for _, before := range []bool{false, true} {
		h := newHintTest(t)
		srv, port := hintListener(t, before)
		client, accepted := hintPair(t, srv)
		unix.Close(accepted)
		unix.Close(srv)
		hintState(t, client, wire.CloseWait)
		fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
		bind := fmt.Sprintf("bind %d 127.0.0.1:%d", fd, port)
		q := hintUntil(h, bind, "FIN_WAIT2")
		head := fmt.Sprintf("127.0.0.1:%d is taken: the kernel still ends a closed connection there (FIN_WAIT2); ", port)
		if before {
			for _, try := range h.ask(q, head+fmt.Sprintf("try: setsockopt %d SO_REUSEADDR 1", fd))[:2] {
				h.call(0, try)
			}
			continue
		}
		lacked := head + fmt.Sprintf("the old socket had no SO_REUSEADDR; try: bind %d 127.0.0.1:0", fd)
		open, err := wire.Open()
		hintMust(t, err)
		h.ask(q, lacked, "To set it on this socket alone does not help.")
		if after, err := wire.Open(); err != nil || !slices.Equal(after, open) {
			t.Errorf("open are %v, and were %v: %v", after, open, err)
		}
		h.call(0, fmt.Sprintf("setsockopt %d SO_REUSEADDR 1", fd))
		tries := h.ask(h.call(unix.EADDRINUSE, bind), lacked)
		h.call(0, tries[0])
	}
}

// TestHintReuseIPv6 asks the same of an IPv6 socket whose wildcard address does not mean IPv4 too.
func TestHintReuseIPv6(t *testing.T) {
	h := newHintTest(t)
	srv := hintSocket(t, unix.AF_INET6, unix.SOCK_STREAM)
	hintMust(t, unix.SetsockoptInt(srv, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
	hintMust(t, unix.Bind(srv, &unix.SockaddrInet6{Addr: [16]byte{15: 1}}))
	hintMust(t, unix.Listen(srv, 1))
	name, err := unix.Getsockname(srv)
	hintMust(t, err)
	port := name.(*unix.SockaddrInet6).Port
	client := hintSocket(t, unix.AF_INET6, unix.SOCK_STREAM)
	hintMust(t, unix.Connect(client, name))
	accepted, _, err := unix.Accept(srv)
	hintMust(t, err)
	unix.Close(accepted)
	unix.Close(srv)
	hintState(t, client, wire.CloseWait)
	// Somebody has the port in IPv4: only an IPv6 socket without IPv4 can have it.
	other := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	hintMust(t, unix.Bind(other, &unix.SockaddrInet4{Port: port, Addr: hintHome.Addr}))
	fd := hintSocket(t, unix.AF_INET6, unix.SOCK_STREAM)
	hintMust(t, unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1))
	q := hintUntil(h, fmt.Sprintf("bind %d [::1]:%d", fd, port), "FIN_WAIT2")
	for _, try := range h.ask(q, fmt.Sprintf("[::1]:%d is taken: the kernel still ends a closed connection there (FIN_WAIT2); try: setsockopt %d SO_REUSEADDR 1", port, fd))[:2] {
		h.call(0, try)
	}
}

// TestHintLiveConnection has no listener any more, and a connection that keeps the port: to close it would not free it.
func TestHintLiveConnection(t *testing.T) {
	h := newHintTest(t)
	srv, port := hintListener(t, false)
	client, accepted := hintPair(t, srv)
	unix.Close(srv)
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	bind := fmt.Sprintf("bind %d 127.0.0.1:%d", fd, port)
	tries := h.ask(h.call(unix.EADDRINUSE, bind),
		fmt.Sprintf("127.0.0.1:%d is taken: socket %d is connected from there to 127.0.0.1:%d; that socket had no SO_REUSEADDR; try: bind %d 127.0.0.1:0", port, accepted, hintPort(t, client), fd))
	if len(tries) != 1 {
		t.Errorf("%q", tries)
	}
	unix.Close(client)
	hintState(t, accepted, wire.CloseWait)
	tries = h.ask(h.call(unix.EADDRINUSE, bind),
		fmt.Sprintf("127.0.0.1:%d is taken: socket %d is connected from there to 127.0.0.1:%d; that socket had no SO_REUSEADDR; try: bind %d 127.0.0.1:0", port, accepted, peerPort(t, accepted), fd))
	if len(tries) != 2 || tries[1] != fmt.Sprintf("close %d", accepted) {
		t.Fatalf("%q", tries)
	}
	h.call(0, tries[1])
	for end := time.Now().Add(10 * time.Second); unix.Bind(fd, &unix.SockaddrInet4{Port: port, Addr: hintHome.Addr}) != nil; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not free the address", tries[1])
		}
	}
}

func peerPort(t *testing.T, fd int) int {
	t.Helper()
	addr, err := unix.Getpeername(fd)
	hintMust(t, err)
	return addr.(*unix.SockaddrInet4).Port
}
