package repl

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// Options are what the command line says.
type Options struct {
	File    string   // the script; "-" is standard input; empty: the prompt, or Lines
	Args    []string // the script's $1, $2, ...
	Lines   string   // -c
	HasC    bool
	Help    []string // help [TOPIC]
	IsHelp  bool
	Test    []string // test FILE|DIR...
	IsTest  bool
	Version bool

	Quiet    bool
	Keep     bool
	JSON     bool
	Notation string
	Color    string
	Timeout  time.Duration
}

// Usage is what --help shows.
const Usage = `socksh: the socket shell; each command is one system call

  socksh                          the prompt, when standard input is a terminal; else standard input is a script
  socksh FILE.sock [ARG...]       run a script; $1 $2 ... are its arguments ('-' is standard input)
  socksh -c 'LINES'               run LINES
  socksh test FILE|DIR...         run scripts as tests, each in a process of its own, and count
  socksh help [TOPIC]             the same help as the prompt's

Flags, before FILE:
  -q                       no trace: only print, errors and failed expectations
  -k                       keep going after a failure
  --json                   one JSON object per event, one a line, on standard output
  --notation=c|strace      how calls are shown (c: as the C library has them, strace: as strace prints the kernel's)
  --color=auto|always|never
  --timeout=DURATION       for the whole run: 10s, 500ms
  --version, --help

Exit status: 0 all went well; 1 a call failed that no expectation foresaw, or an expectation failed;
2 usage or syntax error; 124 timed out; 130 interrupted; "exit N" gives N.
`

// ParseOptions reads the command line without the program's name. flag.ErrHelp: --help was asked for.
func ParseOptions(args []string) (*Options, error) {
	o := &Options{}
	f := flag.NewFlagSet("socksh", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&o.Quiet, "q", false, "")
	f.BoolVar(&o.Keep, "k", false, "")
	f.BoolVar(&o.JSON, "json", false, "")
	f.BoolVar(&o.Version, "version", false, "")
	f.StringVar(&o.Notation, "notation", "c", "")
	f.StringVar(&o.Color, "color", "auto", "")
	f.Func("timeout", "", func(s string) (err error) {
		if o.Timeout, err = time.ParseDuration(s); err != nil || o.Timeout <= 0 {
			return errors.New("must be a time such as 10s or 500ms")
		}
		return nil
	})
	f.Func("c", "", func(s string) error { o.Lines, o.HasC = s, true; return nil })
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	rest := f.Args()
	switch {
	case o.Notation != "c" && o.Notation != "strace":
		return nil, fmt.Errorf("notation must be c or strace, but is %q", o.Notation)
	case o.Color != "auto" && o.Color != "always" && o.Color != "never":
		return nil, fmt.Errorf("color must be auto, always or never, but is %q", o.Color)
	case o.HasC:
		o.Args = rest
	case len(rest) > 0 && rest[0] == "help":
		o.IsHelp, o.Help = true, rest[1:]
	case len(rest) > 0 && rest[0] == "test":
		o.IsTest, o.Test = true, rest[1:]
	case len(rest) > 0:
		o.File, o.Args = rest[0], rest[1:]
	}
	return o, nil
}
