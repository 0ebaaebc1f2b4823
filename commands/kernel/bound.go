package kernel

import (
	"runtime"

	"socksh/commands/names"
	"socksh/commands/spec"
)

// A Bound is a call whose values lie in memory, ready to be made any number of times. It must not be copied.
type Bound struct {
	Call  *spec.Call
	Types [6]spec.Type // of the arguments, By already followed
	Ret   int64        // of the last call made
	Errno names.Errno  // of the last call made, 0 for success

	nr    uintptr
	count [6]int8 // of each argument: the one that counts it, from 1; 0: none
	regs  [6]uintptr
	cells [48]byte
	mem   Memory
	kept  bool // some object must be put back before the call is made again
}

// Set writes the values into b's memory, which it uses again. A Go error means that the values cannot be put into
// memory: no call is made.
func (b *Bound) Set(c *spec.Call, vals []spec.Value) error {
	if b.Call != c {
		nr, err := number(c)
		if err != nil {
			return err
		}
		b.Call, b.nr = c, nr
		for i := range c.Args {
			b.count[i] = int8(spec.CountOf(c.Args, i) + 1)
		}
	}
	b.mem.reset()
	b.cells = [48]byte{}
	sc := spec.Scope{Fields: c.Args, Vals: vals}
	w := cells{mem: &b.mem, sc: &sc, at: func(i int) []byte { return b.cells[8*i : 8*i+8] }}
	if err := w.fields(); err != nil {
		return err
	}
	for i := range c.Args {
		t := spec.Resolve(c.Args[i].Type, &sc)
		b.regs[i] = uintptr(register(t, b.cells[8*i:8*i+8]))
		b.Types[i] = t
	}
	b.kept = false
	for i := range b.mem.objects {
		b.kept = b.kept || b.mem.objects[i].before != nil
	}
	return nil
}

// register widens a cell to the whole register, as C's calling convention does for a signed number.
func register(t spec.Type, cell []byte) uint64 {
	n, _ := spec.SizeOf(t)
	if n == 4 {
		return uint64(int64(int32(le.Uint32(cell))))
	}
	return le.Uint64(cell)
}

// Do makes the call, once, on this thread. It allocates nothing.
func (b *Bound) Do() {
	if b.kept {
		for i := range b.mem.objects {
			if o := &b.mem.objects[i]; o.before != nil {
				copy(o.live, o.before)
			}
		}
	}
	b.Ret, b.Errno = syscall6(b.nr, &b.regs)
	runtime.KeepAlive(b)
}

// Registers are the call's number and arguments as the kernel gets them: what /proc/PID/syscall shows (proc(5)).
func (b *Bound) Registers() (nr uintptr, args [6]uintptr) { return b.nr, b.regs }

// Skip makes a bound send leave out the first n bytes of its buffer, for the rest of a sendall.
func (b *Bound) Skip(n int64) {
	for i := range b.Call.Args {
		if spec.Points(b.Types[i]) == spec.In {
			o := b.mem.at(uint64(b.regs[i]))
			if o == nil {
				return
			}
			o.live = o.live[n:]
			o.addr += uintptr(n)
			b.regs[i] = o.addr
			if j := spec.CountOf(b.Call.Args, i); j >= 0 {
				b.regs[j] -= uintptr(n)
				putInt(b.cells[8*j:], 8, int64(b.regs[j]))
			}
			putInt(b.cells[8*i:], 8, int64(b.regs[i]))
			return
		}
	}
}

// Free gives back what large objects took.
func (b *Bound) Free() { b.mem.reset() }

// Size is how many bytes the objects take that the call points to.
func (b *Bound) Size() int {
	n := 0
	for i := range b.mem.objects {
		n += len(b.mem.objects[i].live)
	}
	return n
}

// Length is how many bytes a bound send is to send, or a receive has room for.
func (b *Bound) Length() int64 {
	for i := range b.Call.Args {
		if spec.Points(b.Types[i]) != 0 {
			if j := spec.CountOf(b.Call.Args, i); j >= 0 {
				return int64(b.regs[j])
			}
		}
	}
	return 0
}
