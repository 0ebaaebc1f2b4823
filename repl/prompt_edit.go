package repl

import (
	"slices"
	"unicode"

	"github.com/chzyer/readline"
)

// An edit is the state of the line being edited. text and pos mirror readline's
// buffer: listener is told of each change.
type edit struct {
	text   []rune
	pos    int
	pasted bool      // some of it
	begin  *position // what the editor is to begin with
	next   *position // what the listener is to put into readline's buffer
	recall recall
	search *search
	killed []rune
}

// A position is a line with a cursor in it.
type position struct {
	text []rune
	pos  int
}

// filter is called by readline with each key, before it acts on it. It gives the
// rune on which readline is to act, and false if there is nothing for it
// to do. CharBell makes readline do nothing but call changed, which may then
// replace the line.
func (p *Prompt) filter(r rune) (rune, bool) {
	defer p.rescue()
	if r == 0 { // the end of input
		return 0, true
	}
	var act rune
	if r == ctrl('I') {
		act = p.complete()
	} else {
		p.mu.Lock()
		act = p.key(r)
		p.mu.Unlock()
	}
	if act == 0 {
		p.keys.grant()
		return 0, false
	}
	return act, true
}

// changed is readline's listener: it is called after each key, and when a
// session begins, which has the key 0.
func (p *Prompt) changed(line []rune, pos int, r rune) ([]rune, int, bool) {
	defer p.rescue()
	// After these the session is over, and the next may have begun already.
	if r == 0 || r == readline.CharEnter || r == readline.CharInterrupt {
		return nil, 0, false
	}
	p.mu.Lock()
	e := &p.edit
	next := e.next
	e.next = nil
	if next != nil {
		line, pos = slices.Clone(next.text), next.pos
	}
	e.text, e.pos = line, pos
	p.view.dirty = true
	p.mu.Unlock()
	p.keys.grant()
	if next == nil {
		return nil, 0, false
	}
	return slices.Clone(line), pos, true
}

// put has the line replaced.
func (e *edit) put(text []rune, pos int) rune {
	e.next = &position{text, pos}
	return readline.CharBell
}

// insert puts text at the cursor.
func (e *edit) insert(text []rune) rune {
	return e.put(slices.Insert(slices.Clone(e.text), e.pos, text...), e.pos+len(text))
}

// kill takes the part between two places out, to be put back by Ctrl-Y.
func (e *edit) kill(from, to int) rune {
	if from == to {
		return 0
	}
	e.killed = slices.Clone(e.text[from:to])
	return e.put(slices.Delete(slices.Clone(e.text), from, to), from)
}

// key gives the rune on which readline is to act, 0 for none. It needs mu.
func (p *Prompt) key(r key) rune {
	e := &p.edit
	if p.closed {
		return 0
	}
	if len(p.view.menu) > 0 {
		p.view.menu, p.view.dirty = nil, true
	}
	if e.search != nil {
		if act, done := p.searchKey(r); done {
			return act
		}
	}
	switch r {
	case keyBegin:
		begin := e.begin
		e.begin = nil
		return e.put(begin.text, begin.pos)
	case keyText:
		return e.insert([]rune(string(p.keys.text)))
	case keyPaste:
		return p.pasteKey(p.keys.text)
	case ctrl('M'), ctrl('J'):
		return p.leaveBy(ctrl('M'), "")
	case ctrl('C'):
		return p.leaveBy(ctrl('C'), "^C")
	case ctrl('D'):
		if len(e.text) == 0 {
			return p.leaveBy(ctrl('D'), "")
		}
		return readline.CharDelete
	case ctrl('L'):
		p.cfg.TTY.Write([]byte("\x1b[H\x1b[2J"))
		p.view.row, p.view.dirty = 0, true
		return 0
	case ctrl('R'), ctrl('S'):
		p.view.dirty = true
		e.search = newSearch(e.text, e.pos, r == ctrl('S'))
		return 0
	case keyUp, ctrl('P'):
		return e.recalled(e.recall.older)
	case keyDown, ctrl('N'):
		return e.recalled(e.recall.newer)
	}
	if r >= firstReserved {
		return e.plainKey(r)
	}
	return r
}

// plainKey is the keys that move and delete within the line.
func (e *edit) plainKey(r key) rune {
	switch r {
	case ctrl('A'), keyHome:
		return readline.CharLineStart
	case ctrl('E'), keyEnd:
		return readline.CharLineEnd
	case ctrl('B'), keyLeft:
		return readline.CharBackward
	case ctrl('F'), keyRight:
		return readline.CharForward
	case ctrl('H'), keyBackspace:
		return readline.CharBackspace
	case keyDelete:
		if e.pos < len(e.text) {
			return readline.CharDelete
		}
	case ctrl('T'):
		if len(e.text) > 1 { // with one character readline's cursor leaves the line, and it panics
			return readline.CharTranspose
		}
	case keyWordLeft:
		return e.put(e.text, wordStart(e.text, e.pos))
	case keyWordRight:
		return e.put(e.text, wordEnd(e.text, e.pos))
	case ctrl('K'):
		return e.kill(e.pos, len(e.text))
	case ctrl('U'):
		return e.kill(0, e.pos)
	case ctrl('W'):
		return e.kill(blankStart(e.text, e.pos), e.pos)
	case keyRubWord:
		return e.kill(wordStart(e.text, e.pos), e.pos)
	case keyDeleteWord:
		return e.kill(e.pos, wordEnd(e.text, e.pos))
	case ctrl('Y'):
		return e.insert(e.killed)
	}
	return 0
}

func (e *edit) recalled(step func([]rune) (string, bool)) rune {
	line, ok := step(e.text)
	if !ok {
		return 0
	}
	text := shortRunes(line)
	return e.put(text, len(text))
}

// leaveBy ends the session: the line is shown as it stays, with mark behind it.
func (p *Prompt) leaveBy(k key, mark string) rune {
	p.end = ending{by: k, line: Line{Text: p.paste.exact(p.edit.text), Pasted: p.edit.pasted}}
	p.leave(mark)
	return readline.CharEnter
}

// pasteKey takes a bracketed paste. Without a newline it goes into the line. With
// one, the line up to the cursor and the first pasted line are given away, the
// others wait, and what is behind the last newline begins the next line, before
// what stood behind the cursor.
func (p *Prompt) pasteKey(b []byte) rune {
	e := &p.edit
	e.pasted = true
	lines, last := splitPaste(b)
	if len(lines) == 0 {
		return e.insert(p.paste.hold(last))
	}
	before, after := e.text[:e.pos], e.text[e.pos:]
	first := p.paste.exact(before) + lines[0]
	p.paste.lines = lines[1:]
	held := p.paste.hold(last)
	p.paste.begin = &position{slices.Concat(held, after), len(held)}
	p.paste.begun = len(held) > 0
	p.end = ending{by: keyPaste, line: Line{Text: first, Pasted: true, Rest: len(p.paste.lines)}}
	e.text, e.pos, e.search = shortRunes(first), 0, nil
	p.leave("")
	return readline.CharEnter
}

// wordStart is where the word before pos begins; words are of letters, digits
// and _.
func wordStart(text []rune, pos int) int {
	for pos > 0 && !inWord(text[pos-1]) {
		pos--
	}
	for pos > 0 && inWord(text[pos-1]) {
		pos--
	}
	return pos
}

func wordEnd(text []rune, pos int) int {
	for pos < len(text) && !inWord(text[pos]) {
		pos++
	}
	for pos < len(text) && inWord(text[pos]) {
		pos++
	}
	return pos
}

// blankStart is wordStart with words that end at blanks, as in bash's Ctrl-W.
func blankStart(text []rune, pos int) int {
	for pos > 0 && isBlank(text[pos-1]) {
		pos--
	}
	for pos > 0 && !isBlank(text[pos-1]) {
		pos--
	}
	return pos
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' }

func inWord(r rune) bool { return r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N) }
