package scripts

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/repl/term/screen"
)

// peer is another program, and both ends of a conversation with it.
type peer struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startPeer(t *testing.T, name string, args ...string) *peer {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	p := &peer{t: t, cmd: exec.CommandContext(t.Context(), path, args...)}
	p.in, err = p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	})
	return p
}

func (p *peer) line() string {
	p.t.Helper()
	text, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("the peer said %q, %v", text, err)
	}
	return strings.TrimSuffix(text, "\n")
}

// TestArticlesServer is the server of "Socket 通信原理" word for word, with clients that know nothing of this shell.
func TestArticlesServer(t *testing.T) {
	const python = `
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(sys.stdin.readline().encode())
print(s.recv(1024).decode(), end="", flush=True)
print(repr(s.recv(1024)), flush=True)`
	for _, client := range []struct {
		name string
		args func(host, port string) []string
		end  string // what the client says of the end of the connection
	}{
		{"nc", func(host, port string) []string { return []string{host, port} }, ""},
		{"python3", func(host, port string) []string { return []string{"-c", python, host, port} }, "b''"},
	} {
		t.Run(client.name, func(t *testing.T) {
			c := shell(t)
			c.runs("socket", `^socket\(AF_INET, SOCK_STREAM, IPPROTO_IP\) = 3\n$`)
			c.sees("sock[3]> |")
			address := c.runs("bind 127.0.0.1:0", `its address is (\S+)\n`)[1]
			c.runs("listen", `^listen\(3, 128\) = 0  # CLOSE -> LISTEN\n$`)
			raw, prompts := c.blocks("accept", unix.SYS_ACCEPT)
			host, port, _ := net.SplitHostPort(address)
			p := startPeer(t, client.name, client.args(host, port)...)
			c.next("accept", prompts)
			if got := c.since(raw); !strings.HasPrefix(got, "accept(3, {sa_family=AF_INET, sin_port=htons(") || !strings.HasSuffix(got, ", [128 => 16]) = 4\n") {
				t.Errorf("accept gave %q", got)
			}
			c.sees("sock[4]> |")
			io.WriteString(p.in, "hello, 服务器\n")
			c.runs("recv 1024", `^recv\(4, "hello, 服务器\\n", 1024, 0\) = 17\n$`)
			c.runs(`send "hello, 客户\n"`, `^send\(4, "hello, 客户\\n", 14, 0\) = 14\n$`)
			if got := p.line(); got != "hello, 客户" {
				t.Errorf("the client received %q", got)
			}
			c.runs("close", `^close\(4\) = 0`)
			c.sees("sock[3]> |")
			p.in.Close()
			if client.end != "" {
				if got := p.line(); got != client.end {
					t.Errorf("the client saw %q at the end", got)
				}
			}
			c.runs("close", `^close\(3\) = 0`)
			c.sees("sock> |")
			if err := p.cmd.Wait(); err != nil {
				t.Error(err)
			}
			c.leaves()
		})
	}
}

// TestArticlesClient is its client, against real servers.
func TestArticlesClient(t *testing.T) {
	converse := func(t *testing.T, address string) {
		c := shell(t)
		c.runs("socket", `= 3\n$`)
		c.runs("connect "+address, `^connect\(3, \{sa_family=AF_INET, sin_port=htons\(\d+\), sin_addr=inet_addr\("127\.0\.0\.1"\)\}, 16\) = 0  # .*ESTABLISHED\n$`)
		c.runs(`send "GET / HTTP/1.0\r\n\r\n"`, `= 18(  #.*)?\n$`) // the server may have answered and closed already
		c.runs("recv 1024", `^recv\(3, "got GET / HTTP/1\.0", 1024, 0\) = 18(  #.*)?\n$`)
		c.runs("recv 1024", `^recv\(3, "", 1024, 0\) = 0`)
		c.runs("close", `^close\(3\) = 0`)
		c.leaves()
	}
	t.Run("go", func(t *testing.T) {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			b := make([]byte, 18)
			io.ReadFull(conn, b)
			fmt.Fprintf(conn, "got %s", b[:14])
		}()
		converse(t, l.Addr().String())
	})
	t.Run("python3", func(t *testing.T) {
		p := startPeer(t, "python3", "-c", `
import socket
s = socket.create_server(("127.0.0.1", 0))
print("%s:%d" % s.getsockname(), flush=True)
c, _ = s.accept()
c.sendall(b"got " + c.recv(18)[:14])`)
		converse(t, p.line())
	})
}

// TestNumbers holds that the user's sockets have the numbers that they have in C.
func TestNumbers(t *testing.T) {
	c := shell(t)
	want := 3
	for range 3 {
		c.runs("socket", fmt.Sprintf(`= %d\n$`, want))
		want++
	}
	c.run("help accept")
	c.run("fds")
	c.run("history")
	c.runs("connect localhost:1", `ECONNREFUSED`) // resolving opens files
	for range 10 {
		raw, prompts := c.mark()
		c.typed(strings.Repeat("socket;", 29) + "socket\r")
		c.next("30 sockets", prompts)
		for i, row := range strings.Split(strings.TrimSuffix(c.since(raw), "\n"), "\n") {
			if !strings.HasSuffix(row, fmt.Sprintf(" = %d", want+i)) {
				t.Fatalf("%s, want %d", row, want+i)
			}
		}
		want += 30
	}
	c.runs("socket", fmt.Sprintf(`= %d\n$`, want))
	c.leaves()
}

// TestBothEnds holds that the line of a job appears above a half-typed one, which stays as it was.
func TestBothEnds(t *testing.T) {
	for _, half := range []struct{ name, typed, left, right, rest, gives string }{
		{"plain", `send "hello`, `send "he`, `llo`, `"`, `^send\(5, "hello", 5, 0\) = 5\n$`},
		{"wide", `send "套接字你好`, `send "套接字`, `你好`, `"`, `^send\(5, "套接字你好", 15, 0\) = 15\n$`},
	} {
		t.Run(half.name, func(t *testing.T) {
			c := shell(t)
			address := c.listens()
			c.runs("accept &", `^\[1\] accept\(3, <unfinished \.\.\.>\n$`)
			c.runs("c = socket", `= 5\n$`) // the blocked accept holds 4
			c.runs("connect "+address, `= 0 `)
			c.until("the accept's line", func(s *screen.Screen) bool { return strings.Contains(s.All(), "[1]+ accept(3, {sa_family=AF_INET") })
			c.runs("wait", `^$`) // the number of a job is free a moment after its line

			c.runs("accept 3 &", `^\[1\] accept\(3, <unfinished \.\.\.>\n$`)
			back := strings.Count(half.right, "") - 1
			c.typed(half.typed + strings.Repeat("\x1b[D", back))
			c.sees("sock[5]> " + half.left + "|" + half.right)
			conn, err := net.DialTimeout("tcp4", address, patience)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			port := conn.LocalAddr().(*net.TCPAddr).Port
			c.sees(fmt.Sprintf(`[1]+ accept(3, {sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 6`, port),
				"sock[5]> "+half.left+"|"+half.right)
			c.typed("\x1b[F" + half.rest)
			c.sees("sock[5]> " + half.typed + half.rest + "| [flags]")
			c.runs("", half.gives)
			c.runs("recv 4 1024", `^recv\(4, `)
			c.leaves()
		})
	}
}

// TestNoticesWhileCompleting holds that a job's line and a list of candidates do not spoil each other.
func TestNoticesWhileCompleting(t *testing.T) {
	c := open(t, env("NO_COLOR=1"))
	address := c.listens()
	c.runs("accept &", `unfinished`)
	c.typed("getso" + tab)
	c.sees("sock[3]> getsock|")
	c.typed(tab)
	c.sees("sock[3]> getsock|", "getsockname  getsockopt")
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c.until("the accept's line above the prompt", func(s *screen.Screen) bool {
		rows := strings.Split(s.Text(), "\n")
		for i := 1; i < len(rows); i++ {
			if rows[i] == "sock[3]> getsock" && strings.HasPrefix(rows[i-1], "[1]+ accept(3, {") && s.Col == len(rows[i]) {
				return true
			}
		}
		return false
	})
	c.typed("n" + tab)
	c.sees("sock[3]> getsockname |")
	c.runs("", `^getsockname\(3, `)
	c.leaves()
}
