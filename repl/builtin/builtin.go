// Package builtin holds the verbs that make no system call on the user's behalf: one function and one row of the table
// each. It knows sessions and views; it must not know the terminal.
package builtin

import (
	"strings"

	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/repl/line"
	"socksh/repl/session"
	"socksh/repl/view"
)

// Shell is what the verbs need of the shell around the session. A nil function means that there is no such thing here.
type Shell struct {
	Reader     *notation.Reader
	SetStrings func(n int)
	History    func() []string
	Limit      func() (soft, hard uint64, err error)
	SetLimit   func(soft uint64) error
	ReadFile   func(path string, limit int64) ([]byte, error)
	Source     func(t *session.Task, path string, args []string) error
	Width      func() int
	Color      bool
	Own        func(fd int) string // what of the shell's own a descriptor is
	Run        func(func())        // runs what opens descriptors of the shell's own
}

// A verb is one builtin.
type verb struct {
	view.Verb
	operand Operand
	run     func(c *call) error
}

// Operand is what a verb's words are, for completion.
type Operand uint8

const (
	Nothing Operand = iota
	Socket          // a descriptor or a name that holds one
	Job             // %N or a name that stands for one
	File
	Topic
	Setting
	Text
)

// call is one use of a verb.
type call struct {
	*Shell
	s     *session.Session
	t     *session.Task
	st    *line.Statement
	words []notation.Word
}

// table is in the order of help.
func table() []verb {
	return []verb{
		{view.Verb{Name: "fds", Usage: "fds [-a]", Summary: "the table of open descriptors, asked of the kernel"}, Nothing, fds},
		{view.Verb{Name: "use", Usage: "use FD", Summary: "make a descriptor the current socket"}, Socket, use},
		{view.Verb{Name: "jobs", Usage: "jobs", Summary: "the calls that are waiting in the background"}, Nothing, jobs},
		{view.Verb{Name: "fg", Usage: "fg [%N]", Summary: "wait for a job in the foreground; Ctrl-C interrupts it"}, Job, fg},
		{view.Verb{Name: "wait", Usage: "wait [%N...]", Summary: "wait for some jobs, or for all"}, Job, wait},
		{view.Verb{Name: "kill", Usage: "kill [-INT] %N", Summary: "interrupt a job's call: it returns EINTR"}, Job, kill},
		{view.Verb{Name: "blocked", Usage: "blocked %N [for TIME]", Summary: "wait until a job is asleep in its call, and stays so; fail if it ends"}, Job, blocked},
		{view.Verb{Name: "print", Usage: "print [WORD...]", Summary: "write words and $variables to standard output"}, Text, print},
		{view.Verb{Name: "sleep", Usage: "sleep TIME", Summary: "wait, for 2s or 250ms"}, Nothing, sleep},
		{view.Verb{Name: "rlimit", Usage: "rlimit nofile [N]", Summary: "show or set how many descriptors may be open"}, Setting, rlimit},
		{view.Verb{Name: "set", Usage: "set [notes on|off] [strings N]", Summary: "what is shown: notes and hints, and how much of a string"}, Setting, set},
		{view.Verb{Name: "source", Usage: "source FILE [ARG...]", Summary: "run a file's lines here"}, File, source},
		{view.Verb{Name: "history", Usage: "history", Summary: "the lines typed so far"}, Nothing, history},
		{view.Verb{Name: "why", Usage: "why", Summary: "what the last error means, at length"}, Nothing, why},
		{view.Verb{Name: "help", Usage: "help [CALL|TOPIC]", Summary: "this help, or that of a call or a topic"}, Topic, help},
		{view.Verb{Name: "exit", Usage: "exit [STATUS]", Summary: "leave; so do quit and Ctrl-D"}, Nothing, exit},
		{view.Verb{Name: "quit", Usage: "quit [STATUS]", Summary: "the same as exit"}, Nothing, exit},
	}
}

// Verbs gives the builtins' descriptions, in the order of help.
func Verbs() []view.Verb {
	var all []view.Verb
	for _, v := range table() {
		all = append(all, v.Verb)
	}
	return all
}

// Names gives the builtins' names.
func Names() []string {
	var all []string
	for _, v := range table() {
		all = append(all, v.Name)
	}
	return all
}

// Takes says what words a builtin takes.
func Takes(name string) Operand {
	for _, v := range table() {
		if v.Name == name {
			return v.operand
		}
	}
	return Nothing
}

// Find gives the function that runs a builtin, nil for another name.
func (sh *Shell) Find(name string) session.Verb {
	for _, v := range table() {
		if v.Name == name {
			return func(s *session.Session, t *session.Task, st *line.Statement, words []notation.Word) error {
				return v.run(&call{sh, s, t, st, words})
			}
		}
	}
	return nil
}

// usage is the error of words that a verb does not take.
func (c *call) usage(at int, msg string) error {
	col := 0
	if at < len(c.words) {
		col = c.words[at].Col
	}
	for _, v := range table() {
		if v.Name == c.st.Name {
			msg += "; usage: " + v.Usage
		}
	}
	return &notation.SyntaxError{Col: col, Msg: msg}
}

// most refuses words behind the n'th.
func (c *call) most(n int) error {
	if len(c.words) > n {
		return c.usage(n, c.st.Name+" takes "+[]string{"no operand", "one operand at most", "two operands at most"}[n])
	}
	return nil
}

func (c *call) show(text string) { c.s.Tell(c.t, event.View, text) }

// text is a word's text, a whole $name's too.
func (c *call) text(w *notation.Word) (string, error) {
	if w.Ref != "" {
		return c.s.Text(c.t, w.Ref)
	}
	return w.Text, nil
}

// texts are all words' texts.
func (c *call) texts() ([]string, error) {
	var all []string
	for i := range c.words {
		s, err := c.text(&c.words[i])
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func print(c *call) error {
	all, err := c.texts()
	if err != nil {
		return err
	}
	c.s.Tell(c.t, event.Print, strings.Join(all, " ")+"\n")
	return nil
}
