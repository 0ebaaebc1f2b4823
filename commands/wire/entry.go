package wire

import "time"

// An Entry is a socket as sock_diag(7) lists it, with or without a descriptor, of whatever process in this network
// namespace.
type Entry struct {
	Family, Type, State int // Type is known for AF_UNIX only

	// Local and Peer are raw socket addresses; Peer is nil for AF_UNIX and where there is none.
	Local, Peer []byte
	Device      int  // the interface to which the socket is bound, or that its address belongs to; 0 for none
	OnlyIPv6    bool // IPV6_V6ONLY, said of listeners and unconnected sockets

	Timer       int           // 0 none, 1 retransmission, 2 keepalive, 3 TIME_WAIT, 4 zero window probe
	Left        time.Duration // until the timer expires
	Retransmits int

	RecvQ, SendQ int    // bytes; of a listener the accept queue's length and limit
	UID          int    // who made it; 0 in TIME_WAIT
	Inode        uint64 // 0 when no descriptor holds it any more
	Cookie       uint64 // SO_COOKIE, the same for as long as the kernel knows the socket

	FileInode, FileDevice uint64 // of the path to which an AF_UNIX socket is bound, device as in stat(2)
}
