package scripts

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"testing"

	"socksh/repl/term/screen"
)

// TestBadInput types what is wrong: one line says in which column, and what would be right; nothing is called, and the
// session goes on.
func TestBadInput(t *testing.T) {
	c := shell(t)
	c.runs("srv = socket", `= 3\n`)
	c.runs("text = \"5\"", `^$`)
	for _, k := range []struct{ line, before, says string }{ // before is what stands before what is wrong
		{`sokcet`, ``, `command must be a call or a builtin, but is "sokcet" (did you mean "socket"?)`},
		{`3`, ``, `command must be a call or a builtin`},
		{`&`, ``, `call must stand before &`},
		{`x = y`, `x = `, `a variable takes $`},
		{`socket inet7`, `socket `, `domain must be AF_`},
		{`setsockopt SO_NOTHING 1`, `setsockopt `, `option must be`},
		{`setsockopt SO_REUSEADDR`, ``, `value`},
		{`setsockopt SO_LINGER maybe`, `setsockopt SO_LINGER `, `on`},
		{`setsockopt SO_RCVTIMEO 5parsecs`, `setsockopt SO_RCVTIMEO `, `250ms`},
		{`listen 5x`, `listen `, `backlog must be`},
		{`recv 10z`, `recv `, `len must be a size such as 1024 or 64K`},
		{`recv 3 -1`, `recv 3 `, `len must be from 0 to 256M`},
		{`recv 1000000000000`, `recv `, `len must be from 0 to 256M, but is 1000000000000`},
		{`recv 257M`, `recv `, `256M`},
		{`recv 99999999999999999999999`, `recv `, `len must be`},
		{`send fill:1T`, `send `, `256M`},
		{`recv 3 100 MSG_PEAK`, `recv 3 100 `, `did you mean "MSG_PEEK"?`},
		{`connect 127.0.0.1`, `connect `, `address must be HOST:PORT`},
		{`connect 127.0.0.1:99999`, `connect `, `port from 0 to 65535`},
		{`connect 1.2.3.4.5:80`, `connect `, `address`},
		{`connect [::1:80`, `connect `, `address`},
		{`connect`, ``, `address`},
		{`bind 127.0.0.1:80 extra`, `bind 127.0.0.1:80 `, `bind [fd] [address]`},
		{`connect $nobody`, `connect `, `$nobody`},
		{`connect $text`, `connect `, `$text`},
		{`send "\q"`, `send "`, `escape must be one of`},
		{`send "\xZZ"`, `send "`, `\x`},
		{`send "你好\q"`, `send "你好`, `escape must be one of`},
		{`send a\b`, `send a`, `backslash must stand in quotes`},
		{`send "abc`, `send `, `quote " must be closed`},
		{`send 'abc`, `send `, `quote ' must be closed`},
		{`send file:/nothing/here`, ``, `/nothing/here`},
		{`send hex:4g`, `send `, `hex`},
		{`shutdown sideways`, `shutdown `, `how must be`},
		{`fcntl F_NOTHING`, `fcntl `, `command must be`},
		{`socket(AF_INET`, `socket(AF_INET`, `must be`},
		{`socket(AF_INTE, SOCK_STREAM, 0)`, `socket(`, `did you mean "AF_INET"?`},
		{`bind(3, {sa_family=AF_INET, sin_port=htons(x)}, 16)`, `bind(3, {sa_family=AF_INET, sin_port=htons(`, `must be`},
		{`socket => sideways`, `socket => `, `expectation must be`},
		{`use 99`, `use `, `descriptor 99 is not open`},
		{`kill nobody`, `kill `, `job must be`},
		{`sleep soon`, `sleep `, `must be a time such as 250ms`},
		{`exit 1000`, `exit `, `status must be a number from 0 to 255`},
		{`set notes maybe`, `set notes `, `notes must be on or off`},
		{`rlimit nofile many`, `rlimit nofile `, `limit must be a number`},
		{`help nothing`, `help `, `topic must be`},
		{`print $nothing`, `print `, `$nothing`},
		{`source /nothing/here.sock`, ``, `/nothing/here.sock`},
	} {
		got := c.run(k.line)
		mark := strings.Repeat(" ", len("sock[3]> ")+width(k.before)) + "^ "
		if k.before == "" && !strings.HasPrefix(got, mark) {
			mark = "" // the whole line, or the machine, is wrong
		}
		if !strings.HasPrefix(got, mark) || !strings.Contains(got, k.says) || strings.Count(got, "\n") != 1 || strings.Contains(got, " = ") {
			t.Errorf("%s\ngave\n%s%s\nwant\n%s%s", k.line, "sock[3]> "+k.line+"\n", got, mark, k.says)
		}
	}
	c.runs("socket", `= 4\n`) // no call was made
	c.runs("getsockname srv", `= 0\n`)
	c.leaves()
}

func width(text string) (n int) {
	for _, r := range text {
		if n++; screen.Wide(r) {
			n++
		}
	}
	return n
}

// TestLargeReceive holds that what the limit allows works.
func TestLargeReceive(t *testing.T) {
	c := shell(t)
	c.runs("a, b = socketpair", `= 0\n`)
	c.runs("send a hello", `= 5\n`)
	c.runs("recv b 256M", `^recv\(4, "hello", 268435456, 0\) = 5\n$`)
	c.runs("recv(4, ..., 1000000000000, MSG_DONTWAIT)", `.`) // C gives the kernel what was written; the shell lives
	c.runs("send a again", `= 5\n`)
	c.runs("recv b", `"again"`)
	c.leaves()
}

// own is every control sequence that the shell itself writes; each newline is CR LF.
var own = regexp.MustCompile(`\x1b\[\?2004[hl]|\x1b\[[0-9]*[AC]|\r?\x1b\[J|\r\x1b\[[0-9]+A|\x1b\[(0|1|31|33|90)m|\r\n`)

// TestBytesOfPeers receives hostile bytes and has them shown in every way: none reaches the terminal raw.
func TestBytesOfPeers(t *testing.T) {
	random := make([]byte, 1<<20)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(random)
	var every []byte
	for i := range 256 {
		every = append(every, byte(i))
	}
	for _, k := range []struct {
		name  string
		bytes []byte
	}{
		{"escape sequences", []byte("\x1b[35mred\x1b[2J\x1b]0;title\x07\x1b[6n\x1bP1$r\x1b\\\x1b[?1049h\x9b31m\xc2\x9b31m")},
		{"control characters", []byte("a\rb\bc\vd\fe\x07f\x00g\x7fh\x1ai")},
		{"every byte", every},
		{"invisible and bidirectional", []byte("user\u202egpj.exe\u2066\u200b\ufeff\u00ad\u2028x")},
		{"invalid UTF-8", []byte("\xff\xfe\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80\xe4\xbd")},
		{"a megabyte", random},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := shell(t)
			c.mu.Lock()
			c.screen.Tabs = true // print leaves them, and newlines
			c.mu.Unlock()
			address := c.listens()
			conn, err := net.DialTimeout("tcp4", address, patience)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go conn.Write(k.bytes)
			c.runs("conn = accept", `= 4\n`)
			c.run("set strings 2M")
			var got string
			for left := len(k.bytes); left > 0; {
				var n int
				got = c.run("bytes = recv 1M")
				if _, err := fmt.Sscanf(got[strings.LastIndex(got, " = ")+3:], "%d", &n); err != nil || n <= 0 {
					t.Fatalf("recv gave %.200q", got)
				}
				c.run("print $bytes")
				c.run(`print "got $bytes" 'x'`)
				left -= n
			}
			c.run("send $bytes")
			c.run("x = $bytes")
			c.run("connect $bytes")
			c.run("jobs")
			c.run("fds")
			c.run("why")
			c.run("history")
			c.leaves()
			c.mu.Lock()
			defer c.mu.Unlock()
			rest := own.ReplaceAll(c.raw, nil)
			for i, b := range rest {
				if b < 0x20 && b != '\t' && b != '\n' || b == 0x7f {
					t.Fatalf("byte %#x reached the terminal: %q", b, rest[max(0, i-40):min(len(rest), i+40)])
				}
			}
			for _, bad := range []string{"\u009b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"} {
				if bytes.Contains(rest, []byte(bad)) {
					t.Errorf("%q reached the terminal", bad)
				}
			}
			if !bytes.Equal(bytes.ToValidUTF8(rest, nil), rest) {
				t.Error("invalid UTF-8 reached the terminal")
			}
		})
	}
}

// TestResetPeer sends to a peer that has reset the connection: an error, not the shell's death.
func TestResetPeer(t *testing.T) {
	c := shell(t)
	address := c.listens()
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	c.runs("accept", `= 4\n`)
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
	c.runs("send hello", `= -1 (ECONNRESET|EPIPE) .*\nhint: `)
	c.runs("send hello", `= -1 EPIPE \(Broken pipe\)\nhint: `)
	c.runs("write hello", `= -1 EPIPE \(Broken pipe\)\nhint: `)
	c.runs("sendall fill:1M", `= -1 EPIPE`)
	c.runs("recv", `= (0|-1 ECONNRESET)`)

	c.runs("a, b = socketpair", `= 0\n`)
	c.runs("close b", `= 0`)
	c.runs("send a hello", `= -1 EPIPE \(Broken pipe\)`)
	c.leaves()
}

// TestStandardFiles closes and replaces 0, 1 and 2: the shell and its terminal live on.
func TestStandardFiles(t *testing.T) {
	c := shell(t)
	c.runs("socket", `= 3\n`)
	c.runs("dup2 3 1", `^dup2\(3, 1\) = 1\n$`)
	for fd := range 3 {
		c.runs(fmt.Sprintf("close %d", fd), fmt.Sprintf(`^close\(%d\) = 0\n$`, fd))
	}
	c.runs("print alive", `^alive\n$`)
	for fd := range 3 {
		c.runs("socket", fmt.Sprintf(`= %d\n$`, fd))
	}
	c.runs("socket", `= 4\n`)
	c.runs("dup2 3 0", `= 0\n`)
	c.runs("connect @4 127.0.0.1:1", `ECONNREFUSED.*\nhint: `)
	c.runs("help accept", `accept\(2\)`)
	c.runs("fds", `(?m)^ +0 `)
	c.typed("accep" + tab)
	c.sees("sock[4]> accept| [fd]")
	c.typed(clear)
	raw, prompts := c.foreground("sleep 1000")
	c.pressed(ctrlC, raw, prompts)
	c.leaves()
}

// TestOwnDescriptors closes what is the shell's own: refused, by name.
func TestOwnDescriptors(t *testing.T) {
	c := shell(t)
	c.runs("socket", `= 3\n`)
	numbers := regexp.MustCompile(`(?m)^ +(\d+) .*the shell's own`).FindAllStringSubmatch(c.run("fds -a"), -1)
	if c.runs("fds -a", `the shell's own standard input`); len(numbers) < 3 {
		t.Fatalf("fds -a shows %d descriptors of the shell's own", len(numbers))
	}
	for _, n := range numbers {
		for _, line := range []string{"close " + n[1], "dup2 3 " + n[1], "dup3 3 " + n[1] + " 0", "close(" + n[1] + ")"} {
			c.runs(line, `^descriptor `+n[1]+` is the shell's own [a-z ]+, without which it cannot go on; nothing was called\n$`)
		}
	}
	c.runs("socket", `= 4\n`)
	c.leaves()
}

// TestTableFull runs out of descriptors: EMFILE is a result, and the shell itself goes on.
func TestTableFull(t *testing.T) {
	c := shell(t)
	c.listens()
	c.runs("rlimit nofile 8", `^$`)
	for fd := 4; fd < 8; fd++ {
		c.runs("socket", fmt.Sprintf(`= %d\n$`, fd))
	}
	c.runs("socket", `= -1 EMFILE \(Too many open files\)\nhint: `)
	c.runs("accept 3", `= -1 EMFILE \(Too many open files\)\nhint: `)
	c.runs("why", `(?s)rlimit|limit`)
	c.runs("help socket", `socket\(2\)`)
	c.runs("fds", `(?m)^ +\*?7 `)
	c.runs("history", `rlimit nofile 8`)
	c.runs("connect 4 localhost:1", `ECONNREFUSED`)
	c.typed("getpe" + tab)
	c.sees("sock[7]> getpeername |[fd]")
	c.typed(clear)
	c.runs("close 5", `= 0`)
	c.runs("socket", `= 5\n`)
	c.leaves()
}
