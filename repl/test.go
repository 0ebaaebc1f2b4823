package repl

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"socksh/repl/script"
)

// testLimit is how long a file may take when --timeout does not say.
const testLimit = time.Minute

// test runs scripts as tests. No session is made here: each file has a process of its own.
func test(o *Options, std Std) int {
	wrong := func(err error) int {
		fmt.Fprintf(std.Err, "socksh test: %v\n", err)
		return script.Wrong
	}
	files, err := script.Files(o.Test)
	if err != nil {
		return wrong(err)
	}
	self, err := os.Executable()
	if err != nil {
		return wrong(err)
	}
	t := &script.Tester{Program: self, Limit: o.Timeout, Out: std.Out, TempDir: func() (string, func(), error) {
		dir, err := os.MkdirTemp("", "socksh-test-")
		return dir, func() { os.RemoveAll(dir) }, err
	}}
	if t.Limit == 0 {
		t.Limit = testLimit
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if _, failed := t.Run(ctx, files); failed > 0 {
		return script.Failed
	}
	return script.OK
}
