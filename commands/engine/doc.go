// Package engine is where calls are made: threads of this process that can be interrupted in a blocking call, as a
// signal interrupts a C program, so that the kernel itself answers EINTR. It must not know lines, sessions or text.
package engine
