package repl

import (
	"strings"

	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/builtin"
)

// cCall reads the C spelling so far: name( and the arguments before the cursor.
func cCall(before string) (name string, args []string, ok bool) {
	open := strings.IndexByte(before, '(')
	if open < 0 || strings.ContainsAny(before[:open], "\"'") {
		return "", nil, false
	}
	head := strings.TrimSpace(before[:open])
	if i := strings.LastIndexAny(head, " =;"); i >= 0 {
		if i != len(head)-1 && head[i] == ' ' && !strings.Contains(head[:i+1], "=") {
			return "", nil, false // words whose last one holds a parenthesis
		}
		head = head[i+1:]
	}
	depth, at := 0, open+1
	quote := false
	for i := open + 1; i < len(before); i++ {
		switch c := before[i]; {
		case c == '"':
			quote = !quote
		case quote:
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			if depth--; depth < 0 {
				return head, nil, false // the call is whole
			}
		case c == ',' && depth == 0:
			args, at = append(args, before[at:i]), i+1
		}
	}
	return head, append(args, before[at:]), true
}

// constantsOfC offers the constants of the argument that the cursor is in.
func (c *fitting) constantsOfC(name string, args []string) []Candidate {
	call := c.reader.Call(name)
	k := len(args) - 1
	fields := spelled(call)
	if k >= len(fields) {
		return nil
	}
	last := strings.TrimLeft(args[k], " ")
	last = last[strings.LastIndexAny(last, "|[ ")+1:]
	var all []Candidate
	for _, set := range chosen(fields[k].Type, argumentOf(fields, k, args)) {
		for i := range set.Entries {
			if n := set.Entries[i].Name; strings.HasPrefix(n, strings.ToUpper(last)) {
				all = append(all, Candidate{Text: n, Typed: len(last)})
			}
		}
	}
	return all
}

// spelled is the arguments that the C spelling has.
func spelled(call *spec.Call) []*spec.Field {
	var all []*spec.Field
	if call != nil {
		for i := range call.Args {
			if !call.Args[i].Kernel {
				all = append(all, &call.Args[i])
			}
		}
	}
	return all
}

// hint is what is still to come of the line, shown in grey.
func (c *fitting) hint(line string) string {
	if name, args, ok := cCall(line); ok {
		return cHint(c.reader.Call(name), args)
	}
	t := at(line)
	words := t.words
	if t.last != "" || t.quote {
		words = append(words, t.last)
	}
	if len(words) == 0 {
		return ""
	}
	var rest []string
	if call := c.reader.Call(words[0]); call != nil {
		ops := c.reader.Plan(call).Operands()
		k := len(words) - 1
		if k > 0 && len(ops) > 0 && ops[0].FD && !(c.isDescriptor(words[1]) && c.leads(call, words[1:])) {
			k++
		}
		if skips(ops, k, words) {
			k++
		}
		for ; k < len(ops); k++ {
			name := ops[k].Name
			if ops[k].Optional {
				name = "[" + name + "]"
			}
			rest = append(rest, name)
		}
	} else {
		for _, v := range builtin.Verbs() {
			if v.Name == words[0] {
				rest = strings.Fields(v.Usage)
				rest = rest[min(len(words), len(rest)):]
			}
		}
	}
	if len(rest) == 0 {
		return ""
	}
	text := strings.Join(rest, " ")
	if !strings.HasSuffix(line, " ") {
		text = " " + text
	}
	return text
}

// leads says whether the first word is the descriptor: by the rule of the words, bound so far.
func (c *fitting) leads(call *spec.Call, words []string) bool {
	list := make([]notation.Word, len(words))
	for i, w := range words {
		list[i] = notation.Word{Text: w, Col: 1}
	}
	vals, err := c.reader.Plan(call).Bind(list, c.session, nil)
	return err != nil || vals[0].Kind != spec.Current
}

func cHint(call *spec.Call, args []string) string {
	fields := spelled(call)
	if len(fields) < len(args) {
		return ""
	}
	var rest []string
	for _, f := range fields[len(args):] {
		rest = append(rest, f.Name)
	}
	text := strings.Join(rest, ", ")
	switch last := args[len(args)-1]; {
	case strings.TrimSpace(last) == "":
		if text = fields[len(args)-1].Name; len(rest) > 0 {
			text += ", " + strings.Join(rest, ", ")
		}
	case text != "":
		text = ", " + text
	}
	return text + ")"
}
