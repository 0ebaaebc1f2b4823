package line

import (
	"slices"
	"strconv"
	"strings"

	"socksh/commands/notation"
	"socksh/commands/spec"
)

// A Parser reads lines. It is for one goroutine: it keeps a lexer and what it learned of equal lines.
type Parser struct {
	Reader   *notation.Reader
	Builtins []string               // the verbs that make no system call
	Actor    func(name string) bool // whether NAME: is a known actor; nil: none is
	// Sources is the builtin whose run may assign names that a script's text does not show; empty: none.
	Sources string

	split splitter
	verbs map[string]verb // what can begin a line
	calls []string
	spare []spec.Value // see values
	fresh []Statement  // of scripts
	room  int          // see batch
}

// A verb is what a first word means: a call, or a builtin.
type verb struct {
	name string
	call *spec.Call     // nil: a builtin
	plan *notation.Plan // made when the call is first met
}

func (v *verb) builtin() bool { return v.name != "" && v.call == nil }

// Line reads one line, its statements separated by ;. text may hold newlines only where they do not end the line:
// in quotes, and in C's brackets. env answers for the names that exist; nil: none does. An error is a
// *notation.SyntaxError. No statement, but a comment, may be on the line: then the list is empty.
func (p *Parser) Line(text string, number int, env notation.Env) ([]Statement, error) {
	p.split.begin()
	known := newTracked(env)
	var all []Statement
	for at := 0; ; {
		all = append(all, Statement{Line: number})
		st := &all[len(all)-1]
		end, err := p.statement(text, at, known, st)
		if err != nil {
			return nil, err
		}
		if st.Col == 0 {
			all = all[:len(all)-1]
		} else {
			known.assign(st)
		}
		if end == len(text) {
			return all, nil
		}
		at = end + 1
		if text[end] == '\n' && strings.TrimSpace(text[at:]) != "" {
			return nil, fail(text, at, "line must end here")
		}
	}
}

// A reading is one statement on its way.
type reading struct {
	*Parser
	s   string // the line, and what follows it
	env *tracked
	st  *Statement
}

// statement reads one statement from byte at on into st, of which Col stays 0 if there is none. end is the byte where
// it stopped: a newline, a ; or the text's end.
func (p *Parser) statement(s string, at int, env *tracked, st *Statement) (end int, err error) {
	i := spaces(s, at)
	if i == len(s) || s[i] == '\n' || s[i] == ';' {
		return i, nil
	}
	if s[i] == '#' {
		return lineEnd(s, i), nil
	}
	st.Col = p.split.column(s, i)
	r := reading{Parser: p, s: s, env: env, st: st}
	start := i
	if i, err = r.front(i); err != nil {
		return i, err
	}
	behind, end, err := r.body(i)
	if err != nil {
		return end, err
	}
	st.Text = strings.TrimRight(s[start:behind], " \t\r\n")
	return end, r.results()
}

func spaces(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

// front reads what may stand before a call: [1]+, NAME: and NAME, NAME =.
func (r *reading) front(i int) (int, error) {
	s := r.s
	if s[i] == '[' {
		j := i + 1
		n := 0
		for j < len(s) && digit(s[j]) && n < 1e8 {
			n = n*10 + int(s[j]-'0')
			j++
		}
		if j > i+1 && j < len(s) && s[j] == ']' {
			r.st.JobMark = n
			if j++; j < len(s) && s[j] == '+' {
				r.st.JobDone = true
				j++
			}
			i = spaces(s, j)
		}
	}
	n := word(s, i)
	if n > i && n < len(s) && s[n] == ':' && (n+1 == len(s) || blank(s[n+1])) {
		r.st.Actor = s[i:n]
		if r.Actor == nil || !r.Actor(r.st.Actor) {
			return i, r.fail(i, "NAME: must be a known actor, but is "+r.st.Actor)
		}
		i = spaces(s, n+1)
	}
	return r.names(i), nil
}

// names reads NAME, NAME = and gives the byte behind it; i if no assignment stands there.
func (r *reading) names(i int) int {
	s := r.s
	for j := i; ; j++ {
		n := word(s, spaces(s, j))
		j = spaces(s, n)
		if n == i || j == len(s) || s[j] != ',' && s[j] != '=' || !letter(s[i]) || !digit(s[n-1]) && !letter(s[n-1]) {
			return i
		}
		if s[j] == ',' {
			continue
		}
		if j+1 < len(s) && (s[j+1] == '=' || s[j+1] == '>') {
			return i
		}
		for name := range strings.SplitSeq(s[i:j], ",") {
			r.st.Assign = append(r.st.Assign, strings.Trim(name, " \t\r"))
		}
		return spaces(s, j+1)
	}
}

// word is the end of the name that begins at i with a letter, or i.
func word(s string, i int) int {
	if i < len(s) && letter(s[i]) {
		return nameEnd(s, i)
	}
	return i
}

func (r *reading) fail(at int, msg string) error { return fail(r.s, at, msg) }

// body reads the call itself and all behind it. behind is where the statement's text ends, end where reading goes on.
func (r *reading) body(i int) (behind, end int, err error) {
	s := r.s
	if i == len(s) || s[i] == '\n' || s[i] == ';' || s[i] == '#' {
		return i, i, r.fail(i, "call must follow")
	}
	n := word(s, i)
	v := r.verb(s[i:n])
	if n > i && !v.builtin() {
		j := n
		for j < len(s) && (s[j] == ' ' || s[j] == '\t') {
			j++
		}
		if j < len(s) && s[j] == '(' {
			return r.c(i, j)
		}
		if m := word(s, n+1); s[n:min(n+1, len(s))] == "." && m > n+1 && m < len(s) && s[m] == '(' {
			return i, i, r.fail(i, "Python's spelling is not read yet: write "+s[n+1:m]+" in words or in C's spelling")
		}
	}
	words, j, stop, err := r.split.split(s, i)
	if err != nil {
		return i, j, err
	}
	if len(words) == 0 {
		return i, j, r.fail(i, "call must follow")
	}
	if stop != stopExpect {
		words = r.background(words)
	}
	if len(words) == 0 {
		return i, j, r.fail(i, "call must stand before &")
	}
	if err := r.words(words, v); err != nil {
		return i, j, err
	}
	return r.tail(j)
}

// background takes a last, bare & off.
func (r *reading) background(words []notation.Word) []notation.Word {
	if w := &words[len(words)-1]; w.Text == "&" && w.Bare() {
		r.st.Background = true
		return words[:len(words)-1]
	}
	return words
}

// verb tells what a first word begins; neither a call nor a builtin is the zero verb.
func (p *Parser) verb(name string) verb {
	if p.verbs == nil {
		p.verbs = map[string]verb{}
		for _, c := range p.Reader.Calls {
			p.verbs[c.Name] = verb{name: c.Name, call: c}
			p.calls = append(p.calls, c.Name)
		}
		for _, b := range p.Builtins {
			p.verbs[b] = verb{name: b}
		}
	}
	v := p.verbs[name]
	if v.call != nil && v.plan == nil {
		v.plan = p.Reader.Plan(v.call)
		v.plan.IfIndex = p.Reader.IfIndex
		p.verbs[name] = v
	}
	return v
}

// words gives a line in words its meaning.
func (r *reading) words(words []notation.Word, v verb) error {
	st, w := r.st, &words[0]
	if err := r.variables(words); err != nil {
		return err
	}
	if w.Ref != "" && st.Assign == nil {
		st.Kind = Check
		st.Vals = []spec.Value{{Kind: spec.Ref, B: []byte(w.Ref)}}
		if len(words) > 1 {
			return r.refuse(&words[1], "=> must follow $"+w.Ref)
		}
		return nil
	}
	if !w.Bare() || w.Text != v.name {
		v = verb{} // the word goes on behind the name
	}
	switch {
	case v.call != nil:
		return r.call(words, v)
	case v.builtin():
		st.Kind, st.Name, st.Words = Builtin, w.Text, slices.Clone(words[1:])
		st.Late = late(words)
		return nil
	case st.Assign != nil && len(words) == 1 && literal(w):
		return r.value(w)
	}
	if len(words) > 1 && words[1].Bare() && words[1].Text == "=" {
		return r.refuse(w, "name must be of letters a to z, digits and _, and begin with no digit, but is "+strconv.Quote(w.Text))
	}
	return r.unknown(w, len(words))
}

// literal says whether a word alone may be what a name is set to.
func literal(w *notation.Word) bool {
	return w.Quoted || w.Parts != nil || w.Ref != "" || w.Text != "" && (digit(w.Text[0]) || w.Text[0] == '-') ||
		strings.HasPrefix(w.Text, "hex:") || strings.HasPrefix(w.Text, "fill:") || strings.HasPrefix(w.Text, "file:")
}

// call binds words to a call's operands.
func (r *reading) call(words []notation.Word, v verb) error {
	st := r.st
	for i := range words {
		if w := &words[i]; w.Bare() && (w.Text == "&" || w.Text == "{" || w.Text == "}") {
			return r.refuse(w, `a bare "`+w.Text+`" is no operand of `+words[0].Text+": quote it")
		}
	}
	st.Call = v.call
	var err error
	if st.Vals, err = v.plan.Bind(words[1:], r.env, r.values(len(v.call.Args))); err != nil {
		if e := err.(*notation.SyntaxError); e.Col == 0 {
			e.Col = words[0].Col
		}
		return err
	}
	if late(words) {
		st.Late, st.Words = true, slices.Clone(words[1:])
	}
	return nil
}

// firstSlab and slab are for how many statements memory is asked for at once, for the first ones and later: a single
// line is not to touch pages that it does not need.
const (
	firstSlab = 4
	slab      = 32
)

// batch is how many statements the next piece of memory is for.
func (p *Parser) batch() int {
	p.room = min(max(2*p.room, firstSlab), slab)
	return p.room
}

// values gives room for a call's values.
func (p *Parser) values(n int) []spec.Value {
	if len(p.spare) < n {
		p.spare = make([]spec.Value, 4*p.batch())
	}
	v := p.spare[:n:n]
	p.spare = p.spare[n:]
	return v
}

func late(words []notation.Word) bool {
	for i := range words {
		if words[i].Parts != nil {
			return true
		}
	}
	return false
}

// value reads what a name is set to without a call.
func (r *reading) value(w *notation.Word) error {
	st := r.st
	st.Kind = Value
	t := spec.Type(spec.Raw{})
	if w.Bare() && (digit(w.Text[0]) || w.Text[0] == '-') {
		t = spec.Int{Size: 8}
	}
	v, err := notation.ReadWord(t, w, nil)
	if err != nil {
		return r.refuse(w, "value "+err.(*notation.SyntaxError).Msg)
	}
	if w.Parts != nil {
		st.Late, st.Words = true, []notation.Word{*w}
	}
	st.Vals = []spec.Value{v}
	return nil
}

func (r *reading) refuse(w *notation.Word, msg string) error {
	return &notation.SyntaxError{Col: w.Col, Msg: msg}
}

// unknown words the error of a first word that begins nothing.
func (r *reading) unknown(w *notation.Word, n int) error {
	text := string(notation.Escape(nil, []byte(w.Text)))
	if len(text) > 40 {
		text = text[:40] + "..."
	}
	msg := `command must be a call or a builtin, but is "` + text + `"`
	switch {
	case r.st.Assign != nil && n == 1 && r.env.Name(w.Text) != notation.Nothing:
		return r.refuse(w, msg+` (did you mean "$`+w.Text+`"?)`)
	case w.Bare():
		near := notation.DidYouMean(w.Text, r.calls)
		if near == "" {
			near = notation.DidYouMean(w.Text, r.Builtins)
		}
		if near == "" && r.st.Assign != nil && n == 1 {
			near = `: a variable takes $, text stands in quotes`
		}
		return r.refuse(w, msg+near)
	}
	return r.refuse(w, msg)
}
