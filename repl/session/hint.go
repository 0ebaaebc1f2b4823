package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"socksh/commands/names"
	"socksh/commands/spec"
	"socksh/commands/wire"
)

// A Question is a call that failed, and whom to ask about it.
type Question struct {
	Call  *spec.Call
	Vals  []spec.Value // as decoded after the call
	Errno string
	FD    int // the descriptor that the call was made on, -1 for none

	Run   func(func())          // runs what opens descriptors where numbers do not matter
	Names func(fd int) []string // the variables that hold a descriptor
	JobOn func(fd int) []int    // the numbers of the jobs that are blocked on it
	Shell func(fd int) string   // what of the shell's own it is, "" for the user's
	// Limit gives the limit of open files, soft and hard; nil: it is not known.
	Limit func() (soft, hard uint64, err error)
}

// Hint says what an error means for its descriptor now: short on one line that ends with what would help, long over
// several, as why shows it. What would help is always a line that can be typed. It asks the kernel for the state and
// for who holds an address; nothing that it asks changes a socket of the user's, SO_ERROR and receiving are left to the
// user. Whether an address could be shared it tries with a socket of its own, for an instant.
func Hint(q *Question) (short, long string) {
	a := ask(q)
	a.find()
	if a.FD >= 0 && !a.open {
		a.tries = slices.DeleteFunc(a.tries, a.names)
	}
	meaning := q.meaning()
	short = a.because
	if short == "" {
		short = meaning
	}
	if len(a.tries) > 0 {
		short += "; try: " + a.tries[0]
	}
	return short, a.long(meaning)
}

// names says whether a line names the call's descriptor, which cannot be typed once that is closed.
func (a *asked) names(line string) bool {
	words := strings.Fields(line)
	return len(words) > 1 && strings.TrimPrefix(words[1], "@") == strconv.Itoa(a.FD)
}

// find finds out why the call failed. A reason that knows nothing says nothing: then the table's meaning stands.
func (a *asked) find() {
	switch a.Errno {
	case "EADDRINUSE":
		a.addressInUse()
	case "EADDRNOTAVAIL":
		a.addressNotAvailable()
	case "EACCES":
		a.access()
	case "EAFNOSUPPORT":
		a.family()
	case "EDESTADDRREQ":
		a.noDestination()
	case "ECONNREFUSED":
		a.refused()
	case "ENOTCONN":
		a.notConnected()
	case "EISCONN":
		a.connected()
	case "EINPROGRESS", "EALREADY":
		a.inProgress()
	case "ETIMEDOUT":
		a.timedOut()
	case "ENOENT":
		a.noFile()
	case "EPROTOTYPE":
		a.otherType()
	case "EPIPE":
		a.pipe()
	case "ECONNRESET":
		a.reset()
	case "EAGAIN":
		a.again()
	case "EMSGSIZE":
		a.tooLong()
	case "EINTR":
		a.interrupted()
	case "EBADF":
		a.badDescriptor()
	case "ENOTSOCK":
		a.noSocket()
	case "EMFILE":
		a.tooManyOpen()
	case "EINVAL":
		a.invalid()
	case "EFAULT":
		a.fault()
	case "EOPNOTSUPP":
		a.notSupported()
	case "EPROTONOSUPPORT", "ESOCKTNOSUPPORT":
		a.protocol()
	case "ENOPROTOOPT":
		a.noOption()
	case "EPERM":
		a.privilege()
	}
}

// asked is a question on its way to an answer.
type asked struct {
	*Question
	sock wire.Socket // the call's descriptor now
	open bool        // it is open, and sock holds what the kernel says

	facts   []string // what the kernel says
	because string   // why that leads to the error: no capital, no full stop
	more    []string // further sentences for the long answer
	tries   []string // lines that can be typed, the best first
	manual  []string // sections beside the call's own
}

func ask(q *Question) *asked {
	a := &asked{Question: q}
	if q.FD >= 0 {
		err := wire.Look(q.FD, &a.sock)
		a.open = err == nil || a.sock.Kind != ""
	}
	if a.open {
		a.fact("%s", a.describe(&a.sock))
		switch jobs := q.JobOn(q.FD); len(jobs) {
		case 0:
		case 1:
			a.fact("job %d is blocked on it", jobs[0])
		default:
			a.fact("%d jobs are blocked on it", len(jobs))
		}
	}
	return a
}

func (a *asked) reason(format string, args ...any) { a.because = fmt.Sprintf(format, args...) }
func (a *asked) fact(format string, args ...any) {
	a.facts = append(a.facts, fmt.Sprintf(format, args...))
}
func (a *asked) also(text string) { a.more = append(a.more, text) }
func (a *asked) try(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); line != "" && !slices.Contains(a.tries, line) {
		a.tries = append(a.tries, line)
	}
}
func (a *asked) see(sections ...string) { a.manual = append(a.manual, sections...) }

// meaning is what the table says about the errno for this call, else what the C library says.
func (q *Question) meaning() string {
	for _, m := range q.Call.Errors {
		if m.Errno == q.Errno {
			return m.Text
		}
	}
	n, ok := names.Errnos().Exact(q.Errno)
	if !ok {
		return q.Errno
	}
	text := names.Errno(n).Text()
	return strings.ToLower(text[:1]) + text[1:]
}

const longWidth = 78

// long lays the answer out: what the errno means for the call, what the kernel says now, why, what to try, where to
// read on.
func (a *asked) long(meaning string) string {
	var b strings.Builder
	part := func(head string, lines []string, wrapped bool) {
		for i, l := range lines {
			if i > 0 {
				head = ""
			}
			if !wrapped {
				fmt.Fprintf(&b, "%-6s%s\n", head, l)
				continue
			}
			for _, w := range wrap(l, longWidth-6) {
				fmt.Fprintf(&b, "%-6s%s\n", head, w)
				head = ""
			}
		}
	}
	for _, w := range wrap(fmt.Sprintf("%s from %s: %s.", a.Errno, a.Call.Name, meaning), longWidth) {
		fmt.Fprintln(&b, w)
	}
	part("now:", a.facts, true)
	if a.because != "" {
		part("why:", append([]string{strings.ToUpper(a.because[:1]) + a.because[1:] + "."}, a.more...), true)
	}
	part("try:", a.tries, false)
	manual := a.Call.Manual
	if manual == "" {
		manual = a.Call.Name + "(2)"
	}
	sections := []string{manual}
	for _, s := range a.manual {
		if !slices.Contains(sections, s) {
			sections = append(sections, s)
		}
	}
	part("see:", []string{strings.Join(sections, ", ")}, true)
	return strings.TrimSuffix(b.String(), "\n")
}

// wrap breaks a sentence between words.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		switch {
		case line == "":
			line = w
		case len(line)+1+len(w) > width:
			lines = append(lines, line)
			line = w
		default:
			line += " " + w
		}
	}
	return append(lines, line)
}
