package session

import (
	"socksh/commands/kernel"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// What a task keeps in memory for statements that it runs again: so many, and none with larger objects (in bytes).
const (
	mostKept    = 256
	largestKept = 64 << 10
)

// bind puts a statement's call into memory, where it may lie already: a statement that runs again with the same values
// has a Bound of its own, others use the thread's scratch one.
func (s *Session) bind(t *Task, st *line.Statement) (*kernel.Bound, []spec.Value, error) {
	if b := t.kept[st]; b != nil {
		return b, st.Vals, nil
	}
	vals, err := s.prepare(t, st)
	if err != nil {
		return nil, nil, err
	}
	c := st.Call
	if c.Repeats != "" {
		c = s.Reader.Call(c.Repeats)
	}
	b := &t.thread.Scratch
	if err := b.Set(c, vals); err != nil {
		return nil, nil, &Failure{Line: st, Msg: c.Name + ": " + err.Error()}
	}
	if st.Again && len(t.kept) < mostKept && b.Size() <= largestKept && unchanging(st, vals) {
		b = new(kernel.Bound)
		if err := b.Set(c, vals); err != nil {
			return nil, nil, err
		}
		if t.kept == nil {
			t.kept = map[*line.Statement]*kernel.Bound{}
		}
		t.kept[st] = b
	}
	return b, vals, nil
}

// unchanging says whether a statement's values are the same each time: prepare put nothing into them. What closes a
// descriptor is asked each time whether it is the shell's own, and sendall moves on in its buffer.
func unchanging(st *line.Statement, vals []spec.Value) bool {
	if len(vals) == 0 || &vals[0] != &st.Vals[0] || st.Call.Repeats != "" {
		return false
	}
	for i := range st.Call.Args {
		if st.Call.Args[i].Closes {
			return false
		}
	}
	return true
}
