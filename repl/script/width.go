package script

import "github.com/mattn/go-runewidth"

// width is how many cells of the terminal a character takes.
func width(r rune) int { return runewidth.RuneWidth(r) }
