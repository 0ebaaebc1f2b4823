package line

import (
	"fmt"
	"strings"

	"socksh/commands/notation"
)

// A Step is one statement of a script. Equal lines share their Statement.
type Step struct {
	Line int // from 1
	*Statement
}

// A ScriptError says in which line of a script what is wrong.
type ScriptError struct {
	Line int    // from 1
	Text string // the line
	Err  *notation.SyntaxError
}

func (e *ScriptError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err.Error()) }

func (e *ScriptError) Unwrap() error { return e.Err }

// remembered is how many different lines are kept so that equal ones are read once: those of a long loop.
const remembered = 1024

// Script reads and checks a whole script: what a name holds follows from the assignments above it, and a $name that
// nothing has set is an error before anything runs. env answers for the names that exist at the start; nil: none. An
// error is a *ScriptError.
func (p *Parser) Script(text string, env notation.Env) ([]Step, error) {
	known := newTracked(env)
	steps := make([]Step, 0, 1+strings.Count(text, "\n"))
	cache := map[string][]*Statement{}
	last, lastSteps := "\n", []*Statement(nil) // no line holds a newline
	number, version := 1, 0
	if strings.HasPrefix(text, "#!") {
		text = text[lineEnd(text, 0):]
	}
	for text != "" {
		end := lineEnd(text, 0)
		here := text[:end]
		if here != last {
			if version != known.version {
				clear(cache)
				version = known.version
			}
			var ok bool
			if lastSteps, ok = cache[here]; !ok {
				var err error
				lastSteps, end, err = p.scriptLine(text, number, known)
				if err != nil {
					return nil, err
				}
				if end == len(here) && version == known.version {
					if len(cache) == remembered {
						clear(cache)
					}
					cache[here] = lastSteps
				}
			}
			if last = here; end != len(here) || version != known.version {
				last = "\n"
			}
		}
		for _, st := range lastSteps {
			steps = append(steps, Step{number, st})
		}
		number += strings.Count(text[:end], "\n") + 1
		text = text[min(end+1, len(text)):]
	}
	return steps, nil
}

// scriptLine reads the statements of the line that text begins with, and gives the byte where it ended.
func (p *Parser) scriptLine(text string, number int, known *tracked) (all []*Statement, end int, err error) {
	p.split.begin()
	for at := 0; ; {
		if len(p.fresh) == 0 {
			p.fresh = make([]Statement, slab)
		}
		st := &p.fresh[0]
		end, err := p.statement(text, at, known, st)
		if err != nil {
			*st = Statement{}
			e, ok := err.(*notation.SyntaxError)
			if !ok {
				return nil, end, err
			}
			return nil, end, &ScriptError{number, text[:lineEnd(text, 0)], e}
		}
		if st.Col > 0 {
			st.Line = number
			known.assign(st)
			if st.Kind == Builtin && st.Name == p.Sources && p.Sources != "" {
				known.open()
			}
			all = append(all, st)
			p.fresh = p.fresh[1:]
		}
		if end == len(text) || text[end] == '\n' {
			return all, end, nil
		}
		at = end + 1
	}
}

// tracked is an Env and what the statements read so far have set.
type tracked struct {
	env     notation.Env
	names   map[string]notation.Holds
	version int  // changes with every change of what a name holds
	any     bool // a sourced file may have set any name, so that a $name cannot be refused
}

func newTracked(env notation.Env) *tracked { return &tracked{env: env} }

// Name implements notation.Env.
func (t *tracked) Name(name string) notation.Holds {
	if h, ok := t.names[name]; ok {
		return h
	}
	if t.env == nil {
		return notation.Nothing
	}
	return t.env.Name(name)
}

// Names implements notation.Env.
func (t *tracked) Names() []string {
	var all []string
	if t.env != nil {
		all = t.env.Names()
	}
	all = all[:len(all):len(all)]
	for name := range t.names {
		all = append(all, name)
	}
	return all
}

func (t *tracked) assign(st *Statement) {
	for i, name := range st.Assign {
		if h, ok := t.names[name]; ok && h == st.Gives[i] {
			continue
		}
		if t.names == nil {
			t.names = map[string]notation.Holds{}
		}
		t.names[name] = st.Gives[i]
		t.version++
	}
}

func (t *tracked) open() {
	if !t.any {
		t.any = true
		t.version++
	}
}
