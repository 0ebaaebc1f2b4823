package session

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"

	"socksh/commands/event"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// prepare gives a statement's values as the kernel is to get them: the current socket, variables, files and the
// addresses that the user left open put in. It works on a copy only where something is to be put in.
func (s *Session) prepare(t *Task, st *line.Statement) ([]spec.Value, error) {
	c, vals := st.Call, st.Vals
	if st.Late {
		words, err := s.expand(t, st.Words)
		if err != nil {
			return nil, err
		}
		if vals, err = s.Reader.Plan(c).Bind(words, s, nil); err != nil {
			return nil, err
		}
	}
	if s.Prompt && st.Spelling == line.C {
		vals = s.renumber(c, vals)
	}
	own := st.Late
	for i := range vals {
		if settled(c.Args[i].Type, &vals[i]) {
			continue
		}
		if !own {
			vals = append(t.vals[:0], vals...)
			t.vals, own = vals, true
		}
		if err := s.settle(t, st, c, i, vals); err != nil {
			return nil, err
		}
	}
	return vals, s.spare(c, vals)
}

// settled says whether a value can go to the kernel as it is.
func settled(t spec.Type, v *spec.Value) bool {
	switch v.Kind {
	case spec.Current, spec.Ref:
		return false
	case spec.Bytes:
		return v.B != nil || v.L == nil
	case spec.Any:
		return !isInAddress(t)
	case spec.List:
		for i := range v.L {
			if v.L[i].Kind == spec.Ref {
				return false
			}
		}
		return len(v.L) == 0 || v.L[0].Kind != spec.None || !isInAddress(t)
	}
	return true
}

func isInAddress(t spec.Type) bool {
	p, ok := t.(*spec.Ptr)
	if !ok || p.Dir != spec.In {
		return false
	}
	_, ok = p.To.(*spec.Tagged)
	return ok
}

func (s *Session) settle(t *Task, st *line.Statement, c *spec.Call, i int, vals []spec.Value) error {
	f, v := &c.Args[i], &vals[i]
	switch v.Kind {
	case spec.Current:
		fd, ok := s.Current()
		if !ok {
			return &notation.SyntaxError{Msg: fmt.Sprintf("%s needs a socket, and none is current: make one with socket, or name one: %s", c.Name, s.Reader.Plan(c).Usage())}
		}
		*v = spec.N(int64(fd))
		return nil
	case spec.Bytes:
		return s.load(v)
	case spec.Ref:
		got, err := s.lookup(t, string(v.B))
		if err != nil {
			return err
		}
		ref := string(v.B)
		if *v, err = s.fit(&got, spec.Resolve(f.Type, &spec.Scope{Fields: c.Args, Vals: vals}), ref); err != nil {
			return err
		}
	case spec.List:
		if len(v.L) > 0 && v.L[0].Kind != spec.None {
			return s.members(t, v)
		}
	}
	if isInAddress(f.Type) && (v.Kind == spec.Any || v.Kind == spec.List && len(v.L) > 0 && v.L[0].Kind == spec.None) {
		return s.complete(t, vals[0].N, v)
	}
	return nil
}

// members puts variables into an address or a structure that the C spelling states.
func (s *Session) members(t *Task, v *spec.Value) error {
	v.L = append([]spec.Value(nil), v.L...)
	for i := range v.L {
		if v.L[i].Kind == spec.Ref {
			got, err := s.lookup(t, string(v.L[i].B))
			if err != nil {
				return err
			}
			v.L[i] = got.value
		}
	}
	return nil
}

// load reads the file that file:PATH names.
func (s *Session) load(v *spec.Value) error {
	if v.Kind != spec.Bytes || v.B != nil || v.L == nil {
		return nil
	}
	b, err := s.Host.ReadFile(string(v.L[0].B), spec.Limit)
	if err != nil {
		return &notation.SyntaxError{Msg: err.Error()}
	}
	if b == nil {
		b = []byte{}
	}
	v.B = b
	return nil
}

// fit gives a variable's value the form that an argument takes.
func (s *Session) fit(v *variable, t spec.Type, ref string) (spec.Value, error) {
	if p, ok := t.(*spec.Ptr); ok {
		t = p.To
	}
	wrong := func(must string) (spec.Value, error) {
		return spec.Value{}, &notation.SyntaxError{Msg: fmt.Sprintf("$%s must be %s, but is %s", ref, must, v.holds)}
	}
	switch t := t.(type) {
	case *spec.Tagged:
		switch v.holds {
		case notation.Address:
			return v.value, nil
		case notation.Text:
			return s.Reader.Plan(s.Reader.Call("connect")).ParseAddress(t, string(v.value.B))
		}
		return wrong("an address")
	case spec.Blob, spec.CStr, spec.File:
		text, err := v.text()
		if err != nil {
			return wrong("text")
		}
		return spec.S([]byte(text)), nil
	case spec.FD:
		if v.holds == notation.Descriptor || v.holds == notation.Number {
			return v.value, nil
		}
		return wrong("a descriptor")
	case *spec.Struct, *spec.Array:
		if v.holds == notation.Structure {
			return v.value, nil
		}
		return wrong("a structure")
	case *spec.Dialect:
		return s.fit(v, t.As, ref)
	}
	switch v.holds {
	case notation.Number, notation.Descriptor:
		return v.value, nil
	case notation.Text:
		if n, err := strconv.ParseInt(string(v.value.B), 0, 64); err == nil {
			return spec.N(n), nil
		}
	}
	return wrong("a number")
}

// complete chooses what an address leaves open: its family is the one that the descriptor was made with, else AF_INET;
// without an address, bind gets the loopback's, port 0 (autobind on AF_UNIX); a host's name is resolved, and said so.
func (s *Session) complete(t *Task, fd int64, v *spec.Value) error {
	s.mu.Lock()
	domain, known := s.domains[fd]
	s.mu.Unlock()
	family := "AF_INET"
	tagged := s.address()
	set := spec.SetOf(tagged.Tag.Type)
	if known {
		if e := set.Name(domain); e != nil && tagged.Case(domain) != nil {
			family = e.Name
		}
	}
	loopback, any := netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv4Unspecified()
	if family == "AF_INET6" {
		loopback, any = netip.IPv6Loopback(), netip.IPv6Unspecified()
	}
	switch {
	case v.Kind == spec.Any && family == "AF_UNIX":
		tag, _ := set.Exact(family)
		*v = spec.L(spec.N(tag))
	case v.Kind == spec.Any:
		*v = notation.Inet(tagged, loopback, 0)
	case family == "AF_UNIX":
		return &notation.SyntaxError{Msg: "address of an AF_UNIX socket must be unix:PATH or unix:@NAME, but is a port's"}
	case len(v.L) == 2:
		*v = notation.Inet(tagged, any, v.L[1].N)
	default:
		host := string(v.L[2].B)
		all, err := s.resolve(t, host, family)
		if err != nil {
			return &notation.SyntaxError{Msg: err.Error()}
		}
		port := v.L[1].N
		*v = notation.Inet(tagged, all[0], port)
		s.Tell(t, event.Note, fmt.Sprintf("%s is %s", host, all[0]))
	}
	return nil
}

func (s *Session) resolve(t *Task, host, family string) ([]netip.Addr, error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	cancelled := t.Cancelled()
	go func() {
		select {
		case <-cancelled:
			stop()
		case <-ctx.Done():
		}
	}()
	return s.Host.Resolve(ctx, host, family)
}

// address is the table's type of a socket address.
func (s *Session) address() *spec.Tagged {
	c := s.Reader.Call("connect")
	for i := range c.Args {
		if p, ok := c.Args[i].Type.(*spec.Ptr); ok {
			if t, ok := p.To.(*spec.Tagged); ok {
				return t
			}
		}
	}
	return nil
}

// spare refuses a call that would close a descriptor of the shell's own.
func (s *Session) spare(c *spec.Call, vals []spec.Value) error {
	for i := range c.Args {
		if !c.Args[i].Closes || vals[i].Kind != spec.Num {
			continue
		}
		if own := s.Host.Own(int(int32(vals[i].N))); own != "" {
			return &Failure{Msg: fmt.Sprintf("descriptor %d is %s, without which it cannot go on; nothing was called", vals[i].N, own)}
		}
	}
	return nil
}
