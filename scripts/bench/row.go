package main

import (
	"fmt"
	"time"
)

// A row is one line of the table: what was measured, how it stands to its peer, and what was promised.
type row struct {
	what    string
	figure  string  // with its unit
	peer    string  // what it is compared with, and that one's figure
	ratio   float64 // to the goal's kind of number; 0: none
	goal    float64 // 0: nothing is promised
	least   bool    // the ratio is to be at least the goal; else at most
	unit    string  // behind ratio and goal: "x", "us", "MB"
	skipped string  // why it could not be measured
}

const layout = "%-38s %12s  %-38s %9s  %-11s %s\n"

var heading = fmt.Sprintf(layout, "what", "figure", "against", "ratio", "goal", "")

func (r row) String() string {
	if r.skipped != "" {
		return fmt.Sprintf("%-38s skipped: %s", r.what, r.skipped)
	}
	ratio, goal, verdict := "", "", ""
	if r.ratio != 0 {
		ratio = fmt.Sprintf("%.2f %s", r.ratio, r.unit)
	}
	if r.goal != 0 {
		sign := "<="
		if r.least {
			sign = ">="
		}
		goal, verdict = fmt.Sprintf("%s %g %s", sign, r.goal, r.unit), "met"
		if r.missed() {
			verdict = "MISSED"
		}
	}
	line := fmt.Sprintf(layout, r.what, r.figure, r.peer, ratio, goal, verdict)
	return line[:len(line)-1]
}

func (r row) missed() bool {
	if r.goal == 0 || r.skipped != "" {
		return false
	}
	if r.least {
		return r.ratio < r.goal
	}
	return r.ratio > r.goal
}

// short is a time with three digits that mean something.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.0f us", float64(d)/1e3)
	}
	return fmt.Sprintf("%.0f ms", float64(d)/1e6)
}
