package notation

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// escapes are C's one-letter escapes and what they stand for; $ is words' own.
const (
	escapeNames = `abefnrtv"'\?$`
	escapeBytes = "\a\b\x1b\f\n\r\t\v\"'\\?$"
)

// Unescape decodes one escape, of which s begins behind the backslash, and appends its bytes to b. It says how many
// bytes of s it took, or what is wrong. \NNN and \xNN are bytes, \uNNNN is a character.
func Unescape(b []byte, s string) (out []byte, taken int, wrong string) {
	if s == "" {
		return b, 0, "a backslash must be followed by an escape"
	}
	switch c := s[0]; {
	case c >= '0' && c <= '7':
		n, k := 0, 0
		for k < 3 && k < len(s) && s[k] >= '0' && s[k] <= '7' {
			n = n*8 + int(s[k]-'0')
			k++
		}
		if n > 255 {
			return b, 0, fmt.Sprintf(`octal escape must be at most \377, but is \%s`, s[:k])
		}
		return append(b, byte(n)), k, ""
	case c == 'x':
		n, err := strconv.ParseUint(s[1:min(3, len(s))], 16, 8)
		if err != nil || len(s) < 3 {
			return b, 0, `\x must be followed by two hex digits`
		}
		return append(b, byte(n)), 3, ""
	case c == 'u':
		n, err := strconv.ParseUint(s[1:min(5, len(s))], 16, 32)
		if err != nil || len(s) < 5 {
			return b, 0, `\u must be followed by four hex digits`
		}
		return utf8.AppendRune(b, rune(n)), 5, ""
	default:
		for i := range len(escapeNames) {
			if escapeNames[i] == c {
				return append(b, escapeBytes[i]), 1, ""
			}
		}
		r, _ := utf8.DecodeRuneInString(s)
		return b, 0, fmt.Sprintf(`escape must be one of \n \r \t \0 \\ \" \' \$ \? \a \b \f \v \e \xNN \NNN \uNNNN, but is \%c`, r)
	}
}
