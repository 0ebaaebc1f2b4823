package wire

import (
	"math"

	"golang.org/x/sys/unix"
)

// Open gives all open descriptors of this process, in order. It must run on a thread that shares the user's descriptors,
// and opens none: a listing of /proc/self/fd would itself take the lowest free number for a moment, while other
// threads make the user's sockets. So it asks poll(2), without a wait and without an event, about 1024 numbers at a time:
// 10,000 sockets take some 3 ms.
//
// It stops when it has found as many as the size of /proc/self/fd says there are (Linux 6.2); before that it goes on to
// the hard limit of open files, some 10 ms for a million. Descriptors that other threads open or close meanwhile may be
// missing or too many.
func Open() ([]int, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return nil, err
	}
	count, last := math.MaxInt, int(min(limit.Max, math.MaxInt32))
	var st unix.Stat_t
	if unix.Stat("/proc/self/fd", &st) == nil && st.Size > 0 {
		// Some may have been opened under an earlier, higher limit, which was below the usual fs.nr_open.
		count, last = int(st.Size), max(last, 1<<20)
	}
	// poll refuses to be asked about more descriptors than the soft limit, whatever their numbers.
	asked := make([]unix.PollFd, max(1, min(1024, limit.Cur)))
	var open []int
	for first := 0; first < last && len(open) < count; first += len(asked) {
		for i := range asked {
			asked[i] = unix.PollFd{Fd: int32(first + i)}
		}
		if err := pollNow(asked); err != nil {
			return nil, err
		}
		for _, p := range asked {
			if p.Revents&unix.POLLNVAL == 0 {
				open = append(open, int(p.Fd))
			}
		}
	}
	return open, nil
}

func pollNow(asked []unix.PollFd) error {
	for {
		switch _, err := unix.Poll(asked, 0); err {
		case unix.EINTR:
		case unix.EINVAL: // a soft limit of 0
			for i := range asked {
				if _, err := unix.FcntlInt(uintptr(asked[i].Fd), unix.F_GETFD, 0); err != nil {
					asked[i].Revents = unix.POLLNVAL
				}
			}
			return nil
		default:
			return err
		}
	}
}
