package session_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"socksh/commands/notation"
	"socksh/repl/session"
)

// TestCurrent walks through what makes a socket current, and to which one closing goes back.
func TestCurrent(t *testing.T) {
	r := newRig(t, false)
	for _, step := range []struct{ line, current string }{
		{"a, b = socketpair", "a"},
		{"c = socket", "c"},
		{"d = dup a", "d"},
		{"dup2 a 700", "d"},
		{"use b", "b"},
		{"send hello", "b"}, // through b, to a
		{"recv a => \"hello\"", "b"},
		{"close c", "b"},
		{"close", "d"}, // b's, and c is gone
		{"close", "a"},
		{"use 700", "700"},
		{"use a", "a"},
		{"close 700", "a"},
		{"close", "none"},
	} {
		r.run(step.line)
		if got := r.current(); got != step.current {
			t.Fatalf("after %q the current socket is %s, not %s", step.line, got, step.current)
		}
	}
	r.fails("send x", "none is current")
	if told := r.told.take(); len(told) != 0 {
		t.Errorf("without a current socket, %q happened", told)
	}
}

func TestCurrentAccept(t *testing.T) {
	r := newRig(t, false)
	r.run("srv = socket", "bind", "listen", "addr = getsockname", "c = socket", "connect $addr", "conn = accept srv")
	if r.current() != "conn" {
		t.Errorf("after accept the current socket is %s", r.current())
	}
	r.run("use c", "e = socket", "connect $addr", "use c", "j = accept srv &", "wait j")
	if r.current() != "c" {
		t.Errorf("a job's accept made %s current", r.current())
	}
	r.fails("socket 77", "EAFNOSUPPORT")
	if r.current() != "c" {
		t.Errorf("a socket that was not made is current: %s", r.current())
	}
}

// TestAssign holds what names are given, call by call.
func TestAssign(t *testing.T) {
	r := newRig(t, false)
	holds := func(name string, want notation.Holds) {
		t.Helper()
		if got := r.s.Name(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	r.run("srv = socket", "bind", "listen", "addr = getsockname")
	holds("srv", notation.Descriptor)
	holds("addr", notation.Address)
	r.run("$addr => 127.0.0.1:*", "$addr.host => \"127.0.0.1\"", "$addr.port => >= 1024")
	r.fails("$addr.path => 1", "must be one of")
	r.run("c = socket", "zero = connect $addr", "$zero => 0", "conn, peer = accept srv")
	holds("conn", notation.Descriptor)
	holds("peer", notation.Address)
	r.run("mine = getsockname c", "getpeername conn => $mine", "$peer => $mine")
	r.run("n = send c \"hello\"", "$n => 5", "data = recv conn 1024", "$data => \"hello\"")
	holds("n", notation.Number)
	holds("data", notation.Text)
	r.run("t = socket", "connect $addr", "accept4 srv nonblock", "q = fcntl F_GETFL", "$q => >= 2048")
	r.run("u = socket udp", "bind", "to = getsockname", "v = socket udp", "bind", "sendto $data $to", "got, from = recvfrom u", "mine = getsockname v",
		"$got => \"hello\"", "$from => $mine")
	holds("got", notation.Text)
	holds("from", notation.Address)
	r.run("size = getsockopt c SO_RCVBUF", "$size => >= 1024", "setsockopt c SO_LINGER on,5", "l = getsockopt c SO_LINGER",
		"$l.onoff => 1", "$l.l_linger => 5", "i = getsockopt c TCP_INFO", "$i.state => 1", "cc = getsockopt c tcp congestion")
	holds("size", notation.Number)
	holds("l", notation.Structure)
	holds("i", notation.Structure)
	holds("cc", notation.Text)
	r.run("p, q = socketpair", "send p \"x\"", "recv q => \"x\"", "text = \"a b\"", "$text => \"a b\"", "again = $text", "$again => \"a b\"", "seven = 7", "$seven => 7")
	holds("p", notation.Descriptor)
	holds("q", notation.Descriptor)
	holds("nothing", notation.Nothing)
	if err := r.try("one, two = send p x"); err == nil {
		t.Error("send gives two values")
	}
	r.run("close -1 => EBADF", "$errno => \"EBADF\"")
}

// TestFamily holds that what an address leaves open is taken from the descriptor's family.
func TestFamily(t *testing.T) {
	r := newRig(t, false)
	for _, c := range []struct{ make, line, want string }{
		{"s = socket tcp", "bind", `sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")`},
		{"s = socket tcp6", "bind", `sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0`},
		{"s = socket unix", "bind", `{sa_family=AF_UNIX}, 2`},
		{"s = socket tcp", "bind :0", `sin_addr=inet_addr("0.0.0.0")`},
		{"s = socket tcp6", "bind *:0", `"::", &sin6_addr`},
		{"s = socket tcp6", "bind localhost:0", `"::1", &sin6_addr`},
		{"s = socket udp", "bind localhost:0", `"127.0.0.1"`},
		{"b = socket tcp6; s = dup", "bind :0", `AF_INET6`},
		{"b = socket tcp6; s = fcntl F_DUPFD 600", "bind s :0", `AF_INET6`},
		{"b = socket tcp6; dup2 b 701; use 701", "bind :0", `AF_INET6`},
		{"b = socket tcp6; dup2 b 702; a = socket tcp; dup2 a 702; use 702", "bind :0", `AF_INET,`},
	} {
		for _, l := range strings.Split(c.make, "; ") {
			r.run(l)
		}
		if got := last(r.run(c.line)); !strings.Contains(got, c.want) || !strings.HasSuffix(got, "= 0") {
			t.Errorf("%s; %s\nis %s\nnot %s", c.make, c.line, got, c.want)
		}
	}
	r.run("s = socket unix")
	r.fails("bind :80", "must be unix:PATH")
	r.run("six = socket tcp6", "bind", "listen", "to = getsockname", "c = socket tcp6", "connect $to", "conn = accept six")
	if got := r.try("connect conn :1"); got == nil || !strings.Contains(last(r.told.take()), "AF_INET6") {
		t.Errorf("an accepted socket has forgotten its family: %v", got)
	}
}

// TestOwn holds that no call closes what the shell needs.
func TestOwn(t *testing.T) {
	r := newRig(t, false)
	r.run("c = socket")
	for _, l := range []string{"close 999", "close @999", "dup2 c 999", "dup3 c 999", fmt.Sprintf("dup2(%d, 999)", r.fd("c")), "close(999) = 0"} {
		r.told.take()
		r.fails(l, "the shell's test")
		if told := r.told.take(); len(told) != 0 {
			t.Errorf("%s: %q", l, told)
		}
	}
}

// TestSendall repeats until all is sent, each send on its line.
func TestSendall(t *testing.T) {
	r := newRig(t, false)
	r.run("a, b = socketpair")
	if got := r.run("sendall a fill:4096 => 4096"); len(got) != 1 || !strings.HasSuffix(got[0], "= 4096") || !strings.HasPrefix(got[0], "send(") {
		t.Errorf("sendall is %q", got)
	}
	r.run("recv b 8K => 4096")
	r.run("setsockopt a SO_SNDTIMEO 50ms") // ends a send when the buffer is full, with what it took
	r.told.take()
	err := r.try("n = sendall a fill:4M")
	told := r.told.take()
	if err == nil || len(told) < 2 || !strings.Contains(last(told), "EAGAIN") {
		t.Errorf("sendall without a reader: %v, %d lines", err, len(told))
	}
	for _, l := range told[:len(told)-1] {
		if !strings.HasPrefix(l, "send(") || strings.Contains(l, "-1") {
			t.Errorf("a part is %s", l)
		}
	}
}

// TestFile sends what a file holds.
func TestFile(t *testing.T) {
	r := newRig(t, false)
	r.run("a, b = socketpair")
	r.fails("send a file:/no/such/file", "no such file")
	if err := r.try("send a file:/proc/sys/kernel/ostype", "recv b => \"Linux\\n\""); err != nil {
		t.Error(err)
	}
}

func TestFailures(t *testing.T) {
	r := newRig(t, false)
	err := r.try("close -1")
	var f *session.Failure
	if !errors.As(err, &f) || f.Expected != "success" || !strings.Contains(f.Came, "EBADF") || f.Line == nil || f.Line.Text != "close -1" {
		t.Errorf("an unforeseen error is %+v", err)
	}
	p := newRig(t, true)
	if err := p.try("close -1"); err != nil {
		t.Errorf("at a prompt an errno is a result, but is %v", err)
	}
	if err := p.try("close -1 => 0"); err == nil {
		t.Error("at a prompt, an expectation that fails says nothing")
	}
}
