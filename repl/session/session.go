// Package session is one user's state: the current socket, variables and jobs. It takes a statement, makes its calls
// on an engine's thread, and tells its sink what happened. It must not know terminals, files of scripts or how
// anything is shown.
package session

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// A Host is what the process around a session does for it without disturbing the user's descriptors.
type Host interface {
	// Do runs a function where descriptors that it opens take no number from the user.
	Do(run func())
	// ReadFile gives what a regular file holds, at most limit bytes.
	ReadFile(path string, limit int64) ([]byte, error)
	// Own says what of the shell's own a descriptor is, "" for the user's.
	Own(fd int) string
	// Resolve gives the addresses of a host in the order to try them.
	Resolve(ctx context.Context, host string, family string) ([]netip.Addr, error)
}

// A Verb runs a builtin: what it prints goes to the session's sink.
type Verb func(s *Session, t *Task, st *line.Statement, words []notation.Word) error

// Config is what a session is made of.
type Config struct {
	Reader *notation.Reader
	Verb   func(name string) Verb // nil for a name that is no builtin
	Sink   event.Sink
	Host   Host
	// Trace says that the sink shows calls; without it they are not decoded.
	Trace bool
	// Clocks says that events carry their time.
	Clocks bool
	// Limit gives the limit of open files, soft and hard; nil: it is not known.
	Limit func() (soft, hard uint64, err error)
	// PID is the process's number, for events.
	PID int
	// Prompt is for a person: notes and hints are on, and an error is a result that stops nothing.
	Prompt bool
}

// A Session is safe for use by the threads of its own jobs.
type Session struct {
	Config
	seq   event.Counter
	notes atomic.Bool

	mu      sync.Mutex
	vars    map[string]*variable
	domains map[int64]int64 // the family that each descriptor was made with
	current []int64         // the current socket, last, and those that were before it
	jobs    map[int]*Task   // those that run, by number
	past    map[int]*Task   // those that have ended, by a number that no other has taken since
	failed  []*Task         // a script's, ended in failure
	pasted  map[int64]int64 // while a paste runs: the descriptors that its numbers stand for
	marks   map[int]*Task   // jobs by the number that a pasted trace gave them
	errno   string          // $errno
	why     *Question       // the last error, for why
}

// New makes a session.
func New(c Config) *Session {
	s := &Session{Config: c, vars: map[string]*variable{}, domains: map[int64]int64{}, jobs: map[int]*Task{},
		past: map[int]*Task{}, marks: map[int]*Task{}, errno: "0"}
	s.notes.Store(c.Prompt)
	return s
}

// SetNotes switches notes and hints, and with them every system call that the user did not ask for.
func (s *Session) SetNotes(on bool) { s.notes.Store(on) }

// Notes says whether notes are on.
func (s *Session) Notes() bool { return s.notes.Load() }

// Current gives the current socket.
func (s *Session) Current() (fd int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.current) == 0 {
		return 0, false
	}
	return int(s.current[len(s.current)-1]), true
}

// Use makes a descriptor current.
func (s *Session) Use(fd int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.use(int64(fd))
}

func (s *Session) use(fd int64) {
	s.forget(fd)
	s.current = append(s.current, fd)
}

// forget takes a descriptor off the stack of current sockets.
func (s *Session) forget(fd int64) {
	kept := s.current[:0]
	for _, f := range s.current {
		if f != fd {
			kept = append(kept, f)
		}
	}
	s.current = kept
}

// emit hands an event to the sink. Calls' events carry the task that they belong to.
func (s *Session) emit(t *Task, e *event.Event) {
	if s.Sink == nil {
		return
	}
	e.Seq, e.PID = s.seq.Next(), s.PID
	if t != nil {
		e.Job = int(t.number.Load())
		e.TID = t.thread.TID
	}
	if s.Clocks {
		e.Time = time.Now()
	}
	s.Sink.Put(e)
}

// Tell hands text to the sink: a note, a hint, something printed.
func (s *Session) Tell(t *Task, kind event.Kind, text string) {
	s.emit(t, &event.Event{Kind: kind, Text: []byte(text)})
}

// track follows what a call did to descriptors: which is current, and of which family each is.
func (s *Session) track(t *Task, b *kernel.Bound, vals []spec.Value) {
	c := b.Call
	s.mu.Lock()
	defer s.mu.Unlock()
	foreground := t.number.Load() == 0
	switch _, makes := resultType(c, vals).(spec.FD); {
	case makes:
		s.domains[b.Ret] = s.domainOf(c, vals)
		if c.Current == spec.Makes && foreground {
			s.use(b.Ret)
		}
	case c.Current == spec.Pairs:
		if pair := vals[len(vals)-1]; len(pair.L) == 2 {
			s.domains[pair.L[0].N], s.domains[pair.L[1].N] = vals[0].N, vals[0].N
			if foreground {
				s.use(pair.L[0].N)
			}
		}
	case c.Current == spec.Ends:
		s.forget(vals[0].N)
		delete(s.domains, vals[0].N)
	}
}

// domainOf is the family of a new descriptor: the one that the call names, else that of the descriptor it came from.
func (s *Session) domainOf(c *spec.Call, vals []spec.Value) int64 {
	for i := range c.Args {
		if c.Args[i].Name == "domain" {
			return vals[i].N
		}
	}
	return s.domains[vals[0].N]
}

func resultType(c *spec.Call, vals []spec.Value) spec.Type {
	return spec.Resolve(c.Result, &spec.Scope{Fields: c.Args, Vals: vals})
}
