package spec_test

import (
	"bytes"
	"testing"

	"socksh/commands"
	"socksh/commands/spec"
	"socksh/commands/spec/spectest"
)

// TestLayout holds sizes and places against C's.
func TestLayout(t *testing.T) {
	i8, i32, i64 := spec.Int{Size: 1}, spec.Int{}, spec.Int{Size: 8}
	mixed := &spec.Struct{Fields: []spec.Field{{Name: "a", Type: i8}, {Name: "b", Type: i64}, {Name: "c", Type: spec.Port{}}, {Name: "d", Type: i32}}}
	packed := &spec.Struct{Packed: true, Fields: mixed.Fields}
	for _, c := range []struct {
		typ         spec.Type
		size, align int
	}{
		{i8, 1, 1}, {i32, 4, 4}, {i64, 8, 8}, {spec.FD{}, 4, 4}, {spec.Port{}, 2, 2}, {spec.IP6{}, 16, 4}, {&spec.Ptr{}, 8, 8},
		{&spec.Array{Elem: spec.FD{}, N: 2}, 8, 4}, {mixed, 24, 8}, {packed, 15, 1}, {spec.Blob{}, 0, 1},
		{&spec.Dialect{As: i64, Strace: spec.Raw{}}, 8, 8},
	} {
		if size, align := spec.SizeOf(c.typ); size != c.size || align != c.align {
			t.Errorf("%T is %d bytes, aligned to %d; not %d, %d", c.typ, size, align, c.size, c.align)
		}
	}
	var w spec.Walk
	for i, want := range []int{0, 8, 16, 20} {
		if off, _, _ := w.Next(mixed, i); off != want {
			t.Errorf("member %d lies at %d, not %d", i, off, want)
		}
	}
}

// TestAddressLayout holds the socket addresses against the sizes in ip(7) and ipv6(7).
func TestAddressLayout(t *testing.T) {
	for family, want := range map[int64][]int{2: {0, 2, 4}, 10: {0, 2, 4, 8, 24}, 1: {0, 2}} {
		st := commands.Address.Case(family)
		var w spec.Walk
		for i := range want {
			if off, _, _ := w.Next(st, i); off != want[i] {
				t.Errorf("family %d: %s lies at %d, not %d", family, st.Fields[i].Name, off, want[i])
			}
		}
	}
}

func TestFill(t *testing.T) {
	for _, n := range []int{0, 1, 36, 37, 38, 74, 1000, 65536} {
		b := spec.Fill(n)
		if len(b) != n || !spec.IsFill(b) {
			t.Errorf("Fill(%d) has %d bytes, and is one: %v", n, len(b), spec.IsFill(b))
		}
		for i := 37; i < n; i++ {
			if b[i] != b[i-37] {
				t.Fatalf("Fill(%d) does not repeat at %d", n, i)
			}
		}
		if n > 0 {
			if b[n-1] ^= 1; spec.IsFill(b) {
				t.Errorf("a changed byte at the end of Fill(%d) is not seen", n)
			}
		}
	}
}

func TestEqual(t *testing.T) {
	none, nul := spec.Value{}, spec.Nil()
	text := spec.S([]byte("a"))
	for _, c := range []struct {
		a, b spec.Value
		want bool
	}{
		{none, spec.N(0), true}, {nul, spec.N(0), true}, {nul, spec.P(0), true}, {none, nul, true}, {none, spec.N(1), false},
		{spec.N(1), spec.N(1), true}, {spec.N(1), spec.P(1), false}, {text, spec.S([]byte("a")), true}, {text, spec.S([]byte("b")), false},
		{text, spec.Value{Kind: spec.Bytes, B: []byte("a"), L: []spec.Value{text}}, true}, // where it came from is no part of it
		{spec.L(spec.N(1), none), spec.L(spec.N(1), spec.N(0)), true}, {spec.L(spec.N(1)), spec.L(spec.N(1), spec.N(0)), false},
		{spec.Dots(), spec.N(0), false},
	} {
		if spec.Equal(c.a, c.b) != c.want || spec.Equal(c.b, c.a) != c.want {
			t.Errorf("%+v and %+v: not %v", c.a, c.b, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	change := func(a, b int64) spec.Value {
		return spec.Value{Kind: spec.Change, L: []spec.Value{spec.N(a), spec.N(b)}}
	}
	cut := spec.S([]byte("hel"))
	cut.Cut = true
	text := func(s string) spec.Value { return spec.S([]byte(s)) }
	length := spec.Len{Of: "addr", Back: true}
	counter := spec.Int{Chosen: true}
	inet := func(port, host int64) spec.Value { return spec.L(spec.N(2), spec.N(port), spec.N(host)) }
	unix := func(path string) spec.Value { return spec.L(spec.N(1), text(path)) }
	for i, c := range []struct {
		typ       spec.Type
		want, got spec.Value
		ok        bool
	}{
		{spec.Int{}, spec.Dots(), spec.N(7), true}, {spec.Int{}, spec.Value{}, spec.N(7), true}, {spec.Int{}, spec.N(7), spec.N(7), true},
		{spec.Int{}, spec.N(7), spec.N(8), false}, {spec.Int{}, spec.Nil(), spec.N(8), true}, {spec.Int{}, spec.P(5), spec.N(8), true},
		{counter, spec.N(7), spec.N(8), true}, {counter, spec.N(7), text("x"), false},
		{length, change(128, 16), change(100, 16), true}, {length, change(128, 16), change(128, 20), false}, {length, spec.N(16), change(128, 16), true},
		{spec.Blob{}, cut, text("hello"), true}, {spec.Blob{}, cut, text("he"), false}, {spec.Blob{}, text("hel"), text("hello"), false},
		{&commands.Address, inet(40000, 1), inet(50000, 1), true}, {&commands.Address, inet(80, 1), inet(50000, 1), false},
		{&commands.Address, inet(40000, 1), inet(40000, 2), false}, {&commands.Address, spec.L(spec.N(2), spec.N(80)), inet(80, 2), true},
		{&commands.Address, inet(80, 1), unix("/x"), false},
		{&commands.Address, unix("\x0000abc"), unix("\x00123ff"), true}, {&commands.Address, unix("\x00mine!"), unix("\x00123ff"), false},
		{&commands.Address, unix("\x0000abc"), unix("/x"), false},
		{&spec.Array{Elem: spec.FD{}, N: 2}, spec.L(spec.N(3), spec.N(4)), spec.L(spec.N(3), spec.N(5)), false},
		{&spec.Ptr{Dir: spec.Out, To: &spec.Dialect{As: counter, Strace: spec.Raw{}}}, spec.N(1), spec.N(2), true},
	} {
		if got := spec.Match(c.typ, c.want, c.got); got != c.ok {
			t.Errorf("%d: %+v against %+v is %v", i, c.want, c.got, got)
		}
	}
}

// TestMatchItself holds that whatever came matches itself, and its copy.
func TestMatchItself(t *testing.T) {
	for _, c := range commands.Calls() {
		src := spectest.New(8)
		for range 100 {
			vals := src.Args(c)
			sc := &spec.Scope{Fields: c.Args, Vals: vals}
			for i := range vals {
				typ, again := spec.Resolve(c.Args[i].Type, sc), vals[i].Clone()
				if !spec.Match(typ, vals[i], again) || !spec.Equal(vals[i], again) {
					t.Fatalf("%s of %s: %+v does not match itself", c.Args[i].Name, c.Name, vals[i])
				}
			}
		}
	}
}

// TestClone holds that a copy does not change with what it was made of.
func TestClone(t *testing.T) {
	b := []byte("abc")
	v := spec.L(spec.S(b), spec.L(spec.S(b)))
	again := v.Clone()
	b[0] = 'x'
	if !bytes.Equal(again.L[0].B, []byte("abc")) || !bytes.Equal(again.L[1].L[0].B, []byte("abc")) {
		t.Errorf("the copy is %+v", again.L)
	}
}
