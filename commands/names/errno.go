package names

import (
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// An Errno is the kernel's error number (errno(3)).
type Errno int64

// most is past the largest number that an errno can have on this system.
const most = 140

// Name is C's name, "" for a number without one. Of two names it is the one that strace and the manual pages print.
func (e Errno) Name() string {
	switch n := unix.ErrnoName(syscall.Errno(e)); n {
	case "ENOTSUP":
		if syscall.Errno(e) == unix.EOPNOTSUPP {
			return "EOPNOTSUPP"
		}
		return n
	case "EWOULDBLOCK":
		return "EAGAIN"
	default:
		return n
	}
}

// Text is what libc's strerror says.
func (e Errno) Text() string {
	s := syscall.Errno(e).Error()
	return strings.ToUpper(s[:1]) + s[1:]
}

// errnos is derived from x/sys once; it is not a literal because the numbers differ between systems.
var errnos = sync.OnceValue(func() *Set {
	s := &Set{Unknown: "errno", Also: []Entry{{int64(unix.EAGAIN), "EWOULDBLOCK", ""}, {int64(unix.EOPNOTSUPP), "ENOTSUP", ""}}}
	for n := Errno(1); n < most; n++ {
		if name := n.Name(); name != "" {
			s.Entries = append(s.Entries, Entry{int64(n), name, ""})
		}
	}
	return s
})

// Errnos is the set of all error numbers.
func Errnos() *Set { return errnos() }
