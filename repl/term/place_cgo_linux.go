//go:build cgo

package term

import (
	"runtime"
	"sync"
)

// arenas is how many threads must have lived at once before glibc counts the processors.
const arenas = 10

// settleLibrary has the C library open now what it opens once. Built with cgo, which package net brings in where
// a C compiler is found, each thread begins with glibc's malloc(3), and at the eighth arena that reads
// /sys/devices/system/cpu/online: later that would take a number from the user for a moment. It costs some 0.5 ms; a
// program built with CGO_ENABLED=0 does not need it.
func settleLibrary() {
	var begun sync.WaitGroup
	begun.Add(arenas)
	for range arenas {
		go func() {
			runtime.LockOSThread() // and never unlocked: the thread ends
			begun.Done()
			begun.Wait() // an arena whose thread has ended would serve the next one
		}()
	}
	begun.Wait()
}
