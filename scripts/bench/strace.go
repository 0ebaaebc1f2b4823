package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
)

// underStrace compares the traced script with strace tracing the same calls of a program in C, call by call: strace
// gets fewer of them, since it takes a hundred times longer.
func underStrace(w *workshop) []row {
	const (
		rounds = 3
		calls  = 5000
	)
	r := row{what: "traced getsockname, a call", goal: 100, least: true, unit: "x"}
	strace, err := exec.LookPath("strace")
	if err != nil {
		err = errors.New("strace is not installed")
	}
	var c, script string
	if err == nil {
		c, err = w.cProgram("calls")
	}
	if err == nil {
		script, err = w.file("traced.sock", workloads[0].script(scriptLines))
	}
	if err != nil {
		r.skipped = err.Error()
		return []row{r}
	}
	took, err := medians(rounds,
		runner{args: []string{w.shell, script}, out: filepath.Join(w.folder, "trace")},
		runner{args: []string{strace, "-o", filepath.Join(w.folder, "strace"), c, "getsockname", strconv.Itoa(calls)}})
	if err != nil {
		r.skipped = err.Error()
		return []row{r}
	}
	shell, peer := each(took[0], scriptLines), each(took[1], calls)
	r.figure, r.peer, r.ratio = short(shell), "strace -o FILE on C, "+short(peer), times(peer, shell)
	return []row{r}
}
