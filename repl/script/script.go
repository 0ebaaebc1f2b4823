// Package script runs files of lines: read and checked whole before the first call is made, then one statement after
// the other on the caller's own thread. It must not know the terminal.
package script

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/repl/line"
	"socksh/repl/session"
	"socksh/repl/term"
)

// Exit statuses, as bash and timeout(1) have them.
const (
	OK          = 0
	Failed      = 1
	Wrong       = 2
	TimedOut    = 124
	Interrupted = 130
)

// A Script is a file that has been read and checked.
type Script struct {
	Name  string // as errors name it; empty: the lines of -c
	text  string
	steps []line.Step
	at    atomic.Int64 // the step that runs
	left  bool         // exit ended it
}

// Check reads a script's text. env answers for the names that exist at its start. An error is complete: it names the
// place and shows the line.
func Check(p *line.Parser, name, text string, env notation.Env) (*Script, error) {
	sc := &Script{Name: name}
	if strings.IndexByte(text, 0) >= 0 {
		return nil, fmt.Errorf("%s is no text: it holds a NUL byte", sc.place(0))
	}
	steps, err := p.Script(text, env)
	var wrong *line.ScriptError
	switch {
	case errors.As(err, &wrong):
		return nil, errors.New(Explain(sc.place(wrong.Line), wrong.Text, wrong.Err))
	case err != nil:
		return nil, err
	}
	sc.text, sc.steps = text, steps
	return sc, nil
}

func (sc *Script) place(number int) string {
	name := sc.Name
	if name == "" {
		name = "-c"
	}
	if number == 0 {
		return name
	}
	return fmt.Sprintf("%s:%d", name, number)
}

// Explain shows what is wrong with a line, with a mark under its column.
func Explain(place, text string, err *notation.SyntaxError) string {
	var b strings.Builder
	if place != "" {
		b.WriteString(place)
		if err.Col > 0 {
			fmt.Fprintf(&b, ":%d", err.Col)
		}
		b.WriteString(": ")
	}
	b.WriteString(err.Msg)
	if err.Col > 0 && text != "" && place != "" {
		fmt.Fprintf(&b, "\n  %s\n  %s^", text, Pad(text, err.Col))
	}
	return b.String()
}

// Pad is as wide as what stands before a column.
func Pad(text string, col int) string {
	var b strings.Builder
	for i := 1; i < col && text != ""; i++ {
		r, n := utf8.DecodeRuneInString(text)
		text = text[n:]
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteString(strings.Repeat(" ", term.TextCells(string(r))))
		}
	}
	return b.String()
}

// short is how many statements that cannot wait are over before anybody could want to interrupt them.
const short = 100

// Lasts says whether somebody could want to interrupt the script: a statement can wait, or there are many of them.
func (sc *Script) Lasts() bool {
	if len(sc.steps) > short {
		return true
	}
	for i := range sc.steps {
		st := sc.steps[i].Statement
		if st.Kind == line.Builtin || st.Background || st.Open || st.Call != nil && (st.Call.Blocks || st.Late) {
			return true
		}
	}
	return false
}

// Run runs the script's statements as part of a task and gives the exit status. keep says to go on after a failure.
func (sc *Script) Run(s *session.Session, t *session.Task, keep bool) int {
	status := OK
	for i := range sc.steps {
		step := &sc.steps[i]
		sc.at.Store(int64(i))
		err := s.Run(t, step.Statement)
		if err == nil {
			continue
		}
		if code, over := sc.over(err); over {
			return code
		}
		sc.report(s, t, step.Line, step.Text, err)
		if status = Failed; !keep {
			return status
		}
	}
	if err := s.Uncollected(); err != nil {
		if code, over := sc.over(err); over {
			return code
		}
		sc.report(s, t, 0, "", err)
		status = Failed
	}
	return status
}

// Left says, after Run, whether an exit ended the script, which then ends whatever ran it.
func (sc *Script) Left() bool { return sc.left }

// over says whether an error ends the script as it is.
func (sc *Script) over(err error) (int, bool) {
	var exit *session.Exit
	switch {
	case errors.As(err, &exit):
		sc.left = true
		return exit.Status, true
	case errors.Is(err, session.ErrInterrupted):
		return Interrupted, true
	}
	return 0, false
}

// report tells what went wrong: file, line, the line itself, what was expected and what came.
func (sc *Script) report(s *session.Session, t *session.Task, number int, text string, err error) {
	var f *session.Failure
	var wrong *notation.SyntaxError
	switch {
	case errors.As(err, &f):
		if f.Line != nil && f.Line.Text != text { // a job's
			number, text = f.Line.Line, f.Line.Text
		}
		msg := sc.place(number) + ": " + text
		if f.Expected != "" {
			msg += "\n  expected: " + f.Expected + "\n  came:     " + f.Came
		} else {
			msg += "\n  " + f.Msg
		}
		s.Tell(t, event.Error, msg)
	case errors.As(err, &wrong):
		s.Tell(t, event.Error, Explain(sc.place(number), sc.line(number), wrong))
	default:
		s.Tell(t, event.Error, sc.place(number)+": "+text+"\n  "+err.Error())
	}
}

// line finds a line for an error: rare enough to look for it then.
// Where names the line that runs, or ran last: "FILE:LINE: LINE". Any goroutine may ask.
func (sc *Script) Where() string {
	if len(sc.steps) == 0 {
		return sc.place(0)
	}
	step := &sc.steps[sc.at.Load()]
	return sc.place(step.Line) + ": " + step.Text
}

func (sc *Script) line(number int) string {
	for line := range strings.Lines(sc.text) {
		if number--; number == 0 {
			return strings.TrimSuffix(line, "\n")
		}
	}
	return ""
}
