package notation

import (
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// Usage is "recv [fd] [len] [flags]".
func (p *Plan) Usage() string {
	var b strings.Builder
	b.WriteString(p.Call.Name)
	for i := range p.ops {
		o := &p.ops[i]
		b.WriteByte(' ')
		if o.Optional {
			b.WriteString("[" + o.Name + "]")
		} else {
			b.WriteString(o.Name)
		}
	}
	return b.String()
}

// wordName is what a person calls an argument where the manual pages name its C parameter.
func wordName(f *spec.Field, i int) string {
	t := f.Type
	if p, ok := t.(*spec.Ptr); ok {
		t = p.To
	}
	switch t.(type) {
	case spec.FD:
		if i == 0 {
			return "fd"
		}
	case spec.Blob:
		return "data"
	case *spec.Tagged:
		return "address"
	case spec.Len:
		return "len"
	}
	switch f.Name {
	case "optname":
		return "option"
	case "optval":
		return "value"
	case "cmd", "op":
		return "command"
	case "pathname":
		return "path"
	}
	return f.Name
}

// listed is how many constants of a set an error names.
const listed = 8

// mustBe says what an operand takes: "a descriptor", "SHUT_RD, SHUT_WR or SHUT_RDWR".
func mustBe(t spec.Type) string {
	switch t := t.(type) {
	case spec.FD:
		return "a descriptor"
	case spec.Len:
		return "a size such as 1024 or 64K"
	case spec.Int:
		if t.Bool {
			return "on, off or a number"
		}
		return "a number"
	case spec.Enum:
		return setList(t.Set)
	case spec.Flags:
		if t.Base != nil {
			return setList(t.Base) + ", with | " + setList(t.Set)
		}
		return setList(t.Set)
	case spec.Errno:
		return "an errno such as EAGAIN"
	case spec.Port:
		return "a port from 0 to 65535"
	case spec.Net32:
		return "a number"
	case spec.IP4:
		return "an IPv4 address"
	case spec.IP6:
		return "an IPv6 address"
	case spec.IfIndex:
		return "an interface"
	case spec.Absent:
		return "left out"
	case *spec.Ptr:
		return mustBe(t.To)
	case *spec.Dialect:
		return mustBe(t.As)
	case *spec.Tagged:
		return "HOST:PORT, [IPV6]:PORT, :PORT or unix:PATH"
	case *spec.Struct:
		if t.Word == spec.Duration {
			return "a time such as 250ms or 2s"
		}
		var all []string
		for i := range t.Fields {
			all = append(all, t.Fields[i].Name)
		}
		return strings.Join(all, ",")
	case *spec.By:
		if t.Else != nil && spec.SetOf(t.Else) != nil {
			return mustBe(t.Else)
		}
		return "one of its names or a number"
	}
	return "bytes"
}

// setList names a set's constants, not more of them than a line can hold.
func setList(s *names.Set) string {
	all := setNames(s)
	if len(all) > listed {
		return strings.Join(all[:listed], ", ") + ", ... or a number"
	}
	if len(all) < 2 {
		return strings.Join(all, "") + " or a number"
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// nearConstant suggests a constant of the sets for a word, as C spells it.
func nearConstant(sets []*names.Set, word string) string {
	var all []string
	for _, s := range sets {
		all = append(all, setNames(s)...)
		for i := range s.Entries {
			all = append(all, s.Short(s.Entries[i].Name))
		}
	}
	near := Near(word, all)
	for _, s := range sets {
		for i := range s.Entries {
			if e := &s.Entries[i]; s.Short(e.Name) == near {
				return e.Name
			}
		}
	}
	return near
}

// SetsOf lists the sets of constants that a type takes; of a choice, all that it may come to.
func SetsOf(t spec.Type) []*names.Set { return typeSets(t) }
