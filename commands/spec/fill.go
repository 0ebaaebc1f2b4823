package spec

// pattern is what fill:N repeats: printable, so that a trace of it can be read, and of a length that no buffer size is
// a multiple of, so that lost or repeated bytes show.
const pattern = "abcdefghijklmnopqrstuvwxyz0123456789 "

// Fill is n bytes of the repeating pattern of fill:N.
func Fill(n int) []byte {
	b := make([]byte, n)
	for i := copy(b, pattern); i < n; i *= 2 {
		copy(b[i:], b[:i])
	}
	return b
}

// IsFill says whether b is what Fill(len(b)) gives.
func IsFill(b []byte) bool {
	n := min(len(b), len(pattern))
	if string(b[:n]) != pattern[:n] {
		return false
	}
	for i := len(pattern); i < len(b); i++ {
		if b[i] != b[i-len(pattern)] {
			return false
		}
	}
	return true
}

// Limit is the largest buffer that the shell supplies, in bytes.
const Limit = 256 << 20

// MaxFields is the most members that a description may have: tcp_info has about sixty.
const MaxFields = 80
