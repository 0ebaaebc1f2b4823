module socksh

go 1.26.0

// Since Go 1.25 the runtime keeps cgroup files open; they would take the descriptors 3, 4 and 5 from the user.
godebug containermaxprocs=0

require (
	github.com/chzyer/readline v1.5.1 // the prompt: line editing and history; given with the project
	github.com/google/shlex v0.0.0-20191202100458-e7afc7fbc510 // words and their quotes; given with the project
	github.com/mattn/go-runewidth v0.0.31 // how many cells of the terminal a wide character takes
	golang.org/x/sys v0.49.0 // each operating system's call numbers, constants and terminal modes
)

require github.com/clipperhouse/uax29/v2 v2.2.0 // indirect
