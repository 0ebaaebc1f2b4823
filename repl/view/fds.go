package view

import (
	"fmt"
	"strconv"
	"strings"

	"socksh/commands"
	"socksh/commands/kernel"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/wire"
	"socksh/repl/term"
)

// A Descriptor is a row of the table of open descriptors.
type Descriptor struct {
	Socket  wire.Socket
	Names   []string // the variables that hold it
	Current bool
	Shell   string // "the shell's own poller" and the like, "" for the user's
	Same    []int  // the other descriptors of the same open file
	Jobs    []int  // a job that is blocked on it, 0 for none
}

// Inspect asks the kernel about descriptors; what the session knows of them is left to the caller. It must run where
// the user's descriptors are; run runs what opens descriptors where numbers do not matter. Descriptors that were closed
// meanwhile are left out. An error is that of one of the questions: the list holds what the others gave.
func Inspect(fds []int, run func(func())) ([]Descriptor, error) {
	sockets := make([]wire.Socket, 0, len(fds))
	for _, fd := range fds {
		sockets = append(sockets, wire.Socket{})
		s := &sockets[len(sockets)-1]
		if wire.Look(fd, s) != nil && s.Kind == "" {
			sockets = sockets[:len(sockets)-1]
		}
	}
	err := wire.Backlogs(run, sockets)
	list := make([]Descriptor, len(sockets))
	for i := range sockets {
		list[i].Socket = sockets[i]
	}
	if e := same(list); err == nil {
		err = e
	}
	return list, err
}

// mostFiles bounds how many different open files with one inode are compared with each other: every anonymous inode
// (epoll, eventfd) has the same one, and so have a terminal's.
const mostFiles = 64

// same finds the descriptors that are one open file. A socket has an inode of its own, so that it needs no question.
func same(list []Descriptor) (err error) {
	type inode struct{ device, inode uint64 }
	groups := make(map[inode][][]int, len(list))
next:
	for i := range list {
		s := &list[i].Socket
		at := inode{s.Device, s.Inode}
		files := groups[at]
		for j, file := range files {
			first := &list[file[0]].Socket
			is := s.Kind == "socket"
			if !is && first.FileFlags == s.FileFlags && first.Target == s.Target {
				var e error
				if is, e = wire.Same(first.FD, s.FD); e != nil && err == nil {
					err = e
				}
			}
			if is {
				files[j] = append(file, i)
				continue next
			}
		}
		if len(files) < mostFiles {
			groups[at] = append(files, []int{i})
		}
	}
	for _, files := range groups {
		for _, file := range files {
			if len(file) > 1 {
				for _, i := range file {
					for _, j := range file {
						if i != j {
							list[i].Same = append(list[i].Same, list[j].Socket.FD)
						}
					}
				}
			}
		}
	}
	return err
}

// Columns of the table. What a row that is no connection has to say stands in span, from column peer or state on.
const (
	colFD = iota
	colName
	colType
	colState
	colLocal
	colPeer
	colRecv
	colSend
	columns
)

var heads = [columns]string{" fd", "name", "type", "state", "local", "peer", "recv", "send"}

type row struct {
	cells [columns]string
	span  string // takes the place of the columns from spans on
	spans int
	notes string
	bold  bool
}

// Descriptors is the table for fds, no wider than width where that can be (0: as wide as it gets). recv and send are the
// bytes in the queues.
func Descriptors(list []Descriptor, width int, color bool) []byte {
	if len(list) == 0 {
		return []byte("no descriptors are open\n")
	}
	t := table{width: width, color: color, rows: make([]row, len(list))}
	for i := range list {
		t.rows[i] = rowOf(&list[i])
	}
	t.fit()
	b := make([]byte, 0, 96*(len(list)+1))
	b = t.append(b, &row{cells: heads, spans: columns, notes: "flags", bold: true})
	for i := range t.rows {
		b = t.append(b, &t.rows[i])
	}
	return b
}

// stdio is what the first three descriptors are by custom (stdin(3)).
var stdio = [...]string{"stdin", "stdout", "stderr"}

func rowOf(d *Descriptor) row {
	s := &d.Socket
	r := row{spans: columns, bold: d.Current}
	mark := " "
	if d.Current {
		mark = "*"
	}
	r.cells[colFD] = mark + strconv.Itoa(s.FD)
	r.cells[colName] = safe(strings.Join(d.Names, ","))
	if len(d.Names) == 0 && s.FD >= 0 && s.FD < len(stdio) {
		r.cells[colName] = stdio[s.FD]
	}
	notes := flags(s)
	switch {
	case s.Kind != "socket":
		r.cells[colType] = kindOf(s)
		r.span, r.spans = fileOf(s), colState
	case s.Listening:
		socketCells(s, &r)
		r.spans = colPeer
		if s.RecvQ >= 0 {
			r.span = "accept queue " + strconv.Itoa(s.RecvQ) + ", backlog " + strconv.Itoa(s.SendQ)
		}
	default:
		socketCells(s, &r)
	}
	switch n := len(d.Jobs); {
	case n == 1:
		notes = append(notes, "job "+strconv.Itoa(d.Jobs[0])+" waits")
	case n > 1:
		notes = append(notes, fmt.Sprintf("%d jobs wait", n))
	}
	if len(d.Same) > 0 {
		text := "same as"
		for i, fd := range d.Same {
			if i == 4 {
				text += " ..."
				break
			}
			text += " " + strconv.Itoa(fd)
		}
		notes = append(notes, text)
	}
	if d.Shell != "" {
		notes = append(notes, safe(d.Shell))
	}
	if s.Err != nil {
		notes = append(notes, safe(s.Err.Error()))
	}
	r.notes = strings.Join(notes, ", ")
	return r
}

func socketCells(s *wire.Socket, r *row) {
	r.cells[colType] = socketWord(s.Domain, s.Type, s.Protocol)
	r.cells[colState] = s.StateText()
	r.cells[colLocal], r.cells[colPeer] = "-", "-"
	if !unnamed(s.Local) {
		r.cells[colLocal] = addressOf(s.Local)
	}
	switch {
	case len(s.Peer) == 2:
		r.cells[colPeer] = "(unnamed)"
	case s.Peer != nil:
		r.cells[colPeer] = addressOf(s.Peer)
	}
	r.cells[colRecv], r.cells[colSend] = count(s.RecvQ), count(s.SendQ)
	if s.TCP() && s.State == wire.Close && s.SendQ > 0 {
		r.cells[colSend] = "-" // what the kernel counts here are sequence numbers, and nothing waits
	}
}

func count(n int) string {
	if n < 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

// unnamed says that a socket has no address of its own: no name, or port 0.
func unnamed(addr []byte) bool {
	if len(addr) <= 2 {
		return true
	}
	family := int64(addr[0]) | int64(addr[1])<<8
	if e := names.AF.Name(family); e != nil && (e.Name == "AF_INET" || e.Name == "AF_INET6") {
		return len(addr) > 3 && addr[2]|addr[3] == 0
	}
	return false
}

func addressOf(addr []byte) string {
	return string(notation.AppendAddress(nil, &commands.Address, kernel.Address(&commands.Address, addr)))
}

// socketWord is the word that makes such a socket, "tcp" or "unix-dgram"; else family and type.
func socketWord(domain, typ, protocol int) string {
	family, kind := names.AF.Name(int64(domain)), names.SockType.Name(int64(typ))
	if family == nil || kind == nil {
		return strconv.Itoa(domain) + " " + strconv.Itoa(typ)
	}
	if e := names.IPProto.Name(int64(protocol)); protocol != 0 && e != nil && strings.HasPrefix(family.Name, "AF_INET") {
		usual := kind.Name == "SOCK_STREAM" && e.Name == "IPPROTO_TCP" || kind.Name == "SOCK_DGRAM" && e.Name == "IPPROTO_UDP"
		if !usual {
			if w := preset(family.Name, kind.Name, e.Name); w != "" {
				return w
			}
			return names.AF.Short(family.Name) + " " + names.SockType.Short(kind.Name)
		}
	}
	if w := preset(family.Name, kind.Name, "IPPROTO_IP"); w != "" {
		return w
	}
	if w := preset(family.Name, kind.Name, ""); w != "" && family.Name == "AF_UNIX" {
		return w
	}
	return names.AF.Short(family.Name) + " " + names.SockType.Short(kind.Name)
}

// preset finds the one word for the arguments of socket.
func preset(args ...string) string {
	for _, f := range commands.Families() {
		for i := range f.Calls {
			for _, p := range f.Calls[i].Preset {
				if matches(p.Args, args) {
					return p.Word
				}
			}
		}
	}
	return ""
}

func matches(have, want []string) bool {
	for i, w := range want {
		h := ""
		if i < len(have) {
			h = have[i]
		}
		if h != w {
			return false
		}
	}
	return true
}

func kindOf(s *wire.Socket) string {
	switch {
	case s.Kind == "device" && (strings.HasPrefix(s.Target, "/dev/pts/") || strings.HasPrefix(s.Target, "/dev/tty")):
		return "tty"
	case strings.HasPrefix(s.Kind, "anon_inode:"):
		return safe(strings.Trim(strings.TrimPrefix(s.Kind, "anon_inode:"), "[]"))
	case s.Kind == "":
		return "?"
	}
	return safe(s.Kind)
}

// fileOf is what a descriptor that is no socket points to, and for what it is open if not for both.
func fileOf(s *wire.Socket) string {
	text := safe(s.Target)
	if strings.HasPrefix(s.Kind, "anon_inode:") {
		text = ""
	}
	use := ""
	if e := names.OAcc.Name(int64(s.FileFlags & 3)); e != nil {
		use = map[string]string{"O_RDONLY": "read only", "O_WRONLY": "write only"}[e.Name]
		if s.Kind == "pipe" && use != "" {
			text, use = strings.TrimSuffix(use, " only")+" end of "+text, ""
		}
	}
	if use != "" && text != "" {
		return text + ", " + use
	}
	return text + use
}

// flags are those that are set: the descriptor's, then the open file's, without the access mode.
func flags(s *wire.Socket) []string {
	var all []string
	for i := range names.FDFlag.Entries {
		if e := &names.FDFlag.Entries[i]; int64(s.FDFlags)&e.N != 0 {
			all = append(all, names.FDFlag.Short(e.Name))
		}
	}
	for i := range names.OFlag.Entries {
		e := &names.OFlag.Entries[i]
		if int64(s.FileFlags)&e.N == e.N && e.Name != "O_LARGEFILE" {
			all = append(all, names.OFlag.Short(e.Name))
		}
	}
	return all
}

// safe is text that somebody else may have chosen, for any terminal.
func safe(text string) string {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return string(notation.Escape(nil, []byte(text)))
		}
	}
	return text
}

// cells is how many cells of the terminal a text takes.
func cells(s string) int { return term.TextCells(s) }
