package notation_test

import (
	"testing"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

func TestUsage(t *testing.T) {
	r := reader()
	for _, want := range []string{
		"socket [domain] [type] [protocol]", "socketpair [domain] [type] [protocol]", "bind [fd] [address]", "connect [fd] address",
		"listen [fd] [backlog]", "accept [fd]", "accept4 [fd] [flags]", "send [fd] data [flags]", "sendall [fd] data [flags]",
		"sendto [fd] data [flags] address", "recv [fd] [len] [flags]", "recvfrom [fd] [len] [flags]", "read [fd] [len]", "write [fd] data",
		"shutdown [fd] [how]", "close [fd]", "getsockname [fd]", "getpeername [fd]", "getsockopt [fd] [level] option",
		"setsockopt [fd] [level] option value", "dup [fd]", "dup2 [fd] newfd", "dup3 [fd] newfd [flags]", "fcntl [fd] command [arg]", "unlink path",
	} {
		name := words(want)[0].Text
		if got := r.Plan(r.Call(name)).Usage(); got != want {
			t.Errorf("usage is %q, not %q", got, want)
		}
	}
}

// TestAppendWords holds each line against what its values are written as.
func TestAppendWords(t *testing.T) {
	for line, want := range map[string]string{
		"recv 1024":                     "recv",
		"recv 4 1024":                   "recv @4",
		"recv 4 10":                     "recv 4 10",
		"recv 10 peek":                  "recv 10 MSG_PEEK",
		"listen @3":                     "listen @3",
		"accept 3":                      "accept 3",
		"close c":                       "close $c",
		"shutdown 3 rd":                 "shutdown 3 SHUT_RD",
		"accept4 0|0x1000000":           "accept4 0|16777216",
		"send 3 hello peek":             `send 3 "hello" MSG_PEEK`,
		"send 5":                        `send "5"`,
		"send file:/etc/hosts":          `send file:"/etc/hosts"`,
		"send fill:300":                 "send fill:300",
		"send $data":                    "send $data",
		"bind unix:@a":                  "bind unix:@a",
		`bind "unix:/tmp/a b"`:          `bind "unix:/tmp/a b"`,
		"bind":                          "bind",
		"bind 3":                        "bind 3",
		"connect :80":                   "connect *:80",
		"connect localhost:80":          "connect localhost:80",
		"connect [fe80::1%lo]:80":       "connect [fe80::1%1]:80",
		"getsockopt TCP_INFO":           "getsockopt IPPROTO_TCP TCP_INFO",
		"setsockopt so_linger on,5":     "setsockopt SOL_SOCKET SO_LINGER 1,5",
		"setsockopt so_rcvtimeo 250ms":  "setsockopt SOL_SOCKET SO_RCVTIMEO 250ms",
		"setsockopt so_rcvtimeo 3":      "setsockopt SOL_SOCKET SO_RCVTIMEO 3s",
		"setsockopt tcp_congestion bbr": `setsockopt IPPROTO_TCP TCP_CONGESTION "bbr"`,
		"fcntl 3 getfl":                 "fcntl 3 F_GETFL",
		"fcntl 3 setfl nonblock":        "fcntl 3 F_SETFL O_RDONLY|O_NONBLOCK",
	} {
		c, vals, err := bind(t, reader(), line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if got := string(notation.AppendWords(nil, c, vals)); got != want {
			t.Errorf("%s\n is %s\nnot %s", line, got, want)
		}
	}
}

func TestAppendAddress(t *testing.T) {
	six := make([]byte, 16)
	six[15] = 1
	for want, v := range map[string]spec.Value{
		"127.0.0.1:80":  spec.L(spec.N(2), spec.N(80), spec.N(0x7f000001)),
		"[::1]:80":      spec.L(spec.N(10), spec.N(80), spec.N(0), spec.S(six), spec.N(0)),
		"[::1%2]:80":    spec.L(spec.N(10), spec.N(80), spec.N(0), spec.S(six), spec.N(2)),
		"unix:/tmp/s":   spec.L(spec.N(1), spec.S([]byte("/tmp/s"))),
		`unix:\33[2J`:   spec.L(spec.N(1), spec.S([]byte("\x1b[2J"))),
		`unix:@a\0b`:    spec.L(spec.N(1), spec.S([]byte("\x00a\x00b"))),
		"unix:":         spec.L(spec.N(1)),
		"*:80":          spec.L(spec.Value{}, spec.N(80)),
		"example.net:1": spec.L(spec.Value{}, spec.N(1), spec.S([]byte("example.net"))),
		"AF_NETLINK":    spec.L(spec.N(16), spec.S([]byte("x"))),
		"AF_INET":       spec.L(spec.N(2)),
		"...":           spec.Dots(),
	} {
		if got := string(notation.AppendAddress(nil, &commands.Address, v)); got != want {
			t.Errorf("address is %s, not %s", got, want)
		}
	}
}

func TestField(t *testing.T) {
	local := spec.L(spec.N(2), spec.N(80), spec.N(0x7f000001))
	for name, want := range map[string]spec.Value{
		"host": spec.S([]byte("127.0.0.1")), "port": spec.N(80), "sin_port": spec.N(80), "sa_family": spec.N(2),
	} {
		if _, got, ok := notation.Field(&commands.Address, local, name); !ok || !spec.Equal(got, want) {
			t.Errorf("%s is %+v", name, got)
		}
	}
	if _, _, ok := notation.Field(&commands.Address, local, "path"); ok {
		t.Error("an IPv4 address has a path")
	}
}
