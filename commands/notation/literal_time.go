package notation

import (
	"math"
	"strconv"
	"strings"

	"socksh/commands/spec"
)

// units of time, each in microseconds, longest suffix first.
var units = [...]struct {
	suffix string
	us     int64
}{{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}, {"", 1e6}}

// duration reads 250ms, 2s, 1.5 (seconds) as [seconds, microseconds].
func duration(s string) (spec.Value, string) {
	wrong := "must be a time such as 250ms or 2s, but is " + quoted(s)
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	neg := strings.HasPrefix(digits, "-")
	whole, part, dot := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || whole[0] < '0' || dot && part == "" {
		return spec.Value{}, wrong
	}
	for _, u := range units {
		if s[len(digits):] != u.suffix {
			continue
		}
		sec, us := n, int64(0)
		if u.us < 1e6 {
			sec, us = n/(1e6/u.us), n%(1e6/u.us)*u.us
		} else if n > math.MaxInt64/(u.us/1e6)-1 {
			return spec.Value{}, wrong
		} else {
			sec = n * (u.us / 1e6)
		}
		if part != "" {
			f, err := strconv.ParseFloat("0."+part, 64)
			if err != nil {
				return spec.Value{}, wrong
			}
			us += int64(math.Round(f * float64(u.us)))
			sec, us = sec+us/1e6, us%1e6
		}
		if neg {
			sec, us = -sec, -us
		}
		return spec.L(spec.N(sec), spec.N(us)), ""
	}
	return spec.Value{}, wrong
}

// appendDuration writes seconds and microseconds so that duration reads the same.
func appendDuration(b []byte, sec, us int64) []byte {
	if sec < 0 || us < 0 {
		b = append(b, '-')
		sec, us = -sec, -us
	}
	switch {
	case us == 0:
		return append(strconv.AppendInt(b, sec, 10), 's')
	case sec < 1000 && us%1000 == 0:
		return append(strconv.AppendInt(b, sec*1000+us/1000, 10), "ms"...)
	}
	b = append(strconv.AppendInt(b, sec, 10), '.')
	for d := int64(100000); d > 0; d /= 10 {
		b = append(b, byte('0'+us/d%10))
	}
	return append(b, 's')
}
