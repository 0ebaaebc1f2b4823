package repl

import (
	"strings"
	"unicode/utf8"
)

// A search is Ctrl-R's (backward) or Ctrl-S's (forward) through the history.
type search struct {
	query   string
	forward bool
	failing bool
	found   bool     // at is a line that matched
	at      int      // an index into the recalled lines
	old     position // what was being typed
}

func newSearch(text []rune, pos int, forward bool) *search {
	return &search{forward: forward, old: position{text, pos}}
}

func (s *search) prompt() string {
	name := "search"
	if s.forward {
		name = "search forward"
	}
	if s.failing {
		name = "no such line, " + name
	}
	return "(" + name + " `" + printable(s.query) + "') "
}

// searchKey works on a key during a search. done is false for a key that ends
// it and is then to do what it does anywhere: the line found is in the editor
// already.
func (p *Prompt) searchKey(r key) (act rune, done bool) {
	e := &p.edit
	s := e.search
	p.view.dirty = true
	switch {
	case r == ctrl('R') || r == ctrl('S'):
		s.forward = r == ctrl('S')
		return e.find(s.forward, true), true
	case r == ctrl('G') || r == ctrl('C'):
		e.search = nil
		return e.put(s.old.text, s.old.pos), true
	case r == ctrl('H') || r == keyBackspace:
		_, n := utf8.DecodeLastRuneInString(s.query)
		s.query, s.found, s.failing = s.query[:len(s.query)-n], false, false
		if s.query == "" {
			return e.put(s.old.text, s.old.pos), true
		}
		return e.find(s.forward, false), true
	case r == keyText:
		s.query += string(p.keys.text)
		return e.find(s.forward, false), true
	case r < firstReserved:
		s.query += string(r)
		return e.find(s.forward, false), true
	}
	e.search = nil
	return 0, r == keyEscape
}

// find looks for the query from the line that was found last on; beyond it, if
// another one is wanted. A line that is the same as the one in the editor is
// not another one.
func (e *edit) find(forward, another bool) rune {
	s, lines := e.search, e.recall.lines
	if s.query == "" {
		return 0
	}
	step, i := -1, len(lines)-1
	if forward {
		step, i = 1, 0
	}
	if s.found {
		i = s.at
		if another {
			i += step
		}
	}
	for ; i >= 0 && i < len(lines); i += step {
		at := strings.LastIndex(lines[i], s.query)
		if at < 0 || another && s.found && lines[i] == string(e.text) {
			continue
		}
		s.found, s.failing, s.at = true, false, i
		e.recall.at = i
		return e.put(shortRunes(lines[i]), utf8.RuneCountInString(lines[i][:at]))
	}
	s.failing = true
	return 0
}
