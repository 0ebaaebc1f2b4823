package notation

import (
	"unicode"
	"unicode/utf8"
)

// Escape appends raw as it stands inside "...": valid UTF-8's printable characters as they are, all else, control,
// format and bidirectional characters included, as C escapes; octal as short as strace writes it. Whatever a peer sent
// is safe on a terminal after it.
func Escape(b, raw []byte) []byte { return escape(b, raw, `"\`, false) }

// AppendSafe appends raw for people to read: as Escape does, but lines, tabs, quotes and backslashes stay.
func AppendSafe(b, raw []byte) []byte { return escape(b, raw, "", true) }

// escape puts a backslash before each ASCII character of special, and leaves newlines and tabs if lines is set.
func escape(b, raw []byte, special string, lines bool) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(raw[i:])
			if n > 1 && unicode.IsPrint(r) {
				b = append(b, raw[i:i+n]...)
				i += n
				continue
			}
			for range n {
				b = appendOctal(b, raw, i)
				i++
			}
			continue
		}
		switch {
		case c >= ' ' && c < 0x7f:
			for j := range len(special) {
				if special[j] == c {
					b = append(b, '\\')
				}
			}
			b = append(b, c)
		case lines && (c == '\n' || c == '\t'):
			b = append(b, c)
		case c >= '\t' && c <= '\r':
			b = append(b, '\\', "tnvfr"[c-'\t'])
		default:
			b = appendOctal(b, raw, i)
		}
		i++
	}
	return b
}

// appendOctal writes byte i in the shortest octal form that what follows does not change.
func appendOctal(b, raw []byte, i int) []byte {
	c := raw[i]
	long := i+1 < len(raw) && raw[i+1] >= '0' && raw[i+1] <= '7'
	b = append(b, '\\')
	if long || c >= 0o100 {
		b = append(b, '0'+c>>6)
	}
	if long || c >= 0o10 {
		b = append(b, '0'+c>>3&7)
	}
	return append(b, '0'+c&7)
}
