package term

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Files is a thread with a descriptor table of its own (unshare(2), CLONE_FILES), where the shell opens files without
// taking a number from the user for even a moment. The thread is made by the first [Files.Do] (some 120 us), so that
// a program that touches no file does not pay; a small file is then read in some 40 us.
//
// When the thread starts late, its table is a copy that holds the user's sockets for some microseconds, until it has
// closed them there: a close(2) by the user in just that moment sends its FIN that much later.
type Files struct {
	keep *Reserved

	start  sync.Once
	thread atomic.Int64
	jobs   chan fileJob
	apart  error
}

type fileJob struct {
	run  func()
	done chan any
}

// NewFiles gives the thread to be; keep tells which descriptors are the shell's own and stay open there, which Go's
// poller needs.
func NewFiles(keep *Reserved) *Files {
	return &Files{keep: keep, jobs: make(chan fileJob)}
}

// Do runs a function on the thread and waits for it; a panic in it is the caller's. All that the function opens it
// must close there. It must not end by runtime.Goexit (testing's FailNow). Within such a function, Do calls directly.
//
// A descriptor number means nothing across: the user's are not open there. /proc/self/fd is still the user's table.
func (f *Files) Do(run func()) {
	f.start.Do(f.begin)
	if f.thread.Load() == int64(unix.Gettid()) {
		run()
		return
	}
	done := make(chan any, 1)
	f.jobs <- fileJob{run, done}
	if p := <-done; p != nil {
		panic(p)
	}
}

// Apart says why the thread shares the user's table after all, or nil. Where the kernel is forbidden to unshare
// (a strict seccomp filter), files are read all the same, and numbers may be disturbed for a moment.
func (f *Files) Apart() error {
	f.Do(func() {})
	return f.apart
}

// Close ends the thread, once what it does is done. Nothing may be asked of it after that.
func (f *Files) Close() {
	f.start.Do(func() {})
	close(f.jobs)
}

func (f *Files) begin() {
	ready := make(chan struct{})
	go func() {
		// Never unlocked: when the goroutine ends, so does its thread, and no other goroutine meets this table.
		runtime.LockOSThread()
		f.thread.Store(int64(unix.Gettid()))
		f.apart = leaveTable(f.keep)
		close(ready)
		for job := range f.jobs {
			job.done <- caught(job.run)
		}
	}()
	<-ready
}

func caught(run func()) (p any) {
	defer func() { p = recover() }()
	run()
	return nil
}

// leaveTable gives the calling thread a table of its own, in which only the standard files and the shell's own
// descriptors are open.
func leaveTable(keep *Reserved) error {
	own := keep.Numbers()
	past := firstFree
	if len(own) > 0 {
		past = own[len(own)-1] + 1
	}
	// close_range can do both, copies less, and is allowed where seccomp forbids unshare (Docker).
	err := unix.CloseRange(uint(past), math.MaxInt32, unix.CLOSE_RANGE_UNSHARE)
	if err != nil {
		if err = unix.Unshare(unix.CLONE_FILES); err != nil {
			return fmt.Errorf("unshare the descriptor table: %w", err)
		}
		for _, fd := range openNumbers("/proc/thread-self/fd") {
			if fd >= past {
				unix.Close(fd)
			}
		}
	}
	// A panic's text on 2 must not reach whatever the user has put there.
	keep.mu.Lock()
	standard := keep.standard
	keep.mu.Unlock()
	for fd, high := range standard {
		if high != 0 {
			unix.Dup3(high, fd, 0)
		}
	}
	first := firstFree
	for _, fd := range own {
		closeRange(first, fd-1)
		first = fd + 1
	}
	return nil
}

var (
	errFolder = errors.New("is a folder")
	errFIFO   = errors.New("is a FIFO: reading it could block for ever")
	errDevice = errors.New("is a device")
	errSocket = errors.New("is a socket")
)

func notRegular(mode uint32) error {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return nil
	case unix.S_IFDIR:
		return errFolder
	case unix.S_IFIFO:
		return errFIFO
	case unix.S_IFSOCK:
		return errSocket
	}
	return errDevice
}

// ReadFile gives what a regular file holds, at most limit bytes; a larger file, a folder, a FIFO, a socket or a device
// is an error, and none of them blocks. Errors are *os.PathError.
func (f *Files) ReadFile(path string, limit int64) (data []byte, err error) {
	f.Do(func() { data, err = readRegular(path, limit) })
	return data, err
}

func readRegular(path string, limit int64) ([]byte, error) {
	// Without O_NONBLOCK the open itself waits for a FIFO's writer.
	fd, err := openRetry(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err == unix.ENXIO {
		err = errSocket
	}
	if err != nil {
		return nil, &os.PathError{Op: "read", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, &os.PathError{Op: "read", Path: path, Err: err}
	}
	if err := notRegular(st.Mode); err != nil {
		return nil, &os.PathError{Op: "read", Path: path, Err: err}
	}
	tooLarge := &os.PathError{Op: "read", Path: path, Err: fmt.Errorf("is larger than %d bytes", limit)}
	if st.Size > limit {
		return nil, tooLarge
	}
	// Files of /proc have size 0 and contents, so the end is where read(2) says.
	data := make([]byte, 0, st.Size+512)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := unix.Read(fd, data[len(data):cap(data)])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, &os.PathError{Op: "read", Path: path, Err: err}
		case n == 0:
			return data, nil
		default:
			data = data[:len(data)+n]
		}
		if int64(len(data)) > limit {
			return nil, tooLarge
		}
	}
}

// AppendPrivate adds data to the end of a regular file, in one write(2) where the kernel takes it whole, so that two
// shells do not tear each other's lines. The file, and folders that are missing, are made for the user alone
// (0600, 0700), and a file that others could read is made 0600. To be called where numbers do not matter: Files.Do.
func AppendPrivate(path string, data []byte) error { return writePrivate(path, data, unix.O_APPEND) }

// WritePrivate replaces a regular file's contents, with mode 0600 and whole: readers see the old or the new. A symbolic
// link is followed, and what it points to is replaced. Missing folders are made (0700).
// To be called as AppendPrivate.
func WritePrivate(path string, data []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	var st unix.Stat_t
	if unix.Stat(path, &st) == nil {
		if err := notRegular(st.Mode); err != nil {
			return &os.PathError{Op: "write", Path: path, Err: err}
		}
	}
	next := fmt.Sprintf("%s.new-%d", path, os.Getpid())
	err := writePrivate(next, data, unix.O_TRUNC)
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		unix.Unlink(next)
	}
	return err
}

func writePrivate(path string, data []byte, how int) error {
	failed := func(err error) error { return &os.PathError{Op: "write", Path: path, Err: err} }
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	fd, err := openRetry(path, unix.O_WRONLY|unix.O_CREAT|unix.O_NONBLOCK|unix.O_NOCTTY|how, 0o600)
	if err == unix.ENXIO {
		err = errors.New("is a socket, or a FIFO that nobody reads")
	}
	if err != nil {
		return failed(err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return failed(err)
	}
	if err := notRegular(st.Mode); err != nil {
		return failed(err)
	}
	if st.Mode&0o077 != 0 {
		if err := unix.Fchmod(fd, 0o600); err != nil {
			return failed(err)
		}
	}
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return failed(err)
		}
		data = data[n:]
	}
	return nil
}

func openRetry(path string, flags int, mode uint32) (int, error) {
	for {
		fd, err := unix.Open(path, flags|unix.O_CLOEXEC, mode)
		if err != unix.EINTR {
			return fd, err
		}
	}
}
