package line

import (
	"fmt"
	"regexp"
	"strings"

	"socksh/commands/notation"
	"socksh/commands/spec"
)

// c reads a call in C's spelling; open is the place of its parenthesis.
func (r *reading) c(i, open int) (behind, end int, err error) {
	s := r.s[i:]
	if n, ok := bracketed(r.s, open); ok && strings.Contains(r.s[i:n], "\n") {
		s = strings.NewReplacer("\n", " ", "\r", " ").Replace(r.s[i:n]) + r.s[n:]
	}
	st, n, err := r.Reader.ReadC(s, r.split.column(r.s, i), r.env)
	if err != nil {
		return i, i, err
	}
	r.st.Spelling = C
	r.st.Call, r.st.Vals, r.st.Ret, r.st.Errno, r.st.Open, r.st.Said = st.Call, st.Vals, st.Ret, st.Errno, st.Open, st.Said
	return r.tail(i + n)
}

// bracketed is the end of the parenthesis that opens at i, if there is one: that of an unfinished call stays open.
func bracketed(s string, i int) (int, bool) {
	depth, quote := 0, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case quote && c == '\\':
			i++
		case c == '"':
			quote = !quote
		case quote && c == '\n', c == '<' && !quote && strings.HasPrefix(s[i:], "<unfinished ...>"):
			return i, false
		case quote:
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return i, false
}

// tail reads what may stand behind a call: => EXPECTATION, & and a comment. behind is where the statement's text ends.
func (r *reading) tail(i int) (behind, end int, err error) {
	s := r.s
	i = spaces(s, i)
	if strings.HasPrefix(s[i:], "=>") && (i+2 == len(s) || blank(s[i+2])) {
		if i, err = r.expect(spaces(s, i+2)); err != nil {
			return i, i, err
		}
		i = spaces(s, i)
	}
	if r.st.Kind == Check && r.st.Expect == nil {
		return i, i, &notation.SyntaxError{Col: r.st.Col, Msg: "=> must follow a variable that stands alone; print shows it"}
	}
	if i < len(s) && s[i] == '&' && !r.st.Background {
		r.st.Background = true
		i = spaces(s, i+1)
	}
	behind = i
	if i < len(s) && s[i] == '#' {
		end = lineEnd(s, i)
		r.st.Comment = strings.TrimSpace(s[i+1 : end])
		return behind, end, nil
	}
	if i < len(s) && s[i] != '\n' && s[i] != ';' {
		j := i + 1
		for j < len(s) && !blank(s[j]) && j < i+20 {
			j++
		}
		return i, i, r.fail(i, `line must end here, but goes on with "`+string(notation.Escape(nil, []byte(s[i:j])))+`"`)
	}
	return behind, i, nil
}

// expect reads what stands behind =>, and gives the byte behind it.
func (r *reading) expect(i int) (int, error) {
	s := r.s
	if i < len(s) && s[i] == '/' {
		return r.regexp(i)
	}
	words, j, stop, err := r.split.split(s, i)
	if err != nil {
		return j, err
	}
	if stop == stopExpect {
		return j, r.fail(j, "=> must stand once")
	}
	if len(words) > 0 {
		words = r.background(words)
	}
	if err := r.variables(words); err != nil {
		return j, err
	}
	if r.st.Expect, err = expectation(words, column(s, min(i, len(s)))); err != nil {
		return j, err
	}
	r.st.Expect.Text = strings.TrimSpace(s[i:j])
	return j, nil
}

// regexp reads /.../, raw up to the last / of the line.
func (r *reading) regexp(i int) (int, error) {
	end := lineEnd(r.s, i)
	last := strings.LastIndexByte(r.s[i:end], '/')
	if last == 0 {
		return i, r.fail(i, "regexp must end in / (a UNIX path is written unix:/... here)")
	}
	last += i
	re, err := regexp.Compile("(?s)" + r.s[i+1:last])
	if err != nil {
		return i, r.fail(i, "regexp must be RE2's, but has "+string(notation.Escape(nil, []byte(strings.TrimPrefix(err.Error(), "error parsing regexp: ")))))
	}
	r.st.Expect = &Expect{Form: Regexp, Re: re, Text: r.s[i : last+1]}
	return last + 1, nil
}

// results says what the names before = hold afterwards.
func (r *reading) results() error {
	st := r.st
	if st.Background && st.Kind != Call {
		return &notation.SyntaxError{Col: st.Col, Msg: "& must follow a call"}
	}
	if st.Assign == nil {
		return nil
	}
	var have []notation.Holds
	switch st.Kind {
	case Call:
		have = Gives(st.Call, st.Vals)
	case Value:
		switch v := st.Vals[0]; v.Kind {
		case spec.Num:
			have = []notation.Holds{notation.Number}
		case spec.Ref:
			have = []notation.Holds{notation.Unknown}
			if name := string(v.B); !strings.Contains(name, ".") {
				have[0] = r.env.Name(name)
			}
		default:
			have = []notation.Holds{notation.Text}
		}
	default:
		have = []notation.Holds{notation.Unknown}
	}
	if st.Background || st.Open {
		jobs := make([]notation.Holds, len(have))
		for i := range jobs {
			jobs[i] = notation.Job
		}
		have = jobs
	}
	if len(st.Assign) > len(have) {
		what := st.Name
		if st.Call != nil {
			what = st.Call.Name
		}
		if st.Kind == Value {
			what = "a value"
		}
		if len(have) == 1 {
			return &notation.SyntaxError{Col: st.Col, Msg: fmt.Sprintf("%s must have one name before =, but has %d", what, len(st.Assign))}
		}
		return &notation.SyntaxError{Col: st.Col, Msg: fmt.Sprintf("%s must have at most %d names before =, but has %d", what, len(have), len(st.Assign))}
	}
	st.Gives = have[:len(st.Assign)]
	return nil
}
