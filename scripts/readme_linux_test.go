package scripts

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"socksh/repl/term/screen"
)

var update = flag.Bool("update", false, "write the session of README.md anew")

var (
	promptRow = regexp.MustCompile(`^sock(?:\[\d+\])?> (.*)$`)
	jobRow    = regexp.MustCompile(`^\[\d+\]\+ `)
	typedPort = regexp.MustCompile(`127\.0\.0\.1:(\d+)`)
	shownPort = regexp.MustCompile(`\b(?:3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[456]\d{4})\b`)
)

// TestREADMESession types the lines of the session at the top of README.md: the screen is to become the picture in the
// README, but for the ports that the kernel chooses.
func TestREADMESession(t *testing.T) {
	const path = "../README.md"
	const begin, end, command = "\n```\n", "\n```\n", "$ go run .\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	session, after, closed := strings.Cut(rest, end)
	picture, started := strings.CutPrefix(session, command)
	if !ok || !closed || !started {
		t.Fatalf("the first block of %s is no session that begins with %q", path, command)
	}

	// The README's port may be taken on this machine, if only by what an earlier test left in TIME_WAIT.
	here := map[string]string{}
	for _, found := range typedPort.FindAllStringSubmatch(picture, -1) {
		if port := found[1]; !shownPort.MatchString(port) && here[port] == "" {
			here[port] = freePort(t, len(here))
		}
	}
	c := open(t, env("NO_COLOR=1"))
	rows := strings.Split(picture, "\n")
	typed := 0
	for i, row := range rows {
		line := promptRow.FindStringSubmatch(row)
		if line == nil {
			continue
		}
		typed++
		_, prompts := c.mark()
		c.typed(typedPort.ReplaceAllStringFunc(line[1], func(at string) string {
			host, port, _ := strings.Cut(at, ":")
			return host + ":" + here[port]
		}) + "\r")
		c.next(line[1], prompts)
		for _, row := range rows[i+1:] {
			if promptRow.MatchString(row) {
				break
			}
			if job := jobRow.FindString(row); job != "" { // it comes when it comes
				c.until(job, func(s *screen.Screen) bool { return strings.Contains(s.All(), "\n"+job) })
			}
		}
	}
	if typed == 0 {
		t.Fatal("nothing is typed in the README's session")
	}
	var shown string
	c.until("the last prompt", func(s *screen.Screen) bool { // it is drawn a moment after the line has ended
		shown = s.All()
		last := promptRow.FindStringSubmatch(shown[strings.LastIndexByte(shown, '\n')+1:] + " ")
		return last != nil && last[1] == ""
	})
	shown = shown[:max(0, strings.LastIndexByte(shown, '\n'))] // without the last prompt
	for port, free := range here {
		shown = regexp.MustCompile(`\b`+free+`\b`).ReplaceAllLiteralString(shown, port)
	}
	shown = jobsLast(shown)
	c.leaves()
	switch {
	case numbered(shown) == numbered(picture):
	case *update:
		if err := os.WriteFile(path, []byte(before+begin+command+shown+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the shell shows\n%s\nREADME.md has\n%s\nIf the shell is right: go test ./scripts -run README -update", shown, picture)
	}
}

// freePort finds a port that can be bound and that the kernel chooses for nobody meanwhile. Ports of other nth are others.
func freePort(t *testing.T, nth int) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd) // bound without having listened, it leaves nothing behind
	for port := 20000 + nth*1000; port < 21000+nth*1000; port++ {
		if unix.Bind(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}) == nil {
			return strconv.Itoa(port)
		}
	}
	t.Skip("no port from 20000 on is free")
	return ""
}

// jobsLast puts the lines of jobs below what the line that let them end has shown: accept may return before connect does.
func jobsLast(text string) string {
	rows := strings.Split(text, "\n")
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && !promptRow.MatchString(rows[to]) {
			to++
		}
		slices.SortStableFunc(rows[from:to], func(a, b string) int {
			rank := func(row string) int { return len(jobRow.FindAllString(row, 1)) }
			return rank(a) - rank(b)
		})
		from = to
	}
	return strings.Join(rows, "\n")
}

// numbered names the ports that the kernel chose in the order of their appearance.
func numbered(text string) string {
	names := map[string]string{}
	return shownPort.ReplaceAllStringFunc(text, func(port string) string {
		if names[port] == "" {
			names[port] = fmt.Sprintf("PORT%d", len(names)+1)
		}
		return names[port]
	})
}
