package session_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestExpect tries every form of an expectation, one that holds and one that does not.
func TestExpect(t *testing.T) {
	r := newRig(t, false)
	path := filepath.Join(t.TempDir(), "s")
	r.run("a, b = socketpair", "srv = socket", "bind", "listen", "addr = getsockname", "c = socket", "connect $addr", "want = \"hello\"", "five = 5",
		"u = socket unix", "bind \"unix:"+path+"\"")
	for _, c := range []struct {
		call      string
		yes, no   string
		unspoiled bool // the call can be made again
	}{
		{"send a hello", "5", "4", false},
		{"send a hello", ">= 5", ">= 6", false},
		{"send a hello", "<= 5", "<= 4", false},
		{"send a hello", "!= 4", "!= 5", false},
		{"send a hello", "ok", "EPIPE", false},
		{"send a hello", "*", "-1", false},
		{"send a hello", "$five", "$want", false},
		{"recv b 5", `"hello"`, `"hullo"`, false},
		{"recv b 5", "5", "6", false},
		{"recv b 5", "/h.l+o/", "/^l/", false},
		{"recv b 5", "$want", `"x$want"`, false},
		{"recv b 5", `hex:68656c6c6f`, `hex:00`, false},
		{"close -1", "EBADF", "ENOTSOCK", true},
		{"close -1", "*", "ok", true},
		{"close -1", "-1", "0", true},
		{"connect c $addr", "EISCONN", "EALREADY", true},
		{"getsockname srv", "127.0.0.1:*", "127.0.0.2:*", true},
		{"getsockname srv", "$addr", "*:1", true},
		{"getsockname srv", "*:*", "[::1]:*", true},
		{"getsockname u", "unix:" + path, "unix:/elsewhere", true},
		{"getsockopt c TCP_INFO", "tcpi_state=TCP_ESTABLISHED", "tcpi_state=TCP_LISTEN", true},
		{"getsockopt c SO_TYPE", "1", "2", true},
		{"getsockopt c SO_ERROR", "0", "ECONNREFUSED", true},
		{"getsockopt c SO_LINGER", "l_onoff=0", "l_onoff=1", true},
		{"getsockopt c TCP_CONGESTION", "/./", `""`, true},
		{"fcntl c F_GETFL", ">= 2", "0", true},
	} {
		if err := r.try(c.call + " => " + c.yes); err != nil {
			t.Errorf("%s => %s\n%v", c.call, c.yes, err)
		}
		if !c.unspoiled && strings.HasPrefix(c.call, "recv") {
			r.run("send a hello")
		}
		if err := r.try(c.call + " => " + c.no); err == nil {
			t.Errorf("%s => %s holds", c.call, c.no)
		}
	}
	for yes, no := range map[string]string{"$five => 5": "$five => 6", "$five => >= 5": "$five => != 5", `$want => "hello"`: `$want => "hell"`,
		"$want => /^he/": "$want => /^x/", "$addr => 127.0.0.1:*": "$addr => *:1", "$errno => \"EISCONN\"": "$errno => \"x\""} {
		r.try("connect c $addr") // sets $errno
		if err := r.try(yes); err != nil {
			t.Errorf("%s\n%v", yes, err)
		}
		if err := r.try(no); err == nil {
			t.Errorf("%s holds", no)
		}
	}
	r.run("x, y = socketpair", "recv x => blocks", "send y hello", "wait", "send y hello")
	r.fails("recv x => blocks", "to block")
}

// TestTrace holds that a trace line, run again as it stands, compares what it says: the results that the kernel chose
// excepted.
func TestTrace(t *testing.T) {
	r := newRig(t, false)
	r.run("srv = socket", "bind", "listen", "addr = getsockname", "c = socket", "connect $addr", "s = accept srv", "u = socket unix", "bind")
	srv, c, u := r.fd("srv"), r.fd("c"), r.fd("u")
	line := func(format string, a ...any) string { return fmt.Sprintf(format, a...) }
	for text, holds := range map[string]bool{
		line(`getsockname(%d, {sa_family=AF_INET, sin_port=htons(60000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 0`, srv): true, // a port that was chosen
		line(`getsockname(%d, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 0`, srv):    false,
		line(`getsockname(%d, {sa_family=AF_INET, sin_port=htons(60000), sin_addr=inet_addr("127.0.0.2")}, [128 => 16]) = 0`, srv): false,
		line(`getsockname(%d, {sa_family=AF_INET, sin_port=htons(60000), ...}, ...) = 0`, srv):                                     true,
		line(`getsockname(%d, ..., ...) = 1`, srv):                                                                   false,
		line(`getsockname(%d, ..., ...) = *`, srv):                                                                   true,
		line(`getsockname(%d, ..., ...)`, srv):                                                                       true,
		line(`getsockname(%d, {sa_family=AF_UNIX, sun_path=@"00abc"}, [128 => 8]) = 0`, u):                           true, // an autobound name
		line(`getsockname(%d, {sa_family=AF_UNIX, sun_path=@"abcdef"}, [128 => 9]) = 0`, u):                          false,
		line(`getsockopt(%d, SOL_SOCKET, SO_TYPE, [1], [4]) = 0`, c):                                                 true,
		line(`getsockopt(%d, SOL_SOCKET, SO_TYPE, [2], [4]) = 0`, c):                                                 false,
		line(`getsockopt(%d, SOL_SOCKET, SO_COOKIE, [12345], [8]) = 0`, c):                                           true, // a counter
		line(`getsockopt(%d, IPPROTO_TCP, TCP_INFO, {tcpi_state=TCP_ESTABLISHED, tcpi_rto=1}, [256 => 248]) = 0`, c): true,
		line(`getsockopt(%d, IPPROTO_TCP, TCP_INFO, {tcpi_state=TCP_LISTEN}, ...) = 0`, c):                           false,
		line(`send(%d, "hello", 5, 0) = 5`, c):                                                                       true,
		line(`send(%d, "hello", 5, 0) = 4`, c):                                                                       false,
		line(`recv(%d, "hel"..., 5, 0) = 5`, r.fd("s")):                                                              true, // a cut text is a prefix
		line(`recv(%d, "", 5, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)`, c):                      true,
		line(`recv(%d, ..., 5, MSG_DONTWAIT) = -1 ECONNRESET (Connection reset by peer)`, c):                         false,
		line(`recv(%d, ..., 5, MSG_DONTWAIT) = 5`, c):                                                                false,
		line(`recv(%d, ..., 5, MSG_DONTWAIT)`, c):                                                                    false, // unforeseen
		`close(-1) = -1 EBADF (Bad file descriptor)`:                                                                 true,
		`close(-1) = 0`: false,
		`close(-1) = ?`: false, // said nothing: then an error is unforeseen
	} {
		if strings.HasPrefix(text, "recv") && strings.Contains(text, `"hel"`) {
			r.run("send c hello")
		}
		if err := r.try(text); (err == nil) != holds {
			t.Errorf("%s\n%v", text, err)
		}
	}
}

// TestTraceAgain runs every trace line of a session a second time, in another session, as it was printed.
func TestTraceAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	lines := []string{"srv = socket", "bind", "listen", "a = getsockname", "c = socket", "connect $a", "s = accept srv", "send c hello", "recv s 3",
		"recv s 1024 dontwait", "recv s 1024 dontwait => EAGAIN", "getsockopt c SO_LINGER", "setsockopt c SO_RCVTIMEO 250ms", "getsockopt c SO_RCVTIMEO",
		"getsockopt c TCP_INFO", "fcntl c F_GETFL", "fcntl c F_DUPFD 20", "shutdown c", "recv s", "close s", "socketpair", "socket udp", "bind", "socket unix",
		"bind unix:x", "getsockname", "unlink x", "dup", "dup2 c 77", "close -1 => EBADF", "getpeername srv => ENOTCONN", "socket tcp6", "bind", "getsockname"}
	first := newRig(t, false)
	told := first.run(lines...)
	if len(told) != len(lines) {
		t.Fatalf("%d lines told of %d calls", len(told), len(lines))
	}
	first.closeAll()
	second := newRig(t, false)
	port, other := "", ""
	for i, text := range told {
		if other != "" { // where the kernel chose a port, it will choose another
			text = strings.ReplaceAll(text, port, other)
		}
		if err := second.try(text); err != nil {
			t.Fatalf("%s\nthat %s told, fails: %v", text, lines[i], err)
		}
		again := last(second.told.take())
		if strings.Contains(lines[i], "a = getsockname") {
			port, other = portOf(text), portOf(again)
		}
	}
}

func portOf(trace string) string {
	_, rest, _ := strings.Cut(trace, "sin_port=")
	port, _, _ := strings.Cut(rest, ",")
	return port
}
