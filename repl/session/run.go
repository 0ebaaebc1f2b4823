package session

import (
	"fmt"

	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// Run runs one statement as part of a task. A call's errno is a result; the errors are *Failure (nothing foresaw it,
// or an expectation did not hold; at a prompt only the latter), *notation.SyntaxError (found when a variable's value
// was known), ErrInterrupted and *Exit.
func (s *Session) Run(t *Task, st *line.Statement) error {
	if t.asked.Load() {
		return ErrInterrupted
	}
	switch st.Kind {
	case line.Builtin:
		return s.builtin(t, st)
	case line.Value:
		v, err := s.value(t, st)
		if err != nil {
			return err
		}
		s.assign(st.Assign, &result{vars: []variable{v}})
		return nil
	case line.Check:
		return s.checkVariable(t, st)
	}
	switch {
	case st.JobDone:
		return s.resume(t, st)
	case st.Background, st.Open, st.Expect != nil && st.Expect.Form == line.Blocks:
		return s.background(t, st)
	}
	_, err := s.call(t, st)
	return err
}

func (s *Session) builtin(t *Task, st *line.Statement) error {
	run := s.Verb(st.Name)
	if run == nil {
		return &Failure{Line: st, Msg: fmt.Sprintf("%s: no such builtin", st.Name)}
	}
	words := st.Words
	if st.Late {
		var err error
		if words, err = s.expand(t, words); err != nil {
			return err
		}
	}
	return run(s, t, st, words)
}

func (s *Session) expand(t *Task, words []notation.Word) ([]notation.Word, error) {
	return notation.Expand(words, func(ref string) (string, error) { return s.Text(t, ref) })
}

// Text gives the text of a variable, as print shows it.
func (s *Session) Text(t *Task, ref string) (string, error) {
	v, err := s.lookup(t, ref)
	if err != nil {
		return "", err
	}
	text, err := v.text()
	if err != nil {
		return "", fmt.Errorf("$%s %w", ref, err)
	}
	return text, nil
}

// value is the right side of NAME = "text", a number, or $other.
func (s *Session) value(t *Task, st *line.Statement) (variable, error) {
	if st.Late {
		words, err := s.expand(t, st.Words)
		if err != nil {
			return variable{}, err
		}
		return variable{holds: notation.Text, value: spec.S([]byte(words[0].Text))}, nil
	}
	v := st.Vals[0]
	switch v.Kind {
	case spec.Ref:
		return s.lookup(t, string(v.B))
	case spec.Num:
		return variable{holds: notation.Number, value: v}, nil
	}
	if err := s.load(&v); err != nil {
		return variable{}, err
	}
	return variable{holds: notation.Text, value: v}, nil
}

// assign gives the names their values; more names than values is refused before a line runs.
func (s *Session) assign(names []string, r *result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, name := range names {
		if i < len(r.vars) {
			v := r.vars[i]
			s.vars[name] = &v
		}
	}
}

// background starts a statement as a job, and returns when the kernel has it: asleep in its call, or done.
func (s *Session) background(t *Task, st *line.Statement) error {
	job := newTask(st.Text)
	job.background = true
	n, err := s.addJob(job)
	if err != nil {
		return err
	}
	if err := s.run(job, func(job *Task) error {
		r, err := s.call(job, st)
		job.result = r
		return err
	}); err != nil {
		s.mu.Lock()
		delete(s.jobs, n)
		s.mu.Unlock()
		return err
	}
	if st.JobMark > 0 {
		s.mu.Lock()
		s.marks[st.JobMark] = job
		s.mu.Unlock()
	}
	vars := make([]variable, len(st.Assign))
	for i := range vars {
		vars[i] = variable{job: job, index: i}
		if i < len(st.Gives) {
			vars[i].holds = st.Gives[i]
		}
	}
	s.assign(st.Assign, &result{vars: vars})
	asleep, err := s.Settle(t, job)
	if err != nil {
		return err
	}
	if st.Expect != nil && st.Expect.Form == line.Blocks && !asleep {
		job.waited.Store(true)
		return &Failure{Line: st, Expected: "the call to block", Came: "its end"}
	}
	return nil
}

// Settle waits until a job is asleep in its call, which the kernel says, or has ended. It says which.
func (s *Session) Settle(t, job *Task) (asleep bool, err error) {
	select {
	case <-job.entered:
	case <-job.done:
		return false, nil
	case <-t.Cancelled():
		return false, ErrInterrupted
	}
	for {
		if job.Ended() {
			return false, nil
		}
		if asleep, err = s.Asleep(job); asleep || err != nil {
			return asleep, err
		}
		select {
		case <-job.done:
			return false, nil
		case <-t.Cancelled():
			return false, ErrInterrupted
		case <-tick():
		}
	}
}

// resume is the finished line of a job in a pasted trace: it waits for the job and compares.
func (s *Session) resume(t *Task, st *line.Statement) error {
	s.mu.Lock()
	job := s.marks[st.JobMark]
	if job == nil {
		job = s.jobs[st.JobMark]
	}
	if job == nil {
		job = s.past[st.JobMark]
	}
	s.mu.Unlock()
	if job == nil {
		return &Failure{Line: st, Msg: fmt.Sprintf("there is no job %d to finish", st.JobMark)}
	}
	select {
	case <-job.done:
	case <-t.Cancelled():
		return ErrInterrupted
	}
	job.waited.Store(true)
	if job.outcome == nil {
		return job.err
	}
	return s.check(t, st, job.outcome)
}

func (s *Session) checkVariable(t *Task, st *line.Statement) error {
	v, err := s.lookup(t, string(st.Vals[0].B))
	if err != nil {
		return err
	}
	return s.hold(t, st, v.asResult())
}

// fail makes an event of what went wrong with a job, which nobody waits for at a prompt.
func (s *Session) fail(t *Task, err error) {
	if s.Prompt && t.Number() > 0 {
		s.Tell(t, event.Error, fmt.Sprintf("[%d] %v", t.Number(), err))
	}
}
