// Package kernel turns values into memory, makes the system call, and turns the memory into values again.
// It knows layouts, pointers and registers, and it is the only package with unsafe. It must not know text.
package kernel
