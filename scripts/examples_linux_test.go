package scripts

import (
	"bytes"
	"strings"
	"testing"

	"socksh/commands"
	"socksh/repl/view"
)

// TestTour runs the lines that help alone shows a newcomer.
func TestTour(t *testing.T) {
	got := run(t, "", "--timeout=20s", "-c", strings.Join(view.Tour(), "\n"))
	if got.status != 0 || !strings.Contains(got.out, `recv(4, "hello", 1024, 0) = 5`) {
		t.Errorf("status %d\n%s%s", got.status, got.out, got.err)
	}
}

// TestExamples runs the example of each call as help shows it, in a fresh session: every call of it succeeds, and the
// call that it is for is among them.
func TestExamples(t *testing.T) {
	for _, c := range commands.Calls() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			cmd := program(t, "--timeout=20s", "-c", strings.Join(c.Example, "\n"))
			cmd.Dir = t.TempDir()
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
			}
			made := c.Name
			if c.Repeats != "" {
				made = c.Repeats
			}
			if !strings.Contains(out.String(), made+"(") {
				t.Errorf("%s was not called:\n%s", made, out.String())
			}
		})
	}
}
