package view

import (
	"embed"
	"slices"
	"strings"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// topics are the texts of help TOPIC: a heading, then text in lines of at most 80 characters. What they say of the
// language must hold: their examples are read by a test.
//
//go:embed topics/*.txt
var topics embed.FS

const optionsTopic = "options"

// Topics are the names of all topics, in the order of help.
func Topics() []string {
	return []string{"current", "addresses", "bytes", "blocking", "variables", "expectations", "notation", optionsTopic, "scripts"}
}

func topicHelp(p *page, r *notation.Reader, name string) bool {
	if !slices.Contains(Topics(), name) {
		return false
	}
	if name == optionsTopic {
		optionsHelp(p, r)
		return true
	}
	text, err := topics.ReadFile("topics/" + name + ".txt")
	if err != nil {
		return false
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	p.head(first)
	p.lines(rest)
	return true
}

// A level is a level of options, its names, and where they are explained.
type level struct {
	name, manual string
	set          *names.Set
}

func levels() []level {
	return []level{
		{"SOL_SOCKET", "socket(7)", &names.SO}, {"IPPROTO_IP", "ip(7)", &names.IP}, {"IPPROTO_IPV6", "ipv6(7)", &names.IPV6},
		{"IPPROTO_TCP", "tcp(7)", &names.TCP}, {"IPPROTO_UDP", "udp(7)", &names.UDP},
	}
}

// optionsHelp lists the options of each level by name, and those whose value is no number.
func optionsHelp(p *page, r *notation.Reader) {
	p.head("options: what getsockopt and setsockopt read and change")
	p.lines(`
  setsockopt SO_REUSEADDR 1       in any case, with or without the prefix
  setsockopt reuseaddr on
  setsockopt tcp nodelay on       the level, where a name alone is not clear
  getsockopt TCP_INFO

A value is a number, on (1) or off (0), except where that is said below.
`)
	set := r.Call("setsockopt")
	for _, l := range levels() {
		p.line("")
		p.head("level " + l.name + ", " + l.manual)
		var all []string
		var others []names.Entry
		for _, e := range l.set.Entries {
			all = append(all, e.Name)
			if set != nil && valueText(set, l, e.N) != "" {
				others = append(others, e)
			}
		}
		p.wrapped(strings.Join(all, " "), 2)
		for _, e := range others {
			p.item(e.Name, valueText(set, l, e.N), 28)
		}
	}
}

// optionHelp is about one option, by its name in C.
func optionHelp(p *page, r *notation.Reader, name string) bool {
	for _, l := range levels() {
		n, ok := l.set.Exact(strings.ToUpper(name))
		if !ok || l.set.Name(n) == nil {
			continue
		}
		e := l.set.Name(n)
		p.head(e.Name + ": an option of level " + l.name)
		p.line("  getsockopt " + e.Name)
		value := ""
		if set := r.Call("setsockopt"); set != nil {
			value = valueText(set, l, n)
		}
		if value == "" {
			value = "a number, on (1) or off (0)"
		}
		p.line("  setsockopt " + e.Name + " VALUE    " + value)
		p.line("")
		p.line("manual: " + l.manual)
		return true
	}
	return false
}

// valueText says what an option takes, "" if it is a number.
func valueText(c *spec.Call, l level, option int64) string {
	level, ok := names.Level.Exact(l.name)
	if !ok {
		return ""
	}
	vals := make([]spec.Value, len(c.Args))
	var value spec.Type
	for i := range c.Args {
		switch c.Args[i].Name {
		case "level":
			vals[i] = spec.N(level)
		case "optname":
			vals[i] = spec.N(option)
		case "optval":
			value = c.Args[i].Type
			if p, ok := value.(*spec.Ptr); ok {
				value = p.To
			}
		}
	}
	t := spec.Resolve(value, &spec.Scope{Fields: c.Args, Vals: vals})
	if d, ok := t.(*spec.Dialect); ok {
		t = d.As
	}
	switch t := t.(type) {
	case *spec.Struct:
		if t.Word == spec.Duration {
			return "a time: 250ms, 2s"
		}
		if len(t.Fields) > few {
			return "a structure, only to be read"
		}
		var all []string
		for i := range t.Fields {
			all = append(all, t.Fields[i].Name)
		}
		return strings.Join(all, ",")
	case spec.CStr:
		return "text"
	case spec.IP4:
		return "an IPv4 address"
	case spec.Raw:
		return "bytes"
	}
	return ""
}
