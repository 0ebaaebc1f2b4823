package view

import (
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// verbs are as many as a shell has.
func verbs() []Verb {
	var all []Verb
	for _, name := range strings.Fields("fds use jobs fg wait kill blocked print sleep rlimit set source history save export tutorial in why help exit quit") {
		all = append(all, Verb{Name: name, Usage: name + " [X]", Summary: "do " + name})
	}
	all[0].Help = "More about it.\n"
	return all
}

func helpOf(t *testing.T, topic string) string {
	t.Helper()
	b, err := HelpFor(notation.NewReader(commands.Calls()), verbs(), topic, false)
	if err != nil {
		t.Fatalf("help %s: %v", topic, err)
	}
	return string(b)
}

func TestOverviewFitsAScreen(t *testing.T) {
	text := helpOf(t, "")
	if n := strings.Count(text, "\n"); n > 23 { // and the prompt
		t.Errorf("%d lines:\n%s", n, text)
	}
	for _, c := range commands.Calls() {
		if !slices.Contains(strings.Fields(text), c.Name) {
			t.Errorf("%s is missing", c.Name)
		}
	}
	for _, want := range append(append(Topics(), Tour()...), "tutorial", "quit") {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestHelpIsNoWiderThanATerminal(t *testing.T) {
	all := Helped(commands.Calls(), verbs())
	for _, topic := range append(all, "", "EINVAL", "eagain", "SO_LINGER") {
		text := helpOf(t, topic)
		for _, l := range strings.Split(text, "\n") {
			if runewidth.StringWidth(l) > 80 {
				t.Errorf("help %s: %q is wider than 80 cells", topic, l)
			}
			if strings.Contains(l, "\t") {
				t.Errorf("help %s: tab in %q", topic, l)
			}
		}
	}
}

// TestCallHelpSaysAll holds each call's help against its description.
func TestCallHelpSaysAll(t *testing.T) {
	for _, c := range commands.Calls() {
		plan := notation.NewPlan(c)
		text := strings.Join(strings.Fields(helpOf(t, c.Name)), " ")
		says := func(what string) {
			if !strings.Contains(text, strings.Join(strings.Fields(what), " ")) {
				t.Errorf("help %s does not say %q", c.Name, what)
			}
		}
		says(c.Summary)
		says(plan.Usage())
		says(notation.CUsage(c))
		says("manual: " + manual(c))
		for _, m := range c.Errors {
			says(m.Errno + " " + m.Text)
		}
		for _, e := range c.Example {
			says(e)
		}
		fields := fieldsOf(plan)
		for i, o := range plan.Operands() {
			if fields[i] == nil {
				t.Errorf("%s: no argument was found for the operand %s", c.Name, o.Name)
				continue
			}
			says(fields[i].Help)
			if d := fields[i].Default; d.Kind == spec.Num && d.N != 0 && !o.FD {
				says("default: " + string(notation.AppendWord(nil, fields[i].Type, d)))
			}
		}
		if c.Blocks != strings.Contains(text, "Ctrl-C interrupts it") {
			t.Errorf("help %s: whether it waits is wrong", c.Name)
		}
	}
}

func TestCallHelpInDetail(t *testing.T) {
	text := helpOf(t, "shutdown")
	for _, want := range []string{
		"shutdown: end one direction of a connection, or both, whoever else holds the\n  socket\n",
		"  in words        shutdown [fd] [how]\n",
		"  in C            shutdown(sockfd, how)\n",
		"  how             one of SHUT_RD, SHUT_WR, SHUT_RDWR; default: SHUT_WR\n                  SHUT_WR sends",
		"  returns         0; on an error -1 and the errno\n",
		"  ENOTCONN        the socket is not connected, so there is nothing to end\n",
		"Example\n  a, b = socketpair\n  shutdown a wr\n  recv b\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for topic, want := range map[string]string{
		"accept":      "a descriptor and an address: fd, addr = accept\n",
		"recv":        "the bytes: data = recv\n",
		"socketpair":  "a descriptor and a descriptor: fd, fd2 = socketpair\n",
		"ACCEPT":      "in words        accept [fd]",
		"fds":         "fds: do fds\n  fds [X]\n\nMore about it.\n",
		"eaddrinuse":  "EADDRINUSE: Address already in use\n  bind:\n      another socket has that address",
		"EWOULDBLOCK": "EAGAIN: ",
		"SO_LINGER":   "setsockopt SO_LINGER VALUE    l_onoff,l_linger",
		"tcp_nodelay": "setsockopt TCP_NODELAY VALUE    a number, on (1) or off (0)",
		"options":     "  SO_RCVTIMEO               a time: 250ms, 2s\n",
	} {
		if text := helpOf(t, topic); !strings.Contains(text, want) {
			t.Errorf("help %s: %q is missing in\n%s", topic, want, text)
		}
	}
}

func TestHelpForNothing(t *testing.T) {
	_, err := HelpFor(notation.NewReader(commands.Calls()), verbs(), "acept", false)
	if err == nil || !strings.Contains(err.Error(), `"acept" (did you mean "accept"?)`) {
		t.Errorf("%v", err)
	}
	b, err := HelpFor(notation.NewReader(commands.Calls()), verbs(), "current", true)
	if err != nil || !strings.HasPrefix(string(b), bold+"current: the current socket"+plain+"\n") {
		t.Errorf("no bold heading: %q, %v", b, err)
	}
}

// names are those that the topics use.
type nameEnv map[string]notation.Holds

func (e nameEnv) Name(name string) notation.Holds { return e[name] }
func (e nameEnv) Names() []string                 { return nil }

// TestTopicsAreReadable reads each example of the topics: an indented line that begins with a call or a builtin.
func TestTopicsAreReadable(t *testing.T) {
	r := notation.NewReader(commands.Calls())
	builtins := map[string]bool{}
	p := &line.Parser{Reader: r, Sources: "source"}
	for _, v := range verbs() {
		builtins[v.Name] = true
		p.Builtins = append(p.Builtins, v.Name)
	}
	env := nameEnv{"c": notation.Descriptor, "srv": notation.Descriptor, "s": notation.Descriptor, "conn": notation.Descriptor,
		"data": notation.Text, "addr": notation.Address, "y": notation.Number, "j": notation.Job}
	read := 0
	for _, name := range Topics() {
		if name == optionsTopic {
			continue
		}
		text, err := topics.ReadFile("topics/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(text), "\n") {
			code, indented := strings.CutPrefix(l, "  ")
			if !indented {
				continue
			}
			code, _, _ = strings.Cut(code, "  ")
			verb := code
			if _, right, assigns := strings.Cut(code, " = "); assigns && !strings.Contains(code, "(") {
				verb = right
			}
			word, _, _ := strings.Cut(verb, " ")
			if r.Call(word) == nil && !builtins[word] && !strings.Contains(code, " => ") {
				continue
			}
			read++
			if _, err := p.Line(code, 1, env); err != nil {
				t.Errorf("%s: %q: %v", name, code, err)
			}
		}
	}
	if read < 42 {
		t.Errorf("only %d examples were found", read)
	}
	for _, l := range Tour() {
		if _, err := p.Line(l, 1, env); err != nil {
			t.Errorf("tour: %q: %v", l, err)
		}
	}
}

// TestAddressTopic reads the forms of addresses that it lists.
func TestAddressTopic(t *testing.T) {
	plan := notation.NewPlan(findCall(t, "connect"))
	plan.IfIndex = func(string) (int64, bool) { return 1, true }
	for _, a := range []string{"127.0.0.1:8080", "[::1]:8080", "[fe80::1%lo]:8080", ":8080", "*:8080", "localhost:8080", "unix:/tmp/s", "/tmp/s", "unix:@name"} {
		if _, err := plan.Bind([]notation.Word{{Text: a, Col: 1}}, nil, nil); err != nil {
			t.Errorf("%s: %v", a, err)
		}
		if text := helpOf(t, "addresses"); !strings.Contains(text, "  "+a+"  ") {
			t.Errorf("%s is not in the topic", a)
		}
	}
}

func findCall(t testing.TB, name string) *spec.Call {
	t.Helper()
	c := notation.NewReader(commands.Calls()).Call(name)
	if c == nil {
		t.Fatalf("no call %s", name)
	}
	return c
}

func TestCallsTable(t *testing.T) {
	rows := strings.Split(strings.TrimSuffix(string(CallsTable()), "\n"), "\n")
	if len(rows) != 2+len(commands.Calls()) {
		t.Errorf("%d rows for %d calls", len(rows), len(commands.Calls()))
	}
	for _, r := range rows {
		if strings.Count(r, "|") != 5 {
			t.Errorf("%q must have four cells", r)
		}
	}
	if want := "| `recv` | `recv [fd] [len] [flags]` | receive at most len bytes; 0 is the end of a stream | recv(2) |"; !slices.Contains(rows, want) {
		t.Errorf("%q is missing", want)
	}
}
