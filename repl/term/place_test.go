//go:build linux

package term

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The test binary runs itself as the program, told by this variable which part to play.
const partVariable = "SOCKSH_TERM_PART"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == LookupWord {
		os.Exit(LookupMain(os.Args[2:], os.Stdout))
	}
	parts := map[string]func(){
		"place": playPlace, "limit": playLimit, "numbers": playNumbers, "signals": playSignals, "panic": playPanic, "late": playLate,
		"hang": func() { unix.Pause() },
	}
	if part := parts[os.Getenv(partVariable)]; part != nil {
		part()
		os.Exit(0)
	}
	// What go test itself was started with must not reach the parts.
	for _, fd := range openNumbers("/proc/self/fd") {
		if fd >= firstFree {
			unix.CloseOnExec(fd)
		}
	}
	os.Exit(m.Run())
}

// play runs a part under a shell's setting ("ulimit -n 64") and gives what it wrote.
func play(t *testing.T, part, setting string, extra ...*os.File) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", setting+"\nexec \"$0\" 2>&1", self)
	cmd.Env = append(os.Environ(), partVariable+"="+part, "GORACE=atexit_sleep_ms=0")
	cmd.ExtraFiles = extra
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s under %q: %v\n%s", part, setting, err, out)
	}
	return string(out)
}

func socket() int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1
	}
	return fd
}

// playPlace starts as the shell does and shows where everything came to lie.
func playPlace() {
	var out strings.Builder
	r := Reserve(55)
	terminal, err := r.Own(1, "standard output")
	if err != nil {
		fmt.Println("own:", err)
		return
	}
	history, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		fmt.Println("history:", err)
		return
	}
	r.Release()
	var sockets []int
	for range 3 {
		sockets = append(sockets, socket())
	}
	fmt.Fprintln(&out, "sockets", sockets)
	fmt.Fprintln(&out, "inherited", r.Inherited())
	low := 0
	for _, fd := range r.Numbers() {
		if fd < r.Base() {
			low++
		}
	}
	fmt.Fprintln(&out, "base", r.Base(), "own below it", low, "in all", len(r.Numbers()))
	fmt.Fprintln(&out, "owns", r.Owns(int(terminal.Fd())), r.Owns(int(history.Fd())), r.Owns(sockets[0]))
	fmt.Fprintln(&out, r.Name(int(terminal.Fd())))
	fmt.Fprintln(&out, r.Name(int(history.Fd())))
	fmt.Fprintf(&out, "%q\n", r.Name(sockets[0]))
	pollers := 0
	for _, fd := range r.Numbers() {
		if r.Name(fd) == "the shell's own poller" {
			pollers++
		}
	}
	fmt.Fprintln(&out, "pollers", pollers)
	unix.Close(1)
	unix.Dup2(sockets[0], 1)
	io.WriteString(terminal, out.String())
	high := int(terminal.Fd())
	r.Disown(terminal)
	io.WriteString(os.Stderr, fmt.Sprintln("disowned", !r.Owns(high)))
}

func TestPlace(t *testing.T) {
	null, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	const rest = `
owns true true false
the shell's own standard output
the shell's own /dev/null
""
pollers 2
disowned true
`
	cases := []struct {
		name, setting string
		extra         []*os.File
		want          string
	}{
		{"plain", "", nil, "sockets [3 4 5]\ninherited []\nbase 55 own below it 0 in all 4" + rest},
		{"limit 64", "ulimit -n 64", nil, "sockets [3 4 5]\ninherited []\nbase 55 own below it 0 in all 4" + rest},
		{"limit 16", "ulimit -n 16", nil, "sockets [3 4 5]\ninherited []\nbase 7 own below it 0 in all 4" + rest},
		{"no stdin", "exec 0<&-", nil, "sockets [3 4 5]\ninherited []\nbase 55 own below it 0 in all 4" + rest},
		{"inherited 3", "", []*os.File{null}, "sockets [4 5 6]\ninherited [3]\nbase 55 own below it 0 in all 4" + rest},
		{"inherited 4", "exec 3<&-", []*os.File{null, null}, "sockets [3 5 6]\ninherited [4]\nbase 55 own below it 0 in all 4" + rest},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := play(t, "place", c.setting, c.extra...); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestPlaceInheritedAmongItsOwn(t *testing.T) {
	null, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	extra := slices.Repeat([]*os.File{null}, 60) // 3 to 62
	got := play(t, "place", "", extra...)
	if !strings.HasPrefix(got, "sockets [67 68 69]\n") || !strings.Contains(got, "\nbase 55 own below it 0 in all 4\n") {
		t.Errorf("the shell's own four should lie at 63 to 66:\n%s", got)
	}
}

func playLimit() {
	soft, hard, err := Limit()
	fmt.Println("go", soft, hard, err)
	fmt.Println(RestoreLimit())
	soft, hard, err = Limit()
	fmt.Println("restored", soft, hard, err)
	fmt.Println(SetLimit(64), SetLimit(hard+1) != nil)
	soft, _, _ = Limit()
	fmt.Println("set", soft)
	fmt.Println(RestoreLimit())
	soft, _, _ = Limit()
	fmt.Println("still", soft)
	child, err := exec.Command("sh", "-c", "ulimit -S -n").Output()
	fmt.Println("child", strings.TrimSpace(string(child)), err)
	last := 0
	for fd := socket(); fd >= 0; fd = socket() {
		last = fd
	}
	fmt.Println("last", last)
}

func TestLimit(t *testing.T) {
	want := `go 999 1000 <nil>
<nil>
restored 300 1000 <nil>
<nil> true
set 64
<nil>
still 64
child 64 <nil>
last 63
`
	if got := play(t, "limit", "ulimit -S -n 300; ulimit -H -n 1000"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func BenchmarkReserveRelease(b *testing.B) {
	for b.Loop() {
		Reserve(55).Release()
	}
}
