package view

import (
	"io"
	"sync"
	"time"
)

// An Output gathers what goes to a file or a pipe, since a write for each line costs more than the line's call. It is
// written out when it is large, when it is 10 ms old, and when Flush says so.
type Output struct {
	w io.Writer

	mu    sync.Mutex
	buf   []byte
	timer *time.Timer
	armed bool
	err   error
}

const (
	outputSize = 64 << 10
	outputAge  = 10 * time.Millisecond
)

// NewOutput gathers for w.
func NewOutput(w io.Writer) *Output { return &Output{w: w} }

// Write takes b; an error is that of an earlier write.
func (o *Output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf = append(o.buf, b...)
	if len(o.buf) >= outputSize {
		o.flush()
	} else if !o.armed {
		o.armed = true
		if o.timer == nil {
			o.timer = time.AfterFunc(outputAge, o.expired)
		} else {
			o.timer.Reset(outputAge)
		}
	}
	return len(b), o.err
}

func (o *Output) expired() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.armed = false
	o.flush()
}

func (o *Output) flush() {
	if len(o.buf) == 0 {
		return
	}
	if _, err := o.w.Write(o.buf); err != nil && o.err == nil {
		o.err = err
	}
	o.buf = o.buf[:0]
}

// Flush writes out what was gathered; it gives the first error of any write so far.
func (o *Output) Flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	return o.err
}
