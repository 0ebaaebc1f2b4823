package term

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// headroom is how many numbers below the soft limit are kept for the shell: epoll and eventfd of Go's poller, three
// duplicates of the standard files, the history, and some that are open only for a moment.
const headroom = 9

// firstFree is the number that a program with its three standard files gets first.
const firstFree = 3

// A Reserved knows which descriptors of this process are the shell's own and which are the user's. At start-up it
// also occupies the low numbers, so that what the runtime, the poller and readline open comes to lie above them and
// the user's first socket(2) is 3, as in a C program.
//
// The order at start-up is: [RestoreLimit], [Reserve], [Reserved.Own] for the standard files, readline and its
// history, then [Reserved.Release]. Its methods may be called from any goroutine.
type Reserved struct {
	base      int
	inherited []int

	mu       sync.Mutex
	held     []int          // placeholders
	own      map[int]string // the shell's, with a name where one was given
	standard [3]int         // duplicates of 0, 1 and 2; 0 where there is none
	released bool
}

// Reserve occupies every free number from 3 to base-1 and starts Go's poller above them.
//
// Where base leaves fewer than nine numbers below the soft limit of open files (`ulimit -n`), it is lowered until it
// does, and at least to 3: under a limit of 64 a user has 3 to 54, under a limit of 16 they have 3 to 6 and what the
// shell left free. [Reserved.Base] tells what came of it.
//
// The kernel's first table has 64 slots and each growth makes a threaded process wait for 8 to 16 ms, so a base below
// 56 is for programs whose start counts, a high one (500) for long sessions.
//
// Numbers that were open when the program started are the user's and stay as they are. They are told from the
// runtime's by the close-on-exec flag, which nothing that came through execve(2) can have and everything that Go
// opens has. Of 0, 1 and 2 the runtime itself opens those that were closed, as /dev/null.
func Reserve(base int) *Reserved {
	r := &Reserved{own: make(map[int]string)}
	for _, fd := range openNumbers("/proc/self/fd") {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		switch {
		case err != nil || fd < firstFree:
		case flags&unix.FD_CLOEXEC != 0:
			r.own[fd] = ""
		default:
			r.inherited = append(r.inherited, fd)
		}
	}
	if soft, _, err := Limit(); err == nil && uint64(base)+headroom > soft {
		base = int(soft) - headroom
	}
	r.base = max(base, firstFree)
	r.hold()
	startPoller()
	return r
}

// startPoller makes the runtime open its epoll and eventfd, with a file that can be polled. A timer would do it too,
// but a sleep changes threads and back, main being locked to its own, and one that is stopped stays known to the poller.
func startPoller() {
	fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		time.Sleep(time.Nanosecond)
		return
	}
	os.NewFile(uintptr(fd), "poller").Close()
}

func (r *Reserved) hold() {
	src, opened := anyOpen()
	if src < 0 {
		return
	}
	if opened {
		defer unix.Close(src)
	}
	for {
		fd, err := unix.FcntlInt(uintptr(src), unix.F_DUPFD_CLOEXEC, firstFree)
		if err != nil {
			return
		}
		if fd >= r.base {
			unix.Close(fd)
			return
		}
		r.held = append(r.held, fd)
	}
}

// anyOpen gives a descriptor that can be duplicated, and whether it was opened for that.
func anyOpen() (fd int, opened bool) {
	for fd := range firstFree {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			return fd, false
		}
	}
	fd, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, false
	}
	return fd, true
}

// Base is the number from which the shell's own descriptors are placed.
func (r *Reserved) Base() int { return r.base }

// Inherited gives the numbers above 2 that were open when the program started, in order. They are the user's.
func (r *Reserved) Inherited() []int { return slices.Clone(r.inherited) }

// Release frees the low numbers for the user. What is open at or above the base then, and was not inherited, is the
// shell's own from here on.
func (r *Reserved) Release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.released {
		return
	}
	settleLibrary()
	r.learn()
	r.released = true
	for first := 0; first < len(r.held); {
		last := first
		for last+1 < len(r.held) && r.held[last+1] == r.held[last]+1 {
			last++
		}
		closeRange(r.held[first], r.held[last])
		first = last + 1
	}
	r.held = nil
}

// learn adds to the shell's own what was opened since the start. New descriptors take the lowest free number, so they
// are near the base.
func (r *Reserved) learn() {
	asked := make([]unix.PollFd, 64+len(r.inherited))
	for i := range asked {
		asked[i].Fd = int32(r.base + i)
	}
	if _, err := unix.Poll(asked, 0); err != nil {
		asked = r.askEach(asked)
	}
	for _, p := range asked {
		fd := int(p.Fd)
		if p.Revents&unix.POLLNVAL != 0 || slices.Contains(r.inherited, fd) {
			continue
		}
		if _, known := r.own[fd]; !known {
			r.own[fd] = ""
		}
	}
}

// askEach answers as poll(2) would where the limit of open files is below the number of descriptors asked about.
func (r *Reserved) askEach(asked []unix.PollFd) []unix.PollFd {
	for i := range asked {
		if _, err := unix.FcntlInt(uintptr(asked[i].Fd), unix.F_GETFD, 0); err != nil {
			asked[i].Revents = unix.POLLNVAL
		}
	}
	return asked
}

// Own gives the shell a close-on-exec duplicate of fd at or above the base, so that `close 1` or `dup2 3 1` by the user
// does what it says and the shell lives. The name ("standard output") is what a refusal to close it says. The file is
// given up with [Reserved.Disown].
//
// The duplicate shares the open file: O_NONBLOCK set by the user on 0 is set on it too (fcntl(2)).
func (r *Reserved) Own(fd int, name string) (*os.File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, r.base)
	if err == unix.EINVAL || err == unix.EMFILE {
		// The user has lowered the limit below the base, or filled all above it: a low number is better than none.
		high, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, firstFree)
	}
	if err != nil {
		return nil, fmt.Errorf("duplicate descriptor %d for the shell: %w", fd, err)
	}
	r.own[high] = name
	if fd >= 0 && fd < len(r.standard) && r.standard[fd] == 0 {
		r.standard[fd] = high
	}
	return os.NewFile(uintptr(high), name), nil
}

// Disown closes a file that [Reserved.Own] gave; its number is the user's again.
func (r *Reserved) Disown(f *os.File) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	fd := int(f.Fd())
	delete(r.own, fd)
	for i, high := range r.standard {
		if high == fd {
			r.standard[i] = 0
		}
	}
	return f.Close()
}

// Owns tells whether the number is one of the shell's own, which a call of the user must not close.
func (r *Reserved) Owns(fd int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.released {
		r.learn()
	}
	_, own := r.own[fd]
	return own
}

// Name says what one of the shell's own descriptors is, to be put in a refusal: "the shell's own standard output".
// It is "" for a number that is not the shell's.
func (r *Reserved) Name(fd int) string {
	if !r.Owns(fd) {
		return ""
	}
	r.mu.Lock()
	name := r.own[fd]
	r.mu.Unlock()
	if name != "" {
		return "the shell's own " + name
	}
	target := make([]byte, 512)
	n, err := unix.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd), target)
	switch {
	case err != nil:
		return "the shell's own"
	case strings.HasPrefix(string(target[:n]), "anon_inode:"):
		return "the shell's own poller"
	}
	return "the shell's own " + string(target[:n])
}

// Numbers gives the shell's own descriptors, in order.
func (r *Reserved) Numbers() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.released {
		r.learn()
	}
	fds := make([]int, 0, len(r.own))
	for fd := range r.own {
		fds = append(fds, fd)
	}
	slices.Sort(fds)
	return fds
}

// openNumbers lists what a folder of descriptors (/proc/self/fd, /proc/thread-self/fd) shows. The folder's own number
// is taken for that time, so it is only for moments when nothing of the user's runs, or for a table of its own.
// Without /proc it asks about the first 1024.
func openNumbers(folder string) []int {
	var fds []int
	dir, err := unix.Open(folder, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		for fd := range 1024 {
			if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
				fds = append(fds, fd)
			}
		}
		return fds
	}
	defer unix.Close(dir)
	buf := make([]byte, 4096)
	for {
		n, err := unix.ReadDirent(dir, buf)
		if err != nil || n <= 0 {
			slices.Sort(fds)
			return fds
		}
		_, _, names := unix.ParseDirent(buf[:n], -1, nil)
		for _, name := range names {
			if fd, err := strconv.Atoi(name); err == nil && fd != dir {
				fds = append(fds, fd)
			}
		}
	}
}

// closeRange closes all numbers from first to last, open or not (close_range(2), Linux 5.9).
func closeRange(first, last int) {
	if first > last || unix.CloseRange(uint(first), uint(last), 0) == nil {
		return
	}
	for fd := first; fd <= last; fd++ {
		unix.Close(fd)
	}
}
