package line

import (
	"strings"

	"socksh/commands/notation"
)

// variables refuses $names that nothing has set, and takes the field off what has none: $tmp.sock is $tmp and .sock.
func (r *reading) variables(words []notation.Word) error {
	for i := range words {
		w := &words[i]
		if w.Ref != "" {
			name, field, dotted := strings.Cut(w.Ref, ".")
			switch r.env.Name(name) {
			case notation.Nothing:
				if err := r.noName(name, w.Col); err != nil {
					return err
				}
			case notation.Text, notation.Number, notation.Descriptor:
				if dotted {
					w.Parts, w.Ref = []notation.Part{{Ref: name, Col: w.Col}}, ""
					w.Text, w.Lead = "."+field, 0
				}
			}
		}
		if err := r.parts(w); err != nil {
			return err
		}
	}
	return nil
}

// parts does for the $names inside a word what variables does for whole words.
func (r *reading) parts(w *notation.Word) error {
	var text []byte
	from := 0 // where the text begins that is not in text yet
	for k := range w.Parts {
		part := &w.Parts[k]
		name, field, dotted := strings.Cut(part.Ref, ".")
		h := r.env.Name(name)
		if h == notation.Nothing {
			if err := r.noName(name, part.Col); err != nil {
				return err
			}
		}
		at := part.At
		part.At += len(text) - from
		if dotted && (h == notation.Text || h == notation.Number || h == notation.Descriptor) {
			text = append(append(text, w.Text[from:at]...), '.')
			text = append(text, field...)
			part.Ref, part.At, from = name, len(text)-len(field)-1, at
		}
	}
	if text != nil {
		w.Text = string(append(text, w.Text[from:]...))
	}
	return nil
}

func (r *reading) noName(name string, col int) error {
	if r.env.any {
		return nil
	}
	return &notation.SyntaxError{Col: col, Msg: "variable must be set before, but $" + name + " is not" + notation.DidYouMean(name, r.env.Names())}
}
