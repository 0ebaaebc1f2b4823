package repl

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/chzyer/readline"

	"socksh/repl/term"
)

// ErrInterrupt is what ReadLine gives after Ctrl-C.
var ErrInterrupt = errors.New("interrupted")

// A PromptConfig says what a Prompt is made of. Only TTY is needed.
type PromptConfig struct {
	TTY *term.TTY // Input, Write, Edit and Run of it are the prompt's until Close

	// History is the path of the file in which lines outlive the session; "" for
	// none. It is made with mode 0600 in a folder of mode 0700.
	History string

	// Complete gives what could stand in place of the last word of before, which
	// is the line up to the cursor.
	Complete func(before string) []Candidate

	// Hint gives what is shown in grey after the line while the cursor is at its
	// end, "" for nothing. It is asked when the keys pause, and only with Color.
	Hint func(line string) string

	Color bool

	// Given, if there is one, is called when a line has been given, before keys are signals
	// again: a signal that came earlier was not meant for the line, a later one is.
	Given func()

	// IO runs a function that opens files, and returns when it is done: on
	// a thread whose descriptors are not the user's. Without it, the file of the
	// history takes the user's lowest number for a moment.
	IO func(func())
}

// A Line is what ReadLine gives.
type Line struct {
	Text   string // without its newline; the exact bytes where they were pasted
	Pasted bool   // a bracketed paste, or a part of it
	Rest   int    // how many complete pasted lines are still waiting
}

// A Prompt reads lines from a terminal.
//
// readline keeps the line, its cursor and its loop; it is told that it has no terminal, so
// that it draws nothing, and gets keys that are decoded already. What
// is on the screen, history, search, completion and pastes are this package's
// own, for in readline v1.5.1 they count wide characters wrongly, crash, or
// write the terminal raw. Three goroutines take turns: keyboard.Read gives
// one key, the editor (filter, listener) works on it and grants the next; Write
// and a change of size come in between at any time, under mu.
type Prompt struct {
	cfg   PromptConfig
	rl    *readline.Instance
	keys  *keyboard
	past  *history
	unsub func()

	mu     sync.Mutex
	closed bool // by Close
	over   bool // the terminal has hung up
	edit   edit // the line being edited
	view   view // what of it is on the screen
	paste  paste
	end    ending // how the session of the editor ended
}

// An ending is what made the editor give its line away.
type ending struct {
	by   key // Enter, Ctrl-C, Ctrl-D, keyPaste; 0: nothing yet
	line Line
}

// NewPrompt makes a prompt and reads its history. A history that cannot
// be kept is no error: the lines are then known for this session only, and
// HistoryError says why.
func NewPrompt(cfg PromptConfig) (*Prompt, error) {
	if cfg.TTY == nil {
		return nil, errors.New("a prompt needs a terminal")
	}
	if cfg.IO == nil {
		cfg.IO = func(f func()) { f() }
	}
	p := &Prompt{cfg: cfg}
	p.keys = newKeyboard(cfg.TTY, p.settle)
	p.past = openHistory(cfg.History, cfg.IO)
	var err error
	p.rl, err = readline.NewEx(&readline.Config{
		Stdin:                  p.keys,
		Stdout:                 io.Discard,
		Stderr:                 io.Discard,
		FuncIsTerminal:         func() bool { return false },
		FuncMakeRaw:            func() error { return nil },
		FuncExitRaw:            func() error { return nil },
		FuncGetWidth:           func() int { return 80 },
		FuncOnWidthChanged:     func(func()) {},
		FuncFilterInputRune:    p.filter,
		Listener:               readline.FuncListener(p.changed),
		UniqueEditLine:         true,
		DisableAutoSaveHistory: true,
	})
	if err != nil {
		return nil, err
	}
	p.unsub = cfg.TTY.OnResize(p.resized)
	return p, nil
}

// HistoryError says why the history's file could not be read or written; nil
// if it could.
func (p *Prompt) HistoryError() error { return p.past.failed() }

// ReadLine shows the prompt, one line of text and colours (SGR), and gives the
// next line: one that waits from a paste, else what is typed. The error is
// ErrInterrupt after Ctrl-C, when what was typed is dropped; io.EOF after
// Ctrl-D in an empty line, when the terminal has hung up, and after Close. One
// goroutine at a time.
func (p *Prompt) ReadLine(prompt string) (Line, error) {
	prompt = strings.NewReplacer("\n", " ", "\r", " ").Replace(prompt)
	if line, ok := p.waiting(prompt); ok {
		p.past.add(line.Text)
		return line, nil
	}
	if err := p.begin(prompt); err != nil {
		return Line{}, err
	}
	p.keys.grant()
	p.rl.Readline() // what it gives is known already, byte by byte
	end := p.finish()
	switch end.by {
	case ctrl('M'), keyPaste:
		p.past.add(end.line.Text)
		return end.line, nil
	case ctrl('C'):
		return Line{}, ErrInterrupt
	}
	return Line{}, io.EOF
}

// begin puts the terminal and the editor into their state for a new line.
func (p *Prompt) begin(prompt string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.over {
		return io.EOF
	}
	if err := p.cfg.TTY.Edit(); err != nil {
		return err
	}
	p.end = ending{}
	p.edit = edit{recall: p.past.recall(), killed: p.edit.killed, begin: p.paste.begin, pasted: p.paste.begun}
	p.paste.begin, p.paste.begun = nil, false
	p.keys.begin = p.edit.begin != nil
	p.view = view{prompt: prompt, editing: true, dirty: true}
	return nil
}

func (p *Prompt) finish() ending {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.view.editing = false
	if p.closed {
		return ending{}
	}
	if p.end.by == 0 {
		p.over = true
	}
	if p.cfg.Given != nil {
		p.cfg.Given()
	}
	p.cfg.TTY.Run()
	return p.end
}

// Write shows whole lines at any time, from any goroutine: above the prompt
// while a line is being edited, which is then drawn again with its cursor, else
// where the cursor is. A newline that is missing at the end is added above a
// prompt. Escape sequences in b are the caller's.
func (p *Prompt) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(b) == 0 || !p.view.shown {
		return p.cfg.TTY.Write(b)
	}
	out := append(p.view.erase(), b...)
	if b[len(b)-1] != '\n' {
		out = append(out, '\n')
	}
	if _, err := p.cfg.TTY.Write(append(out, p.drawing()...)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// rescue is deferred where readline's goroutines call us. What is deferred in
// main does not run when they panic, so the terminal would stay raw; and on
// the panic's way up readline's own deferred functions would end ReadLine as if
// with Ctrl-D. So the terminal is restored and the panic goes on elsewhere.
func (p *Prompt) rescue() {
	if x := recover(); x != nil {
		stack := debug.Stack()
		p.cfg.TTY.Close()
		go func() { panic(fmt.Sprintf("%v\n\n%s", x, stack)) }()
		select {}
	}
}

// Close ends the prompt and restores the terminal. A pending ReadLine gives io.EOF; what
// was half typed stays on the screen.
func (p *Prompt) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.leave("")
	p.mu.Unlock()
	p.unsub()
	p.keys.Close()
	// readline's own Close waits for a goroutine that may not have begun.
	if p.keys.started.Load() {
		p.rl.Close()
	}
	return p.cfg.TTY.Restore()
}
