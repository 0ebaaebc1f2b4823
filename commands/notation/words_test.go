package notation_test

import (
	"strings"
	"testing"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// env is names and what they hold.
type env map[string]notation.Holds

func (e env) Name(name string) notation.Holds { return e[name] }

func (e env) Names() []string {
	var all []string
	for name := range e {
		all = append(all, name)
	}
	return all
}

var names = env{
	"srv": notation.Descriptor, "c": notation.Descriptor, "n": notation.Number, "data": notation.Text,
	"addr": notation.Address, "j": notation.Job, "info": notation.Structure, "later": notation.Unknown,
}

func reader() *notation.Reader {
	r := notation.NewReader(commands.Calls())
	r.IfIndex = func(name string) (int64, bool) { return 1, name == "lo" }
	return r
}

// words splits at blanks; "..." is one quoted word without escapes.
func words(s string) (all []notation.Word) {
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			i++
			continue
		}
		w := notation.Word{Col: i + 1}
		if s[i] == '"' {
			j := i + 1 + strings.IndexByte(s[i+1:], '"')
			w.Text, w.Quoted = s[i+1:j], true
			i = j + 1
		} else {
			j := i
			for j < len(s) && s[j] != ' ' {
				j++
			}
			w.Text, w.Lead = s[i:j], j-i
			if s[i] == '$' {
				w.Ref, w.Text = s[i+1:j], ""
			}
			i = j
		}
		all = append(all, w)
	}
	return all
}

func bind(t *testing.T, r *notation.Reader, s string) (*spec.Call, []spec.Value, error) {
	t.Helper()
	w := words(s)
	c := r.Call(w[0].Text)
	if c == nil {
		t.Fatalf("no call %q", w[0].Text)
	}
	p := r.Plan(c)
	p.IfIndex = r.IfIndex
	vals, err := p.Bind(w[1:], names, nil)
	return c, vals, err
}

// TestBind holds each line of words against the C notation of what it binds to. "..." is the current socket or what
// the shell supplies; names stand for the variables.
func TestBind(t *testing.T) {
	for line, want := range map[string]string{
		"socket":                          "socket(AF_INET, SOCK_STREAM, IPPROTO_IP)",
		"socket udp":                      "socket(AF_INET, SOCK_DGRAM, IPPROTO_IP)",
		"socket UDP6":                     "socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP)",
		"socket icmp":                     "socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)",
		"socket unix":                     "socket(AF_UNIX, SOCK_STREAM, 0)",
		"socket unix seqpacket":           "socket(AF_UNIX, SOCK_SEQPACKET, 0)",
		"socket inet6 stream|nonblock":    "socket(AF_INET6, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_IP)",
		"socket inet stream tcp":          "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)",
		"socket dgram":                    "socket(AF_INET, SOCK_DGRAM, IPPROTO_IP)",
		"socket 2 1 6":                    "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)",
		"socket packet":                   "socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL))",
		"socketpair":                      "socketpair(AF_UNIX, SOCK_STREAM, 0, ...)",
		"socketpair unix dgram":           "socketpair(AF_UNIX, SOCK_DGRAM, 0, ...)",
		"bind":                            "bind(..., ..., ...)",
		"bind 3":                          "bind(3, ..., ...)",
		"bind 3 127.0.0.1:8080":           `bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, ...)`,
		"bind 127.0.0.1:0":                `bind(..., {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, ...)`,
		"bind [::1]:80":                   `bind(..., {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, ...)`,
		"bind [fe80::1%lo]:80":            `bind(..., {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "fe80::1", &sin6_addr), sin6_scope_id=1}, ...)`,
		"bind srv unix:@abstract":         `bind(srv, {sa_family=AF_UNIX, sun_path=@"abstract"}, ...)`,
		"bind /tmp/s":                     `bind(..., {sa_family=AF_UNIX, sun_path="/tmp/s"}, ...)`,
		`bind "/tmp/my s"`:                `bind(..., {sa_family=AF_UNIX, sun_path="/tmp/my s"}, ...)`,
		"bind unix:":                      `bind(..., {sa_family=AF_UNIX}, ...)`,
		"connect $addr":                   "connect(..., addr, ...)",
		"connect c $addr":                 "connect(c, addr, ...)",
		"connect $c $addr":                "connect(c, addr, ...)",
		"listen":                          "listen(..., 128)",
		"listen 5":                        "listen(..., 5)",
		"listen @3":                       "listen(3, 128)",
		"listen 4 7":                      "listen(4, 7)",
		"listen srv":                      "listen(srv, 128)",
		"listen srv 5":                    "listen(srv, 5)",
		"listen $n":                       "listen(..., n)",
		"accept":                          "accept(..., ..., ...)",
		"accept 3":                        "accept(3, ..., ...)",
		"accept j":                        "accept(j, ..., ...)",
		"accept4 nonblock":                "accept4(..., ..., ..., SOCK_NONBLOCK)",
		"accept4 3":                       "accept4(3, ..., ..., 0)",
		"accept4 3 cloexec|nonblock":      "accept4(3, ..., ..., SOCK_CLOEXEC|SOCK_NONBLOCK)",
		"close":                           "close(...)",
		"close 4":                         "close(4)",
		"close c":                         "close(c)",
		"close $c":                        "close(c)",
		"shutdown":                        "shutdown(..., SHUT_WR)",
		"shutdown 3":                      "shutdown(3, SHUT_WR)",
		"shutdown rdwr":                   "shutdown(..., SHUT_RDWR)",
		"shutdown 3 rd":                   "shutdown(3, SHUT_RD)",
		"recv":                            "recv(..., ..., 1024, 0)",
		"recv 1024":                       "recv(..., ..., 1024, 0)",
		"recv 4 1024":                     "recv(4, ..., 1024, 0)",
		"recv 4 peek":                     "recv(..., ..., 4, MSG_PEEK)",
		"recv 64K peek|dontwait":          "recv(..., ..., 65536, MSG_PEEK|MSG_DONTWAIT)",
		"recv c":                          "recv(c, ..., 1024, 0)",
		"recv c peek":                     "recv(c, ..., 1024, MSG_PEEK)",
		"recv @4 0x10":                    "recv(4, ..., 16, 0)",
		"recv 4 1M 0x40":                  "recv(4, ..., 1048576, MSG_DONTWAIT)",
		"recv 256M":                       "recv(..., ..., 268435456, 0)",
		"recv $n":                         "recv(..., ..., n, 0)",
		"recv $c $n":                      "recv(c, ..., n, 0)",
		"recvfrom 3 512":                  "recvfrom(3, ..., 512, 0, ..., ...)",
		"recvfrom 512":                    "recvfrom(..., ..., 512, 0, ..., ...)",
		"read 4":                          "read(..., ..., 4)",
		"read 4 10":                       "read(4, ..., 10)",
		"read @4":                         "read(4, ..., 1024)",
		"send hello":                      `send(..., "hello", ..., 0)`,
		"send 5":                          `send(..., "5", ..., 0)`,
		"send 5 hello":                    `send(5, "hello", ..., 0)`,
		`send "c" peek`:                   `send(..., "c", ..., MSG_PEEK)`,
		"send c hello":                    `send(c, "hello", ..., 0)`,
		"send c 5":                        `send(c, "5", ..., 0)`,
		"send $data":                      `send(..., data, ..., 0)`,
		"send c $data":                    `send(c, data, ..., 0)`,
		"send hello dontwait":             `send(..., "hello", ..., MSG_DONTWAIT)`,
		`send "5"`:                        `send(..., "5", ..., 0)`,
		`send 3 "hex:41"`:                 `send(3, "hex:41", ..., 0)`,
		"send hex:48656c6c6f":             `send(..., "Hello", ..., 0)`,
		"send fill:5":                     `send(..., "abcde", ..., 0)`,
		`send ""`:                         `send(..., "", ..., 0)`,
		"sendall 3 fill:2":                `sendall(3, "ab", ..., 0)`,
		"sendto 3 hello 127.0.0.1:9":      `sendto(3, "hello", ..., 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, ...)`,
		"sendto 5 $addr":                  `sendto(..., "5", ..., 0, addr, ...)`,
		"sendto hello dontwait $addr":     `sendto(..., "hello", ..., MSG_DONTWAIT, addr, ...)`,
		"sendto c hello dontwait $addr":   `sendto(c, "hello", ..., MSG_DONTWAIT, addr, ...)`,
		"write 5":                         `write(..., "5", ...)`,
		"write 5 x":                       `write(5, "x", ...)`,
		"getsockname":                     "getsockname(..., ..., ...)",
		"getsockname 3":                   "getsockname(3, ..., ...)",
		"getsockopt SO_TYPE":              "getsockopt(..., SOL_SOCKET, SO_TYPE, ..., ...)",
		"getsockopt 3 SO_TYPE":            "getsockopt(3, SOL_SOCKET, SO_TYPE, ..., ...)",
		"getsockopt tcp nodelay":          "getsockopt(..., IPPROTO_TCP, TCP_NODELAY, ..., ...)",
		"getsockopt TCP_NODELAY":          "getsockopt(..., IPPROTO_TCP, TCP_NODELAY, ..., ...)",
		"getsockopt c tcp_info":           "getsockopt(c, IPPROTO_TCP, TCP_INFO, ..., ...)",
		"getsockopt 3 1 3":                "getsockopt(3, SOL_SOCKET, SO_TYPE, ..., ...)",
		"getsockopt sol_socket 3":         "getsockopt(..., SOL_SOCKET, SO_TYPE, ..., ...)",
		"getsockopt v6only":               "getsockopt(..., IPPROTO_IPV6, IPV6_V6ONLY, ..., ...)",
		"getsockopt debug":                "getsockopt(..., SOL_SOCKET, SO_DEBUG, ..., ...)",
		"setsockopt SO_REUSEADDR 1":       "setsockopt(..., SOL_SOCKET, SO_REUSEADDR, [1], ...)",
		"setsockopt 3 SO_REUSEADDR on":    "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], ...)",
		"setsockopt tcp nodelay off":      "setsockopt(..., IPPROTO_TCP, TCP_NODELAY, [0], ...)",
		"setsockopt SO_LINGER on,5":       "setsockopt(..., SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, ...)",
		"setsockopt SO_LINGER off":        "setsockopt(..., SOL_SOCKET, SO_LINGER, {l_onoff=0, l_linger=0}, ...)",
		"setsockopt SO_RCVTIMEO 250ms":    "setsockopt(..., SOL_SOCKET, SO_RCVTIMEO, {tv_sec=0, tv_usec=250000}, ...)",
		"setsockopt SO_RCVTIMEO 2":        "setsockopt(..., SOL_SOCKET, SO_RCVTIMEO, {tv_sec=2, tv_usec=0}, ...)",
		"setsockopt SO_SNDTIMEO 1.5s":     "setsockopt(..., SOL_SOCKET, SO_SNDTIMEO, {tv_sec=1, tv_usec=500000}, ...)",
		"setsockopt SO_RCVBUF 64K":        "setsockopt(..., SOL_SOCKET, SO_RCVBUF, [65536], ...)",
		"setsockopt TCP_CONGESTION reno":  `setsockopt(..., IPPROTO_TCP, TCP_CONGESTION, "reno", ...)`,
		"setsockopt SO_LINGER hex:01":     `setsockopt(..., SOL_SOCKET, SO_LINGER, "\x01", ...)`,
		"setsockopt 3 tcp 99 hex:0102":    `setsockopt(3, IPPROTO_TCP, 0x63 /* TCP_??? */, "\1\2", ...)`,
		"dup":                             "dup(...)",
		"dup 3":                           "dup(3)",
		"dup2 9":                          "dup2(..., 9)",
		"dup2 3 9":                        "dup2(3, 9)",
		"dup2 3 c":                        "dup2(3, c)",
		"dup2 c 9":                        "dup2(c, 9)",
		"dup3 9 cloexec":                  "dup3(..., 9, O_CLOEXEC)",
		"dup3 3 9 cloexec":                "dup3(3, 9, O_CLOEXEC)",
		"fcntl 3 F_GETFL":                 "fcntl(3, F_GETFL)",
		"fcntl getfl":                     "fcntl(..., F_GETFL)",
		"fcntl 3 F_SETFL O_NONBLOCK":      "fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK)",
		"fcntl setfl rdwr|nonblock":       "fcntl(..., F_SETFL, O_RDWR|O_NONBLOCK)",
		"fcntl 3 F_DUPFD 20":              "fcntl(3, F_DUPFD, 20)",
		"fcntl 3 setfd cloexec":           "fcntl(3, F_SETFD, FD_CLOEXEC)",
		"unlink /tmp/s":                   `unlink("/tmp/s")`,
		`unlink "my file"`:                `unlink("my file")`,
		"setsockopt ip_ttl 5":             "setsockopt(..., IPPROTO_IP, IP_TTL, [5], ...)",
		"getsockopt so_error":             "getsockopt(..., SOL_SOCKET, SO_ERROR, ..., ...)",
		"close -1":                        "close(-1)",
		"listen -1":                       "listen(..., -1)",
		"socket unix stream|cloexec|0x80": "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|0x80, 0)",
	} {
		c, vals, err := bind(t, reader(), line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if got := string(notation.C().AppendCall(nil, c, nil, vals)); got != want {
			t.Errorf("%s\n is %s\n not %s", line, got, want)
		}
	}
}

// TestExpand holds that what is put into a word can be a part of an address or a number, and never a form or a name.
func TestExpand(t *testing.T) {
	value := func(ref string) (string, error) {
		return map[string]string{"port": "80", "evil": "file:/etc/passwd", "name": "srv"}[ref], nil
	}
	for _, c := range []struct {
		call string
		word notation.Word
		want string
	}{
		{"connect", notation.Word{Text: "127.0.0.1:", Lead: 10, Parts: []notation.Part{{At: 10, Ref: "port"}}},
			`connect(..., {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, ...)`},
		{"send", notation.Word{Quoted: true, Parts: []notation.Part{{Ref: "evil"}}}, `send(..., "file:/etc/passwd", ..., 0)`},
		{"send", notation.Word{Text: "", Parts: []notation.Part{{Ref: "evil"}, {Ref: "port"}}}, `send(..., "file:/etc/passwd80", ..., 0)`},
		{"send", notation.Word{Text: "<>", Lead: 1, Parts: []notation.Part{{At: 1, Ref: "name"}}}, `send(..., "<srv>", ..., 0)`},
		{"send", notation.Word{Text: "hex:", Lead: 4, Parts: []notation.Part{{At: 4, Ref: "port"}}}, `send(..., "\200", ..., 0)`},
	} {
		r := reader()
		expanded, err := notation.Expand([]notation.Word{c.word}, value)
		if err != nil {
			t.Fatal(err)
		}
		call := r.Call(c.call)
		vals, err := r.Plan(call).Bind(expanded, names, nil)
		if err != nil {
			t.Errorf("%s: %v", c.want, err)
			continue
		}
		if got := string(notation.C().AppendCall(nil, call, nil, vals)); got != c.want {
			t.Errorf("is %s\nnot %s", got, c.want)
		}
	}
}
