package main

import "golang.org/x/sys/unix"

func makeSocket() bool {
	_, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	return err == nil
}
