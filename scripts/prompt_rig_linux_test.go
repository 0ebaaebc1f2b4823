package scripts

import (
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"socksh/repl/term"
	"socksh/repl/term/screen"
)

// patience bounds each wait of a test; nothing waits that long unless it fails.
const patience = 20 * time.Second

const (
	columns = 200 // wide enough for the trace lines of these tests
	rows    = 50
)

const (
	ctrlC     = "\x03"
	ctrlD     = "\x04"
	ctrlR     = "\x12"
	ctrlZ     = "\x1a"
	ctrlQuit  = "\x1c"
	tab       = "\t"
	pasteFrom = "\x1b[200~"
	pasteTo   = "\x1b[201~"
)

// A terminal is the whole program at a real pseudo-terminal, with somebody who types and a screen that somebody looks at.
type terminal struct {
	t     *testing.T
	pty   *term.PTY
	cmd   *exec.Cmd
	found unix.Termios
	ended chan struct{} // closed when the program has ended

	mu     sync.Mutex
	screen *screen.Screen
	raw    []byte // all that reached the terminal
	news   chan struct{}
}

// open starts the program and waits for its prompt; how may change what is started.
func open(t *testing.T, how func(*exec.Cmd)) *terminal {
	t.Helper()
	c := start(t, how)
	c.until("the prompt", func(s *screen.Screen) bool { return s.Paste })
	return c
}

// start starts the program in a home and a folder of its own.
func start(t *testing.T, how func(*exec.Cmd)) *terminal {
	t.Helper()
	// What this process was given by its own parent would take numbers from the user.
	if err := unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	pty, err := term.OpenPTY(columns, rows)
	if err != nil {
		t.Fatal(err)
	}
	cmd := program(t)
	cmd.Dir = t.TempDir()
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "NO_COLOR=", "XDG_STATE_HOME=", "XDG_CONFIG_HOME=")
	if how != nil {
		how(cmd)
	}
	c := &terminal{t: t, pty: pty, cmd: cmd, ended: make(chan struct{}), screen: screen.New(columns, rows), news: make(chan struct{}, 1)}
	if c.found, err = pty.Modes(); err != nil {
		t.Fatal(err)
	}
	if err := pty.Start(cmd); err != nil {
		t.Fatal(err)
	}
	go func() {
		cmd.Wait()
		close(c.ended)
	}()
	go c.watch()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-c.ended
		pty.Close()
		c.mu.Lock()
		defer c.mu.Unlock()
		if len(c.screen.Faults) > 0 {
			t.Errorf("reached the terminal: %q and more, %d in all", c.screen.Faults[0], len(c.screen.Faults))
		}
	})
	return c
}

// shell is open without anything special.
func shell(t *testing.T) *terminal {
	t.Helper()
	return open(t, nil)
}

// env adds to the program's environment.
func env(vars ...string) func(*exec.Cmd) {
	return func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, vars...) }
}

// with is env with an argument more, if it is not empty.
func with(arg string, vars ...string) func(*exec.Cmd) {
	return func(cmd *exec.Cmd) {
		if env(vars...)(cmd); arg != "" {
			cmd.Args = append(cmd.Args, arg)
		}
	}
}

func (c *terminal) watch() {
	b := make([]byte, 64<<10)
	for {
		n, err := c.pty.Driver.Read(b)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.screen.Write(b[:n])
		c.raw = append(c.raw, b[:n]...)
		c.mu.Unlock()
		select {
		case c.news <- struct{}{}:
		default:
		}
	}
}

func (c *terminal) typed(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.pty.Driver, keys); err != nil {
		c.t.Fatal(err)
	}
}

// until waits until what is on the screen satisfies f.
func (c *terminal) until(what string, f func(s *screen.Screen) bool) {
	c.t.Helper()
	limit := time.After(patience)
	for {
		c.mu.Lock()
		ok, seen := f(c.screen), c.screen.String()
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-c.news:
		case <-limit:
			c.t.Fatalf("waited for %s; the screen is\n%s", what, seen)
		}
	}
}

// sees waits until the last rows on the screen are these. A | in one of them is where the cursor stands.
func (c *terminal) sees(want ...string) {
	c.t.Helper()
	up, col := 0, -1
	shown := make([]string, len(want))
	for i, row := range want {
		before, after, ok := strings.Cut(row, "|")
		if shown[i] = strings.TrimRight(before+after, " "); ok {
			up, col = len(want)-1-i, 0
			for _, r := range before {
				if col++; screen.Wide(r) {
					col++
				}
			}
		}
	}
	c.until(strings.Join(want, "\n"), func(s *screen.Screen) bool {
		text := s.Text()
		return strings.HasSuffix("\n"+text, "\n"+strings.Join(shown, "\n")) && (col < 0 || s.Col == col && s.Row == strings.Count(text, "\n")-up)
	})
}

// grey waits until the hint behind the line is this, "" for none.
func (c *terminal) grey(line, hint string) {
	c.t.Helper()
	c.until(fmt.Sprintf("%q with the hint %q", line, hint), func(s *screen.Screen) bool {
		text := s.Text()
		text = text[strings.LastIndexByte(text, '\n')+1:]
		return text == strings.TrimRight(line+hint, " ") && (hint == "" || s.Grey == hint) && s.Col == len([]rune(line))
	})
}

// run types a line, waits for the next prompt, and gives what was shown between the two, without colours.
func (c *terminal) run(line string) string {
	c.t.Helper()
	from, prompts := c.mark()
	c.typed(line + "\r")
	c.next(line, prompts)
	return c.since(from)
}

// runs is run; what it gives must match the pattern.
func (c *terminal) runs(line, pattern string) []string {
	c.t.Helper()
	got := c.run(line)
	found := regexp.MustCompile(pattern).FindStringSubmatch(got)
	if found == nil {
		c.t.Fatalf("%s gave\n%s\nwant a match of\n%s", line, got, pattern)
	}
	return found
}

func (c *terminal) mark() (raw, prompts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.raw), c.screen.Prompts
}

// next waits for a prompt beyond so many.
func (c *terminal) next(after string, prompts int) {
	c.t.Helper()
	c.until("the prompt after "+after, func(s *screen.Screen) bool { return s.Paste && s.Prompts > prompts })
}

var colour = regexp.MustCompile(`\x1b\[[0-9]*m`)

// since gives what was shown from there on between the end of a line and the next prompt.
func (c *terminal) since(from int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, text, _ := strings.Cut(string(c.raw[from:]), "\x1b[?2004l")
	text, _, _ = strings.Cut(text, "\x1b[?2004h")
	return strings.ReplaceAll(colour.ReplaceAllString(text, ""), "\r\n", "\n")
}

// blocks types a line, and waits until a thread of the program sleeps in that system call.
func (c *terminal) blocks(line string, number int) (raw, prompts int) {
	c.t.Helper()
	raw, prompts = c.mark()
	c.typed(line + "\r")
	c.asleep(line, number, 1)
	return raw, prompts
}

// asleep is asleep for this program.
func (c *terminal) asleep(what string, number, threads int) {
	c.t.Helper()
	if !asleep(c.cmd.Process.Pid, number, threads) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.t.Fatalf("%s: no %d threads sleep in call %d; the screen is\n%s", what, threads, number, c.screen)
	}
}

// asleep waits until so many threads of a process sleep in a system call: the kernel is asked.
func asleep(pid, number, threads int) bool {
	start := fmt.Sprintf("%d ", number)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", pid))
		n := 0
		for _, path := range tasks {
			if b, err := os.ReadFile(path); err == nil && strings.HasPrefix(string(b), start) {
				n++
			}
		}
		if n == threads {
			return true
		}
	}
	return false
}

// idle waits until the program waits in all its threads and no signal is on its way to it: what a line begins it has
// begun then, and what signals mean has been done.
func (c *terminal) idle(what string) {
	c.t.Helper()
	// A thread that is about to sleep is asleep for the kernel before its switches are counted, so two looks are not enough.
	same, last := 0, ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		now, ok := sleeping(c.cmd.Process.Pid)
		if !ok || now != last {
			same = 0
		} else if same++; same == 3 {
			return
		}
		last = now
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t.Fatalf("%s: the program does not come to rest; the screen is\n%s", what, c.screen)
}

// sleeping says whether all threads of a process sleep without a pending signal (proc(5), /proc/PID/status). What it
// gives besides differs if one of them has run between two looks.
func sleeping(pid int) (counts string, ok bool) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	var b strings.Builder
	for _, path := range tasks {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", false
		}
		b.WriteString(path)
		pending := uint64(0)
		for line := range strings.Lines(string(text)) {
			switch name, value, _ := strings.Cut(line, ":"); name {
			case "State":
				if !strings.HasPrefix(strings.TrimSpace(value), "S") {
					return "", false
				}
			case "SigPnd":
				pending, _ = strconv.ParseUint(strings.TrimSpace(value), 16, 64)
			case "SigBlk": // a signal that the thread blocks may stay pending: Go's SIGURG does where calls are made
				if blocked, _ := strconv.ParseUint(strings.TrimSpace(value), 16, 64); pending&^blocked != 0 {
					return "", false
				}
			case "ShdPnd":
				if strings.Trim(value, "0 \t\n") != "" {
					return "", false
				}
			case "voluntary_ctxt_switches", "nonvoluntary_ctxt_switches":
				b.WriteString(value)
			}
		}
	}
	return b.String(), len(tasks) > 0
}

// pressed presses a key while a line runs, and gives what the line then shows.
func (c *terminal) pressed(key string, raw, prompts int) string {
	c.t.Helper()
	c.typed(key)
	c.next(fmt.Sprintf("%q", key), prompts)
	return c.since(raw)
}

// status waits for the program's end.
func (c *terminal) status() int {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		c.mu.Lock()
		defer c.mu.Unlock()
		c.t.Fatalf("the program does not end; the screen is\n%s", c.screen)
	}
	return c.cmd.ProcessState.ExitCode()
}

// leaves presses Ctrl-D: the shell is to end well and to leave the terminal as it was.
func (c *terminal) leaves() {
	c.t.Helper()
	c.typed(ctrlD)
	if got := c.status(); got != 0 {
		c.t.Errorf("status %d, want 0", got)
	}
	c.restored()
}

func (c *terminal) restored() {
	c.t.Helper()
	if now, err := c.pty.Modes(); err != nil || now != c.found {
		c.t.Errorf("the terminal's modes are %+v, %v; they were %+v", now, err, c.found)
	}
	c.until("the end of bracketed paste", func(s *screen.Screen) bool { return !s.Paste })
}

// listens makes a listener at the prompt and gives its address.
func (c *terminal) listens() (address string) {
	c.t.Helper()
	c.runs("socket", `= \d+\n$`)
	address = c.runs("bind 127.0.0.1:0", `its address is (127\.0\.0\.1:\d+)\n`)[1]
	c.runs("listen", `listen\(\d+, 128\) = 0  # CLOSE -> LISTEN\n`)
	return address
}
