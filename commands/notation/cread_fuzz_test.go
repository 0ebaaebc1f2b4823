package notation_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"socksh/commands/notation"
	"socksh/commands/spec"
)

// FuzzReadC holds that no line in the C spelling can do harm: what is wrong with it is told with a column within the
// line, and what is read can be written, and read again as equal values.
func FuzzReadC(f *testing.F) {
	for _, line := range []string{
		`accept(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 4`,
		`bind(3, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=if_nametoindex("lo")}, 28)`,
		`bind(3, {sa_family=AF_UNIX, sun_path=@"a\0b"}, 8) = -1 EADDRINUSE (Address already in use)`,
		`bind(3, {sa_family=0x4d /* AF_??? */, sa_data="\1\2"}, 4)`,
		`recv(4, "hello"..., 1024, MSG_PEEK|0x100000) = 5`,
		`recv(3, <unfinished ...>`,
		`send(c, fill(300), 300)`,
		`send(3, hex(00ff), 2, 0) = ?`,
		`setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger="\x05"}, 5)`,
		`getsockopt(3, IPPROTO_TCP, TCP_INFO, ..., [8 => 8]) = 0`,
		`socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3, 4]) = 0`,
		`fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0`,
		`write(1, NULL, 18446744073709551615)`,
		`close(-1) = *`,
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r := reader()
		st, end, err := r.ReadC(line, 1, names)
		if err != nil {
			var wrong *notation.SyntaxError
			if !errors.As(err, &wrong) {
				t.Fatalf("%q: %T %v", line, err, err)
			}
			if wrong.Col < 0 || wrong.Col > utf8.RuneCountInString(line)+1 {
				t.Fatalf("%q: column %d", line, wrong.Col)
			}
			return
		}
		if end < 0 || end > len(line) {
			t.Fatalf("%q: read to byte %d", line, end)
		}
		if len(st.Vals) != len(st.Call.Args) {
			t.Fatalf("%q: %d values", line, len(st.Vals))
		}
		style := notation.C()
		style.Strings = spec.Limit
		text := string(style.AppendCall(nil, st.Call, nil, st.Vals))
		again, _, err := r.ReadC(text, 1, names)
		if err != nil {
			t.Fatalf("%q\nis written %q\n%v", line, text, err)
		}
		for i := range st.Vals {
			if !again.Vals[i].Cut && !sameC(st.Vals[i], again.Vals[i]) {
				t.Fatalf("%q\nis written %q\n%s is %+v, not %+v", line, text, st.Call.Args[i].Name, again.Vals[i], st.Vals[i])
			}
		}
	})
}

// sameC is spec.Equal, but a number may come back with its upper 32 bits taken off, as the kernel does with an int; and
// what was left out of a structure is still left out.
func sameC(a, b spec.Value) bool {
	switch {
	case a.Kind == spec.Num && b.Kind == spec.Num:
		return uint32(a.N) == uint32(b.N)
	case (a.Kind == spec.List || a.Kind == spec.Change) && a.Kind == b.Kind && len(a.L) == len(b.L):
		for i := range a.L {
			if !sameC(a.L[i], b.L[i]) {
				return false
			}
		}
		return true
	case a.Kind == spec.None && b.Kind == spec.Any, a.Kind == spec.Any && b.Kind == spec.None:
		return true
	}
	return spec.Equal(a, b)
}
