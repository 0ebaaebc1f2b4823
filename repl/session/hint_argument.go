package session

import (
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
	own := 0
	for _, fd := range open {
		if a.Shell(fd) != "" {
			own++
		}
	}
	if own > 0 {
		a.fact("%s open, %d of them the shell's own", plural(len(open), "descriptor"), own)
	} else {
		a.fact("%s open", plural(len(open), "descriptor"))
	}
	a.also("Each descriptor must be below the soft limit of open files (RLIMIT_NOFILE). close gives numbers back.")
	raised := uint64(2 * len(open))
	if soft, ok := a.limit(); ok {
		a.fact("the limit of open files is %d", soft)
		a.reason("no number below the limit of %d is free: %s open", soft, plural(len(open), "descriptor"))
		raised = 2 * soft
	} else {
		a.reason("no number below the limit of open files is free: %s open", plural(len(open), "descriptor"))
	}
	a.try("rlimit nofile %d", raised)
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] > 2 && a.Shell(open[i]) == "" {
			a.try("close %d", open[i])
			break
		}
	}
}

// invalid finds the argument or the state that does not fit (EINVAL).
func (a *asked) invalid() {
	switch a.Call.Name {
	case "socket", "socketpair":
		a.reason("the type %s is unknown, or a flag beside it is", constant(&names.SockType, int(a.arg("type").N&0xf)))
		if a.Call.Name == "socket" {
			a.try("socket inet stream|nonblock")
		} else {
			a.try("socketpair unix stream|nonblock")
		}
		return
	case "dup3":
		if a.arg("oldfd").N == a.arg("newfd").N {
			a.reason("dup3 refuses to make %d a copy of itself", a.FD)
			a.try("dup3 %d %d", a.FD, a.FD+10)
		}
		return
	}
	if !a.open || a.sock.Kind != "socket" {
		return
	}
	switch a.Call.Name {
	case "accept", "accept4":
		a.acceptInvalid()
	case "bind":
		a.bindInvalid()
	case "listen":
		a.listenInvalid()
	case "connect", "sendto":
		a.addressInvalid()
	case "shutdown":
		if how := a.arg("how").N; names.Shut.Name(how) == nil {
			a.reason("how is %d, and must be SHUT_RD, SHUT_WR or SHUT_RDWR", how)
			a.try("shutdown %d wr", a.FD)
		}
	default:
		a.receiveInvalid()
	}
}

func (a *asked) acceptInvalid() {
	switch {
	case a.sock.Listening:
		if f := a.arg("flags"); f.Kind == spec.Num && f.N != 0 {
			a.reason("%s listens, so it is the flags or addrlen: accept4 takes SOCK_NONBLOCK and SOCK_CLOEXEC", a.it())
		} else {
			a.reason("%s listens, so addrlen is negative, or accept was called before listen", a.it())
		}
		a.try("accept %d", a.FD)
	case len(a.sock.Peer) > 0:
		a.reason("%s is connected to %s: accept is for sockets that listen", a.it(), rawText(a.sock.Peer))
		if l, ok := a.listener(); ok {
			a.fact("%s", a.describe(&l))
			a.try("accept %d", l.FD)
		}
	default:
		a.reason("%s does not listen: accept takes connections that listen lets in", a.it())
		if fresh(&a.sock) {
			a.try("bind %d %s", a.FD, a.home())
		}
		a.try("listen @%d", a.FD)
		a.try("accept %d", a.FD)
	}
}

// home is an address of this machine to bind to; the kernel chooses the port.
func (a *asked) home() string {
	switch constant(&names.AF, a.sock.Domain) {
	case "AF_INET6":
		return "[::1]:0"
	case "AF_UNIX":
		return "unix:@name"
	}
	return "127.0.0.1:0"
}

func (a *asked) bindInvalid() {
	if !fresh(&a.sock) {
		a.reason("%s has an address already, %s, and a socket is bound only once", a.it(), rawText(a.sock.Local))
		a.also("connect, listen and sendto bind a socket too, to a port that the kernel chooses.")
		a.try("socket %s %s", constant(&names.AF, a.sock.Domain), constant(&names.SockType, a.sock.Type))
		return
	}
	if v, i, ok := a.address(); ok {
		a.reason("addrlen (%d) does not fit an address of %s", a.arg("addrlen").N, constant(&names.AF, int(v.L[0].N)))
		a.try("%s", a.typed(i, v))
	}
}

func (a *asked) listenInvalid() {
	switch {
	case len(a.sock.Peer) > 0:
		a.reason("%s is connected to %s, and a connected socket cannot listen", a.it(), rawText(a.sock.Peer))
		a.try("socket %s %s", constant(&names.AF, a.sock.Domain), constant(&names.SockType, a.sock.Type))
	case local(&a.sock) && fresh(&a.sock):
		a.reason("%s has no address to listen on, and AF_UNIX gives none by itself", a.it())
		a.try("bind %d unix:@name", a.FD)
		a.try("listen @%d", a.FD)
	case tcp(&a.sock):
		a.reason("%s cannot listen in the state %s", a.it(), wire.StateName(a.sock.State))
	}
}

func (a *asked) addressInvalid() {
	v, i, ok := a.address()
	if !ok {
		return
	}
	p := member(v, isPort)
	switch {
	case p >= 0 && v.L[p].N == 0:
		a.reason("port 0 is nobody's: a peer's address needs a port")
		a.try("%s", a.otherPort(8080))
	case a.sock.Listening:
		a.reason("%s listens, and a listener cannot connect", a.it())
		a.try("socket %s %s", constant(&names.AF, a.sock.Domain), constant(&names.SockType, a.sock.Type))
	case p < 0 && member(v, isPath) < 0:
		a.reason("addrlen (%d) does not fit an address of %s", a.arg("addrlen").N, constant(&names.AF, int(v.L[0].N)))
	default:
		a.reason("addrlen (%d) does not fit that address", a.arg("addrlen").N)
		a.try("%s", a.typed(i, v))
	}
}

func (a *asked) receiveInvalid() {
	switch {
	case !receives(a.Call):
	case has(&names.Msg, a.arg("flags").N, "MSG_OOB"):
		a.reason("MSG_OOB asks for urgent data, and none has come to %s", a.it())
		if flags, i := a.withoutFlag("MSG_OOB"); i >= 0 {
			a.try("%s", a.typed(i, flags))
		}
	case local(&a.sock) && !a.sock.Listening && len(a.sock.Peer) == 0:
		a.reason("%s is not connected; an AF_UNIX stream says EINVAL to that", a.it())
		a.connectTo()
	case a.sock.Listening:
		a.reason("%s listens: accept gives a socket for each connection", a.it())
		a.try("accept %d", a.FD)
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
		a.try("socketpair unix %s", strings.ToLower(strings.TrimPrefix(constant(&names.SockType, int(a.arg("type").N&0xf)), "SOCK_")))
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
		a.try("socket %s stream", constant(&names.AF, a.sock.Domain))
	case has(&names.Msg, a.arg("flags").N, "MSG_OOB"):
		a.reason("%s has no urgent data: MSG_OOB is for TCP", a.it())
		if flags, i := a.withoutFlag("MSG_OOB"); i >= 0 && a.small() {
			a.try("%s", a.typed(i, flags))
		}
	}
}

// protocol tells what does not go together (EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPROTOTYPE of socket).
func (a *asked) protocol() {
	if a.Call.Name != "socket" && a.Call.Name != "socketpair" {
		return
	}
	domain, typ := constant(&names.AF, int(a.arg("domain").N)), constant(&names.SockType, int(a.arg("type").N&0xf))
	if a.Errno == "ESOCKTNOSUPPORT" {
		a.reason("%s has no sockets of type %s", domain, typ)
		a.try("%s %s stream", a.Call.Name, domain)
		a.try("%s %s dgram", a.Call.Name, domain)
		return
	}
	n := int(a.arg("protocol").N)
	protocol := fmt.Sprint(n)
	if domain == "AF_INET" || domain == "AF_INET6" {
		protocol = constant(&names.IPProto, n)
	}
	if n == 0 {
		a.reason("%s with %s has no usual protocol: name one", domain, typ)
		if typ == "SOCK_RAW" {
			a.try("socket %s raw icmp", domain)
		}
		return
	}
	a.reason("protocol %s does not go with %s and %s", protocol, domain, typ)
	a.also("Protocol 0 is the usual one of the domain and type: TCP for a stream, UDP for datagrams.")
	a.try("%s %s %s", a.Call.Name, domain, typ)
	if protocol == "IPPROTO_UDP" && typ != "SOCK_DGRAM" {
		a.try("socket %s dgram", domain)
	}
	if protocol == "IPPROTO_TCP" && typ != "SOCK_STREAM" {
		a.try("socket %s stream", domain)
	}
	a.see("ip(7)")
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
