package session

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"socksh/commands/engine"
	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// A Task is something that runs on a thread: the script, a line of the prompt, or a job.
type Task struct {
	thread  *engine.Thread
	number  atomic.Int32 // the job's number, 0 in the foreground
	asked   atomic.Bool  // an interrupt was asked for
	decoder kernel.Decoder

	kept    map[*line.Statement]*kernel.Bound // see bind
	vals    []spec.Value                      // the values of the call being prepared
	event   event.Event                       // the event being told
	took    time.Duration                     // how long the last call took, where a sink wants clocks
	outcome *outcome                          // what came of the last call that is to be compared

	mu     sync.Mutex
	cancel chan struct{} // closed by an interrupt: wakes a builtin that waits
	text   string        // the line, for jobs

	background bool // a job from its beginning

	entered  chan struct{} // closed when the first call is about to be made
	done     chan struct{} // closed at the end
	once     sync.Once
	making   atomic.Pointer[kernel.Bound] // the call being made, where somebody may ask
	detach   chan struct{}                // closed by Ctrl-Z: what waits in the foreground returns
	killed   atomic.Bool                  // its interruption was asked for: EINTR is no failure
	err      error                        // how it ended
	result   *result                      // what it gave, for the names that were assigned
	waits    atomic.Bool                  // it only waits for jobs
	detached sync.Once
	waited   atomic.Bool // somebody has taken note of how it ended
}

func newTask(text string) *Task {
	return &Task{text: text, decoder: kernel.Decoder{Exit: true}, cancel: make(chan struct{}), detach: make(chan struct{}),
		entered: make(chan struct{}), done: make(chan struct{})}
}

// Main makes the task of a script, which runs on the caller's own thread.
func Main(t *engine.Thread) *Task {
	task := newTask("")
	task.thread = t
	return task
}

// Number is the job's number, 0 in the foreground.
func (t *Task) Number() int { return int(t.number.Load()) }

// Text is the line that the task runs.
func (t *Task) Text() string { return t.text }

// Done is closed when the task has ended.
func (t *Task) Done() <-chan struct{} { return t.done }

// Err is how the task ended; it may be asked once Done is closed.
func (t *Task) Err() error { return t.err }

// Ended says whether the task has ended.
func (t *Task) Ended() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// Cancelled is closed when the task was interrupted, for builtins that wait.
func (t *Task) Cancelled() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cancel
}

// Waits says whether the task only waits for jobs: sent to the background, it ends and they go on.
func (t *Task) Waits(only bool) { t.waits.Store(only) }

// Detached is closed when the task was sent to the background, for builtins that wait for others.
func (t *Task) Detached() <-chan struct{} { return t.detach }

// Interrupt interrupts the task as Ctrl-C does: the call that it makes returns what C would get, and nothing follows.
func (t *Task) Interrupt() {
	t.asked.Store(true)
	t.mu.Lock()
	select {
	case <-t.cancel:
	default:
		close(t.cancel)
	}
	t.mu.Unlock()
	go t.thread.Interrupt(t.done)
}

// Kill interrupts a job: its EINTR was asked for, and is no failure.
func (t *Task) Kill() {
	t.killed.Store(true)
	t.Interrupt()
}

// run runs a task's function on a new thread.
func (s *Session) run(t *Task, f func(t *Task) error) error {
	set := make(chan struct{})
	job, err := engine.Start(func(*engine.Thread) {
		<-set
		if t.err = f(t); t.err != nil {
			s.fail(t, t.err)
		}
		s.ended(t)
		close(t.done)
	})
	if err != nil {
		return err
	}
	t.thread = job.Thread
	close(set)
	return nil
}

// Foreground runs the statements of one line of the prompt on a thread of its own.
func (s *Session) Foreground(list []line.Statement, text string) (*Task, error) {
	return s.Do(text, func(t *Task) error {
		for i := range list {
			if err := s.Run(t, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Do runs a function as a line of the prompt does.
func (s *Session) Do(text string, f func(t *Task) error) (*Task, error) {
	t := newTask(text)
	return t, s.run(t, f)
}

// MostJobs is how many jobs may run at once; each is a thread.
const MostJobs = 4096

// addJob gives a task a number: one more than the highest of a job that runs.
func (s *Session) addJob(t *Task) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.jobs) >= MostJobs {
		return 0, &Failure{Msg: fmt.Sprintf("no more than %d jobs can run at once", MostJobs)}
	}
	n := 1
	for used := range s.jobs {
		n = max(n, used+1)
	}
	s.jobs[n] = t
	delete(s.past, n)
	t.number.Store(int32(n))
	return n, nil
}

// ToBackground makes a running line of the prompt a job, as Ctrl-Z does. A line that only waits for jobs ends instead: 0.
func (s *Session) ToBackground(t *Task) (int, error) {
	if t.waits.Load() {
		t.detached.Do(func() { close(t.detach) }) // fg and wait end; what they wait for goes on as it was
		return 0, nil
	}
	n, err := s.addJob(t)
	if err != nil {
		return 0, err
	}
	t.detached.Do(func() { close(t.detach) })
	t.once.Do(func() { close(t.entered) }) // whether it is in its call now, the kernel knows
	if b := t.making.Load(); b != nil {
		s.emit(t, &event.Event{Kind: event.Enter, Bound: b})
	} else {
		s.Tell(t, event.Note, fmt.Sprintf("[%d] %s", n, t.text))
	}
	return n, nil
}

// ended takes note of a job's end; its number is free again.
func (s *Session) ended(t *Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := int(t.number.Load())
	if n == 0 {
		return
	}
	delete(s.jobs, n)
	s.past[n] = t
	if t.err != nil && !s.Prompt {
		s.failed = append(s.failed, t)
	}
}

// Jobs gives the jobs that run, by number.
func (s *Session) Jobs() []*Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*Task, 0, len(s.jobs))
	for _, t := range s.jobs {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *Task) int { return a.Number() - b.Number() })
	return all
}

// Job finds a job by its number, one that has ended too if no other has the number since; nil for a wrong number.
func (s *Session) Job(n int) *Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.jobs[n]; t != nil {
		return t
	}
	return s.past[n]
}

// Collect takes note of how an ended job ended, and gives its failure, once.
func (s *Session) Collect(t *Task) error {
	if t.waited.Swap(true) {
		return nil
	}
	return t.err
}

// Uncollected gives the failure of a job that ended without anybody waiting for it, nil if there is none.
func (s *Session) Uncollected() error {
	s.mu.Lock()
	failed := s.failed
	s.failed = nil
	s.mu.Unlock()
	for _, t := range failed {
		if err := s.Collect(t); err != nil {
			return err
		}
	}
	return nil
}

// Asleep asks the kernel whether the task is blocked in its call.
func (s *Session) Asleep(t *Task) (bool, error) {
	return t.thread.Asleep(func(path string) ([]byte, error) { return s.Host.ReadFile(path, 4096) })
}

// announce tells the sink that a job's call begins.
func (s *Session) announce(t *Task, b *kernel.Bound) {
	if s.Trace && (s.Clocks || t.number.Load() != 0) {
		s.emit(t, &event.Event{Kind: event.Enter, Bound: b})
	}
}

// tick is how long the kernel is left alone between two questions about a thread's state.
func tick() <-chan time.Time { return time.After(500 * time.Microsecond) }

// blockedOn gives the descriptor that the task's call names, while it makes one.
func (t *Task) blockedOn() (fd int, ok bool) {
	b := t.making.Load()
	if b == nil {
		return 0, false
	}
	if _, is := b.Types[0].(spec.FD); !is {
		return 0, false
	}
	_, args := b.Registers()
	return int(int32(args[0])), true
}
