package main

import (
	"fmt"
	"strings"
	"time"
)

// tenThousandSockets times the table of a session with 10,000 sockets.
func tenThousandSockets(w *workshop) []row {
	const sockets = 10_000
	r := row{what: "fds with 10,000 sockets", goal: 150, unit: "ms"}
	h, err := w.holdScript("rlimit nofile 10100\n" + strings.Repeat("socket\n", sockets) + hold + "fds\n")
	if err != nil {
		r.skipped = err.Error()
		return []row{r}
	}
	took, lines, err := h.finish()
	switch {
	case err != nil:
		r.skipped = err.Error()
	case lines < sockets:
		r.skipped = fmt.Sprintf("the table had %d lines only", lines)
	}
	r.figure, r.ratio = short(took), float64(took)/float64(time.Millisecond)
	return []row{r}
}

// thousandJobs measures 1,000 jobs that are blocked in accept: what they take, and how long it is until each has been
// interrupted.
func thousandJobs(w *workshop) []row {
	const jobs = 1000
	memory := row{what: "1,000 jobs blocked in accept", goal: 40, unit: "MB"}
	end := row{what: "until all are interrupted", goal: 1000, unit: "ms"}
	var script strings.Builder
	script.WriteString("socket\nbind\nlisten\n" + strings.Repeat("accept 3 &\n", jobs) + hold)
	for i := range jobs {
		fmt.Fprintf(&script, "kill %%%d\n", i+1)
	}
	h, err := w.holdScript(script.String())
	if err != nil {
		memory.skipped = err.Error()
		return []row{memory}
	}
	bytes, err := h.memory()
	if err != nil {
		memory.skipped = err.Error()
	}
	memory.figure, memory.ratio = fmt.Sprintf("%.1f MB", float64(bytes)/1e6), float64(bytes)/1e6
	took, _, err := h.finish()
	if err != nil {
		end.skipped = err.Error()
	}
	end.figure, end.ratio = short(took), float64(took)/float64(time.Millisecond)
	return []row{memory, end}
}
