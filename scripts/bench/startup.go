package main

// startUp compares whole processes that make one socket: the shell, a static program in C, a program in Go that does
// no more than link readline, and Python.
func startUp(w *workshop) []row {
	const rounds = 60
	what := "start-up: socksh -c socket"
	shell := runner{args: []string{w.shell, "-c", "socket"}}
	var rows []row
	against := func(name string, goal float64, least bool, args []string, err error) {
		r := row{what: what, goal: goal, least: least, unit: "x"}
		if err == nil {
			r.against(name, rounds, shell, runner{args: args})
		} else {
			r.skipped = name + ": " + err.Error()
		}
		rows = append(rows, r)
	}
	c, err := w.cProgram("socket")
	against("static C", 3.5, false, []string{c}, err)
	bare, err := w.goProgram("socksh/scripts/bench/peers/readline")
	against("Go that only links readline", 0, false, []string{bare}, err)
	python, err := w.python("-c", "import socket; socket.socket()")
	against("python3 -S -I", 7, true, python, err)
	return rows
}

// against fills a row in: how many times longer the shell took, or, for a goal of at least, the other one.
func (r *row) against(name string, rounds int, shell, peer runner) {
	took, err := medians(rounds, shell, peer)
	if err != nil {
		r.skipped = err.Error()
		return
	}
	r.figure, r.peer = short(took[0]), name+", "+short(took[1])
	if r.ratio = times(took[0], took[1]); r.least {
		r.ratio = times(took[1], took[0])
	}
}
