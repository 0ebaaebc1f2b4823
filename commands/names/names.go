// Package names holds the system's constants and their names. It knows spellings and numbers; it must not know calls.
package names

import (
	"strconv"
	"strings"
)

// An Entry is one constant. Strace is strace's spelling where it differs from C's.
type Entry struct {
	N      int64
	Name   string
	Strace string
}

// A Set is the constants that one argument can take, ordered as strace prints flags, which is by number in almost
// every set. Also holds further spellings, which are read and never written.
type Set struct {
	Prefix  []string // "MSG_": may be left out in words
	Old     string   // "PF_": a prefix that may stand in the first one's place
	Unknown string   // "MSG_???": strace's comment for a number without a name
	Entries []Entry
	Also    []Entry
}

// Name finds the entry of a number, nil if it has none.
func (s *Set) Name(n int64) *Entry {
	if n >= 0 && n < int64(len(s.Entries)) && s.Entries[n].N == n {
		return &s.Entries[n]
	}
	for i := range s.Entries {
		if s.Entries[i].N == n {
			return &s.Entries[i]
		}
	}
	return nil
}

// Exact reads a constant as C spells it. PF_INET is AF_INET.
func (s *Set) Exact(name string) (int64, bool) {
	if n, ok := s.exact(name); ok {
		return n, true
	}
	if rest, ok := strings.CutPrefix(name, s.Old); ok && s.Old != "" {
		return s.exact(s.Prefix[0] + rest)
	}
	return 0, false
}

func (s *Set) exact(name string) (int64, bool) {
	for _, l := range [...][]Entry{s.Entries, s.Also} {
		for i := range l {
			if l[i].Name == name || l[i].Strace == name {
				return l[i].N, name != ""
			}
		}
	}
	return 0, false
}

// Find reads a constant as words spell it: in any case, with or without its usual prefix.
func (s *Set) Find(word string) (int64, bool) {
	if word == "" {
		return 0, false
	}
	for _, l := range [...][]Entry{s.Entries, s.Also} {
		for i := range l {
			if fold(s.Prefix, l[i].Name, word) || fold(s.Prefix, l[i].Strace, word) {
				return l[i].N, true
			}
		}
	}
	return s.Exact(strings.ToUpper(word))
}

func fold(prefix []string, name, word string) bool {
	if len(name) == len(word) {
		return strings.EqualFold(name, word)
	}
	if len(name) < len(word) { // PF_INET for AF_INET has the same length; nothing is longer than its name
		return false
	}
	for _, p := range prefix {
		if len(name) == len(p)+len(word) && strings.HasPrefix(name, p) && strings.EqualFold(name[len(p):], word) {
			return true
		}
	}
	return false
}

// Short is a name as one would type it in words: without its prefix, in small letters.
func (s *Set) Short(name string) string {
	for _, p := range s.Prefix {
		if rest, ok := strings.CutPrefix(name, p); ok {
			name = rest
			break
		}
	}
	return strings.ToLower(name)
}

// Append writes an enumerated value.
func (s *Set) Append(b []byte, n int64, strace bool) []byte {
	if e := s.Name(n); e != nil {
		return append(b, e.Spell(strace)...)
	}
	b = AppendHex(b, n)
	b = append(b, " /* "...)
	b = append(b, s.Unknown...)
	return append(b, " */"...)
}

// AppendFlags writes a bit set in table order, what is left over in hexadecimal.
func (s *Set) AppendFlags(b []byte, n int64, strace bool) []byte {
	if n == 0 {
		return append(b, '0')
	}
	start := len(b)
	for i := range s.Entries {
		e := &s.Entries[i]
		if e.N != 0 && n&e.N == e.N {
			if len(b) > start {
				b = append(b, '|')
			}
			b = append(b, e.Spell(strace)...)
			n &^= e.N
		}
	}
	if n == 0 {
		return b
	}
	if len(b) > start {
		return AppendHex(append(b, '|'), n)
	}
	b = AppendHex(b, n)
	b = append(b, " /* "...)
	b = append(b, s.Unknown...)
	return append(b, " */"...)
}

// Spell is the entry's name in C or in strace's spelling.
func (e *Entry) Spell(strace bool) string {
	if strace && e.Strace != "" {
		return e.Strace
	}
	return e.Name
}

// AppendHex writes 32 bits as strace does: 0x4d.
func AppendHex(b []byte, n int64) []byte {
	return strconv.AppendUint(append(b, "0x"...), uint64(uint32(n)), 16)
}
