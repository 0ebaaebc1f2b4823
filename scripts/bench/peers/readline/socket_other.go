//go:build !linux

package main

func makeSocket() bool { return false }
