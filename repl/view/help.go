package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// A Verb describes a builtin for people.
type Verb struct {
	Name    string
	Usage   string // "use FD"
	Summary string // one lower-case line, no full stop
	Help    string // more, in lines of at most 78 characters; empty: the summary says it all
}

// HelpFor is what help shows for a call, a builtin, a topic, an errno or an option; for "" it is the overview. An error
// names what there is instead.
func HelpFor(r *notation.Reader, verbs []Verb, topic string, bold bool) ([]byte, error) {
	p := &page{bold: bold}
	lower := strings.ToLower(topic)
	switch c := r.Call(lower); {
	case topic == "":
		overview(p, r.Calls, verbs)
	case c != nil:
		callHelp(p, r.Plan(c))
	case verbHelp(p, verbs, lower), topicHelp(p, r, lower), errnoHelp(p, r.Calls, topic), optionHelp(p, r, topic):
	default:
		return nil, errors.New(noHelp(r.Calls, verbs, topic))
	}
	return p.b, nil
}

func noHelp(calls []*spec.Call, verbs []Verb, topic string) string {
	return fmt.Sprintf("topic must be a call, a builtin or one of %s, but is %q%s", strings.Join(Topics(), ", "), topic,
		notation.DidYouMean(topic, Helped(calls, verbs)))
}

// Helped is every word that help takes, for completion: calls, builtins and topics.
func Helped(calls []*spec.Call, verbs []Verb) []string {
	var all []string
	for _, c := range calls {
		all = append(all, c.Name)
	}
	for _, v := range verbs {
		all = append(all, v.Name)
	}
	return append(all, Topics()...)
}

// Tour is the lines that show a newcomer both ends of a connection; they run as they stand, in a fresh session.
func Tour() []string {
	return []string{
		"srv = socket              # the server's end",
		"bind; listen              # at a port that the kernel chooses",
		"conn = accept &           # waits for a client, as a job",
		"addr = getsockname srv    # where the server listens",
		"c = socket                # the client's end",
		"connect $addr             # and accept returns",
		"send \"hello\"",
		"recv conn",
	}
}

// overview fits a terminal of 24 lines.
func overview(p *page, calls []*spec.Call, verbs []Verb) {
	p.line("Each command is one system call, made for real; these are the calls:")
	for _, f := range commands.Families() {
		var all []string
		for i := range f.Calls {
			if slices.ContainsFunc(calls, func(c *spec.Call) bool { return c.Name == f.Calls[i].Name }) {
				all = append(all, f.Calls[i].Name)
			}
		}
		p.item(f.Name, strings.Join(all, " "), 22)
	}
	var all []string
	for _, v := range verbs {
		all = append(all, v.Name)
	}
	p.headed("Builtins", strings.Join(all, " "), 22)
	p.headed("Topics", strings.Join(Topics(), " "), 22)
	p.head("Both ends of a connection")
	for _, l := range Tour() {
		p.line("  " + l)
	}
	p.line("More: help accept, help jobs, help addresses, help EADDRINUSE; why.")
}

// callHelp is all that the table says about a call.
func callHelp(p *page, plan *notation.Plan) {
	c := plan.Call
	p.head(c.Name + ": " + c.Summary)
	p.item("in words", plan.Usage(), itemWidth)
	p.item("in C", cUsage(c), itemWidth)
	if len(c.Preset) > 0 {
		var all []string
		for _, preset := range c.Preset {
			all = append(all, preset.Word)
		}
		p.item("in one word", c.Name+" "+strings.Join(all, " | "), itemWidth)
	}
	if ops := plan.Operands(); len(ops) > 0 {
		p.head("Operands")
		fields := fieldsOf(plan)
		for i := range ops {
			p.item(ops[i].Name, operandText(&ops[i], fields[i]), itemWidth)
			if f := fields[i]; f != nil && f.Help != "" {
				p.wrapped(f.Help, itemWidth)
			}
		}
	}
	p.head("Result")
	p.item("returns", returns(c)+"; on an error -1 and the errno", itemWidth)
	if text := gives(c); text != "" {
		p.item("assigning", text, itemWidth)
	}
	if c.Repeats != "" {
		p.item("calls", c.Repeats+", again and again until all is done", itemWidth)
	}
	if c.Blocks {
		p.item("waits", "where the call has to, in the kernel: Ctrl-C interrupts it (EINTR), & or Ctrl-Z makes it a job", itemWidth)
	}
	p.head("Errors")
	for _, m := range c.Errors {
		p.item(m.Errno, m.Text, itemWidth)
	}
	p.head("Example")
	for _, e := range c.Example {
		p.line("  " + e)
	}
	p.line("")
	p.line("manual: " + manual(c))
}

func manual(c *spec.Call) string {
	if c.Manual != "" {
		return c.Manual
	}
	return c.Name + "(2)"
}

func verbHelp(p *page, verbs []Verb, name string) bool {
	for _, v := range verbs {
		if v.Name == name {
			p.head(v.Name + ": " + v.Summary)
			p.line("  " + v.Usage)
			if v.Help != "" {
				p.line("")
				p.lines(v.Help)
			}
			return true
		}
	}
	return false
}

// errnoHelp is what an errno means for each call.
func errnoHelp(p *page, calls []*spec.Call, topic string) bool {
	name := strings.ToUpper(topic)
	n, ok := names.Errnos().Exact(name)
	if !ok {
		return false
	}
	name = names.Errno(n).Name()
	p.head(name + ": " + names.Errno(n).Text())
	var texts []string
	by := map[string][]string{}
	for _, c := range calls {
		for _, m := range c.Errors {
			if m.Errno == name {
				if by[m.Text] == nil {
					texts = append(texts, m.Text)
				}
				by[m.Text] = append(by[m.Text], c.Name)
			}
		}
	}
	for _, t := range texts {
		p.wrapped(strings.Join(by[t], ", ")+":", 2)
		p.wrapped(t, 6)
	}
	p.line("")
	p.line("manual: errno(3)")
	return true
}

// CallsTable is a Markdown table of all calls, for the README.
func CallsTable() []byte {
	b := []byte("| call | in words | what it does | manual |\n|---|---|---|---|\n")
	for _, c := range commands.Calls() {
		b = fmt.Appendf(b, "| `%s` | `%s` | %s | %s |\n", c.Name, notation.NewPlan(c).Usage(), strings.ReplaceAll(c.Summary, "|", `\|`), manual(c))
	}
	return b
}
