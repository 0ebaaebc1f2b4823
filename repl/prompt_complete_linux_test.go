package repl

import (
	"fmt"
	"strings"
	"testing"

	"socksh/repl/term/screen"
)

func completer(words ...string) func(*PromptConfig) {
	return func(c *PromptConfig) {
		c.Complete = func(before string) (found []Candidate) {
			last := strings.ToLower(before[strings.LastIndexByte(before, ' ')+1:])
			for _, w := range words {
				if strings.HasPrefix(strings.ToLower(w), last) {
					found = append(found, Candidate{Text: w, Suffix: true})
				}
			}
			return found
		}
	}
}

func TestCompletion(t *testing.T) {
	words := completer("accept", "accept4", "bind", "SO_RCVBUF", "SO_RCVTIMEO", "你好吗", "你们")
	r := newRig(t, 40, 12, words)
	for _, c := range []struct {
		keys string
		see  []string
	}{
		{"b\t", []string{"sock> bind |"}},
		{"a\t", []string{"sock> accept|"}},
		{"accept\t", []string{"sock> accept|", "accept   accept4"}},
		{"accept\t4", []string{"sock> accept4|"}},
		{"so_\t", []string{"sock> SO_RCV|"}},
		{"so_\tb\t", []string{"sock> SO_RCVBUF |"}},
		{"nothing\t", []string{"sock> nothing|"}},
		{"x b\x1b[D\x1b[C\t", []string{"sock> x bind |"}},
		{"bi)\x1b[D\t", []string{"sock> bind |)"}},
		{"你\t", []string{"sock> 你|", "你好吗  你们"}},
		{"你好\t", []string{"sock> 你好吗 |"}},
	} {
		r.typed(c.keys)
		r.see(c.see...)
		r.typed("\x15\x0b")
		r.see("sock> |")
	}
	r.typed("accept\t")
	r.see("sock> accept|", "accept   accept4")
	fmt.Fprintln(r.prompt, "above")
	r.see("above", "sock> accept|", "accept   accept4")
	r.typed("\r")
	r.wants("accept")
	r.see("above", "sock> accept", "sock> |")
}

func TestCompletionInAllWidths(t *testing.T) {
	var words []string
	for i := range 3000 {
		words = append(words, fmt.Sprintf("word%d你", i), "\x1b[31mraw")
	}
	for _, columns := range []int{1, 2, 3, 5, 10, 40, 79, 80, 500} {
		for _, rows := range []int{1, 2, 24} {
			t.Run(fmt.Sprintf("%dx%d", columns, rows), func(t *testing.T) {
				r := newRig(t, columns, rows, completer(words...))
				r.typed("\t\t")
				if columns >= 40 && rows == 24 {
					r.until("how many more", func(s *screen.Screen) bool { return strings.HasSuffix(s.Text(), " more") && s.Row < s.Rows-1 })
				}
				r.typed("你\x02\x01\x05x\x17\tword1\t\t\x12\x03y\r")
				r.wants("word1y")
			})
		}
	}
}

func TestHint(t *testing.T) {
	with := func(colour bool) func(*PromptConfig) {
		return func(c *PromptConfig) {
			c.Color = colour
			c.Hint = func(line string) string {
				if rest, ok := strings.CutPrefix("bind [fd] 地址 \x1b[31m"+strings.Repeat("z", 100), line); ok && line != "" {
					return rest
				}
				return ""
			}
		}
	}
	r := newRig(t, 40, 10, with(true))
	r.typed("b")
	grey := "ind [fd] 地址 ^[[31m" + strings.Repeat("z", 12)
	r.see("sock> b|" + grey)
	r.until("the hint in grey", func(s *screen.Screen) bool { return s.Grey == grey })
	r.typed("i")
	r.see("sock> bi|" + grey[1:] + "")
	r.typed("\x1b[D")
	r.see("sock> b|i")
	r.typed("\x05")
	r.see("sock> bi|" + grey[1:])
	fmt.Fprintln(r.prompt, "above")
	r.see("above", "sock> bi|"+grey[1:])
	r.typed("\r")
	r.wants("bi")
	r.see("above", "sock> bi", "sock> |")

	r = newRig(t, 40, 10, with(false))
	r.typed("bi")
	r.see("sock> bi|")
}
