package term

import (
	"unicode"

	"github.com/mattn/go-runewidth"
)

// cells counts ambiguous characters as narrow, whatever the environment says: the locale's name tells nothing about the
// terminal at the other end.
var cells = runewidth.Condition{StrictEmojiNeutral: true}

// RuneCells is how many cells of the terminal a character takes, and whether it can be printed.
func RuneCells(r rune) (width int, printable bool) {
	switch {
	case unicode.Is(unicode.Variation_Selector, r):
		return 0, true
	case !unicode.IsPrint(r):
		return 0, false
	}
	return cells.RuneWidth(r), true
}

// TextCells is how many cells a text takes.
func TextCells(s string) (width int) {
	for _, r := range s {
		if r < 0x80 {
			width++
			continue
		}
		n, _ := RuneCells(r)
		width += n
	}
	return width
}
