package repl

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"socksh/repl/term"
)

const (
	// After this long without a byte, Esc was the key Esc. Over a slow line the
	// parts of an arrow's sequence may come this far apart.
	escapeWait = 100 * time.Millisecond

	// After this long without a byte, a paste whose end mark was lost is over.
	pasteWait = 2 * time.Second

	// A run of text as long as this was not typed by hand: it is taken in
	// one piece, for readline copies the line for each character.
	runLength = 32

	// Such a run is gathered until nothing more of it comes for this long, but
	// no more than this many bytes of it.
	runWait = 2 * time.Millisecond
	runMost = 64 << 10

	maxPaste = 64 << 20 // bytes; what goes beyond counts as typed
)

var pasteEnd = []byte("\x1b[201~")

// A keyboard is readline's standard input: one key for each Read, and the next
// only when the editor has done with the one before and asked for more
// (grant). So nothing that was typed lies in readline's own buffers when a
// line ends, and nothing is read from the terminal while a call runs.
type keyboard struct {
	tty    *term.TTY
	settle func() // called before each wait: all that is known has been typed

	granted chan struct{}
	stop    chan struct{}
	once    sync.Once
	started atomic.Bool

	begin bool // keyBegin comes first; set before a grant

	// Of the goroutine that reads; text also of the editor, until it grants.
	chunk   []byte
	rest    []byte
	pasting bool
	scanned int // so much of rest is known not to hold the paste's end
	text    []byte
}

func newKeyboard(tty *term.TTY, settle func()) *keyboard {
	return &keyboard{
		tty:     tty,
		settle:  settle,
		granted: make(chan struct{}, 1),
		stop:    make(chan struct{}),
		chunk:   make([]byte, 4096), // the kernel gives no more at once (n_tty)
	}
}

// grant lets the next key through.
func (k *keyboard) grant() {
	select {
	case k.granted <- struct{}{}:
	default:
	}
}

// Read gives one rune in UTF-8, or io.EOF when the terminal has hung up or
// the keyboard is closed.
func (k *keyboard) Read(p []byte) (int, error) {
	k.started.Store(true)
	select {
	case <-k.stop:
		return 0, io.EOF
	case <-k.granted:
	}
	r, err := k.next()
	if err != nil {
		return 0, err
	}
	return utf8.EncodeRune(p, r), nil
}

// Close makes a pending Read and all later ones end.
func (k *keyboard) Close() error {
	k.once.Do(func() {
		close(k.stop)
		k.tty.Wake()
	})
	return nil
}

func (k *keyboard) next() (key, error) {
	if k.begin {
		k.begin = false
		return keyBegin, nil
	}
	idle := false
	for {
		if r := k.decoded(idle); r != keyIgnore {
			return r, nil
		}
		wait := time.Duration(-1)
		switch {
		case k.pasting:
			wait = pasteWait
		case len(k.rest) >= runLength && k.rest[0] != 0x1b:
			wait = runWait
		case len(k.rest) > 0:
			wait = escapeWait
		}
		if wait != runWait {
			k.settle()
		}
		n, err := k.tty.Input(k.chunk, wait)
		select {
		case <-k.stop:
			return 0, io.EOF
		default:
		}
		if err != nil {
			return 0, err
		}
		k.rest = append(k.rest, k.chunk[:n]...)
		idle = n == 0 || len(k.rest) >= maxPaste
	}
}

// decoded is the first key in what was read, or keyIgnore when there is none.
func (k *keyboard) decoded(idle bool) key {
	for len(k.rest) > 0 || k.pasting {
		if k.pasting {
			return k.paste(idle)
		}
		if n := plainRun(k.rest); n >= runLength {
			if n == len(k.rest) && n < runMost && !idle {
				return keyIgnore
			}
			k.text = bytes.Clone(k.rest[:n])
			k.take(n)
			return keyText
		}
		r, n := decode(k.rest, idle)
		if n == 0 {
			return keyIgnore
		}
		k.take(n)
		switch r {
		case keyIgnore:
		case keyPasteBegins:
			k.pasting, k.scanned = true, 0
		default:
			return r
		}
	}
	return keyIgnore
}

func (k *keyboard) take(n int) {
	if k.rest = k.rest[n:]; len(k.rest) == 0 {
		k.rest = nil
	}
}

func (k *keyboard) paste(idle bool) key {
	from := max(0, k.scanned-len(pasteEnd))
	end, mark := bytes.Index(k.rest[from:], pasteEnd), len(pasteEnd)
	switch {
	case end >= 0:
		end += from
	case idle:
		end, mark = len(k.rest), 0
	default:
		k.scanned = len(k.rest)
		return keyIgnore
	}
	k.text = bytes.Clone(k.rest[:end])
	k.take(end + mark)
	k.pasting = false
	return keyPaste
}

// plainRun is how many bytes of complete characters b begins with.
func plainRun(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r < 0x20 || r == 0x7f || r == utf8.RuneError || r >= firstReserved {
			return i
		}
		i += n
	}
	return len(b)
}
