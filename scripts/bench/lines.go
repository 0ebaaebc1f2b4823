package main

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A workload is a long script and the same calls elsewhere. Start-up is part of every figure, since it is part of what
// a user waits for; over so many lines it is some 30 ns for each.
type workload struct {
	name   string
	script func(lines int) string
	mode   string // the C peer's and the Go peer's argument
	python func(lines int) string
}

const scriptLines = 100_000

var workloads = []workload{
	{"getsockname", func(n int) string { return "socket\n" + strings.Repeat("getsockname 3\n", n) }, "getsockname",
		func(n int) string {
			return "import socket\ns = socket.socket()\n" + strings.Repeat("s.getsockname()\n", n)
		}},
	{"send+recv", func(n int) string { return "socketpair\n" + strings.Repeat("send 3 x\nrecv 4 1\n", n/2) }, "transfer",
		func(n int) string {
			return "import socket\na, b = socket.socketpair()\n" + strings.Repeat("a.send(b'x')\nb.recv(1)\n", n/2)
		}},
}

// lines measures scripts of 100,000 lines, quiet and with the trace to a file.
func lines(w *workshop) []row {
	var rows []row
	for _, l := range workloads {
		rows = append(rows, l.rows(w)...)
	}
	return rows
}

func (l *workload) rows(w *workshop) []row {
	const rounds = 7
	what := func(how string) string { return "100,000 lines " + l.name + ", " + how }
	script, err := w.file(l.name+".sock", l.script(scriptLines))
	c, cErr := w.cProgram("calls")
	if err == nil {
		err = cErr
	}
	if err != nil {
		return []row{{what: what("-q"), skipped: err.Error()}}
	}
	quiet := runner{args: []string{w.shell, "-q", script}}
	traced := runner{args: []string{w.shell, script}, out: filepath.Join(w.folder, "trace")}
	all := []runner{quiet, traced, {args: []string{c, l.mode, strconv.Itoa(scriptLines)}}}
	if bare, err := w.goProgram("socksh/scripts/bench/peers/syscall"); err == nil {
		all = append(all, runner{args: []string{bare, l.mode, strconv.Itoa(scriptLines)}})
	}
	took, err := medians(rounds, all...)
	if err != nil {
		return []row{{what: what("-q"), skipped: err.Error()}}
	}
	rows := []row{above(what("-q"), took[0], took[2], "C", 0.5), above(what("traced"), took[1], took[2], "C", 1)}
	if len(took) > 3 {
		rows = append(rows, above(what("-q"), took[0], took[3], "Go's unix.Syscall", 0))
	}
	return append(rows, l.against(w, what, quiet, traced)...)
}

// above says how much a line costs beyond the bare call.
func above(what string, shell, bare time.Duration, name string, goal float64) row {
	over := each(shell-bare, scriptLines)
	return row{what: what, figure: short(each(shell, scriptLines)), peer: "bare call in " + name + ", " + short(each(bare, scriptLines)),
		ratio: float64(over) / 1e3, goal: goal, unit: "us"}
}

// against compares with Python running the same lines.
func (l *workload) against(w *workshop, what func(string) string, quiet, traced runner) []row {
	const rounds = 3
	rows := []row{{what: what("-q"), goal: 4, least: true, unit: "x"}, {what: what("traced"), goal: 3, least: true, unit: "x"}}
	file, err := w.file(l.name+".py", l.python(scriptLines))
	if err != nil {
		return []row{{what: what("-q"), skipped: err.Error()}}
	}
	python, err := w.python(file)
	if err != nil {
		return []row{{what: what("-q"), skipped: err.Error()}}
	}
	rows[0].against("the same lines in Python", rounds, quiet, runner{args: python})
	rows[1].against("the same lines in Python", rounds, traced, runner{args: python})
	return rows
}
