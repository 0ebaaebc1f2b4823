package line

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// A Result is what came of a statement, or what a variable holds: what assigning would give, part by part.
type Result struct {
	Ret   int64  // what the call returned; of bytes, how many
	Errno string // "ECONNREFUSED"; empty: none

	Data    []byte // the bytes received, or a variable's text
	HasData bool

	Addr     spec.Value // the address that came; None: none
	AddrType *spec.Tagged

	Value spec.Value // an option's value, or a variable's that is none of the above
	Type  spec.Type  // nil: no Value
}

// number is what a number is compared with.
func (r *Result) number() int64 {
	if r.Type != nil && r.Value.After().Kind == spec.Num {
		return r.Value.After().N
	}
	return r.Ret
}

// Came says what came, for the message of a failure.
func (r *Result) Came() string {
	const most = 200
	var b []byte
	switch {
	case r.Errno != "":
		return "-1 " + r.Errno
	case r.HasData:
		d := r.Data
		b = append(b, '"')
		b = append(notation.Escape(b, d[:min(most, len(d))]), '"')
		if len(d) > most {
			b = fmt.Appendf(b, "... (%d bytes)", len(d))
		}
	case r.Type != nil:
		b = notation.AppendJSONValue(b, r.Type, r.Value, nil)
	case r.Addr.Kind == spec.None:
		return strconv.FormatInt(r.Ret, 10)
	}
	if r.Addr.Kind != spec.None {
		if len(b) > 0 {
			b = append(b, " from "...)
		}
		b = notation.AppendAddress(b, r.AddrType, r.Addr)
	}
	return string(b)
}

// Holds compares the expectation with what came, and says what came if it does not hold. Blocks and Variable are for
// the session, which knows the job and the variable; an expectation that is Late must be expanded before.
func (e *Expect) Holds(got Result) (bool, string) {
	if e.Form == Anything || e.holds(&got) {
		return true, ""
	}
	return false, got.Came()
}

func (e *Expect) holds(got *Result) bool {
	switch e.Form {
	case Success:
		return got.Errno == ""
	case Number:
		return e.compare(got)
	case Errno:
		if got.Errno != "" {
			want, _ := names.Errnos().Exact(e.Name)
			is, _ := names.Errnos().Exact(got.Errno)
			return e.Name == got.Errno || want != 0 && want == is // EWOULDBLOCK is EAGAIN
		}
		if got.Type != nil {
			return named(got.Type, got.Value, &e.Word)
		}
		return got.HasData && string(got.Data) == e.Name
	}
	if got.Errno != "" {
		return false
	}
	switch e.Form {
	case Bytes:
		return bytes.Equal(e.Want, got.text())
	case Address:
		return e.address(got)
	case Regexp:
		return e.Re.Match(got.text())
	case Field:
		return e.field(got)
	}
	return false
}

func (e *Expect) compare(got *Result) bool {
	n := got.number()
	if got.Errno != "" {
		return e.Op == "" && e.N == -1
	}
	switch e.Op {
	case ">=":
		return n >= e.N
	case "<=":
		return n <= e.N
	case "!=":
		return n != e.N
	}
	return n == e.N
}

// text is what a regexp is matched with.
func (r *Result) text() []byte {
	switch {
	case r.HasData:
		return r.Data
	case r.Type != nil && r.Value.After().Kind == spec.Bytes:
		return r.Value.After().B
	case r.Type == nil && r.Addr.Kind == spec.None:
		return strconv.AppendInt(nil, r.Ret, 10)
	}
	return []byte(r.Came())
}

// address compares the text, in which * stands for any host or any port.
func (e *Expect) address(got *Result) bool {
	if got.Addr.Kind == spec.None || got.AddrType == nil {
		return false
	}
	is := string(notation.AppendAddress(nil, got.AddrType, got.Addr))
	want := e.Word.Text
	if path, ok := strings.CutPrefix(want, "unix:"); ok {
		return is == "unix:"+string(notation.Escape(nil, []byte(path)))
	}
	wantHost, wantPort := hostPort(want)
	host, port := hostPort(is)
	if wantHost != "*" && wantHost != "" {
		if v, err := (&notation.Plan{}).ParseAddress(got.AddrType, wantHost+":0"); err == nil {
			wantHost, _ = hostPort(string(notation.AppendAddress(nil, got.AddrType, v)))
		}
		if wantHost != host {
			return false
		}
	} else if strings.HasPrefix(is, "unix:") {
		return false
	}
	return wantPort == "*" || wantPort == port
}

func hostPort(s string) (host, port string) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+1:]
}

func (e *Expect) field(got *Result) bool {
	if got.Type != nil {
		if t, v, ok := notation.Field(got.Type, got.Value, e.Name); ok {
			return named(t, v, &e.Word)
		}
	}
	if got.Addr.Kind != spec.None {
		if t, v, ok := notation.Field(got.AddrType, got.Addr, e.Name); ok {
			return named(t, v, &e.Word)
		}
	}
	return false
}

// named says whether a word, read as the type would have it, is the value.
func named(t spec.Type, v spec.Value, w *notation.Word) bool {
	word := *w
	want, err := notation.ReadWord(t, &word, nil)
	if err == nil && spec.Equal(want, v.After()) {
		return true
	}
	return !w.Quoted && string(notation.AppendWord(nil, t, v)) == w.Text
}
