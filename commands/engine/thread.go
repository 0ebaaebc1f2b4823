package engine

import (
	"runtime"
	"sync/atomic"
	"time"

	"socksh/commands/kernel"
)

// A Thread is a thread of the operating system that makes calls and can be interrupted in one.
type Thread struct {
	TID int

	// state is 0, or the call that is being made: its count, its number in the kernel's table, and whether the
	// interrupter is just about to send. One word, for it is written before and after each call.
	state atomic.Uint64
	made  uint64      // calls, counted by the thread itself
	sent  atomic.Bool // a signal went out for the call that is being made

	// Scratch is where a line that runs once is bound; lines that run again keep a Bound of their own.
	Scratch kernel.Bound
}

const (
	idle       = 0
	inCall     = 1
	signalling = 2 // the call must not end meanwhile
	phases     = 3
	nrShift    = 2
	nrMask     = 1<<14 - 1
	madeShift  = 16
)

// Lock makes the caller's goroutine a Thread, for good.
func Lock() (*Thread, error) {
	runtime.LockOSThread()
	if err := maskSignals(); err != nil {
		return nil, err
	}
	return &Thread{TID: threadID()}, nil
}

// Do makes the call.
func (t *Thread) Do(b *kernel.Bound) {
	nr, _ := b.Registers()
	t.made++
	call := t.made<<madeShift | uint64(nr)&nrMask<<nrShift | inCall
	t.state.Store(call)
	b.Do()
	for !t.state.CompareAndSwap(call, idle) {
		runtime.Gosched() // the interrupter is between its look and its signal
	}
	if t.sent.Load() {
		t.sent.Store(false)
		yield() // a signal that came too late for this call must not fall into the next one
	}
}

// Interrupt interrupts the call that the thread makes, or the next one if it makes none just now: once, then it
// returns. A signal can arrive before the thread is inside the call, so it is sent again until the call has ended.
// It gives up when done is closed.
func (t *Thread) Interrupt(done <-chan struct{}) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	var call uint64 // the one that was signalled
	for {
		switch now := t.state.Load(); {
		case call != 0 && now&^phases != call&^phases:
			return
		case now&phases == inCall && t.state.CompareAndSwap(now, now&^phases|signalling):
			call = now
			t.sent.Store(true)
			signal(t.TID)
			t.state.Store(now)
		}
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}

// Asleep asks the kernel whether the thread is blocked in its call (proc(5), /proc/PID/task/TID/syscall). read reads
// a file without disturbing the user's descriptors.
func (t *Thread) Asleep(read func(path string) ([]byte, error)) (bool, error) {
	call := t.state.Load()
	if call == idle {
		return false, nil
	}
	text, err := read(taskFile(t.TID))
	if gone(err) {
		return false, nil // it has ended meanwhile
	}
	if err != nil {
		return false, err
	}
	return blockedIn(text, int64(call>>nrShift&nrMask)) && t.state.Load()&^phases == call&^phases, nil
}

// A Job is a function that runs on a thread of its own.
type Job struct {
	*Thread
	done chan struct{}
}

// Start runs f on a new thread, which ends with it.
func Start(f func(*Thread)) (*Job, error) {
	j := &Job{done: make(chan struct{})}
	ready := make(chan error)
	go func() {
		defer close(j.done)
		t, err := Lock()
		j.Thread = t
		ready <- err
		if err == nil {
			f(t)
			t.Scratch.Free()
		}
	}()
	return j, <-ready
}

// Done is closed when the job has ended.
func (j *Job) Done() <-chan struct{} { return j.done }

// Stop interrupts the job's call, once; it returns at once.
func (j *Job) Stop() { go j.Interrupt(j.done) }
