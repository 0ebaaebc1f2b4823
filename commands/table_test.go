package commands_test

import (
	"strings"
	"testing"
	"unicode"

	"socksh/commands"
	"socksh/commands/names"
	"socksh/commands/spec"
)

func TestCalls(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands.Calls() {
		if seen[c.Name] {
			t.Errorf("%s stands in the table twice", c.Name)
		}
		seen[c.Name] = true
		first := rune(c.Summary[0])
		if c.Summary == "" || unicode.IsUpper(first) || strings.HasSuffix(c.Summary, ".") || strings.ContainsAny(c.Summary, "\n\t") || len(c.Summary) > 100 {
			t.Errorf("%s: summary must be one lower-case line without a full stop, but is %q", c.Name, c.Summary)
		}
		if len(c.Example) == 0 || !strings.Contains(strings.Join(c.Example, "\n"), c.Name) {
			t.Errorf("%s: the example must show the call, but is %q", c.Name, c.Example)
		}
		if !strings.HasSuffix(manual(c), "(2)") || strings.ContainsAny(manual(c), " \n") {
			t.Errorf("%s: the manual must be a page of section 2, but is %q", c.Name, c.Manual)
		}
		if len(c.Args) == 0 || len(c.Args) > 6 {
			t.Errorf("%s has %d arguments", c.Name, len(c.Args))
		}
		if c.Result == nil {
			t.Errorf("%s has no result", c.Name)
		}
	}
	for _, c := range commands.Calls() {
		if c.Repeats != "" && !seen[c.Repeats] {
			t.Errorf("%s repeats %s, which is no call", c.Name, c.Repeats)
		}
	}
}

func manual(c *spec.Call) string {
	if c.Manual == "" {
		return c.Name + "(2)"
	}
	return c.Manual
}

func TestErrors(t *testing.T) {
	for _, c := range commands.Calls() {
		seen := map[int64]bool{}
		for _, m := range c.Errors {
			n, ok := names.Errnos().Exact(m.Errno)
			if !ok {
				t.Errorf("%s: %s is no errno", c.Name, m.Errno)
			}
			if names.Errno(n).Name() != m.Errno {
				t.Errorf("%s: %s is called %s in traces, so that its meaning is not found", c.Name, m.Errno, names.Errno(n).Name())
			}
			if seen[n] {
				t.Errorf("%s explains %s twice", c.Name, m.Errno)
			}
			seen[n] = true
			if m.Text == "" || strings.Contains(m.Text, "()") || strings.HasSuffix(m.Text, ".") || strings.Contains(m.Text, "\n") || unicode.IsUpper(rune(m.Text[0])) && unicode.IsLower(rune(m.Text[1])) {
				t.Errorf("%s, %s: %q must be one line that begins small and has no full stop", c.Name, m.Errno, m.Text)
			}
		}
		if len(c.Errors) == 0 {
			t.Errorf("%s explains no errno", c.Name)
		}
	}
}

// TestPython holds the names against the methods and functions that Python's socket has.
func TestPython(t *testing.T) {
	methods := " accept bind close connect dup getpeername getsockname getsockopt listen recv recvfrom recvmsg recv_into send sendall sendto sendmsg setsockopt shutdown socket socketpair poll select "
	for _, c := range commands.Calls() {
		if c.Python != "" && !strings.Contains(methods, " "+c.Python+" ") {
			t.Errorf("%s: Python's socket has no %s", c.Name, c.Python)
		}
	}
}

// TestFields walks all that the table describes.
func TestFields(t *testing.T) {
	for _, c := range commands.Calls() {
		fields(t, c.Name, c.Args, nil)
		checkType(t, c.Name+" result", c.Result, &spec.Scope{Fields: c.Args})
	}
}

func fields(t *testing.T, at string, fs []spec.Field, up *spec.Scope) {
	t.Helper()
	sc := &spec.Scope{Fields: fs, Up: up}
	seen := map[string]bool{}
	for i := range fs {
		f := &fs[i]
		here := at + "." + f.Name
		if f.Name == "" || seen[f.Name] {
			t.Errorf("%s: names must be there, and once", here)
		}
		seen[f.Name] = true
		if f.Like != "" && find(sc, f.Like) == nil {
			t.Errorf("%s is like %s, which it has no sibling of", here, f.Like)
		}
		if strings.HasSuffix(f.Help, ".") || strings.Contains(f.Help, "\n") {
			t.Errorf("%s: help must be one line without a full stop, but is %q", here, f.Help)
		}
		switch d := f.Default; d.Kind {
		case spec.None:
			if f.Kernel {
				t.Errorf("%s is the kernel's alone, so it needs a default", here)
			}
		case spec.Num:
			switch f.Type.(type) {
			case spec.Int, spec.Len, spec.Flags, *spec.By, spec.IP4, spec.IfIndex:
			case spec.Enum:
				if spec.SetOf(f.Type).Name(d.N) == nil {
					t.Errorf("%s: the default %d has no name", here, d.N)
				}
			default:
				t.Errorf("%s: a number is no default for %T", here, f.Type)
			}
		case spec.Null, spec.Any:
			if spec.Points(f.Type) == 0 {
				t.Errorf("%s: kind %d is no default for %T", here, d.Kind, f.Type)
			}
		default:
			t.Errorf("%s: a default of kind %d", here, d.Kind)
		}
		checkType(t, here, f.Type, sc)
	}
}

func find(sc *spec.Scope, name string) *spec.Field {
	for ; sc != nil; sc = sc.Up {
		for i := range sc.Fields {
			if sc.Fields[i].Name == name {
				return &sc.Fields[i]
			}
		}
	}
	return nil
}

func checkType(t *testing.T, at string, typ spec.Type, sc *spec.Scope) {
	t.Helper()
	switch typ := typ.(type) {
	case nil:
		t.Errorf("%s has no type", at)
	case spec.Enum:
		checkSet(t, at, typ.Set)
	case spec.Flags:
		checkSet(t, at, typ.Set)
		if typ.Base != nil {
			checkSet(t, at, typ.Base)
			for _, e := range typ.Base.Entries {
				if e.N&^typ.Mask != 0 {
					t.Errorf("%s: %s lies outside the mask %#x", at, e.Name, typ.Mask)
				}
			}
		}
	case spec.Len:
		f := find(sc, typ.Of)
		if f == nil {
			t.Errorf("%s counts %s, which is no sibling", at, typ.Of)
		} else if spec.Points(f.Type) == 0 {
			t.Errorf("%s counts %s, which is no pointer", at, typ.Of)
		}
	case *spec.Ptr:
		if typ.Dir < spec.In || typ.Dir > spec.InOut {
			t.Errorf("%s points in no direction", at)
		}
		checkType(t, at, typ.To, sc)
	case *spec.Array:
		checkType(t, at, typ.Elem, sc)
	case *spec.Dialect:
		checkType(t, at, typ.As, sc)
		checkType(t, at, typ.Strace, sc)
	case *spec.Struct:
		if len(typ.Fields) > spec.MaxFields {
			t.Errorf("%s has %d members", at, len(typ.Fields))
		}
		fields(t, at, typ.Fields, sc)
	case *spec.Tagged:
		checkCases(t, at, typ.Cases, spec.SetOf(typ.Tag.Type), sc)
	case *spec.By:
		checkBy(t, at, typ, sc)
	}
}

func checkSet(t *testing.T, at string, set *names.Set) {
	t.Helper()
	if set == nil || len(set.Entries) == 0 {
		t.Errorf("%s has no constants", at)
	}
}

func checkCases(t *testing.T, at string, cases []spec.Case, set *names.Set, sc *spec.Scope) {
	t.Helper()
	seen := map[string]bool{}
	for i := range cases {
		k := &cases[i]
		if seen[k.Key] {
			t.Errorf("%s chooses by %s twice", at, k.Key)
		}
		seen[k.Key] = true
		n, ok := int64(0), set != nil
		if ok {
			n, ok = set.Exact(k.Key)
		}
		if !ok {
			t.Errorf("%s chooses by %s, which is no constant of its set", at, k.Key)
		} else if e := set.Name(n); e == nil || e.Name != k.Key {
			t.Errorf("%s chooses by %s, but %d is called %v: the case is never taken", at, k.Key, n, e)
		}
		checkType(t, at+"["+k.Key+"]", k.Type, sc)
	}
}

func checkBy(t *testing.T, at string, by *spec.By, sc *spec.Scope) {
	t.Helper()
	f := find(sc, by.On)
	if f == nil {
		t.Errorf("%s depends on %s, which is no sibling", at, by.On)
		return
	}
	if by.Else == nil {
		t.Errorf("%s has no type for a number without a name", at)
	}
	if on, ok := f.Type.(*spec.By); ok { // optval, by optname: each case belongs to one of optname's sets
		for i := range by.Cases {
			k, in := &by.Cases[i], false
			for j := range on.Cases {
				if set := spec.SetOf(on.Cases[j].Type); set != nil {
					n, ok := set.Exact(k.Key)
					e := set.Name(n)
					in = in || ok && e != nil && e.Name == k.Key
				}
			}
			if !in {
				t.Errorf("%s chooses by %s, which no set of %s names so", at, k.Key, by.On)
			}
			checkType(t, at+"["+k.Key+"]", k.Type, sc)
		}
	} else {
		checkCases(t, at, by.Cases, spec.SetOf(f.Type), sc)
	}
	for _, other := range []spec.Type{by.Named, by.Else} {
		if other != nil {
			checkType(t, at, other, sc)
		}
	}
}

// TestPresets holds that each word such as udp names constants that its arguments take.
func TestPresets(t *testing.T) {
	for _, c := range commands.Calls() {
		for _, p := range c.Preset {
			vals := make([]spec.Value, len(c.Args))
			sc := &spec.Scope{Fields: c.Args, Vals: vals}
			for i, name := range p.Args {
				typ := spec.Resolve(c.Args[i].Type, sc)
				set := spec.SetOf(typ)
				if flags, ok := typ.(spec.Flags); ok && flags.Base != nil {
					set = flags.Base
				}
				if set == nil {
					t.Fatalf("%s %s: argument %d takes no constants", c.Name, p.Word, i)
				}
				n, ok := set.Exact(name)
				if !ok {
					t.Errorf("%s %s: %s is no constant of argument %d", c.Name, p.Word, name, i)
				}
				vals[i] = spec.N(n)
			}
		}
	}
}
