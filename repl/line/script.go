package line

import (
	"fmt"
	"hash/maphash"
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

// A remembered line is one whose statements stand in the steps already; equal lines, as in a long script of a short
// loop, are read once.
type remembered struct {
	text     string
	version  int // of what names hold, when it was read
	from, to int // its steps
}

// memory is how many lines are remembered at most, a power of two.
const memory = 1024

// Script reads and checks a whole script: what a name holds follows from the assignments above it, and a $name that
// nothing has set is an error before anything runs. env answers for the names that exist at the start; nil: none. An
// error is a *ScriptError.
func (p *Parser) Script(text string, env notation.Env) ([]Step, error) {
	known := newTracked(env)
	lines := 1 + strings.Count(text, "\n")
	steps := make([]Step, 0, lines)
	size := 1
	for size < lines && size < memory {
		size *= 2
	}
	table := make([]remembered, size)
	seed := maphash.MakeSeed()
	if strings.HasPrefix(text, "#!") {
		text = text[lineEnd(text, 0):]
	}
	var last *remembered
	for number := 1; text != ""; number++ {
		end := lineEnd(text, 0)
		here := text[:end]
		if last == nil || last.text != here || last.version != known.version {
			last = &table[maphash.String(seed, here)&uint64(size-1)]
		}
		from, version := len(steps), known.version
		if last.text == here && last.to > last.from && last.version == version {
			for _, s := range steps[last.from:last.to] {
				s.Again = true
				steps = append(steps, Step{number, s.Statement})
			}
		} else {
			var err error
			if steps, end, err = p.scriptLine(steps, text, number, known); err != nil {
				return nil, err
			}
			if end == len(here) && version == known.version {
				*last = remembered{here, version, from, len(steps)}
			}
		}
		if end > len(here) {
			number += strings.Count(text[:end], "\n")
		}
		text = text[min(end+1, len(text)):]
	}
	return steps, nil
}

// scriptLine adds the statements of the line that text begins with, and gives the byte where it ended.
func (p *Parser) scriptLine(steps []Step, text string, number int, known *tracked) (all []Step, end int, err error) {
	p.split.begin()
	for at := 0; ; at = end + 1 {
		if len(p.fresh) == 0 {
			p.fresh = make([]Statement, p.batch())
		}
		st := &p.fresh[0]
		if end, err = p.statement(text, at, known, st); err != nil {
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
			steps = append(steps, Step{number, st})
			p.fresh = p.fresh[1:]
		}
		if end == len(text) || text[end] == '\n' {
			return steps, end, nil
		}
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
