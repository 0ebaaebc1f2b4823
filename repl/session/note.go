package session

import (
	"fmt"
	"slices"

	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
	"socksh/repl/line"
)

// before is what the kernel said about the call's descriptor before the call.
type before struct {
	known bool
	wire.Socket
}

// look asks about the descriptor that a call names, for the calls that can change its state.
func (s *Session) look(c *spec.Call, vals []spec.Value) before {
	var b before
	if len(vals) == 0 || vals[0].Kind != spec.Num {
		return b
	}
	if _, fd := c.Args[0].Type.(spec.FD); !fd {
		return b
	}
	b.known = wire.Look(int(int32(vals[0].N)), &b.Socket) == nil && b.Kind == "socket"
	return b
}

// note is what a call changed besides its result: the address that the kernel chose, the state, what is left to be
// received. It says nothing where there is nothing to say.
func (s *Session) note(t *Task, b *kernel.Bound, was before) []byte {
	if b.Errno != 0 || !was.known {
		return nil
	}
	if b.Call.Current == spec.Ends {
		return s.closedUnder(t, was.FD)
	}
	var now wire.Socket
	if wire.Look(was.FD, &now) != nil || now.Inode != was.Inode {
		return nil
	}
	var text []byte
	add := func(format string, a ...any) {
		if len(text) > 0 {
			text = append(text, ", "...)
		}
		text = fmt.Appendf(text, format, a...)
	}
	if string(now.Local) != string(was.Local) && len(now.Local) > 2 {
		add("its address is %s", s.addressText(now.Local))
	}
	if from, to := was.StateText(), now.StateText(); from != to {
		add("%s -> %s", from, to)
	}
	c := b.Call
	for i := range c.Args {
		p, ok := c.Args[i].Type.(*spec.Ptr)
		if !ok {
			continue
		}
		if _, blob := p.To.(spec.Blob); !blob {
			continue
		}
		switch {
		case p.Dir == spec.Out && b.Ret == 0 && b.Length() != 0:
			if stream(&now) {
				add("the end: the peer has closed, or shut its sending down")
			}
		case p.Dir == spec.Out && now.RecvQ > 0 && stream(&now):
			if now.RecvQ == 1 {
				add("1 more byte waits")
			} else {
				add("%d more bytes wait", now.RecvQ)
			}
		case p.Dir == spec.In && b.Ret < b.Length():
			add("%d of %d bytes were taken", b.Ret, b.Length())
		}
	}
	return text
}

// closedUnder says what happens when a descriptor is closed that a job is blocked on: the call holds the open file.
func (s *Session) closedUnder(t *Task, fd int) []byte {
	jobs := slices.DeleteFunc(s.JobOn(fd), func(n int) bool { return n == t.Number() })
	switch len(jobs) {
	case 0:
		return nil
	case 1:
		return fmt.Appendf(nil, "job %d stays blocked: its call holds the socket open until it returns; kill %%%d interrupts it", jobs[0], jobs[0])
	}
	return fmt.Appendf(nil, "%d jobs stay blocked, %%%d to %%%d: their calls hold the socket open until they return; kill interrupts one", len(jobs), jobs[0], jobs[len(jobs)-1])
}

// warn says what a lone number was taken for, where it is a descriptor's too: recv 4 asks the current socket for 4 bytes.
func (s *Session) warn(t *Task, st *line.Statement, vals []spec.Value) {
	if st.Spelling != line.Words || len(st.Vals) < 2 || st.Vals[0].Kind != spec.Current {
		return
	}
	for i := 1; i < len(vals); i++ {
		n := st.Vals[i]
		if n.Kind != spec.Num || n.N == vals[0].N || !counts(st.Call.Args[i].Type) {
			continue
		}
		s.mu.Lock()
		_, made := s.domains[n.N]
		s.mu.Unlock()
		if made {
			s.Tell(t, event.Note, fmt.Sprintf("%d is %s here, and %d the socket; descriptor %d would be %s @%d", n.N, st.Call.Args[i].Name, vals[0].N, n.N, st.Call.Name, n.N))
		}
		return
	}
}

// counts says whether a type is a length or a plain number.
func counts(t spec.Type) bool {
	switch t.(type) {
	case spec.Len, spec.Int:
		return true
	}
	return false
}

// stream says whether a socket's bytes have an end.
func stream(s *wire.Socket) bool { return s.Type == 1 || s.Type == 5 }

func (s *Session) addressText(raw []byte) []byte {
	t := s.address()
	return notation.AppendAddress(nil, t, kernel.Address(t, raw))
}

// hint tells what an error means for the descriptor now, and remembers the question for why.
func (s *Session) hint(t *Task, b *kernel.Bound) {
	q := &Question{Call: b.Call, Errno: b.Errno.Name(), FD: -1, Run: s.Host.Do, Names: s.NamesOf, JobOn: s.JobOn, Shell: s.Host.Own, Limit: s.Limit}
	for _, v := range t.decoder.Args(b) {
		q.Vals = append(q.Vals, v.Clone())
	}
	if _, fd := b.Call.Args[0].Type.(spec.FD); fd && q.Vals[0].Kind == spec.Num {
		q.FD = int(int32(q.Vals[0].N))
	}
	s.mu.Lock()
	s.why = q
	s.mu.Unlock()
	if short, _ := Hint(q); short != "" {
		s.Tell(t, event.Hint, short)
	}
}

// Why repeats the last error's hint at length, "" if there was no error.
func (s *Session) Why() string {
	s.mu.Lock()
	q := s.why
	s.mu.Unlock()
	if q == nil {
		return ""
	}
	_, long := Hint(q)
	return long
}

// JobOn gives the numbers of the jobs that are blocked on a descriptor.
func (s *Session) JobOn(fd int) []int { return s.JobsByFD()[fd] }

// JobsByFD gives, for each descriptor that jobs are blocked on, their numbers in order.
func (s *Session) JobsByFD() map[int][]int {
	all := map[int][]int{}
	for _, t := range s.Jobs() {
		if fd, ok := t.blockedOn(); ok {
			all[fd] = append(all[fd], t.Number())
		}
	}
	return all
}
