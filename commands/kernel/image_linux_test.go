package kernel

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"socksh/commands"
	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/spec/spectest"
)

// image is what the kernel would find: the registers, and behind those that point to memory of ours what it may read
// there, or whether there is room for what it may write.
func image(b *Bound) string {
	var text []byte
	for i, reg := range b.regs[:len(b.Call.Args)] {
		o := b.mem.at(uint64(reg))
		if o == nil {
			text = fmt.Appendf(text, "%d: %#x\n", i, reg)
			continue
		}
		mem := o.live
		if j := spec.CountOf(b.Call.Args, i); j >= 0 {
			n := b.regs[j]
			if l := b.mem.at(uint64(n)); l != nil {
				n = uintptr(le.Uint32(l.live))
			}
			mem = mem[:min(n, uintptr(len(mem)))]
			if uintptr(len(mem)) < n {
				text = fmt.Appendf(text, "%d ends before %d\n", i, n)
			}
		}
		if o.out {
			mem = nil
		}
		text = fmt.Appendf(text, "%d: %x\n", i, mem)
	}
	return string(text)
}

// TestImage holds that a call's trace, taken before the call and read again, makes the same memory: nothing is lost
// between the kernel and the text, in either notation.
func TestImage(t *testing.T) {
	r := notation.NewReader(commands.Calls())
	for _, c := range r.Calls {
		for _, style := range []notation.Style{notation.C(), {Strace: true, Strings: 1 << 20}} {
			t.Run(fmt.Sprintf("%s/strace=%v", c.Name, style.Strace), func(t *testing.T) {
				src := spectest.New(5)
				d := Decoder{Strace: style.Strace}
				var one, two Bound
				for range 400 {
					vals := src.Args(c)
					wholeFamily(c, vals)
					if err := one.Set(c, vals); err != nil {
						t.Fatalf("%v: %+v", err, vals)
					}
					text := style.AppendCall(nil, c, one.Types[:], d.Args(&one))
					st, _, err := r.ReadC(string(text), 1, nil)
					if err != nil {
						t.Fatalf("%s\n%v", text, err)
					}
					if err := two.Set(st.Call, st.Vals); err != nil {
						t.Fatalf("%s\n%v", text, err)
					}
					if a, b := image(&one), image(&two); a != b {
						t.Fatalf("%s\nmade\n%snot\n%s", text, b, a)
					}
				}
			})
		}
	}
}

// wholeFamily lengthens addresses of one byte: half a family cannot be written.
func wholeFamily(c *spec.Call, vals []spec.Value) {
	for i := range c.Args {
		if l, ok := c.Args[i].Type.(spec.Len); ok && strings.Contains(l.Of, "addr") && vals[i].N == 1 {
			vals[i].N = 2
		}
	}
}

// TestImageAfter holds that decoding after the call, as if the kernel had filled every object, cannot fail and can be
// read again; what is read matches what came.
func TestImageAfter(t *testing.T) {
	r := notation.NewReader(commands.Calls())
	for _, c := range r.Calls {
		src := spectest.New(6)
		d := Decoder{Exit: true}
		var b Bound
		for range 400 {
			vals := src.Args(c)
			if err := b.Set(c, vals); err != nil {
				t.Fatal(err)
			}
			returned(&b, src)
			got := d.Args(&b)
			text := notation.C().AppendCall(nil, c, b.Types[:], got)
			st, _, err := r.ReadC(string(text), 1, nil)
			if err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
			for i := range c.Args {
				if !c.Args[i].Kernel && !spec.Match(b.Types[i], st.Vals[i], got[i]) {
					t.Fatalf("%s\n%s is %+v, not %+v", text, c.Args[i].Name, st.Vals[i], got[i])
				}
			}
		}
	}
}

// returned makes b look as if the kernel had made the call and filled what it fills.
func returned(b *Bound, src *spectest.Source) {
	b.Ret, b.Errno = int64(src.IntN(2000)), 0
	for i := range b.Call.Args {
		o := b.mem.at(uint64(b.regs[i]))
		if o == nil || spec.Points(b.Types[i]) == spec.In {
			continue
		}
		for k := range o.live {
			o.live[k] = byte(src.Uint32())
		}
		if len(o.live) >= 2 && src.IntN(2) == 0 {
			le.PutUint16(o.live, []uint16{0, 1, 2, 10, 16, 300}[src.IntN(6)])
		}
		if l, ok := spec.LenOf(b.Types[i]); ok && src.IntN(4) > 0 {
			size, _ := spec.SizeOf(l)
			putInt(o.live, size, int64(src.IntN(200)))
		}
	}
}

// FuzzDecode lets the decoder read what a kernel might leave behind: any bytes, any lengths, any result.
func FuzzDecode(f *testing.F) {
	r := notation.NewReader(commands.Calls())
	f.Add(uint16(5), int64(3), uint8(0), []byte("\x02\x00\x00\x50\x7f\x00\x00\x01"), []byte{16, 0, 0, 0})
	f.Add(uint16(22), int64(0), uint8(0), []byte{1, 0, 0, 0, 0, 0, 0, 0}, []byte{0xff, 0xff, 0xff, 0xff})
	f.Add(uint16(13), int64(1<<40), uint8(11), []byte("\x01\x00"), []byte{3})
	f.Fuzz(func(t *testing.T, which uint16, ret int64, errno uint8, object, length []byte) {
		c := r.Calls[int(which)%len(r.Calls)]
		src := spectest.New(uint64(which))
		var b Bound
		defer b.Free()
		if err := b.Set(c, src.Args(c)); err != nil {
			t.Skip()
		}
		b.Ret, b.Errno = ret, 0
		if errno != 0 {
			b.Ret, b.Errno = -1, 1
		}
		for i := range c.Args {
			if o := b.mem.at(uint64(b.regs[i])); o != nil && spec.Points(b.Types[i]) != spec.In {
				if _, ok := spec.LenOf(b.Types[i]); ok {
					copy(o.live, length)
				} else {
					copy(o.live, object)
				}
			}
		}
		for _, d := range []*Decoder{{}, {Exit: true}, {Strace: true}, {Exit: true, Strace: true}} {
			style := notation.C()
			if d.Strace {
				style = notation.Strace()
			}
			text := style.AppendCall(nil, c, b.Types[:], d.Args(&b))
			if bytes.ContainsAny(text, "\x1b\x00\n\r") {
				t.Fatalf("%q holds a control character", text)
			}
			notation.AppendJSON(nil, c, d.Args(&b))
			if d.Strace {
				continue
			}
			if _, _, err := r.ReadC(string(text), 1, nil); err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
		}
	})
}
