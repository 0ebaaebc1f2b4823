package builtin

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/session"
)

// job reads %N, N or a name that stands for a job.
func (c *call) job(at int) (*session.Task, error) {
	w := &c.words[at]
	name := w.Text
	if w.Ref != "" {
		name = w.Ref
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(w.Text, "%")); err == nil && w.Ref == "" {
		if t := c.s.Job(n); t != nil {
			return t, nil
		}
		return nil, c.usage(at, fmt.Sprintf("there has been no job %d%s", n, c.running()))
	}
	if t := c.s.JobNamed(strings.TrimPrefix(name, "%")); t != nil {
		return t, nil
	}
	return nil, c.usage(at, fmt.Sprintf("job must be %%N or a name that stands for one, but is %q%s", name, c.running()))
}

func (c *call) running() string {
	var all []string
	for _, t := range c.s.Jobs() {
		all = append(all, "%"+strconv.Itoa(t.Number()))
	}
	if all == nil {
		return " (none is running)"
	}
	return " (running: " + strings.Join(all, " ") + ")"
}

// last is the job that fg and kill mean when none is named: the one begun last.
func (c *call) last() (*session.Task, error) {
	all := c.s.Jobs()
	if len(all) == 0 {
		return nil, c.usage(0, "no job is running")
	}
	return all[len(all)-1], nil
}

func jobs(c *call) error {
	if err := c.most(0); err != nil {
		return err
	}
	var b []byte
	for _, t := range c.s.Jobs() {
		b = fmt.Appendf(b, "[%d] ", t.Number())
		b = notation.AppendSafe(b, []byte(t.Text()))
		asleep, err := c.s.Asleep(t)
		switch {
		case err != nil:
		case asleep:
			b = append(b, "  # blocked in its call"...)
		default:
			b = append(b, "  # running"...)
		}
		b = append(b, '\n')
	}
	c.show(string(b))
	return nil
}

func fg(c *call) error {
	if err := c.most(1); err != nil {
		return err
	}
	job, err := c.last()
	if len(c.words) == 1 {
		job, err = c.job(0)
	}
	if err != nil {
		return err
	}
	if job.Ended() {
		return c.ended(job)
	}
	c.t.Waits(true)
	defer c.t.Waits(false)
	select {
	case <-job.Done():
	case <-c.t.Cancelled():
		job.Kill()
		<-job.Done()
	case <-c.t.Detached():
		c.s.Tell(c.t, event.Note, fmt.Sprintf("job %d goes on: %s", job.Number(), job.Text()))
		return nil
	}
	return c.s.Collect(job)
}

// ended says that a job is over; its line was shown when it ended.
func (c *call) ended(job *session.Task) error {
	c.s.Tell(c.t, event.Note, fmt.Sprintf("job %d has ended already: %s", job.Number(), job.Text()))
	return c.s.Collect(job)
}

func wait(c *call) error {
	list := c.s.Jobs()
	if len(c.words) > 0 {
		list = list[:0]
		for i := range c.words {
			job, err := c.job(i)
			if err != nil {
				return err
			}
			list = append(list, job)
		}
	}
	var first error
	c.t.Waits(true)
	defer c.t.Waits(false)
	for _, job := range list {
		select {
		case <-job.Done():
		case <-c.t.Cancelled():
			return session.ErrInterrupted
		case <-c.t.Detached():
			return nil
		}
		if err := c.s.Collect(job); err != nil && first == nil {
			first = err
		}
	}
	if first == nil && len(c.words) == 0 {
		first = c.s.Uncollected()
	}
	return first
}

func kill(c *call) error {
	if len(c.words) > 0 && strings.HasPrefix(c.words[0].Text, "-") {
		if sig := strings.TrimPrefix(strings.ToUpper(c.words[0].Text[1:]), "SIG"); sig != "INT" && sig != "2" {
			return c.usage(0, "a job's call can only be interrupted: kill -INT %N")
		}
		c.words = c.words[1:]
	}
	if len(c.words) != 1 {
		return c.usage(0, "kill takes one job")
	}
	job, err := c.job(0)
	if err != nil {
		return err
	}
	if job.Ended() {
		return c.ended(job)
	}
	job.Kill()
	select { // its call returns within a moment; its line then comes before the next prompt
	case <-job.Done():
	case <-c.t.Cancelled():
		return session.ErrInterrupted
	}
	return nil
}

func blocked(c *call) error {
	if len(c.words) != 1 && !(len(c.words) == 3 && c.words[1].Text == "for") {
		return c.usage(0, "blocked takes a job, and perhaps for how long")
	}
	job, err := c.job(0)
	if err != nil {
		return err
	}
	stay := time.Duration(0)
	if len(c.words) == 3 {
		if stay, err = c.duration(2); err != nil {
			return err
		}
	}
	asleep, err := c.s.Settle(c.t, job)
	if err == nil && asleep && stay > 0 {
		timer := time.NewTimer(stay)
		defer timer.Stop()
		select {
		case <-timer.C:
			asleep, err = c.s.Asleep(job)
		case <-job.Done():
			asleep = false
		case <-c.t.Cancelled():
			return session.ErrInterrupted
		}
	}
	if err != nil {
		return err
	}
	if !asleep {
		return &session.Failure{Line: c.st, Expected: fmt.Sprintf("job %d to be blocked in its call", job.Number()), Came: "its end"}
	}
	return nil
}

// duration reads a time: 2s, 250ms, or a number of seconds.
func (c *call) duration(at int) (time.Duration, error) {
	s, err := c.text(&c.words[at])
	if err != nil {
		return 0, err
	}
	if strings.HasPrefix(s, "-") {
		return 0, c.usage(at, fmt.Sprintf("time must not be negative, but is %q", s))
	}
	v, err := notation.ReadWord(&spec.Struct{Word: spec.Duration, Fields: []spec.Field{{Name: "tv_sec", Type: spec.Int{Size: 8}}, {Name: "tv_usec", Type: spec.Int{Size: 8}}}},
		&notation.Word{Text: s, Col: c.words[at].Col}, nil)
	if err != nil {
		return 0, err
	}
	return time.Duration(v.L[0].N)*time.Second + time.Duration(v.L[1].N)*time.Microsecond, nil
}

func sleep(c *call) error {
	if len(c.words) != 1 {
		return c.usage(0, "sleep takes a time")
	}
	d, err := c.duration(0)
	if err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.t.Cancelled():
		return session.ErrInterrupted
	}
}
