package wire

// A Holding is one reason why a local address is taken.
type Holding struct {
	Entry

	// FDs are the descriptors of this process that hold the socket. PID and Process name another process that does; 0
	// and "" where there is none or its descriptors may not be read (another user's). Where several processes share a
	// socket it is the one with the lowest number.
	FDs     []int
	PID     int
	Process string

	// Leftover: a file of this name exists, and no socket that can be seen is bound to it; File is what it is: "socket",
	// "file", "folder" or "other". A socket bound in another network namespace is not seen. The Entry is empty.
	Leftover bool
	File     string
}
