package session

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/commands/wire"
)

// TestHintFamilies meets each family with the others; the lines that it suggests go well, or fail for another reason.
func TestHintFamilies(t *testing.T) {
	h := newHintTest(t)
	for _, c := range []struct {
		domain, typ int
		errno       unix.Errno
		line        string // with the descriptor for %d
		says, try   string
		gives       unix.Errno // by the line that it suggests
	}{
		{unix.AF_INET6, unix.SOCK_STREAM, unix.EINVAL, "bind %d 127.0.0.1:0", "family AF_INET6, and 127.0.0.1:0 is an address of AF_INET", "bind %d [::1]:0", 0},
		{unix.AF_INET6, unix.SOCK_STREAM, unix.EINVAL, "bind %d 0.0.0.0:0", "AF_INET6, and 0.0.0.0:0 is an address of AF_INET", "bind %d [::]:0", 0},
		{unix.AF_INET6, unix.SOCK_STREAM, unix.EINVAL, "connect %d 127.0.0.1:1", "AF_INET6, and 127.0.0.1:1 is an address of AF_INET", "connect %d [::ffff:127.0.0.1]:1", unix.ECONNREFUSED},
		{unix.AF_INET6, unix.SOCK_DGRAM, unix.EINVAL, "bind %d 127.0.0.1:0", "AF_INET6, and 127.0.0.1:0 is an address of AF_INET", "bind %d [::1]:0", 0},
		{unix.AF_INET6, unix.SOCK_DGRAM, unix.EINVAL, "connect %d unix:@x", "AF_INET6, and unix:@x is an address of AF_UNIX", "socket unix-dgram", 0},
		{unix.AF_INET, unix.SOCK_STREAM, unix.EINVAL, "bind %d unix:@x", "AF_INET, and unix:@x is an address of AF_UNIX", "bind %d 127.0.0.1:0", 0},
		{unix.AF_INET, unix.SOCK_STREAM, unix.EAFNOSUPPORT, "bind %d unix:/tmp/a-long-enough-name", "AF_INET, and unix:/tmp/a-long-enough-name is an address of AF_UNIX", "bind %d 127.0.0.1:0", 0},
		{unix.AF_INET, unix.SOCK_STREAM, unix.EINVAL, "connect %d unix:@x", "AF_INET, and unix:@x is an address of AF_UNIX", "socket unix", 0},
		{unix.AF_INET, unix.SOCK_STREAM, unix.EAFNOSUPPORT, "connect %d [::ffff:127.0.0.1]:1", "AF_INET, and [::ffff:127.0.0.1]:1 is an address of AF_INET6", "connect %d 127.0.0.1:1", unix.ECONNREFUSED},
		{unix.AF_INET, unix.SOCK_STREAM, unix.EAFNOSUPPORT, "bind %d [::]:0", "AF_INET, and [::]:0 is an address of AF_INET6", "bind %d 0.0.0.0:0", 0},
		{unix.AF_INET, unix.SOCK_STREAM, unix.EAFNOSUPPORT, "connect %d [2001:db8::1]:80", "AF_INET, and [2001:db8::1]:80 is an address of AF_INET6", "socket tcp6", 0},
		{unix.AF_INET, unix.SOCK_DGRAM, unix.EINVAL, "sendto %d x unix:@x", "AF_INET, and unix:@x is an address of AF_UNIX", "socket unix-dgram", 0},
		{unix.AF_INET, unix.SOCK_DGRAM, unix.EAFNOSUPPORT, "sendto %d x [::1]:9", "AF_INET, and [::1]:9 is an address of AF_INET6", `sendto %d "x" 0 127.0.0.1:9`, 0},
		{unix.AF_UNIX, unix.SOCK_STREAM, unix.EINVAL, "connect %d 127.0.0.1:1", "AF_UNIX, and 127.0.0.1:1 is an address of AF_INET", "socket", 0},
		{unix.AF_UNIX, unix.SOCK_DGRAM, unix.EINVAL, "sendto %d x [::1]:1", "AF_UNIX, and [::1]:1 is an address of AF_INET6", "socket udp6", 0},
	} {
		fd := hintSocket(t, c.domain, c.typ)
		try := c.try
		if strings.Contains(try, "%d") {
			try = fmt.Sprintf(try, fd)
		}
		h.ask(h.call(c.errno, fmt.Sprintf(c.line, fd)), fmt.Sprintf("socket %d is of family %s; try: %s", fd, strings.TrimPrefix(c.says, "family "), try))
		if made := h.call(c.gives, try); made.Call.Name == "socket" {
			hintMust(t, unix.Close(int(h.ret)))
		}
	}
}

// TestHintMisfit has the right family, and an address that does not do.
func TestHintMisfit(t *testing.T) {
	h := newHintTest(t)
	tcp := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	bind := fmt.Sprintf("bind %d 127.0.0.1:0", tcp)
	h.ask(h.call(unix.EINVAL, fmt.Sprintf(`bind(%d, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 8)`, tcp)), "addrlen (8) does not fit an address of AF_INET; try: "+bind)
	h.call(0, bind)
	// An IPv6 datagram socket takes IPv4 peers: what is wrong is the port.
	udp := hintSocket(t, unix.AF_INET6, unix.SOCK_DGRAM)
	sendto := fmt.Sprintf(`sendto %d "x" 0 127.0.0.1:8080`, udp)
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("sendto %d x 127.0.0.1:0", udp)), "port 0 is nobody's: a peer's address needs a port; try: "+sendto)
	h.call(0, sendto)
	tcp6 := hintSocket(t, unix.AF_INET6, unix.SOCK_STREAM)
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("bind %d [fe80::1]:0", tcp6)), "fe80::1 is a link-local address, and which interface it is on is not said")
	hintMust(t, unix.SetsockoptInt(tcp6, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1))
	bind = fmt.Sprintf("bind %d [::ffff:127.0.0.1]:0", tcp6)
	only := fmt.Sprintf("setsockopt %d IPV6_V6ONLY 0", tcp6)
	h.ask(h.call(unix.EINVAL, bind), fmt.Sprintf("socket %d has IPV6_V6ONLY on, so it takes no IPv4 address (::ffff:127.0.0.1); try: %s", tcp6, only))
	h.call(0, only)
	h.call(0, bind)
}

// TestHintFreeName suggests names that nobody has.
func TestHintFreeName(t *testing.T) {
	h := newHintTest(t)
	hintMust(t, unix.Bind(hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM), &unix.SockaddrUnix{Name: "@name"}))
	fd := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	tries := h.ask(h.call(unix.EINVAL, fmt.Sprintf("bind %d 127.0.0.1:80", fd)),
		fmt.Sprintf("socket %d is of family AF_UNIX, and 127.0.0.1:80 is an address of AF_INET; try: bind %d unix:@name2", fd, fd), "socket")
	h.call(0, tries[0])
	fd = hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	path := "/" + strings.Repeat("x", 120)
	bind := fmt.Sprintf(`bind(%d, {sa_family=AF_UNIX, sun_path="%s"}, 123)`, fd, path)
	tries = h.ask(h.call(unix.EINVAL, bind), fmt.Sprintf("the path has 121 bytes, and an address of AF_UNIX has room for 108; try: bind %d unix:@name3", fd))
	h.call(0, tries[0])
}

// TestHintFailedConnect does not wait for a connect that fails.
func TestHintFailedConnect(t *testing.T) {
	h := newHintTest(t)
	nobody, port := hintListener(t, false)
	unix.Close(nobody)
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK)
	h.call(unix.EINPROGRESS, fmt.Sprintf("connect %d 127.0.0.1:%d", fd, port))
	hintState(t, fd, wire.Close)
	said := fmt.Sprintf("an earlier connect of socket %d has failed: nobody listened at that address (RST)", fd)
	q := h.call(unix.ECONNREFUSED, fmt.Sprintf("recv %d 10", fd))
	h.ask(q, said)
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("listen @%d", fd)), fmt.Sprintf("a connect of socket %d has failed, or its connection is over: such a socket cannot listen; try: socket", fd))
	srv, port := hintListener(t, false)
	h.ask(q, said+fmt.Sprintf("; try: connect %d 127.0.0.1:%d", fd, port), fmt.Sprintf("socket %d is AF_INET SOCK_STREAM, its TCP state LISTEN", srv))
}
