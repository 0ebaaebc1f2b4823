package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"socksh/repl/term/screen"
)

const clear = "\x15" // Ctrl-U

func TestTab(t *testing.T) {
	c := open(t, env("NO_COLOR=1"))
	if err := os.WriteFile(filepath.Join(c.cmd.Dir, "some-script.sock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.runs("srv = socket", `= 3\n`)
	c.runs("x, y = socketpair", `\[4, 5\]\) = 0\n`)
	c.runs("use srv", `^$`)
	for _, k := range []struct {
		name, typed, line string
		menu              []string // words that the list below must and, behind a "-", must not have
	}{
		{"a call", "getp", "getpeername ", nil},
		{"as far as they agree", "getso", "getsock", nil},
		{"a list", "getsock", "getsock", []string{"getsockname", "getsockopt"}},
		{"a builtin", "his", "history ", nil},
		{"a descriptor's name", "accept s", "accept srv ", nil},
		{"only sockets for a call on sockets", "accept ", "accept ", []string{"3", "srv", "4", "x", "-0", "-1", "-2"}},
		{"any descriptor for close", "close ", "close ", []string{"0", "1", "2", "3", "srv"}},
		{"a constant in words", "socket in", "socket inet", nil},
		{"a type in words", "socket inet6 dg", "socket inet6 dgram ", nil},
		{"a constant in capitals", "socket AF_INET SOCK_DG", "socket AF_INET SOCK_DGRAM ", nil},
		{"one word for all three", "socket unix-d", "socket unix-dgram ", nil},
		{"a flag", "recv 100 MSG_PE", "recv 100 MSG_PEEK ", nil},
		{"behind a bar", "recv 100 peek|dontw", "recv 100 peek|dontwait ", nil},
		{"how", "shutdown rdw", "shutdown rdwr ", nil},
		{"an option without its level", "getsockopt so_rcvtimeo_n", "getsockopt so_rcvtimeo_new ", nil},
		{"an option of a level", "setsockopt tcp nodel", "setsockopt tcp nodelay ", nil},
		{"only a level's options", "setsockopt IPPROTO_TCP ", "setsockopt IPPROTO_TCP ", []string{"nodelay", "congestion", "-reuseaddr", "-so_reuseaddr", "-ttl"}},
		{"a command's flags", "fcntl F_SETFD ", "fcntl F_SETFD cloexec ", nil},
		{"C: a constant", "socket(AF_INET, SOCK_DG", "socket(AF_INET, SOCK_DGRAM", nil},
		{"C: an option of a level", "setsockopt(3, SOL_SOCKET, SO_REUSEA", "setsockopt(3, SOL_SOCKET, SO_REUSEADDR", nil},
		{"behind an assignment", "z = socket uni", "z = socket unix", nil},
		{"a file", "source some", "source some-script.sock ", nil},
		{"a UNIX path", "bind unix:some", "bind unix:some-script.sock ", nil},
		{"a topic", "help opt", "help options ", nil},
		{"a setting", "rlimit no", "rlimit nofile ", nil},
		{"a variable", "print $sr", "print $srv ", nil},
		{"nothing in a string", `send "acc`, `send "acc`, nil},
		{"nothing", "zzz", "zzz", nil},
	} {
		c.typed(k.typed + tab)
		if k.menu == nil {
			c.until(k.name+": "+k.line, func(s *screen.Screen) bool {
				text := s.Text()
				return text[strings.LastIndexByte(text, '\n')+1:] == "sock[3]> "+strings.TrimRight(k.line, " ") && s.Col == len("sock[3]> "+k.line)
			})
		} else {
			c.until(k.name+": the list", func(s *screen.Screen) bool {
				_, list, ok := strings.Cut("\n"+s.Text()+"\n", "\nsock[3]> "+strings.TrimRight(k.line, " ")+"\n")
				words := map[string]bool{}
				for _, w := range strings.Fields(list) {
					words[w] = true
				}
				for _, w := range k.menu {
					if w, not := strings.CutPrefix(w, "-"); words[w] == not {
						return false
					}
				}
				return ok
			})
		}
		c.typed(clear)
		c.sees("sock[3]> |")
		c.typed("\x0c") // Ctrl-L: the next list is then the only one
		c.until("a screen with nothing but the prompt", func(s *screen.Screen) bool { return s.Text() == "sock[3]>" })
	}
	c.leaves()
}

// TestTabOfJobs offers the jobs that run.
func TestTabOfJobs(t *testing.T) {
	c := open(t, env("NO_COLOR=1"))
	c.listens()
	c.runs("j = accept &", `^\[1\]`)
	c.typed("kill %" + tab)
	c.sees("sock[3]> kill %1 |")
	c.typed(clear + "wait j" + tab)
	c.sees("sock[3]> wait j |")
	c.typed(clear)
	c.runs("kill j", `EINTR`)
	c.leaves()
}

// TestGreyHints types a call word by word: the hint is what is still to come.
func TestGreyHints(t *testing.T) {
	c := shell(t)
	c.runs("socket", `= 3\n`)
	for _, typed := range [][][2]string{ // what is typed, and the hint then
		{{"socket", " [domain] [type] [protocol]"}, {" ", "[domain] [type] [protocol]"}, {"inet6", " [type] [protocol]"}, {" dgram", " [protocol]"}, {" udp", ""}},
		{{"sendto", " [fd] data [flags] address"}, {` "x"`, " [flags] address"}, {" dontwait", " address"}, {" :9", ""}},
		{{"sendto", " [fd] data [flags] address"}, {" 3", " data [flags] address"}, {` "x"`, " [flags] address"}},
		{{"recv", " [fd] [len] [flags]"}, {" 1024", " [flags]"}, {" peek", ""}},
		{{"recv 3 1024", " [flags]"}},
		{{"listen 5", ""}},
		{{"setsockopt ", "[fd] [level] option value"}, {"SO_REUSEADDR", " value"}, {" 1", ""}},
		{{"setsockopt 3 ", "[level] option value"}, {"tcp ", "option value"}, {"nodelay ", "value"}, {"1", ""}},
		{{"c = accept", " [fd]"}, {" 3", ""}},
		{{"connect(", "sockfd, addr, addrlen)"}, {"3, ", "addr, addrlen)"}, {"{sa_family=AF_INET}, ", "addrlen)"}, {"16", ")"}, {")", ""}},
		{{"blocked", " %N [for TIME]"}, {" %1", " [for TIME]"}},
		{{"nonsense", ""}},
	} {
		line := "sock[3]> "
		for _, k := range typed {
			c.typed(k[0])
			line += k[0]
			c.grey(line, k[1])
		}
		c.typed("\x1b[H") // the cursor is not at the end: no hint
		c.sees(strings.Replace(line, "> ", "> |", 1))
		c.typed("\x1b[F")
		c.grey(line, typed[len(typed)-1][1])
		c.typed(clear)
		c.sees("sock[3]> |")
	}
	c.leaves()
}

func TestDidYouMean(t *testing.T) {
	c := shell(t)
	c.runs("socket", `= 3\n`)
	for _, k := range []struct {
		line, before string // before is what stands before what is wrong
		right        string
	}{
		{"sokcet", "", "socket"}, {"conect 127.0.0.1:80", "", "connect"}, {"fsd", "", "fds"},
		{"setsockopt SO_REUSADDR 1", "setsockopt ", "SO_REUSEADDR"}, {"socket inet7", "socket ", "AF_INET"},
		{"recv 100 pek", "recv 100 ", "MSG_PEEK"}, {"help acept", "help ", "accept"}, {"set note on", "set ", "notes"},
		{"socket(AF_INTE, SOCK_STREAM, 0)", "socket(", "AF_INET"},
	} {
		got := c.run(k.line)
		mark := strings.Repeat(" ", len("sock[3]> "+k.before)) + "^ "
		if !strings.HasPrefix(got, mark) || !strings.Contains(got, `(did you mean "`+k.right+`"?)`) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s gave\n%s", k.line, got)
		}
	}
	c.leaves()
}

func TestColours(t *testing.T) {
	for _, k := range []struct {
		name, flag string
		env        []string
		coloured   bool
	}{
		{"by itself", "", nil, true},
		{"NO_COLOR", "", []string{"NO_COLOR=1"}, false},
		{"TERM=dumb", "", []string{"TERM=dumb"}, false},
		{"--color=never", "--color=never", nil, false},
		{"--color=always", "--color=always", []string{"NO_COLOR=1", "TERM=dumb"}, true},
		{"--color=auto", "--color=auto", []string{"NO_COLOR=1"}, false},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := open(t, with(k.flag, k.env...))
			c.typed("listen")
			if k.coloured {
				c.grey("sock> listen", " [fd] [backlog]")
			} else {
				c.sees("sock> listen|")
			}
			c.runs(" @99", `EBADF`)
			c.run("help listen")
			c.run("fds")
			c.leaves()
			c.mu.Lock()
			defer c.mu.Unlock()
			red := strings.Contains(string(c.raw), "\x1b[31m")
			if any := colour.Match(c.raw); any != k.coloured || red != k.coloured {
				t.Errorf("coloured %v, an error in red %v; want %v", any, red, k.coloured)
			}
		})
	}
}

func TestHistoryFile(t *testing.T) {
	state := t.TempDir()
	for _, run := range []func(c *terminal){
		func(c *terminal) {
			c.runs("socket udp", `= 3\n`)
			c.runs(`print "第一"`, `^第一\n$`)
			c.runs("socket unix", `= 4\n`)
			c.runs("history", `(?s)^ +1  socket udp\n +2  print "第一"\n +3  socket unix\n +4  history\n$`)
		},
		func(c *terminal) {
			c.runs("history", `^ +1  history\n$`) // this session's
			c.typed("\x1b[A")
			c.sees("sock> history|")
			c.typed("\x1b[A\x1b[A")
			c.sees(`sock> print "第一"|`)
			c.typed("\x1b[B")
			c.sees("sock> socket unix| [type] [protocol]")
			c.typed(clear + ctrlR)
			c.until("the search", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "search") })
			c.typed("udp")
			c.until("what was found", func(s *screen.Screen) bool { return strings.HasSuffix(s.Text(), "socket udp") })
			c.runs("", `^socket\(AF_INET, SOCK_DGRAM, IPPROTO_IP\) = 3\n$`)
		},
	} {
		c := open(t, env("XDG_STATE_HOME="+state, "NO_COLOR="))
		run(c)
		c.leaves()
		path := filepath.Join(state, "socksh", "history")
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("the history's mode is %v", info.Mode())
		}
		if info, err = os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("its folder: %v, %v", info, err)
		}
	}
}

func TestStartFile(t *testing.T) {
	config := t.TempDir()
	path := filepath.Join(config, "socksh", "start.sock")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct{ name, text, shows, prompt string }{
		{"runs", "s = socket udp\nset strings 4\n", "socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3", "sock[3]> |"},
		{"is wrong", "socket\nsokcet\n", "start.sock:2:1: ", "sock> |"},
		{"has an error", "socket\nlisten 99 5\nsocket\n", "listen(99, 5) = -1 EBADF", "sock[4]> |"}, // a result, as at the prompt
		{"fails", "socket\nlisten 99 5 => ok\nsocket\n", "start.sock:2: listen 99 5", "sock[3]> |"},
		{"leaves", "exit 7\n", "", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(k.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if k.prompt == "" {
				c := start(t, env("XDG_CONFIG_HOME="+config))
				if got := c.status(); got != 7 {
					t.Errorf("status %d, want 7", got)
				}
				c.restored()
				return
			}
			c := open(t, env("XDG_CONFIG_HOME="+config))
			c.sees(k.prompt)
			c.until(k.shows, func(s *screen.Screen) bool { return strings.Contains(s.All(), k.shows) })
			c.runs("socket udp", `SOCK_DGRAM`)
			c.leaves()
		})
	}
}

func TestHelpAtThePrompt(t *testing.T) {
	c := shell(t)
	c.runs("help", `(?s)accept.*fds`)
	c.runs("help accept", `(?s)accept\(2\)`)
	c.runs("help fds", `asked of the kernel`)
	c.runs("help options", `(?s)SO_REUSEADDR|reuseaddr`)
	c.runs("socket", `= 3\n`)
	c.runs("connect 127.0.0.1:1", `ECONNREFUSED.*\nhint: `)
	c.runs("why", `(?s)ECONNREFUSED|refused`)
	c.leaves()
}

// TestChinese types, sends, receives and shows wide text.
func TestChinese(t *testing.T) {
	c := shell(t)
	c.runs("a, b = socketpair", `= 0\n`)
	c.runs(`send a "套接字：打开—读写—关闭"`, `^send\(3, "套接字：打开—读写—关闭", 36, 0\) = 36\n$`)
	c.runs("text = recv b 1024", `^recv\(4, "套接字：打开—读写—关闭", 1024, 0\) = 36\n$`)
	c.runs("print $text", `^套接字：打开—读写—关闭\n$`)
	c.runs("send a 你好", `^send\(3, "你好", 6, 0\) = 6\n$`)
	c.runs("recv b 5", `^recv\(4, "你\\345\\245", 5, 0\) = 5  # 1 more byte waits\n$`) // cut in the middle of a character
	// Correcting within wide text.
	c.typed(`print "你们好"` + "\x1b[D\x1b[D\x7f")
	c.until("the corrected line", func(s *screen.Screen) bool { return strings.Contains(s.Text(), `> print "你好"`) })
	c.runs("", `^你好\n$`)
	c.leaves()
}

func TestLeaving(t *testing.T) {
	for line, status := range map[string]int{"exit": 0, "quit": 0, "exit 3": 3, "quit 255": 255} {
		c := shell(t)
		c.typed(line + "\r")
		if got := c.status(); got != status {
			t.Errorf("%s: status %d", line, got)
		}
		c.restored()
	}
	c := shell(t)
	c.typed("half" + ctrlD) // deletes to the right: nothing
	c.sees("sock> half|")
	c.typed(ctrlC)
	c.sees("sock> half^C", "sock> |")
	c.leaves()
}
