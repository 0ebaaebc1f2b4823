//go:build linux

package term

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func newFiles(t *testing.T) *Files {
	r := Reserve(firstFree)
	f := NewFiles(r)
	t.Cleanup(f.Close)
	return f
}

func TestFilesReadAndWrite(t *testing.T) {
	f := newFiles(t)
	if err := f.Apart(); err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "a", "b", "history")
	for _, line := range []string{"socket\n", "bind\n"} {
		if err := on(f, AppendPrivate, path, []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want string) {
		t.Helper()
		got, err := f.ReadFile(path, int64(len(want)))
		if string(got) != want || err != nil {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
		st, err := os.Stat(path)
		if err != nil || st.Mode() != 0o600 {
			t.Fatalf("mode %v, %v", st.Mode(), err)
		}
	}
	expect("socket\nbind\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := on(f, AppendPrivate, path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	expect("socket\nbind\nx")
	if _, err := f.ReadFile(path, 12); err == nil || !strings.HasSuffix(err.Error(), "is larger than 12 bytes") {
		t.Errorf("over the limit: %v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("line\n"), 20000)
	if err := on(f, WritePrivate, link, big); err != nil {
		t.Fatal(err)
	}
	expect(string(big))
	if st, err := os.Lstat(link); err != nil || st.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", st.Mode(), err)
	}
	if left, _ := filepath.Glob(path + ".*"); left != nil {
		t.Errorf("left over: %v", left)
	}
	if got, err := f.ReadFile("/proc/self/status", 1<<20); err != nil || !bytes.HasPrefix(got, []byte("Name:")) {
		t.Errorf("a file of size 0 with contents: %q, %v", got, err)
	}
}

func TestFilesRefuse(t *testing.T) {
	f := newFiles(t)
	dir := t.TempDir()
	fifo, sock := filepath.Join(dir, "fifo"), filepath.Join(dir, "sock")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(s)
	if err := unix.Bind(s, &unix.SockaddrUnix{Name: sock}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "is a folder", fifo: "is a FIFO", sock: "is a socket", "/dev/zero": "is a device"} {
		if _, err := f.ReadFile(path, 100); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("read %s: %v, want %q", path, err, want)
		}
		if err := on(f, WritePrivate, path, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("write %s: %v, want %q", path, err, want)
		}
		if err := on(f, AppendPrivate, path, nil); err == nil {
			t.Errorf("append %s: no error", path)
		}
	}
	if _, err := f.ReadFile(filepath.Join(dir, "none"), 100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestFilesPanicIsTheCallers(t *testing.T) {
	f := newFiles(t)
	func() {
		defer func() {
			if p := recover(); p != "mine" {
				t.Errorf("recovered %v", p)
			}
		}()
		f.Do(func() { panic("mine") })
	}()
	nested := false
	f.Do(func() { f.Do(func() { nested = true }) })
	if !nested {
		t.Error("a nested Do did not run, or the thread died of the panic")
	}
}

// The collector and new timers make whatever thread they run on use the poller, so it must be open there too: the
// runtime ends the program where it is not.
func TestFilesThreadHasThePoller(t *testing.T) {
	f := newFiles(t)
	fired := make(chan struct{}, 20)
	for range cap(fired) {
		f.Do(func() {
			runtime.GC()
			time.AfterFunc(time.Microsecond, func() { fired <- struct{}{} })
		})
	}
	for range cap(fired) {
		<-fired
	}
	f.Do(func() {
		for _, fd := range f.keep.Numbers() {
			if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil && f.keep.Name(fd) == "the shell's own poller" {
				t.Errorf("the poller's %d: %v", fd, err)
			}
		}
	})
}

// playNumbers opens and closes sockets as a user does, while files are read and a name is looked up.
func playNumbers() {
	r := Reserve(55)
	r.Release()
	f := NewFiles(r)
	stop := make(chan struct{})
	var rest sync.WaitGroup
	reads := 0
	rest.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := f.ReadFile("/etc/passwd", 1<<20); err != nil {
				fmt.Println(err)
				return
			}
			reads++
		}
	})
	looked := make(chan struct{})
	rest.Go(func() {
		defer close(looked)
		// The name is in no zone (RFC 6761), whatever the network does.
		Resolve(context.Background(), f, "nobody.invalid", unix.AF_UNSPEC)
	})
	wrong, sockets := 0, 0
	for done := false; !done || sockets < 20000; {
		select {
		case <-looked:
			done = true
		default:
		}
		a, b := socket(), socket()
		if a != 3 || b != 4 {
			wrong++
		}
		unix.Close(a)
		unix.Close(b)
		sockets += 2
		if sockets > 2000000 {
			break
		}
	}
	close(stop)
	rest.Wait()
	fmt.Println("apart", f.Apart(), "wrong", wrong, "reads", reads > 10)
}

func TestFilesLeaveNumbersAlone(t *testing.T) {
	if got, want := play(t, "numbers", ""), "apart <nil> wrong 0 reads true\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// playLate starts the thread when the user has a connection already: its table must not hold it.
func playLate() {
	r := Reserve(55)
	r.Release()
	f := NewFiles(r)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	high, err := unix.FcntlInt(uintptr(pair[0]), unix.F_DUPFD, 500)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Apart())
	unix.Close(high)
	unix.Close(pair[0])
	n, err := unix.Read(pair[1], make([]byte, 1)) // blocks for ever if anything still holds the other end
	fmt.Println("end", n, err)
	f.Do(func() {
		_, err := unix.FcntlInt(uintptr(pair[1]), unix.F_GETFD, 0)
		fmt.Println("there", err)
	})
}

func TestFilesStartedLateHoldNothing(t *testing.T) {
	if got, want := play(t, "late", ""), "<nil>\nend 0 <nil>\nthere bad file descriptor\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkFilesStart(b *testing.B) {
	r := Reserve(firstFree)
	for b.Loop() {
		f := NewFiles(r)
		f.Do(func() {})
		f.Close()
	}
}

func BenchmarkFilesRead(b *testing.B) {
	f := NewFiles(Reserve(firstFree))
	defer f.Close()
	for b.Loop() {
		if _, err := f.ReadFile("/etc/hosts", 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}

// on writes on the thread for files.
func on(f *Files, write func(string, []byte) error, path string, data []byte) (err error) {
	f.Do(func() { err = write(path, data) })
	return err
}
