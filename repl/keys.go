package repl

import "unicode/utf8"

// A key is what was typed, as one rune, which is all that readline passes on: a
// character stands for itself, everything else for a rune of our own from
// the last plane of private use. So readline, whose own reading of escape
// sequences is full of holes, never sees a control byte.
type key = rune

const keyControl key = 0x10F800 // plus the byte: Ctrl-A is keyControl+1

const (
	keyUp key = 0x10F880 + iota
	keyDown
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyWordLeft
	keyWordRight
	keyDelete
	keyDeleteWord // forward
	keyRubWord    // backward, to the beginning of a word
	keyEscape
	keyText   // a run of text, in keyboard.text
	keyPaste  // a bracketed paste, in keyboard.text
	keyBegin  // a session begins with text in the editor
	keyIgnore // a sequence without a meaning here
	keyPasteBegins
)

// The runes from here on are ours: keys and, from 0x10E000 on, held pastes.
// Typed or pasted, such a rune becomes U+FFFD.
const firstReserved = heldFirst

func ctrl(c rune) key { return keyControl + c - '@' }

const keyBackspace = keyControl + 0x7f

// maxSequence bounds an escape sequence: the rest of a longer one is text.
const maxSequence = 256

// decode takes the first key off b, which is not empty, and tells how many
// bytes it was; 0 means that the rest of it has still to come. With idle nothing
// more has come for a while, and an unfinished sequence is taken as it stands: so
// a lone Esc is told from the beginning of an arrow.
func decode(b []byte, idle bool) (key, int) {
	switch c := b[0]; {
	case c == 0x1b:
		return decodeEscape(b, idle)
	case c < 0x20 || c == 0x7f:
		return keyControl + key(c), 1
	case c < utf8.RuneSelf:
		return key(c), 1
	case !utf8.FullRune(b) && !idle:
		return 0, 0
	}
	r, n := utf8.DecodeRune(b)
	return typed(r), n
}

func typed(r rune) key {
	if r >= firstReserved {
		return utf8.RuneError
	}
	return r
}

func decodeEscape(b []byte, idle bool) (key, int) {
	if len(b) == 1 {
		return unfinished(b, 1, idle, keyEscape)
	}
	switch b[1] {
	case '[':
		return decodeCSI(b, idle)
	case 'O': // SS3: one byte follows
		if len(b) < 3 {
			return unfinished(b, 2, idle, keyIgnore)
		}
		return ss3Key(b[2]), 3
	case ']', 'P', 'X', '^', '_': // strings, to BEL or ESC \: a terminal's answer that nobody awaits
		if n := stringEnd(b[:min(len(b), maxSequence)]); n > 0 {
			return keyIgnore, n
		}
		return unfinished(b, 2, idle, keyIgnore)
	case 0x1b:
		return keyEscape, 1
	case 'b', 'B':
		return keyWordLeft, 2
	case 'f', 'F':
		return keyWordRight, 2
	case 'd', 'D':
		return keyDeleteWord, 2
	case 0x7f, 0x08:
		return keyRubWord, 2
	}
	if b[1] < 0x20 {
		return keyEscape, 1
	}
	if _, n := decode(b[1:], idle); n > 0 { // Alt with a character
		return keyIgnore, 1 + n
	}
	return 0, 0
}

// stringEnd is the number of bytes up to the first end of a string, 0 if there is none yet.
func stringEnd(b []byte) int {
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == 0x07:
			return i + 1
		case b[i] == '\\' && b[i-1] == 0x1b:
			return i + 1
		}
	}
	return 0
}

// unfinished takes n bytes as k once the sequence is known not to go on.
func unfinished(b []byte, n int, idle bool, k key) (key, int) {
	if idle || len(b) >= maxSequence {
		return k, n
	}
	return 0, 0
}

// decodeCSI reads ESC [ parameters final (ECMA-48 section 5.4).
func decodeCSI(b []byte, idle bool) (key, int) {
	i := 2
	if len(b) > i && b[i] == '[' { // the Linux console's F1 to F5: ESC [ [ A
		i++
	}
	for i < len(b) && b[i] >= 0x20 && b[i] <= 0x3f && i < maxSequence {
		i++
	}
	if i == len(b) {
		return unfinished(b, i, idle, keyIgnore)
	}
	final, parameters := b[i], string(b[2:i])
	switch {
	case final < 0x40 || final > 0x7e: // broken off by a control byte, which is a key of its own
		return keyIgnore, i
	case parameters == "[":
		return keyIgnore, i + 1
	case final == 'M' && parameters == "": // a mouse's report, three bytes more
		if len(b) < i+4 {
			return unfinished(b, len(b), idle, keyIgnore)
		}
		return keyIgnore, i + 4
	}
	return csiKey(parameters, final), i + 1
}

func csiKey(parameters string, final byte) key {
	switch parameters {
	case "5", "3", "1;3", "1;5", "1;9": // Alt, Ctrl; Alt on a Mac
		if final == 'C' {
			return keyWordRight
		}
		if final == 'D' {
			return keyWordLeft
		}
	}
	if final != '~' {
		return plainKey(final) // Shift and the like: as without
	}
	switch parameters {
	case "1", "7":
		return keyHome
	case "4", "8":
		return keyEnd
	case "3":
		return keyDelete
	case "3;3", "3;5":
		return keyDeleteWord
	case "200":
		return keyPasteBegins
	}
	return keyIgnore
}

func plainKey(final byte) key {
	switch final {
	case 'A':
		return keyUp
	case 'B':
		return keyDown
	case 'C':
		return keyRight
	case 'D':
		return keyLeft
	case 'H':
		return keyHome
	case 'F':
		return keyEnd
	}
	return keyIgnore
}

func ss3Key(final byte) key {
	switch final {
	case 'c': // rxvt's Ctrl-Right
		return keyWordRight
	case 'd':
		return keyWordLeft
	case 'M': // Enter of the number block
		return ctrl('M')
	}
	return plainKey(final)
}
