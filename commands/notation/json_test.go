package notation_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"socksh/commands/notation"
	"socksh/commands/spec"
)

func TestJSON(t *testing.T) {
	r := reader()
	change := spec.Value{Kind: spec.Change, L: []spec.Value{spec.N(128), spec.N(16)}}
	local := spec.L(spec.N(2), spec.N(80), spec.N(0x7f000001))
	for _, c := range []struct {
		call string
		vals []spec.Value
		want string
	}{
		{"accept", []spec.Value{spec.N(3), local, change},
			`{"sockfd": 3, "addr": {"sa_family": "AF_INET", "sin_port": 80, "sin_addr": "127.0.0.1"}, "addrlen": {"before": 128, "after": 16}}`},
		{"accept", []spec.Value{spec.N(3), spec.Nil(), spec.P(1)}, `{"sockfd": 3, "addr": null, "addrlen": "0x1"}`},
		{"accept", []spec.Value{{Kind: spec.Current}, spec.Dots(), spec.Dots()}, `{"sockfd": "...", "addr": "...", "addrlen": "..."}`},
		{"recv", []spec.Value{spec.N(4), spec.S([]byte("a\"\\\n\x00\u009b\u202e你")), spec.N(1024), spec.N(0x42), spec.Nil(), spec.Nil()},
			`{"sockfd": 4, "buf": "a\"\\\n\u0000\u009b\u202e你", "len": "1024", "flags": "MSG_PEEK|MSG_DONTWAIT"}`},
		{"recv", []spec.Value{spec.N(4), spec.S([]byte("\xff\x00")), spec.N(1024), spec.N(0), spec.Nil(), spec.Nil()},
			`{"sockfd": 4, "buf": {"hex": "ff00"}, "len": "1024", "flags": "0"}`},
		{"getsockopt", []spec.Value{spec.N(3), spec.N(1), spec.N(4), spec.N(111), spec.N(4)},
			`{"sockfd": 3, "level": "SOL_SOCKET", "optname": "SO_ERROR", "optval": "ECONNREFUSED", "optlen": 4}`},
		{"setsockopt", []spec.Value{spec.N(3), spec.N(1), spec.N(13), spec.L(spec.N(1), spec.N(5)), spec.Dots()},
			`{"sockfd": 3, "level": "SOL_SOCKET", "optname": "SO_LINGER", "optval": {"l_onoff": 1, "l_linger": 5}, "optlen": "..."}`},
		{"socketpair", []spec.Value{spec.N(1), spec.N(1), spec.N(0), spec.L(spec.N(3), spec.N(4))},
			`{"domain": "AF_UNIX", "type": "SOCK_STREAM", "protocol": 0, "sv": [3, 4]}`},
		{"fcntl", []spec.Value{spec.N(3), spec.N(3), {}}, `{"fd": 3, "cmd": "F_GETFL"}`},
		{"bind", []spec.Value{spec.N(3), spec.L(spec.N(1), spec.S([]byte("\x00ab"))), spec.N(5)},
			`{"sockfd": 3, "addr": {"sa_family": "AF_UNIX", "sun_path": "\u0000ab"}, "addrlen": 5}`},
		{"bind", []spec.Value{spec.N(3), spec.L(spec.N(77), spec.S([]byte("\xff"))), spec.N(3)},
			`{"sockfd": 3, "addr": {"sa_family": 77, "sa_data": {"hex": "ff"}}, "addrlen": 3}`},
		{"shutdown", []spec.Value{spec.N(3), spec.N(9)}, `{"sockfd": 3, "how": 9}`},
	} {
		got := notation.AppendJSON(nil, r.Call(c.call), c.vals)
		if string(got) != c.want || !json.Valid(got) {
			t.Errorf("%s\n is %s\nnot %s", c.call, got, c.want)
		}
	}
}

// TestJSONAllocates nothing beyond its buffer.
func TestJSONAllocates(t *testing.T) {
	c := reader().Call("accept")
	vals := []spec.Value{spec.N(3), spec.L(spec.N(10), spec.N(80), spec.N(0), spec.S(make([]byte, 16)), spec.N(0)), spec.N(28)}
	b := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { b = notation.AppendJSON(b[:0], c, vals) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzJSONBytes holds that any bytes become valid JSON, and that UTF-8 comes back as it was.
func FuzzJSONBytes(f *testing.F) {
	f.Add([]byte("a\x00\x7f\u2028\"\\\xff"))
	f.Add([]byte("你好\u202e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		js := notation.AppendJSONBytes(nil, b)
		var s string
		if err := json.Unmarshal(js, &s); err == nil {
			if s != string(b) {
				t.Fatalf("%q is %q", b, s)
			}
			return
		}
		var h struct{ Hex string }
		if err := json.Unmarshal(js, &h); err != nil || bytes.ContainsAny(js, "\x1b") {
			t.Fatalf("%q is %s: %v", b, js, err)
		}
	})
}
