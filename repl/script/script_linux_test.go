package script_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"

	"socksh/commands"
	"socksh/commands/engine"
	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/repl/builtin"
	"socksh/repl/line"
	"socksh/repl/script"
	"socksh/repl/session"
)

func TestMain(m *testing.M) {
	if engine.Setup() != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

type host struct{}

func (host) Do(run func())                                 { run() }
func (host) ReadFile(path string, _ int64) ([]byte, error) { return os.ReadFile(path) }
func (host) Own(int) string                                { return "" }
func (host) Resolve(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errors.New("no hosts")
}

// A record counts the calls and keeps the rest.
type record struct {
	mu     sync.Mutex
	calls  int
	errors []string
	prints string
}

func (r *record) Put(e *event.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e.Kind {
	case event.Exit:
		r.calls++
	case event.Print:
		r.prints += string(e.Text)
	case event.Error:
		r.errors = append(r.errors, string(e.Text))
	}
}

// run checks a script and runs it on a thread of its own.
func run(t *testing.T, text string, keep bool) (status int, told *record, wrong error) {
	t.Helper()
	told = &record{}
	reader := notation.NewReader(commands.Calls())
	verbs := &builtin.Shell{Reader: reader, Own: host{}.Own, Run: host{}.Do}
	s := session.New(session.Config{Reader: reader, Verb: verbs.Find, Sink: told, Host: host{}, Trace: true})
	sc, err := script.Check(&line.Parser{Reader: reader, Builtins: builtin.Names()}, "x.sock", text, s)
	if err != nil {
		return 0, told, err
	}
	task, err := s.Do("", func(task *session.Task) error {
		status = sc.Run(s, task, keep)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	<-task.Done()
	return status, told, nil
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		text   string
		keep   bool
		status int
		calls  int
		errors []string
	}{
		{"a, b = socketpair; close; close b", false, 0, 3, nil},
		{"", false, 0, 0, nil},
		{"# nothing\n\n", false, 0, 0, nil},
		{"#!/usr/bin/env socksh\nclose -1 => EBADF", false, 0, 1, nil},
		{"close -1\nclose -1", false, 1, 1, []string{"x.sock:1: close -1\n  expected: success\n  came:     -1 EBADF (Bad file descriptor)"}},
		{"close -1\nclose -1", true, 1, 2, []string{"x.sock:1: close -1", "x.sock:2: close -1"}},
		{"\n\nclose -1 => ENOTSOCK", false, 1, 1, []string{"x.sock:3: close -1 => ENOTSOCK\n  expected: ENOTSOCK\n  came:     -1 EBADF (Bad file descriptor)"}},
		{"close -1 => *\nexit 7\nclose -1", false, 7, 1, nil},
		{"exit", true, 0, 0, nil},
		{"accept -1 &\nclose -1 => EBADF", false, 1, 2, []string{"x.sock:1: accept -1 &\n  expected: success\n  came:     -1 EBADF"}},
		{"recv", false, 1, 0, []string{"x.sock:1: recv needs a socket, and none is current"}},
		{"close(-1) => *; send(-1, \"x\"..., 5) => *", false, 1, 1, []string{"must be whole"}},
	} {
		status, told, err := run(t, c.text, c.keep)
		if err != nil || status != c.status || told.calls != c.calls {
			t.Errorf("%q: status %d, %d calls, %v", c.text, status, told.calls, err)
		}
		if len(told.errors) != len(c.errors) {
			t.Errorf("%q: errors are %q", c.text, told.errors)
			continue
		}
		for i := range c.errors {
			if !strings.Contains(told.errors[i], c.errors[i]) {
				t.Errorf("%q: error is\n%s\nnot\n%s", c.text, told.errors[i], c.errors[i])
			}
		}
	}
}

// TestCheck holds that a syntax error anywhere runs nothing, and that its place is shown.
func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		"close -1\nlistn 5":         "x.sock:2:1: ",
		"close -1\n  shutdown 3 up": "x.sock:2:14: how must be SHUT_RD, SHUT_WR or SHUT_RDWR",
		"close $x":                  "x.sock:1:7: variable must be set before",
		"close -1\n\tclose $x":      "\n  \tclose $x\n  \t      ^",
		"print 你好 $x":               "\n  print 你好 $x\n             ^",
		"send \"\\q\"":              "escape must be one of",
		"send \"abc":                "x.sock:1:6: ",
		"a\x00b":                    "x.sock is no text: it holds a NUL byte",
	} {
		_, told, err := run(t, text, false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
		if told.calls != 0 {
			t.Errorf("%q made %d calls", text, told.calls)
		}
	}
}

func TestPrint(t *testing.T) {
	_, told, err := run(t, "a, b = socketpair\nsend a hello\ndata = recv b\nprint got $data \"and $data\"\nclose a; close b", false)
	if err != nil || told.prints != "got hello and hello\n" {
		t.Errorf("%q, %v", told.prints, err)
	}
}

func TestPad(t *testing.T) {
	for _, c := range []struct {
		text string
		col  int
		want string
	}{{"abc", 1, ""}, {"abc", 3, "  "}, {"a\tb", 3, " \t"}, {"你好x", 3, "    "}, {"abc", 100, "   "}, {"\xff\xffx", 3, "  "}} {
		if got := script.Pad(c.text, c.col); got != c.want {
			t.Errorf("%q, column %d: %q, not %q", c.text, c.col, got, c.want)
		}
	}
}
