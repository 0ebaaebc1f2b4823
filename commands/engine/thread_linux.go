package engine

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"socksh/commands/kernel"
)

// interruptSignal is a real-time signal for which the Go runtime has a handler that does nothing. Without SA_RESTART
// the kernel ends a blocked call with EINTR when it comes (signal(7)).
const interruptSignal = unix.Signal(40)

// Setup prepares this process for Interrupt; call it once, before any Thread is made.
func Setup() error { return kernel.ClearRestart(int(interruptSignal)) }

// maskSignals leaves the thread only the interrupting signal and those that report its own faults: the Go runtime
// sends SIGURG to preempt, which would otherwise end the user's calls with an EINTR that nobody asked for.
func maskSignals() error {
	var set unix.Sigset_t
	for i := range set.Val {
		set.Val[i] = ^set.Val[i]
	}
	for _, s := range [...]unix.Signal{interruptSignal, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP} {
		set.Val[(s-1)/64] &^= 1 << ((s - 1) % 64)
	}
	return unix.PthreadSigmask(unix.SIG_SETMASK, &set, nil)
}

func threadID() int { return unix.Gettid() }

func signal(tid int) {
	// ESRCH: the thread has just ended, and with it its call.
	_ = unix.Tgkill(unix.Getpid(), tid, interruptSignal)
}

func yield() { kernel.Yield() }

func taskFile(tid int) string { return "/proc/self/task/" + strconv.Itoa(tid) + "/syscall" }

// gone says whether a thread's file could not be read because the thread is no more: before it was opened, or after.
func gone(err error) bool { return errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ESRCH) }
