package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// A runner is something to be timed: a program with arguments, and where its output goes.
type runner struct {
	args []string
	out  string // a file; empty: nowhere
}

// once runs the program and gives its wall time.
func (r runner) once() (time.Duration, error) {
	cmd := exec.Command(r.args[0], r.args[1:]...)
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	if r.out != "" {
		f, err := os.Create(r.out)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		cmd.Stdout = f
	}
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err != nil {
		return 0, fmt.Errorf("%v: %w: %s", r.args, err, wrong.Bytes())
	}
	return took, nil
}

// medians runs the programs in turn, A B C A B C, so that whatever slows the machine down slows all of them, and gives
// the median of each. The first round warms caches and is not counted.
func medians(rounds int, all ...runner) ([]time.Duration, error) {
	took := make([][]time.Duration, len(all))
	for round := range rounds + 1 {
		for i, r := range all {
			d, err := r.once()
			if err != nil {
				return nil, err
			}
			if round > 0 {
				took[i] = append(took[i], d)
			}
		}
	}
	middle := make([]time.Duration, len(all))
	for i := range took {
		slices.Sort(took[i])
		middle[i] = took[i][len(took[i])/2]
	}
	return middle, nil
}

// times is how many times longer a took than b.
func times(a, b time.Duration) float64 { return float64(a) / float64(b) }

// each is the time of one of n.
func each(d time.Duration, n int) time.Duration { return d / time.Duration(n) }
