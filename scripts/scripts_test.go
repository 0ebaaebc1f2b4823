package scripts

import (
	"path/filepath"
	"testing"
)

// TestScripts runs each script by itself: it checks itself by expectations.
func TestScripts(t *testing.T) {
	all, err := filepath.Glob("*.sock")
	if err != nil || len(all) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := filepath.Abs(name)
			if err != nil {
				t.Fatal(err)
			}
			cmd := program(t, "--timeout=20s", path)
			cmd.Dir = t.TempDir()
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
