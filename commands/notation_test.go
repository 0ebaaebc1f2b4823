package commands_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/spec/spectest"
)

// rounds is how many sets of values each call is tried with.
const rounds = 400

// equal is spec.Equal for arguments, one by one.
func equal(a, b []spec.Value) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d values, not %d", len(a), len(b))
	}
	for i := range a {
		if !spec.Equal(a[i], b[i]) {
			return fmt.Errorf("argument %d is %+v, not %+v", i, a[i], b[i])
		}
	}
	return nil
}

// TestC holds that what the c notation writes is read as equal values, whatever they are.
func TestC(t *testing.T) {
	r := notation.NewReader(commands.Calls())
	for _, c := range commands.Calls() {
		t.Run(c.Name, func(t *testing.T) {
			src := spectest.New(1)
			for range rounds {
				vals := src.Args(c)
				text := string(notation.C().AppendCall(nil, c, nil, vals))
				st, end, err := r.ReadC(text, 1, nil)
				if err != nil || end != len(text) {
					t.Fatalf("%s\n%v (read to byte %d)", text, err, end)
				}
				if err := equal(st.Vals, vals); err != nil {
					t.Fatalf("%s\nread again, %v", text, err)
				}
				if again := string(notation.C().AppendCall(nil, c, nil, st.Vals)); again != text {
					t.Fatalf("%s\nwritten again is\n%s", text, again)
				}
			}
		})
	}
}

// TestWords holds the same of words, for what words can say.
func TestWords(t *testing.T) {
	for _, c := range commands.Calls() {
		t.Run(c.Name, func(t *testing.T) {
			plan := notation.NewPlan(c)
			src := spectest.New(2)
			src.Words = true
			for range rounds {
				vals := src.Args(c)
				line := string(notation.AppendWords(nil, c, vals))
				words, err := split(line)
				if err != nil {
					t.Fatalf("%s\n%v", line, err)
				}
				got, err := plan.Bind(words[1:], nil, nil)
				if err != nil {
					t.Fatalf("%s\n%v", line, err)
				}
				if err := equal(got, vals); err != nil {
					t.Fatalf("%s\nbound again, %v", line, err)
				}
			}
		})
	}
}

// split is as much of the language as AppendWords uses: blanks, and "..." with escapes, perhaps behind a prefix.
func split(line string) (all []notation.Word, err error) {
	for i := 0; i < len(line); i++ {
		if line[i] == ' ' {
			continue
		}
		w := notation.Word{Col: i + 1}
		var b []byte
		for ; i < len(line) && line[i] != ' '; i++ {
			if line[i] != '"' {
				if b = append(b, line[i]); !w.Quoted {
					w.Lead = len(b)
				}
				continue
			}
			w.Quoted = true
			for i++; i < len(line) && line[i] != '"'; i++ {
				if line[i] != '\\' {
					b = append(b, line[i])
					continue
				}
				var n int
				var wrong string
				if b, n, wrong = notation.Unescape(b, line[i+1:]); wrong != "" {
					return nil, fmt.Errorf("byte %d: %s", i, wrong)
				}
				i += n
			}
		}
		w.Text = string(b)
		all = append(all, w)
	}
	return all, nil
}

// TestJSON holds that whatever the values are, they become one line of valid JSON without control characters.
func TestJSON(t *testing.T) {
	for _, c := range commands.Calls() {
		src := spectest.New(3)
		for range rounds {
			js := notation.AppendJSON(nil, c, src.Args(c))
			var object map[string]any
			if err := json.Unmarshal(js, &object); err != nil {
				t.Fatalf("%s: %v\n%s", c.Name, err, js)
			}
			if strings.ContainsFunc(string(js), func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Fatalf("%s: %q has a control character", c.Name, js)
			}
			for i := range c.Args {
				if f := &c.Args[i]; f.Type == (spec.FD{}) {
					if _, ok := object[f.Name].(float64); !ok {
						t.Fatalf("%s: %s must be a number: %s", c.Name, f.Name, js)
					}
				}
			}
		}
	}
}

// TestSafe holds that no notation lets a byte reach a terminal raw: control characters, format characters such as the
// bidirectional ones, broken UTF-8.
func TestSafe(t *testing.T) {
	for _, c := range commands.Calls() {
		src := spectest.New(4)
		for range rounds {
			vals := src.Args(c)
			for _, style := range []notation.Style{notation.C(), notation.Strace()} {
				checkSafe(t, style.AppendCall(nil, c, nil, vals))
			}
			checkSafe(t, notation.AppendWords(nil, c, vals))
		}
	}
}

func checkSafe(t *testing.T, text []byte) {
	t.Helper()
	for _, r := range string(text) {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0xfffd {
			t.Fatalf("%q holds %q", text, r)
		}
	}
}
