package line

import (
	"regexp"
	"strings"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// An Expect is what stands behind =>: what must come of a statement.
type Expect struct {
	Text string // as written
	Form Form
	Op   string         // Number: "", ">=", "<=" or "!="
	N    int64          // Number
	Name string         // Errno, Field: the name
	Want []byte         // Bytes
	Word notation.Word  // Errno, Bytes, Address, Field: the word; of a Field, what stands behind =
	Re   *regexp.Regexp // Regexp, on the bytes
	Ref  string         // Variable: the name, as notation.Word.Ref
	Late bool           // Word holds $names inside text: see Expand
}

// Form is a kind of expectation.
type Form uint8

const (
	Anything Form = iota // *: an error included
	Success              // ok
	Blocks               // blocks: the call is asleep in the kernel
	Number               // 5, >= 5; of bytes, how many
	Errno                // ECONNREFUSED, or another constant's name
	Bytes                // "hello"
	Address              // 127.0.0.1:80, *:80, unix:/tmp/s
	Field                // tcpi_state=TCP_ESTABLISHED
	Regexp               // /hel+o/
	Variable             // $x: equal to what it holds
)

// Expand puts the text of the $names inside an expectation's word into it.
func (e *Expect) Expand(value func(ref string) (string, error)) (*Expect, error) {
	if !e.Late {
		return e, nil
	}
	words, err := notation.Expand([]notation.Word{e.Word}, value)
	if err != nil {
		return nil, err
	}
	c := *e
	c.Word, c.Late, c.Want = words[0], false, []byte(words[0].Text)
	return &c, nil
}

// expectation reads the words behind =>.
func expectation(words []notation.Word, col int) (*Expect, error) {
	if len(words) == 0 {
		return nil, &notation.SyntaxError{Col: col, Msg: `expectation must follow =>: a number, an errno's name, "text", an address, NAME=VALUE, /regexp/, ok, * or blocks`}
	}
	w := words[0]
	for _, op := range [...]string{">=", "<=", "!="} {
		if w.Quoted || !strings.HasPrefix(w.Text, op) {
			continue
		}
		if w.Text = w.Text[len(op):]; w.Text == "" && w.Bare() && len(words) > 1 {
			w, words = words[1], words[1:]
		}
		n, ok := integer(&w)
		if !ok {
			return nil, &notation.SyntaxError{Col: w.Col, Msg: op + " must be followed by a number"}
		}
		return &Expect{Form: Number, Op: op, N: n}, only(words)
	}
	if err := only(words); err != nil {
		return nil, err
	}
	e := &Expect{Word: w, Late: w.Parts != nil}
	if w.Ref != "" {
		e.Form, e.Ref = Variable, w.Ref
		return e, nil
	}
	name, value, isField := strings.Cut(w.Text, "=")
	if isField && w.Lead > len(name) && nameEnd(name, 0) == len(name) && name != "" && letter(name[0]) {
		e.Form, e.Name = Field, name
		e.Word.Text = value
		e.Word.Lead -= len(name) + 1
		e.Word.Col += len(name) + 1
		e.Word.Parts = nil
		for _, p := range w.Parts {
			p.At -= len(name) + 1
			e.Word.Parts = append(e.Word.Parts, p)
		}
		return e, nil
	}
	if e.Late || w.Quoted {
		e.Form, e.Want = Bytes, []byte(w.Text)
		if e.Late && !w.Quoted && strings.ContainsAny(w.Text, ":") {
			e.Form = Address
		}
		return e, nil
	}
	return bareExpectation(e)
}

func bareExpectation(e *Expect) (*Expect, error) {
	w := &e.Word
	if n, ok := integer(w); ok {
		e.Form, e.N = Number, n
		return e, nil
	}
	switch w.Text {
	case "ok":
		e.Form = Success
		return e, nil
	case "*":
		e.Form = Anything
		return e, nil
	case "blocks":
		e.Form = Blocks
		return e, nil
	}
	v, err := notation.ReadWord(spec.Blob{}, w, nil)
	switch {
	case err != nil:
		return nil, err
	case v.L != nil:
		return nil, &notation.SyntaxError{Col: w.Col, Msg: "expectation cannot be a file's content"}
	case string(v.B) != w.Text: // hex:, fill:
		e.Form, e.Want = Bytes, v.B
		return e, nil
	}
	if strings.ContainsAny(w.Text, ":/") {
		e.Form = Address
		return e, nil
	}
	if constantName(w.Text) {
		e.Form, e.Name = Errno, w.Text
		return e, nil
	}
	all := []string{"ok", "blocks"}
	for _, x := range names.Errnos().Entries {
		all = append(all, x.Name)
	}
	near := notation.DidYouMean(w.Text, all)
	if near == "" {
		near = `; text stands in quotes`
	}
	return nil, &notation.SyntaxError{Col: w.Col, Msg: `expectation must be a number, an errno's name, "text", an address, NAME=VALUE, /regexp/, ok, * or blocks, but is "` +
		string(notation.Escape(nil, []byte(w.Text))) + `"` + near}
}

// constantName says whether s is a constant of any set, as C spells it.
func constantName(s string) bool {
	if _, ok := names.Errnos().Exact(s); ok {
		return true
	}
	for _, set := range names.All {
		if _, ok := set.Exact(s); ok {
			return true
		}
	}
	return false
}

func integer(w *notation.Word) (int64, bool) {
	if w.Quoted || w.Ref != "" || w.Parts != nil {
		return 0, false
	}
	v, err := notation.ReadWord(spec.Int{Size: 8}, &notation.Word{Text: w.Text}, nil)
	return v.N, err == nil && v.Kind == spec.Num
}

func only(words []notation.Word) error {
	if len(words) > 1 {
		return &notation.SyntaxError{Col: words[1].Col, Msg: "expectation must be one word"}
	}
	return nil
}
