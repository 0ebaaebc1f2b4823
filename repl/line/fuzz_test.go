package line_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

var seeds = []string{
	"socket", "socket inet6 dgram|nonblock udp", "bind 3 127.0.0.1:8080", "bind [::1]:80", "bind [fe80::1%lo]:9", "bind unix:@a", `bind "unix:/tmp/a b"`,
	"listen 5", "listen @3", "accept 3", "recv 64K peek|dontwait", "recv @3", `send "a\r\n\0\xff" dontwait`, "send hex:00ff", "send fill:600",
	"send file:/etc/hosts", "sendto 3 x :80", "sendto x localhost:80", "getsockopt tcp 99", "getsockopt TCP_INFO", "setsockopt SO_LINGER on,5",
	"setsockopt SO_RCVTIMEO 1.000001s", "setsockopt SO_RCVTIMEO 250ms", "setsockopt TCP_CONGESTION reno", "setsockopt ip 77 hex:0102", "setsockopt ip 77 5", "fcntl 3 F_SETFL rdwr|nonblock",
	"fcntl 77 5", "fcntl F_GETFL", "dup3 9 cloexec", "accept4 0|0x4", "shutdown 0|7", "send srv $data", "close $srv", "unlink $tmp/s", "connect $addr => ECONNREFUSED",
	"c = socket; d, e = accept srv & # x", `recv => "a\x00"`, "recv => /a.*/ # b", "$errno => EAGAIN", "x = $addr.port", "[1]+ accept(3, ..., [128 => 16]) = 4",
	"[2] accept(3, <unfinished ...>", "send(3, \"a\\0\", 2, 0) = 2", "accept => blocks", "print \"$data\" ${n}", "a\xff\xfe\"", "send \"你$\\", "} {", "=>", "& &", "x = ",
}

// FuzzLine holds that no line makes the parser panic or hang, and that an error's column lies within the line.
func FuzzLine(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	p := parser()
	f.Fuzz(func(t *testing.T, s string) {
		if bigFill(s) {
			t.Skip()
		}
		_, err := p.Line(s, 1, known)
		var e *notation.SyntaxError
		if err != nil && (!errors.As(err, &e) || e.Col < 1 || e.Col > utf8.RuneCountInString(s)+1 || e.Msg == "") {
			t.Fatalf("%q: %v", s, err)
		}
		steps, err := p.Script(s, known)
		var se *line.ScriptError
		if err != nil && (!errors.As(err, &se) || se.Line < 1 || se.Line > strings.Count(s, "\n")+1) {
			t.Fatalf("script %q: %v", s, err)
		}
		for _, st := range steps {
			if st.Line < 1 || st.Text == "" {
				t.Fatalf("script %q: line %d, text %q", s, st.Line, st.Text)
			}
		}
	})
}

// bigFill spares the fuzzer the memory of fill:256M.
func bigFill(s string) bool {
	return strings.Contains(strings.ToLower(s), "fill") && strings.ContainsAny(s, "mMgG0")
}

// FuzzWordsRoundTrip holds that what words bind to can be written as words that bind to the same, and as valid JSON.
func FuzzWordsRoundTrip(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	for _, c := range commands.Calls() {
		for _, s := range c.Example {
			f.Add(s)
		}
	}
	p := parser()
	f.Fuzz(func(t *testing.T, s string) {
		if bigFill(s) {
			t.Skip()
		}
		all, err := p.Line(s, 1, known)
		if err != nil || len(all) != 1 || all[0].Kind != line.Call || all[0].Spelling != line.Words || all[0].Late {
			t.Skip()
		}
		st := &all[0]
		js := notation.AppendJSON(nil, st.Call, st.Vals)
		if !json.Valid(js) {
			t.Fatalf("%q is no JSON: %s", s, js)
		}
		text := string(notation.AppendWords(nil, st.Call, st.Vals))
		if strings.Contains(text, "unix:@") && strings.Contains(s, "/@") || strings.Contains(text, `"unix:@`) {
			t.Skip() // a path that begins with @ has no words
		}
		again, err := p.Line(text, 1, known)
		if err != nil || len(again) != 1 || again[0].Call != st.Call {
			t.Fatalf("%q -> %q: %v", s, text, err)
		}
		for i := range st.Vals {
			a, b := st.Vals[i], again[0].Vals[i]
			if a.Kind != b.Kind || !spec.Equal(a, b) || a.B == nil && len(a.L) == 1 && !bytes.Equal(a.L[0].B, b.L[0].B) {
				t.Fatalf("%q -> %q: argument %d: %+v is not %+v", s, text, i, b, a)
			}
		}
	})
}

// FuzzSplit holds that any bytes survive as one quoted word, in both ways of quoting them.
func FuzzSplit(f *testing.F) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	f.Add(all)
	f.Add([]byte("\xf4\x8f\xb8\x80 \U0010FE00 $x ${y} \"'\\"))
	p := parser()
	f.Fuzz(func(t *testing.T, b []byte) {
		word := `"` + strings.ReplaceAll(string(notation.Escape(nil, b)), "$", `\$`) + `"`
		raw := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`).Replace(string(b))
		forms := []string{word, `"` + raw + `"`, `""` + word + `''`}
		if !bytes.ContainsRune(b, '\'') {
			forms = append(forms, "'"+string(b)+"'")
		}
		for _, form := range forms {
			st, err := p.Line("send 3 "+form+" dontwait", 1, known)
			if err != nil || len(st) != 1 || string(st[0].Vals[1].B) != string(b) {
				t.Fatalf("%q: %v", form, err)
			}
		}
	})
}
