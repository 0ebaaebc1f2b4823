package session

import (
	"fmt"
	"slices"
	"strings"

	"socksh/commands"
	"socksh/commands/kernel"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// is says whether a number is the constant of that name.
func is(set *names.Set, n int, name string) bool {
	e := set.Name(int64(n))
	return e != nil && e.Name == name
}

// has says whether the flag of that name is set.
func has(set *names.Set, n int64, name string) bool {
	f, ok := set.Exact(name)
	return ok && n&f != 0
}

// constant is a number's name, or the number.
func constant(set *names.Set, n int) string {
	if e := set.Name(int64(n)); e != nil {
		return e.Name
	}
	return fmt.Sprint(n)
}

func inet(s *wire.Socket) bool {
	return is(&names.AF, s.Domain, "AF_INET") || is(&names.AF, s.Domain, "AF_INET6")
}
func local(s *wire.Socket) bool { return is(&names.AF, s.Domain, "AF_UNIX") }
func dgram(s *wire.Socket) bool { return is(&names.SockType, s.Type, "SOCK_DGRAM") }
func tcp(s *wire.Socket) bool   { return inet(s) && is(&names.SockType, s.Type, "SOCK_STREAM") }

// fresh says that a socket has no address of its own: no port, no name.
func fresh(s *wire.Socket) bool {
	if inet(s) {
		return len(s.Local) >= 4 && s.Local[2]|s.Local[3] == 0
	}
	return len(s.Local) <= 2
}

// safe is text that another process chose, for any terminal.
func safe(text string) string { return string(notation.Escape(nil, []byte(text))) }

// rawText is an address as any terminal can show it.
func rawText(addr []byte) string {
	if len(addr) == 2 {
		return "no name"
	}
	return addressText(addressOf(addr))
}

func addressOf(addr []byte) spec.Value { return kernel.Address(&commands.Address, addr) }

func addressText(v spec.Value) string {
	return string(notation.AppendAddress(nil, &commands.Address, v))
}

// called is a descriptor with the names that the user gave it.
func (q *Question) called(fd int) string {
	all := slices.Clone(q.Names(fd))
	if shell := q.Shell(fd); shell != "" {
		all = append(all, shell)
	}
	if len(all) == 0 {
		return fmt.Sprint(fd)
	}
	return fmt.Sprintf("%d (%s)", fd, strings.Join(all, ", "))
}

// it is the call's own descriptor: "socket 3 (srv)".
func (a *asked) it() string {
	if a.open && a.sock.Kind == "socket" {
		return "socket " + a.called(a.FD)
	}
	return "descriptor " + a.called(a.FD)
}

// describe says in a line what the kernel said about a descriptor.
func (q *Question) describe(s *wire.Socket) string {
	if s.Kind != "socket" {
		return fmt.Sprintf("descriptor %s is a %s (%s)", q.called(s.FD), safe(s.Kind), safe(s.Target))
	}
	b := fmt.Appendf(nil, "socket %s is %s %s", q.called(s.FD), constant(&names.AF, s.Domain), constant(&names.SockType, s.Type))
	switch state := wire.StateName(s.State); {
	case tcp(s) && state != "":
		b = fmt.Appendf(b, ", its TCP state %s", state)
	case s.Listening:
		b = append(b, ", listening"...)
	}
	if fresh(s) {
		b = append(b, ", without an address of its own"...)
	} else {
		b = fmt.Appendf(b, ", its address %s", rawText(s.Local))
	}
	switch {
	case s.Listening && s.RecvQ >= 0:
		b = fmt.Appendf(b, ", %s in its accept queue, backlog %d", plural(s.RecvQ, "connection"), s.SendQ)
	case s.Listening:
	case len(s.Peer) > 0:
		b = fmt.Appendf(b, ", its peer %s", rawText(s.Peer))
	default:
		b = append(b, ", no peer"...)
	}
	if !s.Listening {
		if s.RecvQ > 0 {
			b = fmt.Appendf(b, ", %s to be received", plural(s.RecvQ, "byte"))
		}
		if s.SendQ > 0 {
			b = fmt.Appendf(b, ", %s in the send queue", plural(s.SendQ, "byte"))
		}
	}
	if has(&names.OFlag, int64(s.FileFlags), "O_NONBLOCK") {
		b = append(b, ", non-blocking"...)
	}
	return string(b)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// arg is an argument by its name in the manual page; None if the call has none such.
func (q *Question) arg(name string) spec.Value {
	for i := range min(len(q.Call.Args), len(q.Vals)) {
		if q.Call.Args[i].Name == name {
			return q.Vals[i].Before()
		}
	}
	return spec.Value{}
}

// address is the address that the call was given, with the index of its argument.
func (q *Question) address() (v spec.Value, index int, ok bool) {
	for i := range min(len(q.Call.Args), len(q.Vals)) {
		f := &q.Call.Args[i]
		p, isPtr := f.Type.(*spec.Ptr)
		if !isPtr || p.Dir != spec.In || f.Kernel {
			continue
		}
		if _, tagged := p.To.(*spec.Tagged); tagged && q.Vals[i].Kind == spec.List && len(q.Vals[i].L) > 0 {
			return q.Vals[i], i, q.Vals[i].L[0].Kind == spec.Num
		}
	}
	return spec.Value{}, 0, false
}

// member is the place of an address's member of a type, -1 if it has none.
func member(v spec.Value, of func(spec.Type) bool) int {
	st := commands.Address.Case(v.L[0].N)
	if st == nil || len(v.L) != len(st.Fields) {
		return -1
	}
	for i := range st.Fields {
		if of(st.Fields[i].Type) {
			return i
		}
	}
	return -1
}

func isPort(t spec.Type) bool { _, ok := t.(spec.Port); return ok }
func isPath(t spec.Type) bool { _, ok := t.(spec.Path); return ok }

// sockaddr is an address as the kernel takes it, nil where the table does not know its members.
func sockaddr(v spec.Value) []byte {
	if len(v.L) == 0 {
		return nil
	}
	if st := commands.Address.Case(v.L[0].N); st == nil || len(v.L) != len(st.Fields) {
		return nil
	}
	b, err := kernel.Sockaddr(&commands.Address, v)
	if err != nil {
		return nil // a member that no address has: the kernel was given none
	}
	return b
}

// typed is the call in words, with one argument changed if index is not negative; "" if words cannot say it.
func (q *Question) typed(index int, v spec.Value) string {
	vals := append([]spec.Value(nil), q.Vals...)
	if index >= 0 {
		vals[index] = v
	}
	for i := range vals {
		if spec.Points(q.Call.Args[i].Type) == spec.In && vals[i].Kind != spec.List && vals[i].Kind != spec.Bytes && !q.Call.Args[i].Kernel {
			return ""
		}
		if vals[i].Kind == spec.List && spec.Points(q.Call.Args[i].Type) == spec.In && sockaddr(vals[i]) == nil {
			return ""
		}
	}
	return string(notation.AppendWords(nil, q.Call, vals))
}

// otherPort is the call with another port in its address.
func (q *Question) otherPort(port int64) string {
	v, i, ok := q.address()
	if !ok {
		return ""
	}
	p := member(v, isPort)
	if p < 0 {
		return ""
	}
	v = v.Clone()
	v.L[p] = spec.N(port)
	return q.typed(i, v)
}

// listener finds a listening socket of this session that a socket could connect to, not among more descriptors than
// one can look at in no time.
func (a *asked) listener() (s wire.Socket, ok bool) {
	open, err := wire.Open()
	if err != nil {
		return s, false
	}
	for _, fd := range open[:min(len(open), 256)] {
		if wire.Look(fd, &s) == nil && s.Listening && s.Domain == a.sock.Domain && s.Type == a.sock.Type && a.Shell(fd) == "" {
			return s, true
		}
	}
	return s, false
}
