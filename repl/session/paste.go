package session

import "socksh/commands/spec"

// A pasted trace names descriptors by the numbers that they had when it was written. While a paste runs, each number
// that a call of it is said to have given stands for the one that came.

// Pasting begins a paste, or ends it.
func (s *Session) Pasting(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pasted = nil
	if on {
		s.pasted = map[int64]int64{}
	}
}

// renumber puts the descriptors that came into a pasted call's values; it gives a copy where there is one to put in.
func (s *Session) renumber(c *spec.Call, vals []spec.Value) []spec.Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := false
	for i := range vals {
		if _, fd := c.Args[i].Type.(spec.FD); !fd || vals[i].Kind != spec.Num {
			continue
		}
		if n, ok := s.pasted[vals[i].N]; ok && n != vals[i].N {
			if !own {
				vals, own = append([]spec.Value(nil), vals...), true
			}
			vals[i].N = n
		}
	}
	return vals
}

// stands notes which number a written one stands for from here on, and says whether a paste runs.
func (s *Session) stands(written, came int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pasted == nil {
		return false
	}
	s.pasted[written] = came
	return true
}

// standsAll does so for what the kernel filled in with descriptors, such as socketpair's two.
func (s *Session) standsAll(t spec.Type, written, came spec.Value) bool {
	p, ok := t.(*spec.Ptr)
	if !ok {
		return false
	}
	a, ok := p.To.(*spec.Array)
	if !ok || len(written.L) != len(came.L) {
		return false
	}
	if _, fd := a.Elem.(spec.FD); !fd {
		return false
	}
	for i := range written.L {
		if written.L[i].Kind == spec.Num && !s.stands(written.L[i].N, came.L[i].N) {
			return false
		}
	}
	return true
}
