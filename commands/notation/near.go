package notation

import "strings"

// DidYouMean is ` (did you mean "recv"?)` if one of the candidates is near to word, else nothing.
func DidYouMean(word string, candidates []string) string {
	if n := Near(word, candidates); n != "" {
		return ` (did you mean "` + n + `"?)`
	}
	return ""
}

// Near finds the candidate that takes the fewest changes, swapped neighbours being one, if that is few enough for the
// word's length; "" if there is none.
func Near(word string, candidates []string) string {
	if len(word) > 40 {
		return ""
	}
	best, least := "", 1+max(1, len(word)/3)
	low := strings.ToLower(word)
	for _, c := range candidates {
		if d := distance(low, strings.ToLower(c)); d < least && c != word {
			best, least = c, d
		}
	}
	return best
}

// distance counts insertions, deletions, changes and swaps of neighbours.
func distance(a, b string) int {
	if len(a) > len(b)+5 || len(b) > len(a)+5 {
		return len(a) + len(b)
	}
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			now[j] = min(change, last[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
