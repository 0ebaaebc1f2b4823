package view

import (
	"io"
	"testing"

	"socksh/commands"
	"socksh/commands/event"
	"socksh/commands/kernel"
	"socksh/commands/notation"
)

// BenchmarkTrace is a traced line without its system call: decoding, writing, gathering.
func BenchmarkTrace(b *testing.B) {
	r := notation.NewReader(commands.Calls())
	st, _, err := r.ReadC("getsockname(0, ..., ...)", 1, nil)
	if err != nil {
		b.Fatal(err)
	}
	var bound kernel.Bound
	if err := bound.Set(st.Call, st.Vals); err != nil {
		b.Fatal(err)
	}
	pair, _, err := r.ReadC("socket(AF_INET, SOCK_STREAM)", 1, nil)
	if err != nil {
		b.Fatal(err)
	}
	var socket kernel.Bound
	if err := socket.Set(pair.Call, pair.Vals); err != nil {
		b.Fatal(err)
	}
	socket.Do()
	st.Vals[0].N = socket.Ret
	if err := bound.Set(st.Call, st.Vals); err != nil {
		b.Fatal(err)
	}
	bound.Do()
	out := NewOutput(io.Discard)
	p := NewPrinter(out, io.Discard, notation.C())
	e := event.Event{Kind: event.Exit, Bound: &bound}
	b.ReportAllocs()
	for b.Loop() {
		p.Put(&e)
	}
}
