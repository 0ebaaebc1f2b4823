package view

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/spec"
)

func bound(t testing.TB, name string, vals ...spec.Value) *kernel.Bound {
	t.Helper()
	b := new(kernel.Bound)
	must(t, b.Set(findCall(t, name), vals))
	return b
}

type object = map[string]any

// put gives what one event is written as, line by line.
func put(t *testing.T, e *event.Event) []object {
	t.Helper()
	var out bytes.Buffer
	NewJSON(&out).Put(e)
	if !strings.HasSuffix(out.String(), "}\n") {
		t.Fatalf("%q must end its line", out.String())
	}
	var all []object
	for _, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, o)
	}
	return all
}

func sameObjects(t *testing.T, got []object, want ...object) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		g, _ := json.MarshalIndent(got, "", " ")
		w, _ := json.MarshalIndent(want, "", " ")
		t.Errorf("got %s\nwant %s", g, w)
	}
}

func TestJSONCalls(t *testing.T) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, err)
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	b := bound(t, "recv", spec.N(int64(pair[0])), spec.Dots(), spec.N(16), spec.N(unix.MSG_DONTWAIT), spec.Nil(), spec.N(0))
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	sameObjects(t, put(t, &event.Event{Kind: event.Enter, Seq: 7, Time: at, Job: 2, PID: 10, TID: 11, Bound: b}),
		object{"event": "enter", "seq": 7.0, "time": "2026-01-02T03:04:05.000006Z", "job": 2.0, "pid": 10.0, "tid": 11.0, "call": "recv",
			"args": object{"sockfd": float64(pair[0]), "buf": "...", "len": "16", "flags": "MSG_DONTWAIT"}})

	b.Do()
	sameObjects(t, put(t, &event.Event{Kind: event.Exit, Seq: 8, Took: 9, Bound: b}),
		object{"event": "exit", "seq": 8.0, "call": "recv", "ret": "-1", "errno": "EAGAIN", "error": "Resource temporarily unavailable", "took_ns": 9.0,
			"args": object{"sockfd": float64(pair[0]), "buf": "...", "len": "16", "flags": "MSG_DONTWAIT"}})

	_, err = unix.Write(pair[1], []byte("h\xffi\n"))
	must(t, err)
	b.Do()
	sameObjects(t, put(t, &event.Event{Kind: event.Exit, Seq: 9, Bound: b, Text: []byte("a note\n")}),
		object{"event": "exit", "seq": 9.0, "call": "recv", "ret": "4",
			"args": object{"sockfd": float64(pair[0]), "buf": object{"hex": "68ff690a"}, "len": "16", "flags": "MSG_DONTWAIT"}},
		object{"event": "note", "seq": 9.0, "text": "a note\n"})

	s := bound(t, "socket", spec.N(unix.AF_INET), spec.N(unix.SOCK_STREAM), spec.N(0))
	s.Do()
	defer unix.Close(int(s.Ret))
	sameObjects(t, put(t, &event.Event{Kind: event.Exit, Bound: s}),
		object{"event": "exit", "seq": 0.0, "call": "socket", "ret": float64(s.Ret),
			"args": object{"domain": "AF_INET", "type": "SOCK_STREAM", "protocol": "IPPROTO_IP"}})
}

func TestJSONTexts(t *testing.T) {
	sameObjects(t, put(t, &event.Event{Kind: event.Print, Text: []byte("\x1b[31m\"测试\"\x00\n")}),
		object{"event": "print", "seq": 0.0, "text": "\x1b[31m\"测试\"\x00\n"})
	sameObjects(t, put(t, &event.Event{Kind: event.Print, Text: []byte{0xff, 0}}),
		object{"event": "print", "seq": 0.0, "text": object{"hex": "ff00"}})
	sameObjects(t, put(t, &event.Event{Kind: event.Hint, Actor: "child", Text: []byte("try")}),
		object{"event": "hint", "seq": 0.0, "actor": "child", "text": "try"})
	sameObjects(t, put(t, &event.Event{Kind: event.Error, Text: []byte("bad")}), object{"event": "error", "seq": 0.0, "text": "bad"})
	var out bytes.Buffer
	(&JSON{Out: &out, Quiet: true}).Put(&event.Event{Kind: event.Note, Text: []byte("x")})
	if out.Len() > 0 {
		t.Errorf("quiet, but a note is written: %s", &out)
	}
}

func TestJSONAllocates(t *testing.T) {
	b := bound(t, "getsockname", spec.N(int64(socket(t, unix.AF_INET, unix.SOCK_DGRAM, 0))), spec.Dots(), spec.Dots())
	b.Do()
	j := NewJSON(io.Discard)
	e := &event.Event{Kind: event.Exit, Seq: 1, Time: time.Now(), Took: 5, Bound: b}
	if n := testing.AllocsPerRun(100, func() { j.Put(e) }); n > 1 { // one is notation's scope
		t.Errorf("%v allocations an event", n)
	}
	p := &event.Event{Kind: event.Print, Text: []byte("hello")}
	if n := testing.AllocsPerRun(100, func() { j.Put(p) }); n != 0 {
		t.Errorf("%v allocations a print", n)
	}
}
