package session

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

func TestHintAddressInUse(t *testing.T) {
	h := newHintTest(t)
	srv, port := hintListener(t, false)
	h.names[srv] = []string{"srv"}
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	q := h.call(unix.EADDRINUSE, fmt.Sprintf("bind %d 127.0.0.1:%d", fd, port))
	tries := h.ask(q, fmt.Sprintf("127.0.0.1:%d is taken: socket %d (srv) listens there; try: bind %d 127.0.0.1:0", port, srv, fd),
		"another socket has that address", fmt.Sprintf("held by descriptor %d (srv)", srv), fmt.Sprintf("now: socket %d is AF_INET SOCK_STREAM, its TCP state CLOSE", fd))
	if len(tries) != 2 || tries[1] != fmt.Sprintf("close %d", srv) {
		t.Errorf("%q", tries)
	}
	q = h.call(unix.EADDRINUSE, fmt.Sprintf("bind %d 0.0.0.0:%d", fd, port))
	h.ask(q, fmt.Sprintf("0.0.0.0:%d is taken: socket %d (srv) listens there (as 127.0.0.1:%d); try: bind %d 0.0.0.0:0", port, srv, port, fd))

	udp := hintSocket(t, unix.AF_INET, unix.SOCK_DGRAM)
	hintMust(t, unix.Bind(udp, hintHome))
	other := hintSocket(t, unix.AF_INET, unix.SOCK_DGRAM)
	q = h.call(unix.EADDRINUSE, fmt.Sprintf("bind %d 127.0.0.1:%d", other, hintPort(t, udp)))
	h.ask(q, fmt.Sprintf("127.0.0.1:%d is taken: socket %d is bound there; try: bind %d 127.0.0.1:0", hintPort(t, udp), udp, other))
}

func TestHintOtherProcess(t *testing.T) {
	if os.Getenv("HINT_HOLDS") != "" {
		fd, _ := hintListener(t, false)
		// The name of the process is whatever it likes.
		if os.WriteFile("/proc/self/comm", []byte("e\x1b[31mvil"), 0) != nil {
			os.Exit(1)
		}
		fmt.Println(hintPort(t, fd))
		os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestHintOtherProcess$")
	cmd.Env = append(os.Environ(), "HINT_HOLDS=1")
	in, err := cmd.StdinPipe()
	hintMust(t, err)
	out, err := cmd.StdoutPipe()
	hintMust(t, err)
	hintMust(t, cmd.Start())
	defer cmd.Wait()
	defer in.Close()
	var port int
	_, err = fmt.Fscan(out, &port)
	hintMust(t, err)
	h := newHintTest(t)
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	h.ask(h.call(unix.EADDRINUSE, fmt.Sprintf("bind %d 127.0.0.1:%d", fd, port)),
		fmt.Sprintf("127.0.0.1:%d is taken: process %d (e\\33[31mvil) listens there; try: bind %d 127.0.0.1:0", port, cmd.Process.Pid, fd))
}

func TestHintUnixPaths(t *testing.T) {
	h := newHintTest(t)
	dir, err := os.MkdirTemp("/tmp", "hint") // a hint is long if its path is: TMPDIR may be
	hintMust(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "a socket")
	old := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	hintMust(t, unix.Bind(old, &unix.SockaddrUnix{Name: path}))
	fd := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	bind, connect := fmt.Sprintf("bind %d %q", fd, "unix:"+path), fmt.Sprintf("connect %d %q", fd, "unix:"+path)
	h.ask(h.call(unix.EADDRINUSE, bind), fmt.Sprintf("unix:%s is taken: socket %d is bound there; try: close %d", path, old, old))
	h.ask(h.call(unix.ECONNREFUSED, connect), fmt.Sprintf("socket %d is bound to unix:%s but does not listen; try: listen @%d", old, path, old))
	dgram := hintSocket(t, unix.AF_UNIX, unix.SOCK_DGRAM)
	h.ask(h.call(unix.EPROTOTYPE, fmt.Sprintf("connect %d %q", dgram, "unix:"+path)),
		fmt.Sprintf("socket %d is SOCK_DGRAM, and the socket bound to unix:%s is SOCK_STREAM; try: socket unix", dgram, path))
	unix.Close(old)
	h.ask(h.call(unix.EADDRINUSE, bind),
		fmt.Sprintf("the file %s is left over: no socket is seen bound to it; try: unlink %q", path, path))
	h.ask(h.call(unix.ECONNREFUSED, connect), fmt.Sprintf("the file unix:%s is left over: no socket is bound to it any more; try: unlink %q", path, path))
	hintMust(t, os.Remove(path))
	h.ask(h.call(unix.ENOENT, connect), fmt.Sprintf("there is no file unix:%s: a server makes it with bind; try: fds", path))
	hintMust(t, os.WriteFile(path, nil, 0o600))
	h.ask(h.call(unix.EADDRINUSE, bind),
		fmt.Sprintf("%s is an ordinary file, and bind makes a new one; try: bind %d %q", path, fd, "unix:"+path+".sock"))
	h.ask(h.call(unix.ENOENT, fmt.Sprintf("bind %d unix:%s/none/no/folder", fd, filepath.Dir(path))), fmt.Sprintf("a folder of unix:%s/no/folder does not exist: bind makes the file but no folders; try: bind %d unix:@name", filepath.Join(filepath.Dir(path), "none"), fd))
}

func TestHintRefused(t *testing.T) {
	h := newHintTest(t)
	bound := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	hintMust(t, unix.Bind(bound, hintHome))
	h.names[bound] = []string{"srv"}
	port := hintPort(t, bound)
	fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	connect := fmt.Sprintf("connect %d 127.0.0.1:%d", fd, port)
	h.ask(h.call(unix.ECONNREFUSED, connect), fmt.Sprintf("socket %d (srv) is bound to 127.0.0.1:%d but does not listen; try: listen @%d", bound, port, bound), connect)
	unix.Close(bound)
	h.ask(h.call(unix.ECONNREFUSED, connect), fmt.Sprintf("nobody listens on 127.0.0.1:%d: the kernel answered for it (RST); try: fds", port))

	elsewhere := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	hintMust(t, unix.Bind(elsewhere, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 2}}))
	hintMust(t, unix.Listen(elsewhere, 1))
	h.ask(h.call(unix.ECONNREFUSED, connect), fmt.Sprintf("nobody listens on 127.0.0.1:%d: the kernel answered for it (RST); try: connect %d 127.0.0.2:%d", port, fd, port),
		fmt.Sprintf("Somebody listens on 127.0.0.2:%d: that is another address.", port))

	udp := hintSocket(t, unix.AF_INET, unix.SOCK_DGRAM)
	hintMust(t, unix.Connect(udp, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))
	_, err := unix.Write(udp, []byte("x"))
	hintMust(t, err)
	h.ask(h.call(unix.ECONNREFUSED, fmt.Sprintf("recv %d 10", udp)), fmt.Sprintf("a datagram sent earlier was answered: nobody has 127.0.0.1:%d (ICMP port unreachable)", port))

	abstract := hintSocket(t, unix.AF_UNIX, unix.SOCK_STREAM)
	h.ask(h.call(unix.ECONNREFUSED, fmt.Sprintf("connect %d unix:@nobody-%d", abstract, os.Getpid())),
		fmt.Sprintf("no socket in this system is bound to unix:@nobody-%d; try: fds", os.Getpid()))
}

func TestHintAddresses(t *testing.T) {
	h := newHintTest(t)
	tcp := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
	tries := h.ask(h.call(unix.EADDRNOTAVAIL, fmt.Sprintf("bind %d 192.0.2.1:8080", tcp)),
		fmt.Sprintf("192.0.2.1 is no address of this machine's interfaces; bind takes only this machine's own; try: bind %d 127.0.0.1:8080", tcp))
	if len(tries) != 2 || tries[1] != fmt.Sprintf("bind %d 0.0.0.0:8080", tcp) {
		t.Errorf("%q", tries)
	}
	h.ask(h.call(unix.EAFNOSUPPORT, fmt.Sprintf("connect %d [::1]:80", tcp)),
		fmt.Sprintf("socket %d is of family AF_INET, and [::1]:80 is an address of AF_INET6; try: connect %d 127.0.0.1:80", tcp, tcp))
	udp := hintSocket(t, unix.AF_INET, unix.SOCK_DGRAM)
	h.ask(h.call(unix.EDESTADDRREQ, fmt.Sprintf("send %d ping", udp)),
		fmt.Sprintf(`socket %d has no peer, so each message needs an address; try: sendto %d "ping" 127.0.0.1:9999`, udp, udp))
	h.ask(h.call(unix.EACCES, fmt.Sprintf("connect %d 255.255.255.255:9", udp)),
		fmt.Sprintf("socket %d has SO_BROADCAST off: if 255.255.255.255 is a broadcast address, that is why; try: setsockopt %d SO_BROADCAST 1", udp, udp))
	h.ask(h.call(unix.EINVAL, fmt.Sprintf("sendto %d x 127.0.0.1:0", udp)), fmt.Sprintf(`port 0 is nobody's: a peer's address needs a port; try: sendto %d "x" 0 127.0.0.1:8080`, udp))
	h.ask(h.call(unix.EMSGSIZE, fmt.Sprintf("sendto %d fill:65508 127.0.0.1:9", udp)),
		fmt.Sprintf("65508 bytes are more than a UDP datagram can carry: 65507 at most; try: sendto %d fill:65507 127.0.0.1:9999", udp))
	h.ask(h.call(unix.EOPNOTSUPP, fmt.Sprintf("listen @%d", udp)),
		fmt.Sprintf("socket %d is SOCK_DGRAM: datagrams need no connections, so there is nothing to listen for; try: recvfrom %d 1024", udp, udp))
}

// TestHintPrivilege gives the privilege for low ports up, on a thread that ends with the test.
func TestHintPrivilege(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var data [2]unix.CapUserData
		if err := unix.Capget(&head, &data[0]); err != nil {
			t.Error(err)
			return
		}
		data[0].Effective &^= 1 << unix.CAP_NET_BIND_SERVICE
		if err := unix.Capset(&head, &data[0]); err != nil {
			t.Error(err)
			return
		}
		fd := hintSocket(t, unix.AF_INET, unix.SOCK_STREAM)
		if err := unix.Bind(fd, &unix.SockaddrInet4{Port: 80, Addr: hintHome.Addr}); !errors.Is(err, unix.EACCES) {
			t.Logf("port 80 needs no privilege here: %v", err)
			return
		}
		h := newHintTest(t)
		h.ask(h.call(unix.EACCES, fmt.Sprintf("bind %d 127.0.0.1:80", fd)),
			fmt.Sprintf("port 80 needs a privilege (CAP_NET_BIND_SERVICE): by default all ports below 1024 do; try: bind %d 127.0.0.1:8080", fd))
	}()
	<-done
}
