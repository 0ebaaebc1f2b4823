package session_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"socksh/commands/engine"
	"socksh/repl/session"
)

// script runs a script's lines on the caller's thread, as a script's are, and gives what was told.
func (r *rig) script(thread *engine.Thread, text string) []string {
	r.Helper()
	steps, err := r.parser.Script(text, r.s)
	if err != nil {
		r.Fatal(err)
	}
	task := session.Main(thread)
	r.told.take()
	for i := range steps {
		if err := r.s.Run(task, steps[i].Statement); err != nil {
			r.Fatalf("%s\n%v", steps[i].Text, err)
		}
	}
	return r.told.take()
}

// lock makes the test's own thread one that makes calls; it ends with the test.
func lock(t *testing.T) *engine.Thread {
	t.Helper()
	thread, err := engine.Lock()
	if err != nil {
		t.Fatal(err)
	}
	return thread
}

// TestAgain runs equal lines, which keep their call in memory: each makes its call anew, with what the kernel had
// changed put back, and what a line before has left in a buffer never shows.
func TestAgain(t *testing.T) {
	r := newRig(t, false)
	r.run("a, b = socketpair")
	a, b := r.fd("a"), r.fd("b")
	once := fmt.Sprintf("send %d abc\nrecv %d 2\nrecv %d 2\ngetsockname %d\n", a, b, b, a)
	want := []string{
		fmt.Sprintf(`send(%d, "abc", 3, 0) = 3`, a),
		fmt.Sprintf(`recv(%d, "ab", 2, 0) = 2`, b),
		fmt.Sprintf(`recv(%d, "c", 2, 0) = 1`, b),
		fmt.Sprintf(`getsockname(%d, {sa_family=AF_UNIX}, [128 => 2]) = 0`, a),
	}
	if got := r.script(lock(t), strings.Repeat(once, 3)); !slices.Equal(got, slices.Repeat(want, 3)) {
		t.Errorf("told\n%s", strings.Join(got, "\n"))
	}
}

// TestQuietAllocates counts what a quiet line costs the heap once it has run: nothing.
func TestQuietAllocates(t *testing.T) {
	r := newRig(t, false)
	r.s.Trace = false
	r.run("a, b = socketpair")
	steps, err := r.parser.Script(strings.Repeat(fmt.Sprintf("send %d x\nrecv %d 1\n", r.fd("a"), r.fd("b")), 2), r.s)
	if err != nil {
		t.Fatal(err)
	}
	task := session.Main(lock(t))
	var failed error
	n := testing.AllocsPerRun(100, func() {
		for i := range steps {
			if err := r.s.Run(task, steps[i].Statement); err != nil {
				failed = err
			}
		}
	})
	if failed != nil {
		t.Fatal(failed)
	}
	if n != 0 {
		t.Errorf("%v allocations for %d lines", n, len(steps))
	}
}
