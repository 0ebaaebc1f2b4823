package line

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/google/shlex"

	"socksh/commands/notation"
)

// A splitter makes words of text with shlex, which alone decides where a word ends and which quotes go. What shlex
// lacks, it does in a pass before: it decodes the escapes of "...", finds the $names and the columns, and stands one
// private rune for each run of text or $name, so that every byte survives shlex unread and few runes pass through it.
type splitter struct {
	lexer *shlex.Lexer
	in    source
	coded []byte // what shlex reads
	text  []byte // the decoded text of all words
	marks []mark
	words []notation.Word
	parts []notation.Part // of the words so far
	seen  int             // the byte up to which columns are counted, and the column there
	col   int
}

// begin tells the splitter that a line begins, of which split is called for one byte after the other.
func (p *splitter) begin() { p.seen, p.col = 0, 1 }

// column counts on from where it was last asked, so that a long line costs no more than its length.
func (p *splitter) column(s string, at int) int {
	for ; p.seen < at; p.seen++ {
		if s[p.seen] >= utf8.RuneSelf {
			p.col += utf8.RuneCountInString(s[p.seen:at])
			p.seen = at
			break
		}
		p.col++
	}
	return p.col
}

// run is the private rune; its UTF-8 has runLen bytes.
const (
	run    = '\U0010FE00'
	runLen = 4
)

// A mark is what the first pass knows of one word.
type mark struct {
	at     int // its place in the line, in bytes
	col    int
	text   int // where its text begins in splitter.text
	part   int // where its $names begin in splitter.parts
	runs   int
	lead   int // bytes that stood bare at its beginning; -1: all so far
	quoted bool
	whole  string // its text if the line holds it as it is
}

// stop says why a splitter stopped, which is also the character that it stopped at; 0 is the end of the text.
const (
	stopLine    = '\n'
	stopNext    = ';'
	stopComment = '#'
	stopExpect  = '='
)

// source is a reader over bytes that can be set again, so that one Lexer serves all lines.
type source struct{ b []byte }

func (s *source) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.b)
	s.b = s.b[n:]
	return n, nil
}

// column is the place of byte at of a line, in characters from 1.
func column(s string, at int) int {
	for i := range at {
		if s[i] >= utf8.RuneSelf {
			return utf8.RuneCountInString(s[:at]) + 1
		}
	}
	return at + 1
}

func fail(s string, at int, msg string) error {
	return &notation.SyntaxError{Col: column(s, min(at, len(s))), Msg: msg}
}

// split reads words of s from byte at on, to the end of the line, a ;, a comment or =>. It gives the byte where it
// stopped and why. The words are good until the next split.
func (p *splitter) split(s string, at int) (words []notation.Word, end int, stop byte, err error) {
	p.coded, p.text, p.marks, p.words, p.parts = p.coded[:0], p.text[:0], p.marks[:0], p.words[:0], nil
	i := at
	for {
		for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r') {
			i++
		}
		if i == len(s) {
			break
		}
		if c := s[i]; c == '\n' || c == ';' || c == '#' {
			stop = c
			break
		}
		if strings.HasPrefix(s[i:], "=>") && (i+2 == len(s) || blank(s[i+2])) {
			stop = stopExpect
			break
		}
		if i, err = p.word(s, i); err != nil {
			return nil, i, 0, err
		}
		p.coded = append(p.coded, ' ')
	}
	return p.words, i, stop, p.lex(s)
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// word codes one word for shlex.
func (p *splitter) word(s string, i int) (int, error) {
	m := mark{at: i, col: p.column(s, i), text: len(p.text), part: len(p.parts), lead: -1}
	for i < len(s) {
		var err error
		switch c := s[i]; c {
		case ' ', '\t', '\r', '\n', ';':
			p.marks = append(p.marks, m)
			return i, nil
		case '"', '\'':
			m.quoted = true
			p.endLead(&m)
			p.coded = append(p.coded, c)
			if c == '"' {
				i, err = p.double(s, i+1, &m)
			} else {
				i, err = p.single(s, i+1, &m)
			}
			p.coded = append(p.coded, c)
		case '\\':
			return i, fail(s, i, `backslash must stand in quotes: "..."`)
		case '$':
			i, err = p.dollar(s, i, &m)
		default:
			j := i
			for j < len(s) && !special(s[j]) {
				j++
			}
			p.add(&m, s[i:j])
			i = j
		}
		if err != nil {
			return i, err
		}
	}
	p.marks = append(p.marks, m)
	return i, nil
}

func special(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ';', '"', '\'', '\\', '$':
		return true
	}
	return false
}

// add puts a run of text behind the word's others.
func (p *splitter) add(m *mark, run string) {
	if m.runs == 0 {
		m.whole = run
	}
	p.text = append(p.text, run...)
	p.mark(m)
}

func (p *splitter) mark(m *mark) {
	m.runs++
	p.coded = utf8.AppendRune(p.coded, run)
}

func (p *splitter) endLead(m *mark) {
	if m.lead < 0 {
		m.lead = len(p.text) - m.text
	}
}

func (p *splitter) single(s string, i int, m *mark) (int, error) {
	n := strings.IndexByte(s[i:], '\'')
	if n < 0 {
		return i, fail(s, i-1, "quote ' must be closed")
	}
	if n > 0 {
		p.add(m, s[i:i+n])
	}
	return i + n + 1, nil
}

func (p *splitter) double(s string, i int, m *mark) (int, error) {
	open := i - 1
	for i < len(s) {
		var err error
		switch s[i] {
		case '"':
			return i + 1, nil
		case '$':
			if i, err = p.dollar(s, i, m); err != nil {
				return i, err
			}
		case '\\':
			text, n, wrong := notation.Unescape(p.text, s[i+1:])
			if wrong != "" {
				return i, fail(s, i, wrong)
			}
			p.text = text
			p.mark(m)
			m.runs++ // the line does not hold the text as it is
			p.coded = utf8.AppendRune(p.coded, run)
			i += 1 + n
		default:
			j := i
			for j < len(s) && s[j] != '"' && s[j] != '\\' && s[j] != '$' {
				j++
			}
			p.add(m, s[i:j])
			i = j
		}
	}
	return i, fail(s, open, `quote " must be closed`)
}

// dollar reads $name, ${name} or $name.field. A dollar before anything else is text.
func (p *splitter) dollar(s string, i int, m *mark) (int, error) {
	j := i + 1
	brace := j < len(s) && s[j] == '{'
	if brace {
		j++
	}
	n := nameEnd(s, j)
	if n == j {
		if brace {
			return i, fail(s, i, "${ must be followed by a name and }")
		}
		p.add(m, s[i:j])
		return j, nil
	}
	ref := s[j:n]
	if n+1 < len(s) && s[n] == '.' && letter(s[n+1]) {
		k := nameEnd(s, n+1)
		ref, n = s[j:k], k
	}
	if brace {
		if n == len(s) || s[n] != '}' {
			return i, fail(s, i, "${ must be followed by a name and }")
		}
		n++
	}
	p.endLead(m)
	p.parts = append(p.parts, notation.Part{At: len(p.text) - m.text, Ref: ref, Col: p.column(s, i)})
	p.mark(m)
	return n, nil
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// nameEnd is the end of the name that begins at i, or i. A script's arguments have numbers for names.
func nameEnd(s string, i int) int {
	if i < len(s) && digit(s[i]) {
		for i < len(s) && digit(s[i]) {
			i++
		}
		return i
	}
	for i < len(s) && (letter(s[i]) || digit(s[i])) {
		i++
	}
	return i
}

// lex lets shlex make the words, and gives each its text back.
func (p *splitter) lex(s string) error {
	p.in.b = p.coded
	if p.lexer == nil {
		p.lexer = shlex.NewLexer(&p.in)
	}
	var all string
	for i := range p.marks {
		m := &p.marks[i]
		token, err := p.lexer.Next()
		if err != nil || len(token) != m.runs*runLen {
			p.lexer = nil
			return fail(s, m.at, "word cannot be split off")
		}
		last := i+1 == len(p.marks)
		textEnd, partEnd := len(p.text), len(p.parts)
		if !last {
			textEnd, partEnd = p.marks[i+1].text, p.marks[i+1].part
		}
		w := notation.Word{Text: m.whole, Quoted: m.quoted, Col: m.col}
		if m.runs != 1 || partEnd > m.part {
			if all == "" {
				all = string(p.text)
			}
			w.Text = all[m.text:textEnd]
		}
		if partEnd > m.part {
			w.Parts = p.parts[m.part:partEnd:partEnd]
			if m.runs == 1 && !m.quoted {
				w.Ref, w.Parts = w.Parts[0].Ref, nil
			}
		}
		if w.Lead = max(0, m.lead); m.lead < 0 {
			w.Lead = len(w.Text)
		}
		p.words = append(p.words, w)
	}
	if _, err := p.lexer.Next(); err != io.EOF {
		p.lexer = nil
		return fail(s, 0, "line cannot be split")
	}
	return nil
}
