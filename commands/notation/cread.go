package notation

import (
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// A Statement is one call as the C spelling states it, which is also how the trace prints it: its values are input
// where the kernel reads and expectation where it writes.
type Statement struct {
	Call  *spec.Call
	Vals  []spec.Value
	Ret   spec.Value // None: nothing was said; Any: *
	Errno string     // "EAGAIN" for = -1 EAGAIN
	Open  bool       // <unfinished ...>
	Said  bool       // output arguments were written, not left to "..."
}

// ReadC reads one call in the C spelling, its result too if one follows. text begins at the call's name, which is in
// column col; end is the byte behind what was read.
func (r *Reader) ReadC(text string, col int, env Env) (st Statement, end int, err error) {
	defer recovered(&err)
	l := &cReader{lexer: lexer{s: text, col: col}, env: env, ifIndex: r.IfIndex}
	name := l.ident()
	if st.Call = r.Call(name); st.Call == nil {
		l.failAt(0, "call must be in the table, but is %q%s", name, r.didYouMean(name))
	}
	l.want("(")
	var list []expr
	for l.peek() != ')' {
		if l.take("<unfinished ...>") {
			st.Open = true
			break
		}
		list = append(list, l.expr())
		l.space()
		if l.take(",") {
			continue
		}
		if l.take("<unfinished ...>") {
			st.Open = true
		}
		break
	}
	if !st.Open {
		l.want(")")
	}
	st.Vals = l.arguments(&st, list)
	end = l.i
	if !st.Open && l.take("=") {
		if l.i < len(text) && text[l.i] == '>' { // an expectation, which is the line's
			return st, end, nil
		}
		l.result(&st)
	}
	return st, l.i, nil
}

// didYouMean is " (did you mean recv?)" or nothing.
func (r *Reader) didYouMean(name string) string {
	var all []string
	for _, c := range r.Calls {
		all = append(all, c.Name)
	}
	return DidYouMean(name, all)
}

type cReader struct {
	lexer
	env     Env
	ifIndex func(string) (int64, bool)
}

func (l *cReader) arguments(st *Statement, list []expr) []spec.Value {
	c := st.Call
	vals := make([]spec.Value, len(c.Args))
	sc := &spec.Scope{Fields: c.Args, Vals: vals}
	k := 0
	for i := range c.Args {
		f := &c.Args[i]
		t := spec.Resolve(f.Type, sc)
		if _, ok := t.(spec.Absent); ok {
			continue
		}
		if f.Kernel {
			vals[i] = f.Default
			continue
		}
		if k < len(list) {
			vals[i] = l.value(t, list[k], sc)
			if spec.Points(t) == spec.Out && vals[i].Kind != spec.Any {
				st.Said = true
			}
			k++
			continue
		}
		_, isLen := spec.LenOf(t)
		switch {
		case st.Open || spec.Points(t) == spec.Out:
			vals[i] = spec.Dots()
		case f.Default.Kind != spec.None:
			vals[i] = f.Default
		case isLen: // the shell can count
			vals[i] = spec.Dots()
		default:
			l.fail("%s must have %s: %s", c.Name, f.Name, CUsage(c))
		}
	}
	if k < len(list) {
		l.failAt(list[k].at, "%s must have no more than %d arguments: %s", c.Name, k, CUsage(c))
	}
	return vals
}

// CUsage is "recv(sockfd, buf, len, flags)".
func CUsage(c *spec.Call) string {
	var names []string
	for i := range c.Args {
		if !c.Args[i].Kernel {
			names = append(names, c.Args[i].Name)
		}
	}
	return c.Name + "(" + strings.Join(names, ", ") + ")"
}

// result reads what follows the equals sign.
func (l *cReader) result(st *Statement) {
	if l.take("?") { // the call never returned, or was restarted
		l.ident()
		l.parenthesis()
		return
	}
	e := l.expr()
	switch e.op {
	case number:
		st.Ret = spec.N(int64(e.n))
	case dots:
		st.Ret = spec.Dots()
	default:
		l.failAt(e.at, "result must be a number or *")
	}
	if e.neg && l.peek() == 'E' {
		at := l.i
		st.Errno = l.ident()
		if _, ok := names.Errnos().Exact(st.Errno); !ok {
			l.failAt(at, "errno must be a name such as EAGAIN, but is %q", st.Errno)
		}
	}
	l.parenthesis()
}

// parenthesis skips (Connection refused) and (flags O_RDWR), which only repeat what was said.
func (l *cReader) parenthesis() {
	if l.peek() == '(' {
		if j := strings.IndexByte(l.s[l.i:], ')'); j >= 0 {
			l.i += j + 1
		}
	}
}
