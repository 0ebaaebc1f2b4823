package wire

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/commands/kernel"
)

// here runs on the test's own thread: these tests count no descriptor numbers.
func here(run func()) { run() }

func socket(t testing.TB, domain, typ, protocol int) int {
	t.Helper()
	fd, err := unix.Socket(domain, typ|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		t.Skipf("socket of family %d: %v", domain, err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func look(t testing.TB, fd int) Socket {
	t.Helper()
	var s Socket
	must(t, Look(fd, &s))
	return s
}

// listener is bound to a free port of loopback; dial connects and accepts.
func listener(t testing.TB, backlog int) (fd int, addr unix.Sockaddr) {
	fd = socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	must(t, unix.Listen(fd, backlog))
	addr, err := unix.Getsockname(fd)
	must(t, err)
	return fd, addr
}

func dial(t testing.TB, server int, addr unix.Sockaddr) (client, accepted int) {
	client = socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Connect(client, addr))
	accepted, _, err := unix.Accept4(server, unix.SOCK_CLOEXEC)
	must(t, err)
	return client, accepted
}

func rawName(t testing.TB, fd int) []byte {
	t.Helper()
	name, e := kernel.Getsockname(fd, make([]byte, 128))
	if e != 0 {
		t.Fatal(e)
	}
	return name
}

func TestStateName(t *testing.T) {
	for state, want := range map[int]string{1: "ESTABLISHED", 6: "TIME_WAIT", 10: "LISTEN", 11: "CLOSING", 0: "", -1: "", 14: ""} {
		if got := StateName(state); got != want {
			t.Errorf("state %d is %q, want %q", state, got, want)
		}
	}
}

func TestLookTCP(t *testing.T) {
	fresh := look(t, socket(t, unix.AF_INET6, unix.SOCK_STREAM, 0))
	if fresh.Kind != "socket" || fresh.Domain != unix.AF_INET6 || fresh.Type != unix.SOCK_STREAM || fresh.Protocol != unix.IPPROTO_TCP ||
		fresh.State != Close || fresh.Listening || fresh.Peer != nil || len(fresh.Local) != 28 || fresh.FDFlags != unix.FD_CLOEXEC {
		t.Errorf("a fresh socket: %+v", fresh)
	}
	server, addr := listener(t, 5)
	waiting := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Connect(waiting, addr))
	if s := look(t, server); s.State != Listen || !s.Listening || s.RecvQ != 1 || s.SendQ != 5 || s.Peer != nil || !bytes.Equal(s.Local, rawName(t, server)) {
		t.Errorf("a listener with one waiting: %+v", s)
	}
	first, _, err := unix.Accept4(server, unix.SOCK_NONBLOCK)
	must(t, err)
	defer unix.Close(first)
	s := look(t, first)
	if s.State != Established || s.RecvQ != 0 || s.SendQ != 0 || !bytes.Equal(s.Peer, rawName(t, waiting)) || s.FileFlags&unix.O_NONBLOCK == 0 || s.FDFlags != 0 {
		t.Errorf("accepted: %+v", s)
	}
	_, err = unix.Write(waiting, make([]byte, 1000))
	must(t, err)
	until(t, func() bool { return look(t, first).RecvQ == 1000 })
	must(t, unix.Shutdown(waiting, unix.SHUT_WR))
	until(t, func() bool { return look(t, first).State == CloseWait && look(t, waiting).State == FinWait2 })
	dup, err := unix.Dup(first)
	must(t, err)
	defer unix.Close(dup)
	if d := look(t, dup); d.Inode != s.Inode || d.Device != s.Device || d.Inode == look(t, waiting).Inode {
		t.Errorf("inodes: %d and its dup %d", s.Inode, d.Inode)
	}
	for other, want := range map[int]bool{dup: true, first: true, waiting: false} {
		if same, err := Same(first, other); same != want || err != nil {
			t.Errorf("Same(%d, %d): %v, %v", first, other, same, err)
		}
	}
	if _, err := Same(first, 1<<20); err != unix.EBADF {
		t.Errorf("Same with a closed descriptor: %v", err)
	}
}

// until waits for the kernel's state, which loopback reaches by itself.
func until(t testing.TB, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !reached(); {
		if time.Now().After(end) {
			t.Fatal("the state was not reached")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestLookLeavesTheErrorAlone(t *testing.T) {
	server, addr := listener(t, 5)
	client, accepted := dial(t, server, addr)
	must(t, unix.SetsockoptLinger(accepted, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}))
	unix.Close(accepted) // RST
	until(t, func() bool { return look(t, client).State == Close })
	if pending, err := unix.GetsockoptInt(client, unix.SOL_SOCKET, unix.SO_ERROR); pending != int(unix.ECONNRESET) || err != nil {
		t.Errorf("SO_ERROR after looking: %v, %v", unix.Errno(pending), err)
	}
}

func TestLookDatagrams(t *testing.T) {
	a, b := socket(t, unix.AF_INET, unix.SOCK_DGRAM, 0), socket(t, unix.AF_INET, unix.SOCK_DGRAM, 0)
	must(t, unix.Bind(a, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	if s := look(t, a); s.State != Close || s.Protocol != unix.IPPROTO_UDP || s.Peer != nil {
		t.Errorf("bound: %+v", s)
	}
	addr, err := unix.Getsockname(a)
	must(t, err)
	must(t, unix.Connect(b, addr))
	if s := look(t, b); s.State != Established || !bytes.Equal(s.Peer, rawName(t, a)) {
		t.Errorf("connected: %+v", s)
	}
	for _, n := range []int{7, 9} {
		_, err := unix.Write(b, make([]byte, n))
		must(t, err)
	}
	if s := look(t, a); s.RecvQ != 7 {
		t.Errorf("the next datagram has 7 bytes: %+v", s)
	}
}

func TestLookUnix(t *testing.T) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, err)
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	_, err = unix.Write(pair[0], []byte("hello"))
	must(t, err)
	if s := look(t, pair[1]); s.State != Established || len(s.Local) != 2 || len(s.Peer) != 2 || s.RecvQ != 5 || s.Protocol != 0 {
		t.Errorf("a pair: %+v", s)
	}
	server := socket(t, unix.AF_UNIX, unix.SOCK_SEQPACKET, 0)
	addr := &unix.SockaddrUnix{Name: filepath.Join(t.TempDir(), "s")}
	must(t, unix.Bind(server, addr))
	if s := look(t, server); s.State != Close || s.Peer != nil || !bytes.Equal(s.Local, rawName(t, server)) {
		t.Errorf("bound: %+v", s)
	}
	must(t, unix.Listen(server, 5))
	must(t, unix.Connect(socket(t, unix.AF_UNIX, unix.SOCK_SEQPACKET, 0), addr))
	all := []Socket{look(t, pair[0]), look(t, server)}
	if s := all[1]; s.State != Listen || !s.Listening || s.RecvQ != -1 {
		t.Errorf("listening: %+v", s)
	}
	must(t, Backlogs(here, all))
	if all[1].RecvQ != 1 || all[1].SendQ != 5 || all[0].RecvQ != 0 {
		t.Errorf("with their queues: %+v", all)
	}
	must(t, Backlogs(nil, all[:1])) // nothing to ask for, so run is not called
}

func TestLookAtOthers(t *testing.T) {
	pipe := make([]int, 2)
	must(t, unix.Pipe2(pipe, unix.O_CLOEXEC))
	defer unix.Close(pipe[0])
	epoll, err := unix.EpollCreate1(0)
	must(t, err)
	defer unix.Close(epoll)
	dir := t.TempDir()
	folder, err := unix.Open(dir, unix.O_RDONLY, 0)
	must(t, err)
	defer unix.Close(folder)
	file, err := unix.Open(filepath.Join(dir, "f"), unix.O_RDWR|unix.O_CREAT, 0o600)
	must(t, err)
	defer unix.Close(file)
	null, err := unix.Open("/dev/null", unix.O_RDWR, 0)
	must(t, err)
	defer unix.Close(null)
	for fd, want := range map[int][2]string{
		epoll: {"anon_inode:[eventpoll]", "anon_inode:[eventpoll]"}, folder: {"folder", dir},
		file: {"file", filepath.Join(dir, "f")}, null: {"device", "/dev/null"},
	} {
		if s := look(t, fd); s.Kind != want[0] || s.Target != want[1] || s.Domain != 0 || s.State != 0 {
			t.Errorf("got %+v, want %v", s, want)
		}
	}
	if s := look(t, pipe[1]); s.Kind != "pipe" || s.Target != fmt.Sprintf("pipe:[%d]", s.Inode) || s.FileFlags&unix.O_ACCMODE != unix.O_WRONLY {
		t.Errorf("a pipe: %+v", s)
	}
	unix.Close(pipe[1])
	var s Socket
	if err := Look(pipe[1], &s); err != unix.EBADF || s.Err != err {
		t.Errorf("a closed descriptor: %v, %+v", err, s)
	}
}

func TestOpen(t *testing.T) {
	fd := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3000)
	must(t, err)
	var old unix.Rlimit
	must(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &old))
	for _, soft := range []uint64{old.Cur, 64, 0} {
		must(t, unix.Prlimit(0, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: soft, Max: old.Max}, nil))
		got, err := Open()
		must(t, unix.Prlimit(0, unix.RLIMIT_NOFILE, &old, nil))
		must(t, err)
		if !slices.IsSorted(got) || !slices.Contains(got, fd) || !slices.Contains(got, high) || !slices.Contains(got, 0) {
			t.Errorf("under a limit of %d: %v", soft, got)
		}
		for _, fd := range got {
			if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
				t.Errorf("%d is not open", fd)
			}
		}
	}
	unix.Close(high)
	if got, err := Open(); err != nil || slices.Contains(got, high) {
		t.Errorf("%d is closed: %v, %v", high, got, err)
	}
}

func TestHoldersOfPorts(t *testing.T) {
	server, addr := listener(t, 5)
	port := addr.(*unix.SockaddrInet4).Port
	client, accepted := dial(t, server, addr)
	for _, at := range [][]byte{rawName(t, server), sockaddr4(port, 0, 0, 0, 0), sockaddr6(port)} {
		got, err := Holders(here, at, unix.SOCK_STREAM, 0)
		must(t, err)
		if len(got) < 2 || got[0].State != Listen || !slices.Equal(got[0].FDs, []int{server}) || got[0].PID != 0 ||
			got[0].Inode != look(t, server).Inode || got[0].UID != os.Getuid() || !bytes.Equal(got[0].Local, rawName(t, server)) || got[0].SendQ != 5 ||
			got[1].State != Established || !slices.Equal(got[1].FDs, []int{accepted}) || !bytes.Equal(got[1].Peer, rawName(t, client)) {
			t.Errorf("who has %x: %+v", at, got)
		}
	}
	for _, at := range [][]byte{sockaddr4(port, 127, 0, 0, 2), sockaddr4(0, 127, 0, 0, 1)} {
		if got, err := Holders(here, at, unix.SOCK_STREAM, 0); err != nil || got != nil {
			t.Errorf("nobody has %x: %+v, %v", at, got, err)
		}
	}
	if got, err := Holders(here, rawName(t, server), unix.SOCK_DGRAM, 0); err != nil || got != nil {
		t.Errorf("nobody has the port of UDP: %+v, %v", got, err)
	}
	if _, err := Holders(here, rawName(t, server), unix.SOCK_RAW, unix.IPPROTO_ICMP); err == nil {
		t.Error("raw sockets have no ports, and no error")
	}
	// The side that closes first is left in TIME_WAIT, which no descriptor holds.
	unix.Close(accepted)
	until(t, func() bool { return look(t, client).State == CloseWait })
	unix.Close(client)
	unix.Close(server)
	until(t, func() bool {
		got, err := Holders(here, sockaddr4(port, 127, 0, 0, 1), unix.SOCK_STREAM, 0)
		must(t, err)
		return len(got) == 1 && got[0].State == TimeWait && got[0].Inode == 0 && got[0].FDs == nil &&
			got[0].Left > 50*time.Second && got[0].Left <= 60*time.Second
	})
}

func sockaddr4(port int, a, b, c, d byte) []byte {
	return append(native.AppendUint16(nil, unix.AF_INET), byte(port>>8), byte(port), a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0)
}

func sockaddr6(port int) []byte {
	at := append(native.AppendUint16(nil, unix.AF_INET6), byte(port>>8), byte(port))
	return append(at, make([]byte, 24)...)
}

func TestHoldersOfOnlyBoundAndUDP(t *testing.T) {
	for _, typ := range []int{unix.SOCK_STREAM, unix.SOCK_DGRAM} {
		fd := socket(t, unix.AF_INET, typ, 0)
		must(t, unix.Bind(fd, &unix.SockaddrInet4{}))
		got, err := Holders(here, rawName(t, fd), typ, 0)
		if err != nil || len(got) != 1 || !slices.Equal(got[0].FDs, []int{fd}) || got[0].State != Close && got[0].State != BoundInactive {
			t.Errorf("type %d: %+v, %v", typ, got, err)
		}
		want, _ := inetPort(rawName(t, fd))
		protocol := map[int]int{unix.SOCK_STREAM: unix.IPPROTO_TCP, unix.SOCK_DGRAM: unix.IPPROTO_UDP}[typ]
		if got := boundHere(want, protocol); len(got) != 1 || got[0].Inode != look(t, fd).Inode {
			t.Errorf("found without sock_diag: %+v", got)
		}
	}
}

func TestHoldersBothFamilies(t *testing.T) {
	for only, want := range map[int]int{0: 1, 1: 0} {
		fd := socket(t, unix.AF_INET6, unix.SOCK_STREAM, 0)
		must(t, unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only))
		must(t, unix.Bind(fd, &unix.SockaddrInet6{}))
		must(t, unix.Listen(fd, 1))
		at := rawName(t, fd)
		port := int(at[2])<<8 | int(at[3])
		got, err := Holders(here, sockaddr4(port, 127, 0, 0, 1), unix.SOCK_STREAM, 0)
		if err != nil || len(got) != want {
			t.Errorf("IPV6_V6ONLY %d: %+v, %v", only, got, err)
		}
		four := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
		err = unix.Bind(four, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}})
		if (err == unix.EADDRINUSE) != (want == 1) {
			t.Errorf("IPV6_V6ONLY %d: the kernel says %v", only, err)
		}
	}
}

func TestHoldersOfPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	fd := socket(t, unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, unix.Bind(fd, &unix.SockaddrUnix{Name: "s"}))
	abstract := socket(t, unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	must(t, unix.Bind(abstract, &unix.SockaddrUnix{Name: ""})) // autobind
	path := func(p string) []byte { return append(append(native.AppendUint16(nil, unix.AF_UNIX), p...), 0) }
	for at, want := range map[string]int{string(path(filepath.Join(dir, "s"))): fd, string(path("s")): fd, string(rawName(t, abstract)): abstract} {
		got, err := Holders(here, []byte(at), unix.SOCK_STREAM, 0)
		if err != nil || len(got) != 1 || !slices.Equal(got[0].FDs, []int{want}) || got[0].State != Close || got[0].Leftover {
			t.Errorf("who has %q: %+v, %v", at, got, err)
		}
	}
	unix.Close(fd)
	must(t, os.WriteFile("f", nil, 0o600))
	for name, kind := range map[string]string{"s": "socket", "f": "file", ".": "folder"} {
		got, err := Holders(here, path(name), unix.SOCK_STREAM, 0)
		if err != nil || len(got) != 1 || !got[0].Leftover || got[0].File != kind || got[0].FDs != nil {
			t.Errorf("left over %q: %+v, %v", name, got, err)
		}
	}
	if got, err := Holders(here, path("none"), unix.SOCK_STREAM, 0); err != nil || got != nil {
		t.Errorf("nothing is there: %+v, %v", got, err)
	}
	if _, err := Holders(here, []byte{1}, unix.SOCK_STREAM, 0); err != unix.EINVAL {
		t.Errorf("half a family: %v", err)
	}
}

func TestHolderIsAnotherProcess(t *testing.T) {
	fd, addr := listener(t, 1)
	at := rawName(t, fd)
	child := exec.Command("cat")
	child.ExtraFiles = []*os.File{os.NewFile(uintptr(must2(unix.Dup(fd))), "listener")}
	in, err := child.StdinPipe()
	must(t, err)
	must(t, child.Start())
	child.ExtraFiles[0].Close()
	defer child.Wait()
	defer in.Close()
	unix.Close(fd)
	got, err := Holders(here, at, unix.SOCK_STREAM, 0)
	if err != nil || len(got) != 1 || got[0].PID != child.Process.Pid || got[0].Process != "cat" || got[0].FDs != nil || got[0].State != Listen {
		t.Errorf("who has %v: %+v, %v", addr, got, err)
	}
}

func must2(fd int, err error) int {
	if err != nil {
		panic(err)
	}
	return fd
}

// TestInternetOfOnePort holds that only sockets of the port asked for are listed, in whatever state others are.
func TestInternetOfOnePort(t *testing.T) {
	bound := func() (fd, port int) {
		fd = socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
		must(t, unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
		at, ok := inetPort(rawName(t, fd))
		if !ok {
			t.Fatal("bound to no port")
		}
		return fd, int(at.Port())
	}
	_, port := bound()
	bound() // idle, too, at another port
	server, addr := listener(t, 1)
	for what, port := range map[string]int{"a listener's": addr.(*unix.SockaddrInet4).Port, "an idle socket's": port} {
		entries, err := Internet(here, unix.AF_INET, unix.IPPROTO_TCP, port)
		must(t, err)
		for _, e := range entries {
			if at, _ := inetPort(e.Local); int(at.Port()) != port {
				t.Errorf("asked for %s port %d, got %v in state %d", what, port, at, e.State)
			}
		}
	}
	all, err := Internet(here, unix.AF_INET, unix.IPPROTO_TCP, 0)
	must(t, err)
	if !slices.ContainsFunc(all, func(e Entry) bool { return slices.Equal(e.Local, rawName(t, server)) }) {
		t.Errorf("the listener is not among all %d sockets", len(all))
	}
}

// TestAgainstSS compares states and queues with those that ss(8) prints.
func TestAgainstSS(t *testing.T) {
	ss, err := exec.LookPath("ss")
	if err != nil {
		t.Skip("ss is not installed: ", err)
	}
	server, addr := listener(t, 7)
	client, accepted := dial(t, server, addr)
	must(t, unix.Connect(socket(t, unix.AF_INET, unix.SOCK_STREAM, 0), addr))
	_, err = unix.Write(client, make([]byte, 123))
	must(t, err)
	until(t, func() bool { return look(t, accepted).RecvQ == 123 })
	port := addr.(*unix.SockaddrInet4).Port
	out, err := exec.Command(ss, "-4Htan", "src", "127.0.0.1:"+strconv.Itoa(port)).Output()
	must(t, err)
	var theirs, ours []string
	for line := range strings.Lines(string(out)) {
		theirs = append(theirs, strings.Join(strings.Fields(line)[:3], " "))
	}
	names := map[int]string{Listen: "LISTEN", Established: "ESTAB"}
	entries, err := Internet(here, unix.AF_INET, unix.IPPROTO_TCP, port)
	must(t, err)
	for _, e := range entries {
		if !slices.Equal(e.Local, rawName(t, server)) { // another process may use the port at another address
			continue
		}
		ours = append(ours, fmt.Sprintf("%s %d %d", names[e.State], e.RecvQ, e.SendQ))
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	if !slices.Equal(ours, theirs) || len(ours) != 3 {
		t.Errorf("sock_diag gave %q, ss %q", ours, theirs)
	}
	for _, fd := range []int{server, accepted} {
		s := look(t, fd)
		if line := fmt.Sprintf("%s %d %d", names[s.State], s.RecvQ, s.SendQ); !slices.Contains(theirs, line) {
			t.Errorf("descriptor %d is %q, ss has %q", fd, line, theirs)
		}
	}
}

// BenchmarkTenThousand is one look at a full table: Open and Look of 10,000 sockets.
func BenchmarkTenThousand(b *testing.B) {
	for range 10000 {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			b.Skip(err)
		}
		defer unix.Close(fd)
	}
	b.ReportAllocs()
	for b.Loop() {
		open, err := Open()
		if err != nil || len(open) < 10000 {
			b.Fatal(len(open), err)
		}
		sockets := make([]Socket, len(open))
		for i, fd := range open {
			Look(fd, &sockets[i])
		}
	}
}

func BenchmarkOpenOf10000(b *testing.B) {
	for range 10000 {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			b.Skip(err)
		}
		defer unix.Close(fd)
	}
	for b.Loop() {
		if _, err := Open(); err != nil {
			b.Fatal(err)
		}
	}
}
