package view

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
	"golang.org/x/sys/unix"
)

func here(run func()) { run() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func socket(t testing.TB, domain, typ, protocol int) int {
	t.Helper()
	fd, err := unix.Socket(domain, typ, protocol)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

var home = &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}

func port(t testing.TB, fd int) int {
	t.Helper()
	addr, err := unix.Getsockname(fd)
	must(t, err)
	return addr.(*unix.SockaddrInet4).Port
}

// TestDescriptorsOfEachKind compares whole rows, blanks folded, with what the kernel must say about them.
func TestDescriptorsOfEachKind(t *testing.T) {
	srv := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Bind(srv, home))
	must(t, unix.Listen(srv, 5))
	addr, err := unix.Getsockname(srv)
	must(t, err)
	c := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Connect(c, addr))
	must(t, unix.SetNonblock(c, true))
	udp := socket(t, unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	tcp6 := socket(t, unix.AF_INET6, unix.SOCK_STREAM, 0)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, err)
	_, err = unix.Write(pair[0], []byte("hello"))
	must(t, err)
	local := socket(t, unix.AF_UNIX, unix.SOCK_SEQPACKET, 0)
	must(t, unix.Bind(local, &unix.SockaddrUnix{Name: "@view-测试-\x1b[31m" + fmt.Sprint(os.Getpid())}))
	must(t, unix.Listen(local, 3))
	var pipe [2]int
	must(t, unix.Pipe2(pipe[:], unix.O_CLOEXEC))
	dir, err := os.MkdirTemp("/tmp", "fds") // the table cuts a long path: TMPDIR may be one
	must(t, err)
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "log")
	file, err := unix.Open(path, unix.O_CREAT|unix.O_WRONLY|unix.O_APPEND, 0o600)
	must(t, err)
	dup, err := unix.Dup(file)
	must(t, err)
	for _, fd := range []int{pair[0], pair[1], pipe[0], pipe[1], file, dup} {
		defer unix.Close(fd)
	}
	var st unix.Stat_t
	must(t, unix.Fstat(pipe[0], &st))

	list, err := Inspect([]int{srv, c, udp, tcp6, pair[0], pair[1], local, pipe[0], pipe[1], file, dup, 1 << 20}, here)
	must(t, err)
	list[0].Names, list[0].Current, list[0].Jobs = []string{"srv"}, true, []int{2}
	got := strings.Split(string(Descriptors(list, 0, false)), "\n")
	want := []string{
		"fd name type state local peer recv send flags",
		fmt.Sprintf("*%d srv tcp LISTEN 127.0.0.1:%d accept queue 1, backlog 5 job 2 waits", srv, port(t, srv)),
		fmt.Sprintf("%d tcp ESTABLISHED 127.0.0.1:%d 127.0.0.1:%d 0 0 nonblock", c, port(t, c), port(t, srv)),
		fmt.Sprintf("%d udp unconnected - - 0 0 cloexec", udp),
		fmt.Sprintf("%d tcp6 CLOSE - - 0 0", tcp6),
		fmt.Sprintf("%d unix connected - (unnamed) 0 ", pair[0]),
		fmt.Sprintf("%d unix connected - (unnamed) 5 0", pair[1]),
		fmt.Sprintf(`%d unix-seqpacket LISTEN unix:@view-测试-\33[31m%d accept queue 0, backlog 3`, local, os.Getpid()),
		fmt.Sprintf("%d pipe read end of pipe:[%d] cloexec", pipe[0], st.Ino),
		fmt.Sprintf("%d pipe write end of pipe:[%d] cloexec", pipe[1], st.Ino),
		fmt.Sprintf("%d file %s, write only append, same as %d", file, path, dup),
		fmt.Sprintf("%d file %s, write only append, same as %d", dup, path, file),
		"",
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		line := strings.Join(strings.Fields(got[i]), " ")
		if strings.HasSuffix(want[i], "(unnamed) 0 ") { // what waits to be sent is memory, the kernel's matter
			if !strings.HasPrefix(line, want[i]) || strings.HasSuffix(line, " 0 0") {
				t.Errorf("%q, want bytes to be sent", line)
			}
			continue
		}
		if line != want[i] {
			t.Errorf("%q\nwant %q", line, want[i])
		}
	}
}

func TestDescriptorsAreAligned(t *testing.T) {
	srv := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Bind(srv, home))
	must(t, unix.Listen(srv, 5))
	addr, err := unix.Getsockname(srv)
	must(t, err)
	c := socket(t, unix.AF_INET, unix.SOCK_STREAM, 0)
	must(t, unix.Connect(c, addr))
	must(t, unix.SetNonblock(c, true))
	u := socket(t, unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, unix.Bind(u, &unix.SockaddrUnix{Name: "@一个很长的名字一个很长的名字" + fmt.Sprint(os.Getpid())}))
	list, err := Inspect([]int{0, srv, c, u}, here)
	must(t, err)
	list[2].Names = []string{"客户端", "other_name"}
	list[3].Current = true
	for _, width := range []int{200, 100, 80, 72} {
		lines := strings.Split(strings.TrimSuffix(string(Descriptors(list, width, false)), "\n"), "\n")
		column := -1
		for _, l := range lines {
			if w := runewidth.StringWidth(l); w > width {
				t.Errorf("%d cells, more than %d:\n%s", w, width, l)
			}
			for _, state := range []string{"state", "LISTEN", "ESTABLISHED", "unconnected"} {
				if i := strings.Index(l, state); i >= 0 {
					if at := runewidth.StringWidth(l[:i]); column < 0 {
						column = at
					} else if at != column {
						t.Errorf("width %d: %s stands at %d, the others at %d:\n%s", width, state, at, column, strings.Join(lines, "\n"))
					}
				}
			}
		}
		if !strings.Contains(strings.Join(lines, "\n"), "nonblock") {
			t.Errorf("width %d: the flag is lost:\n%s", width, strings.Join(lines, "\n"))
		}
	}
}

func TestDescriptorsBold(t *testing.T) {
	list, err := Inspect([]int{socket(t, unix.AF_INET, unix.SOCK_DGRAM, 0)}, here)
	must(t, err)
	list[0].Current = true
	if got := string(Descriptors(list, 80, true)); strings.Count(got, bold) != 2 || strings.Count(got, plain) != 2 {
		t.Errorf("heading and current row must be bold: %q", got)
	}
	if got := string(Descriptors(list, 80, false)); strings.Contains(got, "\x1b") {
		t.Errorf("colour where none was asked for: %q", got)
	}
	if got := string(Descriptors(nil, 80, false)); got != "no descriptors are open\n" {
		t.Errorf("%q", got)
	}
}

func BenchmarkFds(b *testing.B) {
	var fds []int
	for range 10000 {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			b.Skip(err)
		}
		defer unix.Close(fd)
		fds = append(fds, fd)
	}
	for b.Loop() {
		start := time.Now()
		list, err := Inspect(fds, here)
		must(b, err)
		looked := time.Since(start)
		n := len(Descriptors(list, 80, false))
		b.ReportMetric(float64(looked.Milliseconds()), "ms-look")
		b.SetBytes(int64(n))
	}
}
