package repl

import (
	"strings"

	"socksh/commands/names"
	"socksh/commands/notation"
	"socksh/commands/spec"
)

// chosen is the sets of a type, of a choice only those that the key's word leaves: the options of a level.
func chosen(t spec.Type, word func(key string) (string, *names.Set)) []*names.Set {
	by, ok := t.(*spec.By)
	if !ok {
		return notation.SetsOf(t)
	}
	text, keys := word(by.On)
	if keys == nil {
		return notation.SetsOf(t)
	}
	n, found := keys.Find(text)
	for i := range by.Cases {
		if key, ok := keys.Exact(by.Cases[i].Key); found && ok && key == n {
			return notation.SetsOf(by.Cases[i].Type)
		}
	}
	return notation.SetsOf(t)
}

// wordOf finds the word of an operand before the k'th, whose own word is the next after words.
func wordOf(ops []notation.Operand, k int, words []string) func(string) (string, *names.Set) {
	return func(key string) (string, *names.Set) {
		for i := range min(k, len(ops)) {
			if at := len(words) - (k - i); at > 0 && ops[i].Field().Name == key && len(ops[i].Sets) == 1 {
				return words[at], ops[i].Sets[0]
			}
		}
		return "", nil
	}
}

// argumentOf finds the argument of a field before the k'th in the C spelling.
func argumentOf(fields []*spec.Field, k int, args []string) func(string) (string, *names.Set) {
	return func(key string) (string, *names.Set) {
		for i := range min(k, len(fields)) {
			if sets := notation.SetsOf(fields[i].Type); fields[i].Name == key && len(sets) == 1 {
				return strings.TrimSpace(args[i]), sets[0]
			}
		}
		return "", nil
	}
}

// skips says whether a word before the k'th operand's stands one operand further: the name of an option, which implies
// the level that was left out.
func skips(ops []notation.Operand, k int, words []string) bool {
	for i := 0; i+1 < len(ops) && i < k; i++ {
		by, ok := ops[i+1].Type.(*spec.By)
		if !ok || by.On != ops[i].Field().Name || !ops[i].Optional || len(ops[i].Sets) != 1 {
			continue
		}
		if at := len(words) - (k - i); at > 0 {
			_, err := notation.ReadWord(ops[i].Type, &notation.Word{Text: words[at], Col: 1}, nil)
			return err != nil
		}
	}
	return false
}
