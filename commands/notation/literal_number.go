package notation

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"socksh/commands/spec"
)

// inSize refuses a number that its bytes cannot hold, signed or not.
func inSize(n int64, size int, s string) (spec.Value, string) {
	if size == 0 {
		size = 4
	}
	if size < 8 && (n < -1<<(8*size-1) || n >= 1<<(8*size)) {
		return spec.Value{}, fmt.Sprintf("must fit in %d bytes, but is %s", size, s)
	}
	if size == 4 && n > math.MaxInt32 {
		n = int64(uint32(n))
	}
	return spec.N(n), ""
}

// plainNumber reads decimal digits or 0x.
func plainNumber(s string) (int64, bool) {
	if n := len(s); n > 0 && n < 18 && s[0] >= '0' && s[0] <= '9' {
		v := int64(0)
		for i := range n {
			if s[i] < '0' || s[i] > '9' {
				v = -1
				break
			}
			v = v*10 + int64(s[i]-'0')
		}
		if v >= 0 {
			return v, true
		}
	}
	digits, neg := strings.CutPrefix(s, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	base := 10
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		digits, base = digits[2:], 16
	}
	u, err := strconv.ParseUint(digits, base, 64)
	if err != nil || neg && u > 1<<63 {
		return 0, false
	}
	if neg {
		u = -u
	}
	return int64(u), true
}

// number64 reads a plain number or a size: 64K, 1M.
func number64(s string) (int64, string) {
	if n, ok := plainNumber(s); ok {
		return n, ""
	}
	shift := 0
	if len(s) > 1 {
		switch s[len(s)-1] | 0x20 {
		case 'k':
			shift = 10
		case 'm':
			shift = 20
		case 'g':
			shift = 30
		}
	}
	if shift > 0 {
		if n, ok := plainNumber(s[:len(s)-1]); ok && n<<shift>>shift == n {
			return n << shift, ""
		}
	}
	return 0, "must be a number, but is " + quoted(s)
}

func port(s string) (spec.Value, string) {
	n, ok := plainNumber(s)
	if !ok || n < 0 || n > 65535 {
		return spec.Value{}, "must end in a port from 0 to 65535, but ends in " + quoted(s)
	}
	return spec.N(n), ""
}

func interfaceIndex(s string, ifIndex func(string) (int64, bool)) (int64, bool) {
	if n, ok := plainNumber(s); ok {
		return n, n >= 0 && n <= math.MaxUint32
	}
	if ifIndex == nil {
		return 0, false
	}
	return ifIndex(s)
}
