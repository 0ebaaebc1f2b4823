package session_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"socksh/commands/notation"
	"socksh/repl/session"
)

// asleep begins a line and waits until the kernel says that its call blocks.
func (r *rig) asleep(text string) *session.Task {
	r.Helper()
	task, err := r.start(text)
	if err != nil {
		r.Fatal(err)
	}
	for asleep := false; !asleep; {
		if asleep, err = r.s.Asleep(task); err != nil || task.Ended() {
			r.Fatalf("%s does not block: %v, %v", text, err, task.Err())
		}
	}
	r.told.take()
	return task
}

// TestInterrupted holds that Ctrl-C ends a blocked call with what C gets, and the line with it.
func TestInterrupted(t *testing.T) {
	r := newRig(t, false)
	r.run("a, b = socketpair")
	task := r.asleep("recv a; send a never")
	task.Interrupt()
	await(t, task)
	if !errors.Is(task.Err(), session.ErrInterrupted) {
		t.Errorf("the line ended with %v", task.Err())
	}
	want := fmt.Sprintf("recv(%d, ..., 1024, 0) = -1 EINTR (Interrupted system call)", r.fd("a"))
	if told := r.told.take(); len(told) != 1 || told[0] != want {
		t.Errorf("told was %q, not %s", told, want)
	}
	r.run("$errno => \"EINTR\"", "send a x", "recv b => \"x\"")
}

// TestInterruptedBuiltin holds the same for what waits without a call.
func TestInterruptedBuiltin(t *testing.T) {
	r := newRig(t, false)
	for _, l := range []string{"sleep 100", "wait j", "send a $j", "fg j", "blocked j for 100s"} {
		r.run("a, b = socketpair", "j = recv a &", "blocked j")
		task, err := r.start(l)
		if err != nil {
			t.Fatal(err)
		}
		task.Interrupt()
		await(t, task)
		if l != "fg j" && !errors.Is(task.Err(), session.ErrInterrupted) { // fg interrupts the job itself
			t.Errorf("%s was interrupted and ended with %v", l, task.Err())
		}
		for _, j := range r.s.Jobs() {
			j.Kill()
			await(t, j)
		}
	}
}

// TestJob follows one job from its beginning to its end.
func TestJob(t *testing.T) {
	r := newRig(t, false)
	r.run("srv = socket", "bind", "listen", "addr = getsockname")
	told := r.run("j = accept srv &")
	if want := fmt.Sprintf("[1] accept(%d, <unfinished ...>", r.fd("srv")); len(told) != 1 || told[0] != want {
		t.Errorf("a job begins with %q, not %s", told, want)
	}
	if got := r.s.Name("j"); got != notation.Job {
		t.Errorf("the name of a job that runs is %v", got)
	}
	if jobs := r.s.Jobs(); len(jobs) != 1 || jobs[0].Number() != 1 || jobs[0].Text() != "j = accept srv &" {
		t.Errorf("the jobs are %v", jobs)
	}
	r.run("blocked j", "blocked %1 for 20ms", "accept srv => blocks")
	if jobs := r.s.Jobs(); len(jobs) != 2 || jobs[1].Number() != 2 {
		t.Errorf("the jobs are %v", jobs)
	}
	r.run("c = socket", "connect $addr", "d = socket", "connect $addr", "wait")
	if got := r.s.Name("j"); got != notation.Descriptor {
		t.Errorf("the name of a job that has ended is %v", got)
	}
	if len(r.s.Jobs()) != 0 {
		t.Error("jobs are left")
	}
	r.run("wait j", "wait %1", "close j") // each returns at once
	r.fails("blocked j", "to be blocked")
	r.fails("wait %9", "no job 9")
	r.fails("kill nobody", "must be %N")
	// A name that stands for a job is waited for wherever its value is needed.
	r.run("x = accept srv &", "e = socket", "connect $addr", "send x hello", "recv e => \"hello\"")
	r.run("got, from = accept srv &", "f = socket", "connect $addr", "own = getsockname f", "$from => $own")
}

func TestKill(t *testing.T) {
	r := newRig(t, false)
	r.run("a, b = socketpair", "j = recv a &", "blocked j")
	told := r.run("kill -INT j")
	if want := fmt.Sprintf("[1] recv(%d, ..., 1024, 0) = -1 EINTR (Interrupted system call)", r.fd("a")); len(told) != 1 || told[0] != want {
		t.Errorf("kill told %q, not %s", told, want)
	}
	if err := r.s.Uncollected(); err != nil {
		t.Errorf("a job that was killed has failed: %v", err)
	}
	r.fails("send b $j", "has no value")
	told = r.run("kill j")
	if len(told) != 1 || !strings.Contains(told[0], "ended already") {
		t.Errorf("killing it again told %q", told)
	}
	r.fails("kill -KILL j", "only be interrupted")
	r.fails("kill", "one job")
	r.fails("fg", "no job is running")
}

// TestFailedJob holds that a script hears of a job that failed: where it is waited for, else at the end.
func TestFailedJob(t *testing.T) {
	r := newRig(t, false)
	r.run("k = accept -1 &")
	r.fails("wait k", "EBADF")
	r.run("wait")
	if err := r.s.Uncollected(); err != nil {
		t.Errorf("a failure is told twice: %v", err)
	}
	r.run("accept -1 &")
	for _, j := range r.s.Jobs() {
		await(t, j)
	}
	r.fails("wait", "EBADF")
	r.run("accept -1 => EBADF &", "wait")
	r.run("accept -1 &")
	for _, j := range r.s.Jobs() {
		await(t, j)
	}
	if err := r.s.Uncollected(); err == nil {
		t.Error("nobody hears of a job that failed")
	}
	r.fails("close -1 => blocks", "to block")
}

// TestPastedJob runs the two lines that a trace has of a job, at a prompt and in a script.
func TestPastedJob(t *testing.T) {
	for _, prompt := range []bool{false, true} {
		r := newRig(t, prompt)
		r.run("srv = socket", "bind", "listen", "addr = getsockname", "c = socket")
		srv := r.fd("srv")
		accepted := r.fd("c") + 1 // the job, which begins later, takes the next number
		begin := fmt.Sprintf("[7] accept(%d, <unfinished ...>", srv)
		end := func(host string, ret int) string {
			return fmt.Sprintf("[7]+ accept(%d, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr(%q)}, [128 => 16]) = %d", srv, host, ret)
		}
		r.run(begin)
		if len(r.s.Jobs()) != 1 {
			t.Fatalf("%s started %d jobs", begin, len(r.s.Jobs()))
		}
		r.run("connect c $addr")
		if err := r.try(end("127.0.0.1", accepted)); err != nil {
			t.Errorf("prompt=%v: %v", prompt, err)
		}
		r.run(begin, "d = socket", "connect $addr")
		r.fails(end("127.0.0.2", accepted+1), "127.0.0.2")
		r.run(begin, "e = socket", "connect $addr")
		if err := r.try(end("127.0.0.1", 650)); (err == nil) != prompt {
			t.Errorf("prompt=%v: another number is %v", prompt, err)
		}
		r.fails(strings.Replace(end("127.0.0.1", 4), "[7]", "[9]", 1), "no job 9")
		r.closeAll()
	}
}

// TestToBackground is Ctrl-Z: the line goes on as a job.
func TestToBackground(t *testing.T) {
	r := newRig(t, true)
	r.run("a, b = socketpair")
	task := r.asleep("data = recv a; send a $data")
	n, err := r.s.ToBackground(task)
	if err != nil || n != 1 || !slices.Equal(r.s.JobOn(r.fd("a")), []int{1}) {
		t.Fatalf("job %d on %d, %v", n, r.s.JobOn(r.fd("a")), err)
	}
	if told := r.told.take(); len(told) != 1 || !strings.HasPrefix(told[0], "[1] recv(") || !strings.HasSuffix(told[0], "<unfinished ...>") {
		t.Errorf("Ctrl-Z told %q", told)
	}
	r.run("use b", "send hello", "fg 1", "recv b => \"hello\"")
	if r.current() != "b" {
		t.Errorf("the current socket is %s", r.current())
	}
}

// TestManyJobs holds the numbers of many jobs, and that all are interrupted.
func TestManyJobs(t *testing.T) {
	r := newRig(t, false)
	r.run("srv = socket", "bind", "listen")
	for range 100 {
		r.run("accept srv &")
	}
	for i, j := range r.s.Jobs() {
		if j.Number() != i+1 {
			t.Fatalf("job %d is number %d", i, j.Number())
		}
		j.Kill()
	}
	r.run("wait")
	if jobs := r.s.Jobs(); len(jobs) != 0 {
		t.Errorf("%d jobs are left", len(jobs))
	}
}
