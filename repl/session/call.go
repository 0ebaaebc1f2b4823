package session

import (
	"fmt"
	"time"

	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// An outcome is what came of a call; vals are copies.
type outcome struct {
	call  *spec.Call
	types []spec.Type
	vals  []spec.Value
	ret   int64
	errno names.Errno
}

// call makes a statement's call, tells what happened, and says what it gives to the names that it assigns.
func (s *Session) call(t *Task, st *line.Statement) (*result, error) {
	b, vals, err := s.bind(t, st)
	if err != nil {
		return nil, err
	}
	if s.Prompt && s.Notes() {
		s.warn(t, st, vals)
	}
	if st.Call.Repeats != "" {
		return s.repeat(t, st, b, vals)
	}
	s.do(t, b, vals)
	return s.finish(t, st, b, b.Ret)
}

// repeat makes the call of sendall until all is sent, each on its line.
func (s *Session) repeat(t *Task, st *line.Statement, b *kernel.Bound, vals []spec.Value) (*result, error) {
	left, sent := b.Length(), int64(0)
	for {
		s.do(t, b, vals)
		if b.Errno != 0 {
			break
		}
		sent += b.Ret
		if left -= b.Ret; left <= 0 || t.asked.Load() {
			break
		}
		b.Skip(b.Ret)
	}
	return s.finish(t, st, b, sent)
}

// do makes one call and tells about it.
func (s *Session) do(t *Task, b *kernel.Bound, vals []spec.Value) {
	s.announce(t, b)
	if t.background {
		t.once.Do(func() { close(t.entered) })
	}
	notes := s.Notes()
	if s.Prompt || notes {
		t.making.Store(b)
		defer t.making.Store(nil)
	}
	var before before
	if notes {
		before = s.look(b.Call, vals)
	}
	if s.Clocks {
		start := time.Now()
		t.thread.Do(b)
		t.took = time.Since(start)
	} else {
		t.thread.Do(b)
	}
	c := b.Call
	if b.Errno == 0 && tracked(c) {
		t.decoder.Strace = false
		s.track(t, b, t.decoder.Args(b))
	}
	if s.Trace {
		e := &t.event
		*e = event.Event{Kind: event.Exit, Bound: b, Took: t.took}
		if notes {
			e.Text = s.note(t, b, before)
		}
		if origin(vals) {
			e.Origins = vals
		}
		s.emit(t, e)
	}
	s.setErrno(b.Errno)
	if notes && b.Errno != 0 {
		s.hint(t, b)
	}
}

// tracked says whether the session follows what a call did to descriptors.
func tracked(c *spec.Call) bool {
	if c.Current != spec.Keeps {
		return true
	}
	switch c.Result.(type) {
	case spec.FD, *spec.By:
		return true
	}
	return false
}

func origin(vals []spec.Value) bool {
	for i := range vals {
		if vals[i].Kind == spec.Bytes && vals[i].L != nil {
			return true
		}
	}
	return false
}

func (s *Session) setErrno(e names.Errno) {
	if e == 0 {
		return // $errno is the last error
	}
	s.mu.Lock()
	s.errno = e.Name()
	s.mu.Unlock()
}

// finish compares what came with what was foreseen, and reads the values for the names.
func (s *Session) finish(t *Task, st *line.Statement, b *kernel.Bound, ret int64) (*result, error) {
	checked := st.Expect != nil || st.Ret.Kind != spec.None || st.Said
	if b.Errno == 0 && !checked && len(st.Assign) == 0 && !t.background {
		if t.asked.Load() {
			return nil, ErrInterrupted
		}
		return nil, nil
	}
	var o *outcome
	if checked || t.background {
		o = s.outcome(t, b, ret)
		t.outcome = o
	}
	var r *result
	if b.Errno == 0 {
		r = resultOf(b.Call, b.Types[:], t.decoder.Args(b), ret)
		if !t.background {
			s.assign(st.Assign, r)
		}
	}
	switch {
	case t.asked.Load() && !t.killed.Load():
		return r, ErrInterrupted
	case checked:
		return r, s.check(t, st, o)
	case b.Errno == 0, s.Prompt, t.killed.Load():
		return r, nil
	}
	return r, &Failure{Line: st, Expected: "success", Came: came(b.Errno)}
}

func came(e names.Errno) string { return fmt.Sprintf("-1 %s (%s)", e.Name(), e.Text()) }

func (s *Session) outcome(t *Task, b *kernel.Bound, ret int64) *outcome {
	o := &outcome{call: b.Call, types: append([]spec.Type(nil), b.Types[:]...), ret: ret, errno: b.Errno}
	for _, v := range t.decoder.Args(b) {
		o.vals = append(o.vals, v.Clone())
	}
	return o
}

// check holds a statement's expectations against an outcome.
func (s *Session) check(t *Task, st *line.Statement, o *outcome) error {
	if st.Expect != nil {
		return s.hold(t, st, o.asResult())
	}
	switch {
	case st.Errno != "":
		want, _ := names.Errnos().Exact(st.Errno)
		if int64(o.errno) != want {
			return &Failure{Line: st, Expected: "-1 " + st.Errno, Came: o.came()}
		}
	case st.Ret.Kind == spec.Num && (o.errno != 0 || !s.newNumber(o, st.Ret.N) && st.Ret.N != o.ret):
		return &Failure{Line: st, Expected: fmt.Sprint(st.Ret.N), Came: o.came()}
	case st.Ret.Kind != spec.Any && o.errno != 0 && !s.Prompt:
		return &Failure{Line: st, Expected: "success", Came: o.came()}
	}
	if !st.Said || o.errno != 0 {
		return nil
	}
	for i := range o.call.Args {
		if spec.Points(o.types[i]) != spec.Out {
			continue
		}
		if s.standsAll(o.types[i], st.Vals[i], o.vals[i]) {
			continue
		}
		if typ := o.pointer(i); !spec.Match(typ, st.Vals[i], o.vals[i]) {
			name := o.call.Args[i].Name
			return &Failure{Line: st, Expected: name + " " + show(typ, st.Vals[i]), Came: show(typ, o.vals[i])}
		}
	}
	return nil
}

// pointer is argument i's type, a pointer, with its choice made: an option's value has the type of its option.
func (o *outcome) pointer(i int) spec.Type {
	p := o.types[i].(*spec.Ptr)
	return &spec.Ptr{Dir: p.Dir, To: spec.Resolve(p.To, &spec.Scope{Fields: o.call.Args, Vals: o.vals})}
}

// newNumber says whether the result is a descriptor's number that a pasted line cannot foresee, at a prompt, and has the
// written one stand for it.
func (s *Session) newNumber(o *outcome, written int64) bool {
	_, fd := resultType(o.call, o.vals).(spec.FD)
	if !fd || !s.Prompt || o.errno != 0 {
		return false
	}
	s.stands(written, o.ret)
	return true
}

func show(t spec.Type, v spec.Value) string { return string(notation.C().AppendValue(nil, t, v)) }

func (o *outcome) came() string {
	if o.errno != 0 {
		return came(o.errno)
	}
	return fmt.Sprint(o.ret)
}

// hold holds an expectation that follows =>.
func (s *Session) hold(t *Task, st *line.Statement, got line.Result) error {
	e := st.Expect
	switch e.Form {
	case line.Blocks:
		return nil // asked when the job was started
	case line.Variable:
		v, err := s.lookup(t, e.Ref)
		if err != nil {
			return err
		}
		if !v.equals(&got) {
			text, _ := v.text()
			return &Failure{Line: st, Expected: e.Text + ", which is " + text, Came: got.Came()}
		}
		return nil
	}
	e, err := e.Expand(func(ref string) (string, error) { return s.Text(t, ref) })
	if err != nil {
		return err
	}
	if ok, came := e.Holds(got); !ok {
		if got.Errno != "" {
			if n, ok := names.Errnos().Exact(got.Errno); ok {
				came = fmt.Sprintf("-1 %s (%s)", got.Errno, names.Errno(n).Text())
			}
		}
		return &Failure{Line: st, Expected: st.Expect.Text, Came: came}
	}
	return nil
}
