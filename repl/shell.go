// Package repl is the shell: it puts terminal, session, builtins and scripts together, and holds the prompt.
package repl

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"socksh/commands"
	"socksh/commands/engine"
	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/repl/builtin"
	"socksh/repl/line"
	"socksh/repl/script"
	"socksh/repl/session"
	"socksh/repl/term"
	views "socksh/repl/view"
)

// Version is what --version says.
const Version = "0.1"

// Where the shell keeps its own descriptors: see term.Reserve. A script's start counts, so they stay in the kernel's
// first table; at a prompt nobody sees the 10 ms that a high place costs once.
const (
	scriptBase = 55
	promptBase = 500
	longest    = 64 << 20 // a script, in bytes
)

// Std are the files and ways out that only main may touch.
type Std struct {
	In, Out, Err *os.File
	Env          func(string) string
	Exit         func(int)
}

// A shell is one run of the program.
type shell struct {
	*Options
	std     Std
	own     *term.Reserved
	host    *host
	out     io.Writer
	err     io.Writer
	flush   func() error
	color   bool
	reader  *notation.Reader
	parser  *line.Parser
	printer *views.Printer
	session *session.Session
	verbs   *builtin.Shell
	depth   int // of source
}

// Main runs the program and gives its exit status.
func Main(args []string, std Std) int {
	o, err := ParseOptions(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		io.WriteString(std.Out, Usage)
		return script.OK
	case err != nil:
		fmt.Fprintf(std.Err, "socksh: %v (see socksh --help)\n", err)
		return script.Wrong
	case o.Version:
		fmt.Fprintln(std.Out, "socksh "+Version)
		return script.OK
	case o.IsTest:
		return test(o, std)
	}
	if err := term.RestoreLimit(); err != nil {
		fmt.Fprintf(std.Err, "socksh: %v\n", err)
		return script.Wrong
	}
	sh := &shell{Options: o, std: std}
	status, err := sh.run()
	if err != nil {
		fmt.Fprintf(std.Err, "socksh: %v\n", err)
		return script.Wrong
	}
	return status
}

func (sh *shell) run() (int, error) {
	prompt := sh.File == "" && !sh.HasC && !sh.IsHelp && term.IsTerminal(sh.std.In)
	base := scriptBase
	if prompt {
		base = promptBase
	}
	sh.own = term.Reserve(base)
	if err := sh.files(); err != nil {
		return 0, err
	}
	sh.build(prompt)
	if sh.IsHelp {
		return sh.help()
	}
	if err := engine.Setup(); err != nil {
		return 0, err
	}
	if prompt {
		return sh.prompt()
	}
	name, text, err := sh.text()
	if err != nil {
		return 0, err
	}
	sh.own.Release()
	return sh.script(name, text)
}

// files moves the standard files out of the user's way.
func (sh *shell) files() error {
	var err error
	for _, f := range []struct {
		file **os.File
		name string
	}{{&sh.std.In, "standard input"}, {&sh.std.Out, "standard output"}, {&sh.std.Err, "standard error"}} {
		if *f.file, err = sh.own.Own(int((*f.file).Fd()), f.name); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// build puts the session together.
func (sh *shell) build(prompt bool) {
	terminal := term.IsTerminal(sh.std.Out)
	sh.color = sh.Color == "always" || sh.Color == "auto" && terminal && sh.std.Env("NO_COLOR") == "" && sh.std.Env("TERM") != "dumb"
	sh.out, sh.err, sh.flush = sh.std.Out, sh.std.Err, func() error { return nil }
	if !terminal {
		o := views.NewOutput(sh.std.Out)
		sh.out, sh.flush = o, o.Flush
	}
	style := notation.C()
	if sh.Notation == "strace" {
		style = notation.Strace()
	}
	style.IfName = sh.ifName
	sh.printer = views.NewPrinter(sh.out, sh.err, style)
	sh.printer.Quiet, sh.printer.Color, sh.printer.Terminal = sh.Quiet, sh.color, terminal

	sh.reader = notation.NewReader(commands.Calls())
	sh.reader.IfIndex = sh.ifIndex
	sh.parser = &line.Parser{Reader: sh.reader, Builtins: builtin.Names(), Sources: "source"}
	sh.host = &host{term.NewFiles(sh.own), sh.own}
	sh.verbs = &builtin.Shell{Reader: sh.reader, SetStrings: sh.printer.SetStrings, Limit: term.Limit, SetLimit: term.SetLimit,
		ReadFile: sh.host.ReadFile, Source: sh.source, Width: func() int { return 80 }, Color: sh.color, Own: sh.own.Name, Run: sh.host.Do}
	c := session.Config{Reader: sh.reader, Verb: sh.verbs.Find, Sink: sh.printer, Host: sh.host, Trace: !sh.Quiet, Prompt: prompt,
		Limit: term.Limit, PID: os.Getpid()}
	if sh.JSON {
		json := views.NewJSON(sh.out)
		json.Quiet = sh.Quiet
		c.Sink, c.Trace, c.Clocks = &twofold{json, sh.printer}, !sh.Quiet, true
	}
	sh.session = session.New(c)
}

// text reads the script.
func (sh *shell) text() (name, text string, err error) {
	switch {
	case sh.HasC:
		return "", sh.Lines, nil
	case sh.File == "-" || sh.File == "":
		b, err := io.ReadAll(io.LimitReader(sh.std.In, longest+1))
		if err == nil && len(b) > longest {
			err = fmt.Errorf("standard input: a script must be at most %d bytes", longest)
		}
		return "standard input", string(b), err
	}
	b, err := sh.host.ReadFile(sh.File, longest)
	return sh.File, string(b), err
}

// script runs the lines on this thread, which is the process's first.
func (sh *shell) script(name, text string) (int, error) {
	for i, arg := range sh.Args {
		sh.session.SetVariable(strconv.Itoa(i+1), arg)
	}
	sc, err := script.Check(sh.parser, name, text, sh.session)
	if err != nil {
		fmt.Fprintf(sh.err, "%s\n", notation.AppendSafe(nil, []byte(err.Error())))
		return script.Wrong, nil
	}
	thread, err := engine.Lock()
	if err != nil {
		return 0, err
	}
	task := session.Main(thread)
	late := new(atomic.Bool)
	if sc.Lasts() || sh.Timeout > 0 { // what os/signal starts takes a tenth of a short script's whole time
		defer sh.watch(task, sc, late)()
	}
	status := sc.Run(sh.session, task, sh.Keep)
	if late.Load() {
		status = script.TimedOut
		sh.timedOut(sc)
	}
	if err := sh.flush(); err != nil && status == script.OK && !term.NoReader(err) {
		return 0, err
	}
	return status, nil
}

// grace is how long a run may go on after it was interrupted for its time limit: a call that cannot be interrupted.
const grace = time.Second

// watch interrupts the task at Ctrl-C and when its time is over, which it notes in late.
func (sh *shell) watch(task *session.Task, sc *script.Script, late *atomic.Bool) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	end := make(chan struct{})
	go func() {
		var over <-chan time.Time
		if sh.Timeout > 0 {
			over = time.After(sh.Timeout)
		}
		var hard <-chan time.Time
		for {
			select {
			case <-end:
				return
			case <-over:
				late.Store(true)
				hard = time.After(grace)
				task.Interrupt()
			case <-hard:
				sh.timedOut(sc)
				sh.std.Exit(script.TimedOut)
			case <-signals:
				task.Interrupt()
			}
		}
	}()
	return func() { close(end); signal.Stop(signals) }
}

// timedOut says which line the time limit met.
func (sh *shell) timedOut(sc *script.Script) {
	sh.flush()
	fmt.Fprintf(sh.err, "%s\n  timed out after %v\n", notation.AppendSafe(nil, []byte(sc.Where())), sh.Timeout)
}

// mostSources is how deep source may nest.
const mostSources = 20

// source runs a file's lines in the session.
func (sh *shell) source(t *session.Task, path string, args []string) error {
	if sh.depth >= mostSources {
		return &session.Failure{Msg: fmt.Sprintf("source must not nest deeper than %d: does %s source itself?", mostSources, path)}
	}
	text, err := sh.host.ReadFile(path, longest)
	if err != nil {
		return &session.Failure{Msg: err.Error()}
	}
	for i, arg := range args {
		sh.session.SetVariable(strconv.Itoa(i+1), arg)
	}
	parser := &line.Parser{Reader: sh.reader, Builtins: sh.parser.Builtins, Sources: "source"}
	sc, err := script.Check(parser, path, string(text), sh.session)
	if err != nil {
		return &session.Failure{Msg: err.Error()}
	}
	sh.depth++
	defer func() { sh.depth-- }()
	status := sc.Run(sh.session, t, sh.Keep)
	switch {
	case sc.Left():
		return &session.Exit{Status: status}
	case status == script.OK:
		return nil
	case status == script.Interrupted:
		return session.ErrInterrupted
	default:
		return &session.Failure{Msg: filepath.Base(path) + " failed"}
	}
}

func (sh *shell) help() (int, error) {
	topic := ""
	if len(sh.Options.Help) > 0 {
		topic = sh.Options.Help[0]
	}
	text, err := views.HelpFor(sh.reader, builtin.Verbs(), topic, sh.color)
	if err != nil {
		fmt.Fprintf(sh.err, "socksh: %v\n", err)
		return script.Wrong, nil
	}
	sh.out.Write(text)
	return script.OK, sh.flush()
}

// ifIndex and ifName know the machine's interfaces, asked where numbers do not matter.
func (sh *shell) ifIndex(name string) (int64, bool) { return term.InterfaceIndex(sh.host.Files, name) }
func (sh *shell) ifName(index int64) string         { return term.InterfaceName(sh.host.Files, index) }

// A twofold sink is for programs, and tells a person on standard error what went wrong.
type twofold struct {
	json   *views.JSON
	errors *views.Printer
}

// Put implements event.Sink.
func (t *twofold) Put(e *event.Event) {
	t.json.Put(e)
	if e.Kind == event.Error {
		t.errors.Put(e)
	}
}
