package line_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"socksh/commands/notation"
	"socksh/repl/line"
)

func TestScript(t *testing.T) {
	steps, err := parser().Script(strings.Join([]string{
		"#!/usr/bin/env socksh",
		"# a server",
		"srv = socket; bind srv 127.0.0.1:0",
		"addr = getsockname srv",
		"c = socket",
		`send c "two`,
		`lines"`,
		"close c",
		"c = socket",
		"connect c $addr => ok",
		"close c",
	}, "\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		got = append(got, s.Text)
	}
	want := "srv = socket|bind srv 127.0.0.1:0|addr = getsockname srv|c = socket|send c \"two\nlines\"|close c|c = socket|connect c $addr => ok|close c"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("statements\n%s\nnot\n%s", s, want)
	}
	for i, n := range []int{3, 3, 4, 5, 6, 8, 9, 10, 11} {
		if steps[i].Line != n {
			t.Errorf("%q is in line %d, not %d", steps[i].Text, steps[i].Line, n)
		}
	}
}

// TestScriptMeaning holds that a name's meaning is that of the assignment above, however often a line stood before.
func TestScriptMeaning(t *testing.T) {
	steps, err := parser().Script("send x\nx = socket\nsend x \"a\"\nx = 5\nsend x\nx = socket\nsend x \"a\"", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		got = append(got, show(s.Statement))
	}
	want := `send(..., "x", ..., 0)|x:a descriptor socket(AF_INET, SOCK_STREAM, IPPROTO_IP)|send(x, "a", ..., 0)|x:a number value 5 |` +
		`send(..., "x", ..., 0)|x:a descriptor socket(AF_INET, SOCK_STREAM, IPPROTO_IP)|send(x, "a", ..., 0)`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("is %s\nnot %s", s, want)
	}
}

func TestScriptErrors(t *testing.T) {
	for _, c := range []struct {
		text      string
		line, col int
		part      string
	}{
		{"socket\n\n  bind 3 $adr", 3, 10, "$adr is not"},
		{"send \"a\nb\"\nfoo", 3, 1, "foo"},
		{"send \"a\nb", 1, 6, "must be closed"},
		{"c = socket\nsend $d", 2, 6, "$d is not"},
		{"socket # fine\nclose }", 2, 7, "quote it"},
	} {
		_, err := parser().Script(c.text, nil)
		var e *line.ScriptError
		if !errors.As(err, &e) || e.Line != c.line || e.Err.Col != c.col || !strings.Contains(e.Err.Msg, c.part) {
			t.Errorf("%q: %v", c.text, err)
		}
		var s *notation.SyntaxError
		if !errors.As(err, &s) {
			t.Errorf("%q: %v is no syntax error", c.text, err)
		}
	}
	if _, err := parser().Script("source other.sock\nsend $x", nil); err != nil {
		t.Errorf("after source any name may be set: %v", err)
	}
}

// TestScriptEqualLines holds that equal lines are read once: they share their statement.
func TestScriptEqualLines(t *testing.T) {
	text := strings.Repeat("getsockname 3\nsend 3 \"x\"\n", 50)
	steps, err := parser().Script(text, nil)
	if err != nil || len(steps) != 100 {
		t.Fatal(len(steps), err)
	}
	for i, s := range steps {
		if s.Statement != steps[i%2].Statement || s.Line != i+1 {
			t.Fatalf("step %d is line %d, or was read again", i, s.Line)
		}
	}
}

func BenchmarkGetsockname(b *testing.B) {
	p := parser()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Line("getsockname 3", 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSend(b *testing.B) {
	p := parser()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Line(`n = send 3 "hello\r\n" dontwait => 7`, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTraceLine(b *testing.B) {
	p := parser()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Line(`bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEqualLines(b *testing.B) {
	text := strings.Repeat("getsockname 3\n", 1000)
	p := parser()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Script(text, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/line")
}

func BenchmarkDifferentLines(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		text.WriteString("getsockname " + strconv.Itoa(i) + "\n")
	}
	s := text.String()
	p := parser()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Script(s, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/line")
}

// TestLongLine holds that lines of thousands of statements, words and $names are read. Walks over all that stands before
// a place would make this test crawl.
func TestLongLine(t *testing.T) {
	const n = 50000
	for _, text := range []string{
		strings.Repeat("getsockname 3;", n),
		strings.Repeat("getsockname(3);", n),
		"print " + strings.Repeat("$tmp.a", n),
		"print " + strings.Repeat("你 ", n),
		"send \"" + strings.Repeat(`\x00`, n) + "\"",
		strings.Repeat("accept(3, <unfinished ...>\n", n),
	} {
		if _, err := parser().Script(text, known); err != nil {
			t.Errorf("%.20s...: %v", text, err)
		}
	}
}
