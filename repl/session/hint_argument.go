package session

import (
	"bytes"
	"fmt"
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// badDescriptor tells which numbers are open (EBADF).
func (a *asked) badDescriptor() {
	open, err := wire.Open()
	if err != nil {
		return
	}
	mine := open[:0:0]
	for _, fd := range open {
		if len(mine) < 1024 && a.Shell(fd) == "" {
			mine = append(mine, fd)
		}
	}
	a.fact("open descriptors: %s", ranges(mine))
	if !a.open {
		a.reason("%d is no open descriptor; open are %s", a.FD, ranges(mine))
		a.also("A descriptor is a small number; the kernel gives the lowest free one, and after close it is free again.")
		a.meantPort()
		a.try("fds")
		return
	}
	mode := a.sock.FileFlags & 3
	switch {
	case a.arg("newfd").Kind == spec.Num:
		a.reason("%d cannot be a descriptor: it is negative or not below the limit of open files", a.arg("newfd").N)
		if soft, ok := a.limit(); ok {
			a.fact("the limit of open files is %d: the largest number is %d", soft, soft-1)
		}
	case receives(a.Call) && is(&names.OAcc, mode, "O_WRONLY"):
		a.reason("%s is open for writing only", a.it())
	case sends(a.Call) && is(&names.OAcc, mode, "O_RDONLY"):
		a.reason("%s is open for reading only", a.it())
	default:
		a.reason("%d was not open when the call was made; it is now", a.FD)
	}
	a.try("fds")
}

// meantPort sees bind 8080: a lone number is the descriptor, and a port is written with a colon.
func (a *asked) meantPort() {
	v, _, ok := a.address()
	if !ok || a.Call.Name != "bind" || a.FD < 1024 || a.FD > 65535 || !bytes.Equal(sockaddr(v), sockaddr(loopback(v, false))) {
		return
	}
	if p := member(v, isPort); p < 0 || v.L[p].N != 0 {
		return
	}
	a.also("The first number of a call is its descriptor; a port is written with a colon before it.")
	if _, ok := a.anySocket(); !ok {
		a.try("socket")
	}
	a.try("bind :%d", a.FD)
}

// ranges is 0-4, 7.
func ranges(list []int) string {
	var b strings.Builder
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if b.Len() > 60 {
			b.WriteString("...")
			break
		}
		fmt.Fprint(&b, list[i])
		switch {
		case j == i+1:
			fmt.Fprintf(&b, ", %d", list[j])
		case j > i:
			fmt.Fprintf(&b, "-%d", list[j])
		}
		i = j + 1
	}
	if b.Len() == 0 {
		return "none"
	}
	return b.String()
}

// noSocket tells what the descriptor is instead (ENOTSOCK).
func (a *asked) noSocket() {
	if !a.open {
		return
	}
	a.reason("descriptor %s is no socket but a %s (%s)", a.called(a.FD), safe(a.sock.Kind), safe(a.sock.Target))
	switch {
	case sends(a.Call):
		a.try("write %d %s", a.FD, a.data())
	case receives(a.Call):
		a.try("read %d 1024", a.FD)
	}
	if s, ok := a.anySocket(); ok {
		a.fact("%s", a.describe(&s))
		a.try("use %d", s.FD)
	} else {
		a.try("socket")
	}
}

// anySocket is the session's socket with the lowest number.
func (a *asked) anySocket() (s wire.Socket, ok bool) {
	open, err := wire.Open()
	if err != nil {
		return s, false
	}
	for _, fd := range open[:min(len(open), 64)] {
		if a.Shell(fd) == "" && wire.Look(fd, &s) == nil && s.Kind == "socket" {
			return s, true
		}
	}
	return s, false
}

func (a *asked) limit() (soft uint64, ok bool) {
	if a.Limit == nil {
		return 0, false
	}
	soft, _, err := a.Limit()
	return soft, err == nil
}

// tooManyOpen tells the limit and how many are open (EMFILE).
func (a *asked) tooManyOpen() {
	open, err := wire.Open()
	if err != nil {
		return
	}
	a.see("getrlimit(2)")
	a.also("Each descriptor must be below the soft limit of open files (RLIMIT_NOFILE). close gives numbers back.")
	below, raised := "the limit of open files", uint64(2*len(open))
	if a.Limit != nil {
		if soft, hard, err := a.Limit(); err == nil {
			below, raised = fmt.Sprintf("the limit of %d", soft), min(2*soft, hard)
			if hard <= soft {
				raised = 0
				a.also("The limit cannot be raised: the hard limit is the same.")
			}
			for len(open) > 0 && uint64(open[len(open)-1]) >= soft {
				open = open[:len(open)-1] // opened under a higher limit
			}
		}
	}
	own, last := 0, -1
	for _, fd := range open {
		if a.Shell(fd) != "" {
			own++
		} else if fd > 2 {
			last = fd
		}
	}
	if own > 0 {
		a.fact("%d of the descriptors are the shell's own", own)
	}
	a.reason("no number below %s is free: %s open", below, plural(len(open), "descriptor"))
	if raised > 0 {
		a.try("rlimit nofile %d", raised)
	}
	if last >= 0 {
		a.try("close %d", last)
	}
}

// fault finds the pointer that does not lead to memory (EFAULT).
func (a *asked) fault() {
	for i := range min(len(a.Call.Args), len(a.Vals)) {
		if spec.Points(a.Call.Args[i].Type) == 0 || a.Call.Args[i].Kernel {
			continue
		}
		name := a.Call.Args[i].Name
		switch v := a.Vals[i]; v.Kind {
		case spec.Null:
			a.reason("%s is NULL, and the kernel has to use it", name)
		case spec.Pointer:
			a.reason("%s is %#x, where this process has no memory", name, uint64(v.N))
		default:
			continue
		}
		a.also("In C write ... for what the shell is to supply; in words it does so by itself.")
		a.try("help %s", a.Call.Name)
		return
	}
	a.reason("a length reaches beyond its object: there this process has no memory")
	a.also("The shell puts a page without memory behind an object whose stated length is too large.")
	a.try("help %s", a.Call.Name)
}

// notSupported tells what the socket's type cannot do (EOPNOTSUPP).
func (a *asked) notSupported() {
	if a.Call.Name == "socketpair" {
		a.reason("%s makes no pairs; AF_UNIX does", constant(&names.AF, int(a.arg("domain").N)))
		a.try("%s", newPair(int(a.arg("type").N&0xf)))
		return
	}
	if !a.open || a.sock.Kind != "socket" {
		return
	}
	typ := constant(&names.SockType, a.sock.Type)
	switch {
	case (a.Call.Name == "listen" || a.Call.Name == "accept" || a.Call.Name == "accept4") && dgram(&a.sock):
		a.reason("%s is %s: datagrams need no connections, so there is nothing to listen for", a.it(), typ)
		a.also("A datagram socket that is bound receives at once, from anybody.")
		a.try("recvfrom %d 1024", a.FD)
		a.try("%s", newSocket(a.sock.Domain, number(&names.SockType, "SOCK_STREAM"), 0))
	case has(&names.Msg, a.arg("flags").N, "MSG_OOB"):
		a.reason("%s has no urgent data: MSG_OOB is for TCP", a.it())
		if flags, i := a.withoutFlag("MSG_OOB"); i >= 0 && a.small() {
			a.try("%s", a.typed(i, flags))
		}
	}
}

// noOption tells which option the level does not have (ENOPROTOOPT).
func (a *asked) noOption() {
	a.reason("level %s has no option %d for this socket", constant(&names.Level, int(a.arg("level").N)), a.arg("optname").N)
	a.try("help options")
}

// privilege tells which sockets need one (EPERM).
func (a *asked) privilege() {
	if a.Call.Name != "socket" {
		return
	}
	a.reason("%s needs a privilege (CAP_NET_RAW)", constant(&names.SockType, int(a.arg("type").N&0xf)))
	a.see("capabilities(7)")
}
