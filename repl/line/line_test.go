package line_test

import (
	"fmt"
	"strings"
	"testing"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/repl/line"
)

type env map[string]notation.Holds

func (e env) Name(name string) notation.Holds { return e[name] }

func (e env) Names() []string {
	var all []string
	for name := range e {
		all = append(all, name)
	}
	return all
}

var known = env{"srv": notation.Descriptor, "n": notation.Number, "data": notation.Text, "addr": notation.Address,
	"errno": notation.Text, "tmp": notation.Text, "1": notation.Text}

func parser() *line.Parser {
	r := notation.NewReader(commands.Calls())
	r.IfIndex = func(name string) (int64, bool) { return 1, name == "lo" }
	return &line.Parser{Reader: r, Sources: "source",
		Builtins: []string{"print", "use", "fds", "wait", "kill", "jobs", "blocked", "set", "source", "exit", "sleep"}}
}

// show writes a statement so that a test can state all of it in one line.
func show(st *line.Statement) string {
	var b strings.Builder
	if st.JobMark > 0 {
		fmt.Fprintf(&b, "[%d]%v ", st.JobMark, st.JobDone)
	}
	for i, name := range st.Assign {
		fmt.Fprintf(&b, "%s:%v ", name, st.Gives[i])
	}
	switch st.Kind {
	case line.Call:
		b.Write(notation.C().AppendCall(nil, st.Call, nil, st.Vals))
	case line.Builtin:
		b.WriteString(st.Name)
	case line.Value:
		fmt.Fprintf(&b, "value %d %s", st.Vals[0].N, st.Vals[0].B)
	case line.Check:
		fmt.Fprintf(&b, "check %s", st.Vals[0].B)
	}
	if st.Kind == line.Builtin || st.Late {
		for _, w := range st.Words {
			fmt.Fprintf(&b, " <%s%s>", w.Text, w.Ref)
			for _, p := range w.Parts {
				fmt.Fprintf(&b, "@%d=%s", p.At, p.Ref)
			}
		}
	}
	if st.Ret.Kind != 0 {
		fmt.Fprintf(&b, " = %d %s", st.Ret.N, st.Errno)
	}
	if e := st.Expect; e != nil {
		fmt.Fprintf(&b, " => %d %s%d %s %q %s", e.Form, e.Op, e.N, e.Name, e.Want, e.Ref)
		if e.Form == line.Address || e.Form == line.Field {
			b.WriteString("word " + e.Word.Text)
		}
		if e.Re != nil {
			b.WriteString(e.Re.String())
		}
	}
	if st.Late {
		b.WriteString(" late")
	}
	if st.Open {
		b.WriteString(" open")
	}
	if st.Background {
		b.WriteString(" &")
	}
	if st.Comment != "" {
		b.WriteString(" # " + st.Comment)
	}
	return b.String()
}

func TestLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"   # only a comment", ""},
		{"#", ""},
		{" ; ;", ""},
		{"getsockname 3", "getsockname(3, ..., ...)"},
		{"getsockname 3\r\n", "getsockname(3, ..., ...)"},
		{"socket;socket udp ; close 3#x", ""}, // an error: see TestErrors; here only that it does not panic
		{"socket;close", "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) | close(...)"},
		{"close 3;#x", "close(3)"},
		{"c = socket", "c:a descriptor socket(AF_INET, SOCK_STREAM, IPPROTO_IP)"},
		{"c=socket", "c:a descriptor socket(AF_INET, SOCK_STREAM, IPPROTO_IP)"},
		{"socket = socket", "socket:a descriptor socket(AF_INET, SOCK_STREAM, IPPROTO_IP)"},
		{"conn, peer = accept srv", "conn:a descriptor peer:an address accept(srv, ..., ...)"},
		{"conn = accept srv", "conn:a descriptor accept(srv, ..., ...)"},
		{"d,from=recvfrom srv", "d:text from:an address recvfrom(srv, ..., 1024, 0, ..., ...)"},
		{"v = getsockopt srv TCP_INFO", "v:a structure getsockopt(srv, IPPROTO_TCP, TCP_INFO, ..., ...)"},
		{"v = getsockopt srv SO_RCVBUF", "v:a number getsockopt(srv, SOL_SOCKET, SO_RCVBUF, ..., ...)"},
		{"a, b = socketpair", "a:a descriptor b:a descriptor socketpair(AF_UNIX, SOCK_STREAM, 0, ...)"},
		{"x = send srv hello", `x:a number send(srv, "hello", ..., 0)`},
		{"j = accept srv &", "j:a job accept(srv, ..., ...) &"},
		{"accept & # later", "accept(..., ..., ...) & # later"},
		{`x = "text"`, "x:text value 0 text"},
		{`x = 12`, "x:a number value 12 "},
		{`x = 0x10`, "x:a number value 16 "},
		{`x = hex:41`, "x:text value 0 A"},
		{`x = $srv`, "x:a descriptor value 0 srv"},
		{`x = $addr.port`, "x:something not known yet value 0 addr.port"},
		{`send "a\r\n\x00\0\101\e\u00e9\$n"`, `send(..., "a\r\n\0\0A\33é$n", ..., 0)`},
		{`send 'a\n$n'`, `send(..., "a\\n$n", ..., 0)`},
		{`send "a"b'c'`, `send(..., "abc", ..., 0)`},
		{`send ""`, `send(..., "", ..., 0)`},
		{"send \"a\nb\"", `send(..., "a\nb", ..., 0)`},
		{"send a#b", `send(..., "a#b", ..., 0)`},
		{"send a=>b", `send(..., "a=>b", ..., 0)`},
		{"send a&b", `send(..., "a&b", ..., 0)`},
		{`send "&"`, `send(..., "&", ..., 0)`},
		{"send [x", `send(..., "[x", ..., 0)`},
		{"send 你好", `send(..., "你好", ..., 0)`},
		{`send "5"`, `send(..., "5", ..., 0)`},
		{`send $data`, `send(..., data, ..., 0)`},
		{`send ${data}`, `send(..., data, ..., 0)`},
		{`send "$data"`, `send(..., ..., ..., 0) <>@0=data late`},
		{`send srv "a $data b $n"`, `send(srv, ..., ..., 0) <srv> <a  b >@2=data@5=n late`},
		{`send srv a${data}b`, `send(srv, ..., ..., 0) <srv> <ab>@1=data late`},
		{`send "$5"`, ""},
		{`send "cost $ 5"`, `send(..., "cost $ 5", ..., 0)`},
		{"connect 127.0.0.1:$n", "connect(..., ..., ...) <127.0.0.1:>@10=n late"},
		{"bind unix:$tmp/s", "bind(..., ..., ...) <unix:/s>@5=tmp late"},
		{"unlink $tmp.sock", "unlink(...) <.sock>@0=tmp late"},
		{`print "a$tmp.b c$n.d $data$data.e f"`, "print <a.b c.d .e f>@1=tmp@5=n@8=data@8=data late"},
		{"connect $addr", "connect(..., addr, ...)"},
		{"print $addr.host x", "print <addr.host> <x>"},
		{`print "a  b" c`, "print <a  b> <c>"},
		{"print", "print"},
		{"getsockname(3)", "getsockname(3, ..., ...)"},
		{"getsockname (3) # note", "getsockname(3, ..., ...) # note"},
		{"fd = socket(AF_INET, SOCK_STREAM)", "fd:a descriptor socket(AF_INET, SOCK_STREAM, IPPROTO_IP)"},
		{`send(3, "a;b", 3, 0) = 3`, `send(3, "a;b", 3, 0) = 3 `},
		{`send(3, "a;b", 3,` + "\n" + `  0); close 3`, `send(3, "a;b", 3, 0) | close(3)`},
		{`bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = 0  # note`,
			`bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = 0  # note`},
		{`connect(3, ..., 16) = -1 ECONNREFUSED (Connection refused)`, "connect(3, ..., 16) = -1 ECONNREFUSED"},
		{"[1] accept(3, <unfinished ...>", "[1]false accept(3, ..., ...) open"},
		{`[1]+ accept(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 4`,
			`[1]true accept(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 4 `},
		{"[1] accept(3, <unfinished ...>\n", "[1]false accept(3, ..., ...) open"},
		{"accept(srv, ..., ...) &", "accept(srv, ..., ...) &"},
		{"recv 3 1024 => 5", `recv(3, ..., 1024, 0) => 3 5  "" `},
		{`recv 3 => "hello"`, `recv(..., ..., 3, 0) => 5 0  "hello" `},
		{"recv 1024 => >= 3 # x", `recv(..., ..., 1024, 0) => 3 >=3  "" ; x`},
		{"recv 1024 => !=3", `recv(..., ..., 1024, 0) => 3 !=3  "" `},
		{"connect $addr => ECONNREFUSED", `connect(..., addr, ...) => 4 0 ECONNREFUSED "" `},
		{"connect $addr => ok; close", `connect(..., addr, ...) => 1 0  ""  | close(...)`},
		{"accept => *", `accept(..., ..., ...) => 0 0  "" `},
		{"accept => blocks", `accept(..., ..., ...) => 2 0  "" `},
		{"accept => ok &", `accept(..., ..., ...) => 1 0  ""  &`},
		{"getsockname => 127.0.0.1:80", `getsockname(..., ..., ...) => 6 0  "" word 127.0.0.1:80`},
		{"getsockname => *:80", `getsockname(..., ..., ...) => 6 0  "" word *:80`},
		{"getsockopt TCP_INFO => tcpi_state=TCP_ESTABLISHED", `getsockopt(..., IPPROTO_TCP, TCP_INFO, ..., ...) => 7 0 tcpi_state "" word TCP_ESTABLISHED`},
		{`recv => /a "b' \d+ /x/ # c`, `recv(..., ..., 1024, 0) => 8 0  "" (?s)a "b' \d+ /x # c`},
		{`recv => $data`, `recv(..., ..., 1024, 0) => 9 0  "" data`},
		{`recv => hex:41`, `recv(..., ..., 1024, 0) => 5 0  "A" `},
		{`$errno => EAGAIN`, `check errno => 4 0 EAGAIN "" `},
		{`$addr.port => 80`, `check addr.port => 3 80  "" `},
	} {
		all, err := parser().Line(c.text, 7, known)
		if c.want == "" {
			if len(all) > 0 {
				t.Errorf("%q gave %s", c.text, show(&all[0]))
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		var got []string
		for i := range all {
			got = append(got, show(&all[i]))
		}
		if s := strings.Join(got, " | "); s != strings.Replace(c.want, "; x", " # x", 1) {
			t.Errorf("%q\n is %s\nnot %s", c.text, s, c.want)
		}
	}
}

// TestErrors states for each wrong line the column and a part of the message.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		col  int
		part string
	}{
		{"recvform 1024", 1, `but is "recvform" (did you mean "recvfrom"?)`},
		{"acept", 1, `did you mean "accept"?`},
		{"pritn x", 1, `did you mean "print"?`},
		{"  socket;  foo", 12, `but is "foo"`},
		{"x = y", 5, `$, text stands in quotes`},
		{"x = srv", 5, `did you mean "$srv"?`},
		{"x =", 4, "call must follow"},
		{"send a\\n", 7, "backslash must stand in quotes"},
		{`send "a\qb"`, 8, `but is \q`},
		{`send "你\q"`, 8, `but is \q`},
		{`send "\x4"`, 7, "two hex digits"},
		{`send "\400"`, 7, `\377`},
		{`send "abc`, 6, `quote " must be closed`},
		{`send x 'abc`, 8, `quote ' must be closed`},
		{"send $dta", 6, `$dta is not (did you mean "data"?)`},
		{`send "a $dta"`, 9, `$dta is not`},
		{"send ${data", 6, "must be followed by a name and }"},
		{"connect adr", 9, `address must be HOST:PORT`},
		{"connect addr", 9, `did you mean "$addr"?`},
		{"connect", 1, "connect must have address: connect [fd] address"},
		{"connect 3", 9, "is its descriptor"},
		{"connect 127.0.0.1:99999", 9, "port from 0 to 65535"},
		{"connect 127.0.0.300:80", 9, "IPv4 address and a port"},
		{"connect ::1:80", 9, "brackets"},
		{"connect [fe80::1%nope]:80", 9, `names "nope"`},
		{"recv 1000000000000", 6, "must be from 0 to 256M"},
		{"recv -5", 6, "must be from 0 to 256M"},
		{"recv 4 10 peeek", 11, `did you mean "MSG_PEEK"?`},
		{"recv 4 10 peek 5", 16, "no more words"},
		{"shutdown 3 rw", 12, "SHUT_RD, SHUT_WR or SHUT_RDWR"},
		{"shutdown 3 wrr", 12, `did you mean`},
		{"socket upd", 8, `did you mean "udp"?`},
		{"socket inet sream", 13, `did you mean "SOCK_STREAM"?`},
		{"getsockopt SO_TYP", 12, `did you mean "SO_TYPE"?`},
		{"getsockopt 3 77", 14, "level must be given"},
		{"setsockopt SO_REUSEADDR", 12, "must have value"},
		{"setsockopt SO_LINGER maybe", 22, "l_onoff,l_linger"},
		{"setsockopt SO_RCVTIMEO soon", 24, "a time such as 250ms"},
		{"fcntl 3 F_SETFL", 9, "arg must be given here"},
		{"fcntl 3 F_GETFL 5", 17, "arg must be left out"},
		{"close @srv", 7, "a name takes no @"},
		{"close sv", 7, `did you mean "srv"?`},
		{"close n", 7, "holds a number"},
		{"close $data", 7, "holds text"},
		{`close "3"`, 7, "is the text"},
		{"send hex:0", 6, "pairs of hex digits"},
		{"send fill:1G", 6, "0 to 256M"},
		{"send & x", 6, "quote it"},
		{"recv 5 => ", 11, "expectation must follow"},
		{"recv 5 => ECONREFUSED", 11, `did you mean "ECONNREFUSED"?`},
		{"recv 5 => >= x", 14, "must be followed by a number"},
		{"recv 5 => 1 2", 13, "must be one word"},
		{"recv 5 => /a", 11, "must end in /"},
		{"recv 5 => /a(/", 11, "missing closing"},
		{"recv 5 => 1 => 2", 13, "must stand once"},
		{"$data", 1, "=> must follow"},
		{"print x &", 1, "& must follow a call"},
		{"a, b = send x", 1, "one name"},
		{"a, b, c = accept srv", 1, "at most 2 names"},
		{"other: socket", 1, "known actor"},
		{"s.recv(1024)", 1, "Python's spelling is not read yet"},
		{"sock(3)", 1, `call must be in the table, but is "sock"`},
		{"close(3) x", 10, `goes on with "x"`},
		{"getsockname(3", 14, "but is the end of the line"},
		{`"socket"`, 1, "command must be"},
		{"repeat 3 { send x }", 1, "command must be"},
		{"}", 1, "command must be"},
		{"socket\nsocket", 1, "line must end here"},
	} {
		_, err := parser().Line(c.text, 1, known)
		e, ok := err.(*notation.SyntaxError)
		if !ok {
			t.Errorf("%q: %v is no syntax error", c.text, err)
			continue
		}
		if c.text != "socket\nsocket" && e.Col != c.col || !strings.Contains(e.Msg, c.part) {
			t.Errorf("%q: column %d: %s\n not %d: %s", c.text, e.Col, e.Msg, c.col, c.part)
		}
	}
}
