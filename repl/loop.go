package repl

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/repl/script"
	"socksh/repl/session"
	"socksh/repl/term"
)

// A loop is the prompt: read a line, run it on a thread of its own, show what came.
type loop struct {
	*shell
	prompt  *Prompt
	lines   []string // typed in this session
	signals chan os.Signal
	status  int
	pasting bool // the line before was pasted, and so will be the next
}

// prompt runs the shell on a terminal.
func (sh *shell) prompt() (int, error) {
	tty, err := term.OpenTTY(sh.std.In, sh.std.Out)
	if err != nil {
		return 0, err
	}
	defer term.RestoreOnPanic(func() { tty.Restore() })
	l := &loop{shell: sh, signals: make(chan os.Signal, 8)}
	c := fitting{shell: sh}
	l.prompt, err = NewPrompt(PromptConfig{TTY: tty, History: sh.stateFile("history"), Color: sh.color, IO: sh.host.Do,
		Complete: c.complete, Hint: c.hint, Given: l.drain})
	if err != nil {
		return 0, err
	}
	defer l.prompt.Close()
	stop := term.OnSignals(func() { tty.Close() }, sh.std.Exit)
	defer stop()
	signal.Notify(l.signals, term.CtrlC, term.CtrlZ, term.CtrlBackslash)
	sh.printer.Out, sh.printer.Err, sh.printer.Terminal = l.prompt, l.prompt, true
	sh.verbs.Width, sh.verbs.History = tty.Width, func() []string { return l.lines }
	sh.own.Release()
	l.greet()
	if over := l.start(); !over {
		l.run()
	}
	return l.status, nil
}

func (l *loop) greet() {
	l.say("socksh " + Version + ": each command is one system call. Try socket, or help; Ctrl-D leaves.\n")
	if err := l.prompt.HistoryError(); err != nil {
		l.say(fmt.Sprintf("# the history is not kept: %v\n", err))
	}
}

func (l *loop) say(text string) { l.prompt.Write(notation.AppendSafe(nil, []byte(text))) }

// stateFile is a file of the shell's own in XDG_STATE_HOME, "" where there is no home.
func (sh *shell) stateFile(name string) string {
	return sh.xdg("XDG_STATE_HOME", ".local/state", name)
}

func (sh *shell) xdg(variable, usual, name string) string {
	dir := sh.std.Env(variable)
	if !filepath.IsAbs(dir) { // the specification: relative paths are to be ignored
		home := sh.std.Env("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		dir = filepath.Join(home, usual)
	}
	return filepath.Join(dir, "socksh", name)
}

// start runs the start file, if there is one.
func (l *loop) start() (over bool) {
	path := l.xdg("XDG_CONFIG_HOME", ".config", "start.sock")
	if path == "" {
		return false
	}
	text, err := l.host.ReadFile(path, longest)
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	if err != nil {
		l.say(fmt.Sprintf("%v\n", err))
		return false
	}
	sc, err := script.Check(l.parser, path, string(text), l.session)
	if err != nil {
		l.say(err.Error() + "\n")
		return false
	}
	task, err := l.session.Do("start file", func(t *session.Task) error {
		status := sc.Run(l.session, t, l.Keep)
		switch {
		case sc.Left():
			return &session.Exit{Status: status}
		case status == script.Interrupted:
			return session.ErrInterrupted
		case status == script.OK:
			return nil
		default:
			return &session.Failure{Msg: "the start file ended early"}
		}
	})
	return l.wait(task, err, "")
}

func (l *loop) run() {
	for number := 1; ; number++ {
		got, err := l.prompt.ReadLine(l.text())
		switch {
		case errors.Is(err, ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			l.say(fmt.Sprintf("%v\n", err))
			l.status = script.Wrong
			return
		}
		if strings.TrimSpace(got.Text) == "" {
			continue
		}
		l.lines = append(l.lines, got.Text)
		statements, err := l.parser.Line(got.Text, number, l.session)
		if err != nil {
			l.wrong(got.Text, err)
			l.dropPaste()
			continue
		}
		if len(statements) == 0 {
			continue
		}
		if got.Pasted != l.pasting {
			l.pasting = got.Pasted
			l.session.Pasting(got.Pasted)
		}
		task, err := l.session.Foreground(statements, got.Text)
		shown := got.Text
		if len(statements) > 1 { // what those before it showed stands between
			shown = ""
		}
		if l.wait(task, err, shown) {
			return
		}
	}
}

// text is the prompt: the current socket stands in it.
func (l *loop) text() string {
	if fd, ok := l.session.Current(); ok {
		return fmt.Sprintf("sock[%d]> ", fd)
	}
	return "sock> "
}

// drain forgets signals that came while nothing ran: at the end of a line, and from elsewhere while one was typed.
func (l *loop) drain() {
	for len(l.signals) > 0 {
		<-l.signals
	}
}

// wait waits for a line's end, with Ctrl-C and Ctrl-Z, and says whether the shell is to end. shown is the line if
// it is what was shown last.
func (l *loop) wait(task *session.Task, err error, shown string) (over bool) {
	if err != nil {
		l.say(fmt.Sprintf("%v\n", err))
		return false
	}
	for {
		select {
		case <-task.Done():
			return l.ended(task.Err(), shown)
		case s := <-l.signals:
			switch s {
			case term.CtrlC:
				task.Interrupt()
			case term.CtrlZ:
				switch n, err := l.session.ToBackground(task); {
				case err != nil:
					l.say(fmt.Sprintf("%v\n", err))
				case n > 0:
					return false
				}
			}
		}
	}
}

func (l *loop) ended(err error, shown string) (over bool) {
	var exit *session.Exit
	switch {
	case err == nil, errors.Is(err, session.ErrInterrupted):
	case errors.As(err, &exit):
		l.status = exit.Status
		return true
	default:
		l.wrong(shown, err)
	}
	if errors.Is(err, session.ErrInterrupted) {
		l.dropPaste()
	}
	return false
}

// wrong shows an error of a line; the mark stands under the column, behind the prompt, if the line is just above.
func (l *loop) wrong(text string, err error) {
	var e *notation.SyntaxError
	msg := err.Error()
	if errors.As(err, &e) {
		msg = script.Explain("", text, e)
		switch {
		case e.Col > 0 && text != "":
			msg = fmt.Sprintf("%s^ %s", strings.Repeat(" ", len(l.text()))+script.Pad(text, e.Col), msg)
		case e.Col > 0:
			msg = fmt.Sprintf("column %d: %s", e.Col, msg)
		}
	}
	l.session.Tell(nil, event.Error, msg)
}

func (l *loop) dropPaste() {
	if n := l.prompt.DropPaste(); n > 0 {
		l.say(fmt.Sprintf("# the rest of the paste, %d lines, was not run\n", n))
	}
}
