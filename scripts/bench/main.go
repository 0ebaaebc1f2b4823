// Command bench measures the shell against its peers, all in the same run and in turn, and prints how many times
// longer each took, since only ratios carry over from one machine to another.
//
//	go run ./scripts/bench [POINT...]
//
// The points are start-up, lines, strace, fds and jobs. A peer whose compiler or interpreter is not installed is left
// out with the reason. It builds the shell without cgo, as README says to install it: the dynamic linker would cost
// more than the shell's own start.
package main

import (
	"fmt"
	"os"
	"slices"
)

// A point is one paragraph of what was promised about speed.
type point struct {
	name    string
	measure func(*workshop) []row
}

var points = []point{
	{"start-up", startUp},
	{"lines", lines},
	{"strace", underStrace},
	{"fds", tenThousandSockets},
	{"jobs", thousandJobs},
}

func main() { os.Exit(run(os.Args[1:])) }

func run(wanted []string) int {
	for _, name := range wanted {
		if !slices.ContainsFunc(points, func(p point) bool { return p.name == name }) {
			fmt.Fprintf(os.Stderr, "bench: there is no point %q\n", name)
			return 2
		}
	}
	w, err := open()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		return 1
	}
	defer w.close()
	fmt.Print(heading)
	missed := 0
	for _, p := range points {
		if len(wanted) > 0 && !slices.Contains(wanted, p.name) {
			continue
		}
		for _, r := range p.measure(w) {
			fmt.Println(r)
			if r.missed() {
				missed++
			}
		}
	}
	fmt.Printf("\n%d missed\n", missed)
	return 0
}
