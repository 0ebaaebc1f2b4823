package repl

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
	"socksh/repl/builtin"
	views "socksh/repl/view"
)

// A fitting offers what fits at the cursor, and hints at what is still to come: both from the table's descriptions.
type fitting struct{ *shell }

// A sofar is a half-typed line: the statement that the cursor is in.
type sofar struct {
	words []string // whole words before the last; their quotes are gone
	last  string   // the word that the cursor is at the end of, "" behind a blank
	quote bool     // the cursor is in a quoted word
}

// at splits what stands before the cursor, roughly: a half-typed line need not be right.
func at(before string) sofar {
	var t sofar
	var w []byte
	quote, in := byte(0), false
	for i := 0; i < len(before); i++ {
		switch c := before[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			} else {
				w = append(w, c)
			}
		case c == '"' || c == '\'':
			quote, in = c, true
		case c == ';' && !strings.Contains(string(w), "("):
			t.words, w, in = nil, nil, false
		case c == ' ' || c == '\t':
			if in {
				t.words, w, in = append(t.words, string(w)), nil, false
			}
		default:
			w, in = append(w, c), true
		}
	}
	t.last, t.quote = string(w), quote != 0
	// NAME[, NAME] = CALL and [N] CALL: the call is what follows
	for i, w := range t.words {
		if w == "=" {
			t.words = t.words[i+1:]
			break
		}
	}
	return t
}

// complete gives what could stand in place of the last word.
func (c *fitting) complete(before string) []Candidate {
	if name, args, ok := cCall(before); ok {
		return c.constantsOfC(name, args)
	}
	t := at(before)
	if t.quote {
		return nil
	}
	if len(t.words) == 0 {
		return c.verbs(t.last)
	}
	if call := c.reader.Call(t.words[0]); call != nil {
		return c.operands(call, t)
	}
	switch builtin.Takes(t.words[0]) {
	case builtin.Socket:
		return c.descriptors(t.last, false)
	case builtin.Job:
		return c.jobs(t.last)
	case builtin.File:
		return c.files("", t.last)
	case builtin.Topic:
		return c.topics(t.last)
	case builtin.Setting:
		return matching(t.last, settings(t.words))
	case builtin.Text:
		return c.variables(t.last)
	}
	return nil
}

func settings(words []string) []string {
	switch {
	case words[0] == "rlimit" && len(words) == 1:
		return []string{"nofile"}
	case words[0] == "set" && len(words) == 1:
		return []string{"notes", "strings"}
	case words[0] == "set" && words[1] == "notes":
		return []string{"on", "off"}
	}
	return nil
}

// matching offers those of the words that begin with what was typed, in whatever case.
func matching(last string, words []string) []Candidate {
	var all []Candidate
	for _, w := range words {
		if len(w) >= len(last) && strings.EqualFold(w[:len(last)], last) {
			all = append(all, Candidate{Text: w, Suffix: true, Typed: len(last)})
		}
	}
	return all
}

func (c *fitting) verbs(last string) []Candidate {
	var all []string
	for _, call := range c.reader.Calls {
		all = append(all, call.Name)
	}
	return matching(last, append(all, builtin.Names()...))
}

func (c *fitting) topics(last string) []Candidate {
	var all []string
	for _, call := range c.reader.Calls {
		all = append(all, call.Name)
	}
	return matching(last, append(append(all, builtin.Names()...), views.Topics()...))
}

func (c *fitting) jobs(last string) []Candidate {
	var all []string
	for _, t := range c.session.Jobs() {
		all = append(all, "%"+strconv.Itoa(t.Number()))
	}
	for _, name := range c.session.Names() {
		if c.session.Name(name) == notation.Job {
			all = append(all, name)
		}
	}
	return matching(last, all)
}

func (c *fitting) variables(last string) []Candidate {
	var all []string
	for _, name := range c.session.Names() {
		all = append(all, "$"+name)
	}
	slices.Sort(all)
	return matching(last, all)
}

// operands offers what fits at the place of the word, and at the places behind it that may be reached by leaving
// optional ones out.
func (c *fitting) operands(call *spec.Call, t sofar) []Candidate {
	ops := c.reader.Plan(call).Operands()
	k := len(t.words) - 1
	if len(ops) > 0 && ops[0].FD && (k == 0 || !c.isDescriptor(t.words[1])) {
		// the current socket stands in for the descriptor, or the descriptor is the word being typed
		var all []Candidate
		if k == 0 {
			all = c.descriptors(t.last, call.Args[0].Name == "sockfd")
		}
		return append(all, c.from(call, ops, k+1, t)...)
	}
	return c.from(call, ops, k, t)
}

func (c *fitting) from(call *spec.Call, ops []notation.Operand, k int, t sofar) []Candidate {
	if strings.HasPrefix(t.last, "$") {
		return c.variables(t.last)
	}
	if skips(ops, k, t.words) {
		k++
	}
	word := wordOf(ops, k, t.words)
	var all, optional []Candidate // what must be given comes first: options before their levels
	for ; k < len(ops); k++ {
		if !ops[k].Optional {
			all = c.operand(&ops[k], t, word)
			break
		}
		optional = append(optional, c.operand(&ops[k], t, word)...)
	}
	all = append(all, optional...)
	if len(t.words) == 1 && t.last != "" {
		for i := range call.Preset {
			all = append(all, matching(t.last, []string{call.Preset[i].Word})...)
		}
	}
	return unique(all)
}

func unique(all []Candidate) []Candidate {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(x Candidate) bool {
		was := seen[x.Text]
		seen[x.Text] = true
		return was
	})
}

func (c *fitting) operand(o *notation.Operand, t sofar, word func(string) (string, *names.Set)) []Candidate {
	switch o.Type.(type) {
	case spec.FD:
		return c.descriptors(t.last, false)
	case *spec.Tagged:
		if path, ok := strings.CutPrefix(t.last, "unix:"); ok {
			return c.files("unix:", path)
		}
		return append(matching(t.last, []string{"127.0.0.1:", "[::1]:", "localhost:", "unix:"}), c.addresses(t.last)...)
	case spec.Blob:
		if path, ok := strings.CutPrefix(t.last, "file:"); ok {
			return c.files("file:", path)
		}
		if t.last == "" {
			return nil
		}
		return matching(t.last, []string{"file:", "fill:", "hex:"})
	case spec.File:
		return c.files("", t.last)
	}
	var all []Candidate
	bar := strings.LastIndexByte(t.last, '|') + 1
	for _, set := range chosen(o.Type, word) {
		all = append(all, constants(set, t.last[bar:])...)
	}
	return all
}

// constants offers a set's names as they are being typed: whole in capitals, else short.
func constants(set *names.Set, last string) []Candidate {
	var all []Candidate
	for i := range set.Entries {
		name := set.Entries[i].Name
		short := set.Short(name)
		switch {
		case last == "" || strings.HasPrefix(short, strings.ToLower(last)) && last != strings.ToUpper(last):
			all = append(all, Candidate{Text: short, Suffix: true, Typed: len(last)})
		case strings.HasPrefix(strings.ToLower(name), strings.ToLower(last)):
			if last != strings.ToUpper(last) {
				name = strings.ToLower(name)
			}
			all = append(all, Candidate{Text: name, Suffix: true, Typed: len(last)})
		}
	}
	return all
}

func (c *fitting) addresses(last string) []Candidate {
	var all []string
	for _, name := range c.session.Names() {
		if c.session.Name(name) == notation.Address {
			all = append(all, "$"+name)
		}
	}
	return matching(last, all)
}

// mostOffered is how many descriptors are worth looking at for a list to choose from.
const mostOffered = 200

// descriptors offers numbers and names; where the call takes sockets only, only sockets.
func (c *fitting) descriptors(last string, sockets bool) []Candidate {
	fds, err := wire.Open()
	if err != nil {
		return nil
	}
	var all []string
	for _, fd := range fds {
		if c.own.Owns(fd) {
			continue
		}
		var s wire.Socket
		if sockets && (wire.Look(fd, &s) != nil || s.Kind != "socket") {
			continue
		}
		all = append(all, strconv.Itoa(fd))
		all = append(all, c.session.NamesOf(fd)...)
		if len(all) > mostOffered {
			break
		}
	}
	return matching(last, all)
}

func (c *fitting) isDescriptor(word string) bool {
	if n, err := strconv.Atoi(strings.TrimPrefix(word, "@")); err == nil {
		return n >= 0
	}
	return c.session.Name(strings.TrimPrefix(word, "$")) == notation.Descriptor
}

// files offers the names in a folder.
func (c *fitting) files(before, path string) []Candidate {
	dir, base := filepath.Split(path)
	var entries []os.DirEntry
	c.host.Do(func() {
		if dir == "" {
			entries, _ = os.ReadDir(".") // a folder that cannot be read offers nothing
		} else {
			entries, _ = os.ReadDir(dir)
		}
	})
	var all []Candidate
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "" || !bareName(name) {
			continue
		}
		x := Candidate{Text: before + dir + name, Suffix: true, Typed: len(before) + len(path)}
		if e.IsDir() {
			x.Text, x.Suffix = x.Text+"/", false
		}
		all = append(all, x)
	}
	return all
}

// bareName says whether a name can stand in a line as it is.
func bareName(name string) bool {
	return string(notation.Escape(nil, []byte(name))) == name && !strings.ContainsAny(name, " '\"$;#&\\(){}")
}
