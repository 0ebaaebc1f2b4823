package kernel

import (
	"unsafe"

	"socksh/commands/spec"
)

// An object is what one pointer of a call points to. before is what an in-out object held on entry.
type object struct {
	addr         uintptr
	live, before []byte
	out          bool   // only the kernel writes it
	mapped       []byte // a mapping of its own, guard page included
}

// Memory is the objects of one call. They never move, for the kernel is given their addresses: a chunk is handed out
// in pieces and never grown.
type Memory struct {
	objects []object
	chunk   []byte
	first   []byte // the chunk from its start, for a Memory that is used again
	handed  int    // bytes handed out in pieces since it was used again
}

const (
	chunkSize  = 512     // holds the objects of a common call
	mappedFrom = 1 << 20 // objects from this size on are mapped: fresh zeros at no cost, and gone when the call is
	guardSize  = 64 << 10
)

func (m *Memory) reset() {
	for i := range m.objects {
		if o := &m.objects[i]; o.mapped != nil {
			unmap(o.mapped)
		}
	}
	clear(m.objects)
	m.objects = m.objects[:0]
	if m.handed > len(m.first) { // so that a call like the last one finds room in one chunk
		m.first = make([]byte, m.handed)
	}
	m.chunk, m.handed = m.first, 0
}

// piece gives n bytes, not cleared.
func (m *Memory) piece(n int) []byte {
	c := max(8, (n+7)&^7)
	m.handed += c
	if len(m.chunk) < c {
		if m.chunk = make([]byte, max(c, chunkSize)); m.first == nil {
			m.first = m.chunk
		}
	}
	p := m.chunk[:n:c]
	m.chunk = m.chunk[c:]
	return p
}

// alloc makes an object of n zero bytes. Where the call will state more than there can be, a page follows that the
// kernel finds unmapped, so that it answers EFAULT and touches nothing of the shell's own.
func (m *Memory) alloc(n int, guard bool) *object {
	var o object
	if guard || n >= mappedFrom {
		o.mapped = mapGuarded(n)
		end := len(o.mapped) - guardSize
		o.live = o.mapped[end-n : end : end]
	} else {
		o.live = m.piece(n)
		clear(o.live)
	}
	o.addr = uintptr(unsafe.Pointer(unsafe.SliceData(o.live)))
	m.objects = append(m.objects, o)
	return &m.objects[len(m.objects)-1]
}

// keep remembers what an in-out object holds, so that the call can be made again and its trace can show both.
func (m *Memory) keep(o *object) {
	o.before = m.piece(len(o.live))
	copy(o.before, o.live)
}

// at finds an object of ours by its address; a pointer that the user made up is never followed.
func (m *Memory) at(addr uint64) *object {
	for i := range m.objects {
		if uint64(m.objects[i].addr) == addr {
			return &m.objects[i]
		}
	}
	return nil
}

// capacity is how much room an out object gets when nobody says, in bytes.
func capacity(t spec.Type) int {
	switch t := t.(type) {
	case *spec.Tagged:
		return 128 // sockaddr_storage
	case *spec.Dialect:
		return capacity(t.As)
	case spec.CStr:
		return 16 // TCP_CA_NAME_MAX, IFNAMSIZ
	case spec.Blob:
		return 1024
	case spec.Raw:
		return 256
	}
	n, _ := spec.SizeOf(t)
	return n
}
