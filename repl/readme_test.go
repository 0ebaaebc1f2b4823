package repl

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"socksh/repl/builtin"
	views "socksh/repl/view"
)

var update = flag.Bool("update", false, "write the derived parts of README.md anew")

// TestREADME holds the parts of README.md that are derived from the table against the table.
func TestREADME(t *testing.T) {
	const path = "../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := text
	for name, part := range map[string][]byte{
		"calls":    views.CallsTable(),
		"builtins": builtinsTable(),
		"usage":    []byte("```\n" + Usage + "```\n"),
	} {
		begin, end := []byte("<!-- "+name+" -->\n"), []byte("<!-- end of "+name+" -->")
		i, j := bytes.Index(want, begin), bytes.Index(want, end)
		if i < 0 || j < i {
			t.Fatalf("README.md has no place for the %s", name)
		}
		want = bytes.Join([][]byte{want[:i+len(begin)], part, want[j:]}, nil)
	}
	if bytes.Equal(want, text) {
		return
	}
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("README.md is older than the table of calls: go test ./repl -run README -update")
}

func builtinsTable() []byte {
	b := []byte("| builtin | what it does |\n|---|---|\n")
	for _, v := range builtin.Verbs() {
		b = append(b, "| `"+escapeBar(v.Usage)+"` | "+v.Summary+" |\n"...)
	}
	return b
}

func escapeBar(s string) string {
	return string(bytes.ReplaceAll([]byte(s), []byte("|"), []byte("\\|")))
}
