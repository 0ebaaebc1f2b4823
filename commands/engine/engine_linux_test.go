package engine_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/commands"
	"socksh/commands/engine"
	"socksh/commands/kernel"
	"socksh/commands/notation"
)

func TestMain(m *testing.M) {
	if err := engine.Setup(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// longest is the longest that a test waits for what must come; nothing takes that long unless it never comes.
const longest = 30 * time.Second

// bind binds a call in the C spelling.
func bind(t *testing.T, b *kernel.Bound, format string, a ...any) {
	t.Helper()
	text := fmt.Sprintf(format, a...)
	st, _, err := notation.NewReader(commands.Calls()).ReadC(text, 1, nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if err := b.Set(st.Call, st.Vals); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// listener makes a TCP listener on the loopback.
func listener(t *testing.T, backlog int) (fd int, addr *unix.SockaddrInet4) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, backlog); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return fd, name.(*unix.SockaddrInet4)
}

func pair(t *testing.T) [2]int {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fds[0]); unix.Close(fds[1]) })
	return fds
}

// full gives a listener whose accept queue is full, so that a further connect waits, and a socket to connect.
func full(t *testing.T) (fd int, addr *unix.SockaddrInet4) {
	t.Helper()
	_, addr = listener(t, 0)
	for range 8 {
		c, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(c) })
		if err := unix.Connect(c, addr); err != nil && err != unix.EINPROGRESS {
			t.Fatal(err)
		}
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd, addr
}

// A worker makes bound calls on a thread, one for each request.
type worker struct {
	*engine.Job
	calls chan *kernel.Bound
	ended chan *kernel.Bound
}

func work(t *testing.T) *worker {
	t.Helper()
	w := &worker{calls: make(chan *kernel.Bound), ended: make(chan *kernel.Bound, 1)}
	job, err := engine.Start(func(th *engine.Thread) {
		for b := range w.calls {
			th.Do(b)
			w.ended <- b
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Job = job
	t.Cleanup(func() { close(w.calls); <-job.Done() })
	return w
}

// wait waits for a call's end.
func (w *worker) wait(t *testing.T) *kernel.Bound {
	t.Helper()
	select {
	case b := <-w.ended:
		return b
	case <-time.After(longest):
		t.Fatal("the call did not end")
		return nil
	}
}

// stress runs the garbage collector, whose preemption signals must not reach the calls, until the test ends.
func stress(t *testing.T) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-stopped })
}

// TestInterrupt holds that each interrupt ends the blocked call with EINTR, 1000 of 1000 times.
func TestInterrupt(t *testing.T) {
	srv, _ := listener(t, 5)
	p := pair(t)
	c, addr := full(t)
	for name, call := range map[string]string{
		"accept":  fmt.Sprintf("accept(%d, ..., ...)", srv),
		"recv":    fmt.Sprintf("recv(%d, ..., 1024, 0)", p[0]),
		"connect": fmt.Sprintf(`connect(%d, {sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr("127.0.0.1")}, 16)`, c, addr.Port),
	} {
		t.Run(name, func(t *testing.T) {
			stress(t)
			w := work(t)
			var b kernel.Bound
			bind(t, &b, "%s", call)
			for i := range 1000 {
				w.calls <- &b
				go w.Interrupt(w.Done())
				if w.wait(t); b.Ret != -1 || b.Errno.Name() != "EINTR" {
					t.Fatalf("call %d is %d %s", i, b.Ret, b.Errno.Name())
				}
			}
		})
	}
}

// TestInterruptBefore holds that an interrupt which comes before the call is not lost: it interrupts the next one.
func TestInterruptBefore(t *testing.T) {
	srv, _ := listener(t, 5)
	w := work(t)
	var b kernel.Bound
	bind(t, &b, "accept(%d, ..., ...)", srv)
	for range 50 {
		returned := make(chan struct{})
		go func() { w.Interrupt(w.Done()); close(returned) }()
		runtime.Gosched()
		w.calls <- &b
		if w.wait(t); b.Errno.Name() != "EINTR" {
			t.Fatalf("the call is %d %s", b.Ret, b.Errno.Name())
		}
		select {
		case <-returned:
		case <-time.After(longest):
			t.Fatal("Interrupt did not return")
		}
	}
}

// TestNoStray holds that an interrupt ends one call only: the one that follows at once waits until its timeout.
func TestNoStray(t *testing.T) {
	stress(t)
	p := pair(t)
	if err := unix.SetsockoptTimeval(p[1], unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 3000}); err != nil {
		t.Fatal(err)
	}
	var blocks, times kernel.Bound
	bind(t, &blocks, "recv(%d, ..., 10, 0)", p[0])
	bind(t, &times, "recv(%d, ..., 10, 0)", p[1])
	type both struct{ first, second string }
	const rounds = 200
	results := make(chan both)
	job, err := engine.Start(func(th *engine.Thread) {
		for range rounds {
			th.Do(&blocks)
			first := blocks.Errno.Name()
			th.Do(&times)
			results <- both{first, times.Errno.Name()}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range rounds {
		returned := make(chan struct{})
		go func() { job.Interrupt(job.Done()); close(returned) }()
		select {
		case got := <-results:
			if got != (both{"EINTR", "EAGAIN"}) {
				t.Fatalf("round %d: %s, then %s", i, got.first, got.second)
			}
		case <-time.After(longest):
			t.Fatal("the calls did not end")
		}
		<-returned // else it would interrupt the next round's
	}
	<-job.Done()
}

// TestUndisturbed holds that without an interrupt nothing ends a call early, whatever the runtime does.
func TestUndisturbed(t *testing.T) {
	stress(t)
	p := pair(t)
	if err := unix.SetsockoptTimeval(p[0], unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 1000}); err != nil {
		t.Fatal(err)
	}
	w := work(t)
	var b kernel.Bound
	bind(t, &b, "recv(%d, ..., 10, 0)", p[0])
	for i := range 500 {
		w.calls <- &b
		if w.wait(t); b.Errno.Name() != "EAGAIN" {
			t.Fatalf("call %d is %d %s", i, b.Ret, b.Errno.Name())
		}
	}
}

func asleep(t *testing.T, th *engine.Thread) bool {
	t.Helper()
	is, err := th.Asleep(os.ReadFile)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return is
}

// awaitAsleep waits for the kernel's word that a thread is blocked.
func awaitAsleep(t *testing.T, th *engine.Thread) {
	t.Helper()
	end := time.Now().Add(longest)
	for !asleep(t, th) {
		if time.Now().After(end) {
			t.Fatal("the thread never falls asleep in its call")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestAsleep(t *testing.T) {
	p := pair(t)
	w := work(t)
	if asleep(t, w.Thread) {
		t.Error("a thread that makes no call is asleep in it")
	}
	var b kernel.Bound
	bind(t, &b, "recv(%d, ..., 10, 0)", p[0])
	w.calls <- &b
	awaitAsleep(t, w.Thread)
	if _, err := unix.Write(p[1], []byte("x")); err != nil {
		t.Fatal(err)
	}
	if w.wait(t); b.Ret != 1 {
		t.Errorf("recv is %d %s", b.Ret, b.Errno.Name())
	}
	if asleep(t, w.Thread) {
		t.Error("a thread whose call has returned is asleep in it")
	}
	if w.TID == unix.Gettid() || w.TID == os.Getpid() {
		t.Errorf("the job's thread is %d, this one is %d", w.TID, unix.Gettid())
	}
}

func tasks(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestMany holds that 200 blocked jobs are interrupted within a second, and leave neither goroutine nor thread.
func TestMany(t *testing.T) {
	const many = 200
	srv, _ := listener(t, 5)
	goroutines, threads := runtime.NumGoroutine(), tasks(t)
	jobs := make([]*engine.Job, many)
	calls := make([]kernel.Bound, many)
	ends := make(chan string, many)
	for i := range jobs {
		b := &calls[i]
		bind(t, b, "accept(%d, ..., ...)", srv)
		var err error
		jobs[i], err = engine.Start(func(th *engine.Thread) {
			th.Do(b)
			ends <- b.Errno.Name()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, j := range jobs {
		awaitAsleep(t, j.Thread)
	}
	if n := tasks(t); n < threads+many-10 {
		t.Errorf("%d threads for %d jobs", n, many)
	}
	start := time.Now()
	for _, j := range jobs {
		j.Stop()
	}
	for range jobs {
		if e := <-ends; e != "EINTR" {
			t.Errorf("accept ended with %q", e)
		}
	}
	for _, j := range jobs {
		<-j.Done()
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("interrupting %d jobs took %v", many, took)
	}
	end := time.Now().Add(longest)
	for runtime.NumGoroutine() > goroutines || tasks(t) > threads+20 {
		if time.Now().After(end) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines of %d, %d threads of %d are left\n%s", runtime.NumGoroutine(), goroutines, tasks(t), threads,
				strings.TrimSpace(string(buf[:runtime.Stack(buf, true)])))
		}
		time.Sleep(time.Millisecond)
	}
}
