package notation_test

import (
	"strings"
	"testing"
	"unicode"

	"socksh/commands/notation"
)

func TestEscape(t *testing.T) {
	for raw, want := range map[string]string{
		"plain":              "plain",
		"a\r\n\t\v\f":        `a\r\n\t\v\f`,
		"\"\\'$":             `\"\\'$`,
		"\x00":               `\0`,
		"\x001":              `\0001`,
		"\x008":              `\08`,
		"\x1b[31m":           `\33[31m`,
		"\x7f":               `\177`,
		"\x7f8":              `\1778`,
		"\xff\xfe":           `\377\376`,
		"caf\u00e9 你好 😀":     "caf\u00e9 你好 😀",
		"\u202eabc":          `\342\200\256abc`,
		"\u200b\u00ad\u009b": `\342\200\213\302\255\302\233`,
		"\xe4\xbd":           `\344\275`,
	} {
		if got := string(notation.Escape(nil, []byte(raw))); got != want {
			t.Errorf("%q is %s, not %s", raw, got, want)
		}
	}
	if got := string(notation.AppendSafe(nil, []byte("a\t\"b\"\\\n\x1b"))); got != "a\t\"b\"\\\n\\33" {
		t.Errorf("safe text is %q", got)
	}
}

// FuzzEscape holds that escaped bytes are printable and come back as they were.
func FuzzEscape(f *testing.F) {
	f.Add([]byte("a\x001\xff\u202e你\\\"\x1b[2J"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := string(notation.Escape(nil, raw))
		for _, r := range s {
			if !unicode.IsPrint(r) {
				t.Fatalf("%q is %q", raw, s)
			}
		}
		var back []byte
		for s != "" {
			i := strings.IndexByte(s, '\\')
			if i < 0 {
				i = len(s)
			}
			back = append(back, s[:i]...)
			if s = s[i:]; s == "" {
				break
			}
			b, n, wrong := notation.Unescape(back, s[1:])
			if wrong != "" {
				t.Fatal(wrong)
			}
			back, s = b, s[1+n:]
		}
		if string(back) != string(raw) {
			t.Fatalf("%q came back as %q", raw, back)
		}
	})
}
