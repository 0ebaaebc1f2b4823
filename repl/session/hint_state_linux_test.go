package session

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/commands/wire"
)

func TestHintConnected(t *testing.T) {
	h := newHintTest(t)
	srv, port := hintListener(t, false)
	h.names[srv] = []string{"srv"}
	fresh := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	h.names[fresh] = []string{"c"}
	connect := fmt.Sprintf("connect %d 127.0.0.1:%d", fresh, port)
	for _, call := range []string{"getpeername %d", "recv %d 10", "shutdown %d wr"} {
		h.ask(h.call(unix.ENOTCONN, fmt.Sprintf(call, fresh)), fmt.Sprintf("socket %d (c) is not connected; try: %s", fresh, connect))
	}
	h.ask(h.call(unix.ENOTCONN, fmt.Sprintf("recv %d 10", srv)),
		fmt.Sprintf("socket %d (srv) listens: it has no peer itself, accept gives a socket for each connection; try: accept %d", srv, srv))
	h.ask(h.call(unix.EISCONN, fmt.Sprintf("connect %d 127.0.0.1:%d", srv, port)),
		fmt.Sprintf("socket %d (srv) listens, and a listener cannot connect: that takes a socket of its own; try: socket", srv))
	client, accepted := hintPair(t, srv)
	h.ask(h.call(unix.EISCONN, fmt.Sprintf("connect %d 127.0.0.1:%d", client, port)),
		fmt.Sprintf("socket %d is connected to 127.0.0.1:%d already, and a stream connects only once; try: socket", client, port))
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("bind %d 127.0.0.1:0", client)),
		fmt.Sprintf("socket %d has an address already, 127.0.0.1:%d, and a socket is bound only once; try: socket", client, hintPort(t, client)))
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("listen @%d", client)),
		fmt.Sprintf("socket %d is connected to 127.0.0.1:%d, and a connected socket cannot listen; try: socket", client, port))
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("accept %d", client)),
		fmt.Sprintf("socket %d is connected to 127.0.0.1:%d: accept is for sockets that listen; try: accept %d", client, port, srv))
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("accept %d", fresh)),
		fmt.Sprintf("socket %d (c) does not listen: accept takes connections that listen lets in; try: bind %d 127.0.0.1:0", fresh, fresh), fmt.Sprintf("listen @%d accept %d", fresh, fresh))

	hintMust(t, unix.SetsockoptLinger(accepted, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}))
	unix.Close(accepted)
	hintState(t, client, wire.Close)
	h.ask(h.call(unix.ECONNRESET, fmt.Sprintf("recv %d 10", client)),
		fmt.Sprintf("the peer has broken the connection off with a reset (RST); what was on its way is lost; try: close %d", client), "its TCP state CLOSE")
	h.ask(h.call(unix.EPIPE, fmt.Sprintf("send %d x nosignal", client)),
		fmt.Sprintf("the connection of socket %d is over (CLOSE): it was reset, or both sides have ended it; try: close %d", client, client), "SIGPIPE; the flag MSG_NOSIGNAL")
	h.ask(h.call(unix.ENOTCONN, fmt.Sprintf("getpeername %d", client)),
		fmt.Sprintf("socket %d has no connection (its state is CLOSE): it never had one, or it is over; try: %s", client, strings.Replace(connect, fmt.Sprint(fresh), fmt.Sprint(client), 1)))
}

func TestHintPipe(t *testing.T) {
	h := newHintTest(t)
	srv, port := hintListener(t, false)
	client, _ := hintPair(t, srv)
	hintMust(t, unix.Shutdown(client, unix.SHUT_WR))
	hintState(t, client, wire.FinWait2)
	h.ask(h.call(unix.EPIPE, fmt.Sprintf("send %d x", client)),
		fmt.Sprintf("socket %d has ended its sending side itself (shutdown): its state is FIN_WAIT2; try: recv %d 1024", client, client), "A C program would have been killed here by the signal SIGPIPE")
	fresh := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	h.ask(h.call(unix.EPIPE, fmt.Sprintf("send %d x", fresh)),
		fmt.Sprintf("socket %d was never connected; Linux says EPIPE to that; try: connect %d 127.0.0.1:%d", fresh, fresh, port))
	h.ask(h.call(unix.EPIPE, fmt.Sprintf("send %d x", srv)),
		fmt.Sprintf("socket %d listens: it has no peer, accept gives a socket for each connection; try: accept %d", srv, srv))
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	hintMust(t, err)
	defer unix.Close(pair[0])
	_, err = unix.Write(pair[0], []byte("unread"))
	hintMust(t, err)
	unix.Close(pair[1])
	h.ask(h.call(unix.ECONNRESET, fmt.Sprintf("recv %d 10", pair[0])),
		fmt.Sprintf("the peer closed while bytes that it had not read waited for it; try: close %d", pair[0]))
	h.ask(h.call(unix.EPIPE, fmt.Sprintf("send %d x", pair[0])),
		fmt.Sprintf("the peer of socket %d is gone, or this direction was shut down, at either end; try: close %d", pair[0], pair[0]))
}

func TestHintAgain(t *testing.T) {
	h := newHintTest(t)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	hintMust(t, err)
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	fd := pair[0]
	q := h.call(unix.EAGAIN, fmt.Sprintf("recv %d 10 dontwait", fd))
	h.ask(q, fmt.Sprintf("nothing has come to be received, and MSG_DONTWAIT says not to wait; try: recv %d 10", fd))
	_, err = unix.Write(pair[1], []byte("later"))
	hintMust(t, err)
	h.ask(q, fmt.Sprintf("nothing had come then (5 bytes now), and MSG_DONTWAIT says not to wait; try: recv %d 10", fd))
	_, err = unix.Read(fd, make([]byte, 10))
	hintMust(t, err)
	hintMust(t, unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 20000}))
	h.ask(h.call(unix.EAGAIN, fmt.Sprintf("recv %d 10", fd)),
		fmt.Sprintf("nothing has come to be received, and the time to wait is over: SO_RCVTIMEO of socket %d is 20ms; try: setsockopt %d SO_RCVTIMEO 0", fd, fd))
	hintMust(t, unix.SetNonblock(fd, true))
	h.ask(h.call(unix.EAGAIN, fmt.Sprintf("read %d 10", fd)),
		fmt.Sprintf("nothing has come to be received, and socket %d is non-blocking (O_NONBLOCK); try: fcntl %d F_SETFL O_RDWR", fd, fd))
	for err == nil {
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	s, _ := Hint(h.call(unix.EAGAIN, fmt.Sprintf("send %d x", fd)))
	if !strings.HasPrefix(s, "there was no room for it: the peer does not receive as fast (") || !strings.Contains(s, "SO_SNDBUF") {
		t.Errorf("%q", s)
	}
	srv, _ := hintListener(t, false)
	hintMust(t, unix.SetNonblock(srv, true))
	h.ask(h.call(unix.EAGAIN, fmt.Sprintf("accept %d", srv)),
		fmt.Sprintf("no connection waits in the accept queue, and socket %d is non-blocking (O_NONBLOCK); try: fcntl %d F_SETFL O_RDWR", srv, srv),
		"0 connections in its accept queue, backlog 5, non-blocking")

	name := fmt.Sprintf("@full-%d", os.Getpid())
	full := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	hintMust(t, unix.Bind(full, &unix.SockaddrUnix{Name: name}))
	hintMust(t, unix.Listen(full, 0))
	hintMust(t, unix.Connect(hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM), &unix.SockaddrUnix{Name: name}))
	late := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK)
	h.ask(h.call(unix.EAGAIN, fmt.Sprintf("connect %d unix:%s", late, name)),
		fmt.Sprintf("the accept queue of unix:%s is full, and socket %d is non-blocking (O_NONBLOCK); try: accept %d", name, late, full), "1 connection in its accept queue, backlog 0")
}

func TestHintInProgress(t *testing.T) {
	h := newHintTest(t)
	// A listener whose queue is full answers no SYN, so that the handshake goes on.
	srv := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	hintMust(t, unix.Bind(srv, hintHome))
	hintMust(t, unix.Listen(srv, 0))
	addr := &unix.SockaddrInet4{Port: hintPort(t, srv), Addr: hintHome.Addr}
	hintMust(t, unix.Connect(hintSocket(t, unix.AF_INET, unix.SOCK_STREAM), addr))
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK)
	connect := fmt.Sprintf("connect %d 127.0.0.1:%d", fd, addr.Port)
	h.ask(h.call(unix.EINPROGRESS, connect),
		fmt.Sprintf("socket %d is non-blocking, so connect did not wait: the handshake goes on (SYN_SENT); try: getsockopt %d SO_ERROR", fd, fd))
	h.ask(h.call(unix.EALREADY, connect),
		fmt.Sprintf("an earlier connect of socket %d is not over: the handshake goes on (SYN_SENT); try: getsockopt %d SO_ERROR", fd, fd))
	q := h.call(unix.EALREADY, connect)
	q.Errno = "EINTR" // as it is after an interrupted handshake
	h.ask(q, fmt.Sprintf("a signal (Ctrl-C, kill) ended the wait, not the handshake: it goes on (SYN_SENT); try: getpeername %d", fd))
	h.ask(h.call(unix.ENOTCONN, fmt.Sprintf("getpeername %d", fd)),
		fmt.Sprintf("socket %d is still connecting (SYN_SENT): no answer has come yet; try: getpeername %d", fd, fd))
}

func TestHintWaitingJob(t *testing.T) {
	h := newHintTest(t)
	h.edit = func(q *Question) {
		q.JobOn = func(int) []int { return []int{3} }
		q.Shell = func(fd int) string { return map[int]string{1: "its terminal"}[fd] }
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	hintMust(t, err)
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	q := h.call(unix.EAGAIN, fmt.Sprintf("recv %d 10 dontwait", pair[0]))
	q.Errno = "EINTR"
	tries := h.ask(q, fmt.Sprintf("a signal (Ctrl-C, kill) came while the call waited; nothing was transferred; try: recv %d 10 MSG_DONTWAIT", pair[0]), "job 3 is blocked on it")
	if len(tries) != 2 || !strings.HasSuffix(tries[1], " &") {
		t.Errorf("%q", tries)
	}
	if _, long := Hint(h.call(unix.EBADF, "listen @9999")); !strings.Contains(long, "open descriptors: 0, 2") {
		t.Errorf("the shell's own descriptor 1 is listed:\n%s", long)
	}
}

// TestHintClosedSince asks again about a call whose descriptor has been closed, or is another socket now.
func TestHintClosedSince(t *testing.T) {
	h := newHintTest(t)
	srv, _ := hintListener(t, false)
	hintMust(t, unix.SetNonblock(srv, true))
	q := h.call(unix.EAGAIN, fmt.Sprintf("accept %d", srv))
	q.Errno = "EINTR" // as it is after kill
	came := "a signal (Ctrl-C, kill) came while the call waited; nothing was transferred"
	h.ask(q, came+fmt.Sprintf("; try: accept %d", srv))
	other := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	hintMust(t, unix.Dup3(other, srv, unix.O_CLOEXEC))
	h.ask(q, came)
	hintMust(t, unix.Close(srv))
	if tries := h.ask(q, came+fmt.Sprintf(", and %d has been closed since", srv)); len(tries) != 0 {
		t.Errorf("%q", tries)
	}
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	q = h.call(unix.EADDRNOTAVAIL, fmt.Sprintf("bind %d 192.0.2.1:8080", fd))
	hintMust(t, unix.Close(fd))
	if tries := h.ask(q, "192.0.2.1 is no address of this machine's interfaces; bind takes only this machine's own"); len(tries) != 0 {
		t.Errorf("%q", tries)
	}
}
