package notation

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An expr is C-like text before any type is known to it: what c and strace share.
type expr struct {
	op    op
	text  string // ident, call: the name
	n     uint64 // number, two's complement if neg
	neg   bool
	bytes []byte // str, atStr
	cut   bool   // "..."...
	list  []expr
	names []string // structure: the members' names, "" for none
	at    int      // where it begins, in bytes
}

type op uint8

const (
	number    op = iota
	ident        // AF_INET
	str          // "text"
	atStr        // @"abstract"
	call         // htons(80)
	array        // [a, b], and strace's bit sets [3 4]
	structure    // {a=b}
	or           // a|b
	arrow        // a => b
	dots         // ... or *
	raw          // hex(48656c): the text between the parentheses
)

// deepest is how far brackets may nest: enough for every call, and no line can exhaust the stack.
const deepest = 40

// A lexer walks one line. A syntax error is a panic with *SyntaxError, recovered where the walk began.
type lexer struct {
	s     string
	i     int
	col   int // the column of s's first character
	depth int
}

func (l *lexer) failAt(i int, format string, a ...any) {
	panic(&SyntaxError{l.col + utf8.RuneCountInString(l.s[:min(i, len(l.s))]), fmt.Sprintf(format, a...)})
}

func (l *lexer) fail(format string, a ...any) { l.failAt(l.i, format, a...) }

// recovered turns a lexer's panic into an error.
func recovered(err *error) {
	switch r := recover().(type) {
	case nil:
	case *SyntaxError:
		*err = r
	default:
		panic(r)
	}
}

func (l *lexer) space() {
	for l.i < len(l.s) {
		switch {
		case l.s[l.i] == ' ' || l.s[l.i] == '\t':
			l.i++
		case strings.HasPrefix(l.s[l.i:], "/*"): // strace's comment on a number that it has no name for
			j := strings.Index(l.s[l.i:], "*/")
			if j < 0 {
				l.fail("comment must end in */")
			}
			l.i += j + 2
		default:
			return
		}
	}
}

func (l *lexer) peek() byte {
	l.space()
	if l.i < len(l.s) {
		return l.s[l.i]
	}
	return 0
}

func (l *lexer) take(token string) bool {
	l.space()
	if strings.HasPrefix(l.s[l.i:], token) {
		l.i += len(token)
		return true
	}
	return false
}

func (l *lexer) want(token string) {
	if !l.take(token) {
		l.fail("must be %q, but is %s", token, l.here())
	}
}

// here names what stands at the lexer's place, for errors.
func (l *lexer) here() string {
	l.space()
	if l.i >= len(l.s) {
		return "the end of the line"
	}
	r, _ := utf8.DecodeRuneInString(l.s[l.i:])
	return strconv.Quote(string(r))
}

func isIdent(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (l *lexer) ident() string {
	l.space()
	j := l.i
	for l.i < len(l.s) && isIdent(l.s[l.i]) {
		l.i++
	}
	return l.s[j:l.i]
}

// expr reads term { '|' term } [ '=>' expr ].
func (l *lexer) expr() expr {
	if l.depth++; l.depth > deepest {
		l.fail("brackets must not nest deeper than %d", deepest)
	}
	defer func() { l.depth-- }()
	l.space()
	at := l.i
	e := l.term()
	for l.peek() == '|' {
		l.i++
		if e.op != or {
			e = expr{op: or, list: []expr{e}, at: at}
		}
		e.list = append(e.list, l.term())
	}
	if l.take("=>") {
		e = expr{op: arrow, list: []expr{e, l.expr()}, at: at}
	}
	return e
}

func (l *lexer) term() expr {
	c := l.peek()
	e := expr{at: l.i}
	switch {
	case l.take("...") || l.take("*"):
		e.op = dots
	case c == '"':
		e.op = str
		e.bytes, e.cut = l.str()
	case c == '@':
		l.i++
		e.op = atStr
		e.bytes, e.cut = l.str()
	case c == '[':
		l.i++
		e.op = array
		for l.peek() != ']' {
			e.list = append(e.list, l.expr())
			l.take(",")
		}
		l.want("]")
	case c == '{':
		l.structure(&e)
	case c == '-' || c >= '0' && c <= '9':
		l.number(&e)
	default:
		e.text = l.ident()
		if e.text == "" {
			l.fail("must be a value, but is %s", l.here())
		}
		e.op = ident
		if l.i < len(l.s) && l.s[l.i] == '(' {
			l.i++
			l.call(&e)
		}
	}
	return e
}

func (l *lexer) structure(e *expr) {
	l.i++
	e.op = structure
	for l.peek() != '}' {
		name, at := "", l.i
		l.take(".") // C's designated initializer
		if id := l.ident(); id != "" && l.peek() == '=' && !strings.HasPrefix(l.s[l.i:], "=>") {
			l.i++
			name = id
		} else {
			l.i = at
		}
		e.names, e.list = append(e.names, name), append(e.list, l.expr())
		if !l.take(",") {
			break
		}
	}
	l.want("}")
}

func (l *lexer) call(e *expr) {
	if e.text == "hex" && l.peek() != '"' {
		j := strings.IndexByte(l.s[l.i:], ')')
		if j < 0 {
			l.fail("hex( must end in )")
		}
		e.op, e.bytes = raw, []byte(strings.TrimSpace(l.s[l.i:l.i+j]))
		l.i += j + 1
		return
	}
	e.op = call
	for l.peek() != ')' {
		l.take("&") // inet_pton's last argument
		e.list = append(e.list, l.expr())
		if !l.take(",") {
			break
		}
	}
	l.want(")")
}

func (l *lexer) number(e *expr) {
	if l.s[l.i] == '-' {
		e.neg = true
		l.i++
	}
	at := l.i
	t := l.ident()
	n, err := strconv.ParseUint(t, 0, 64)
	if err != nil && len(t) == 8 { // strace's nl_groups=00000008
		n, err = strconv.ParseUint(t, 16, 64)
	}
	if err != nil || e.neg && n > math.MaxInt64+1 {
		l.failAt(at, "number must be decimal, octal or 0x and fit in 64 bits, but is %q", t)
	}
	if e.neg {
		n = -n
	}
	e.n = n
}

// str reads a string literal with C's escapes.
func (l *lexer) str() ([]byte, bool) {
	at := l.i
	l.want(`"`)
	b := []byte{}
	for l.i < len(l.s) {
		c := l.s[l.i]
		l.i++
		switch c {
		case '"':
			cut := strings.HasPrefix(l.s[l.i:], "...")
			if cut {
				l.i += 3
			}
			return b, cut
		case '\\':
			b = l.escape(b)
		default:
			b = append(b, c)
		}
	}
	l.failAt(at, `string must end in "`)
	return nil, false
}

func (l *lexer) escape(b []byte) []byte {
	b, n, msg := Unescape(b, l.s[l.i:])
	if msg != "" {
		l.failAt(l.i-1, "%s", msg)
	}
	l.i += n
	return b
}
