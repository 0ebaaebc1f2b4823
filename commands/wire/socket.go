package wire

// A Socket is what the kernel says about one descriptor now. Of a descriptor that is no socket, only the first fields
// and the flags are set.
type Socket struct {
	FD     int
	Kind   string // "socket", "pipe", "file", "folder", "device", "fifo", or what /proc says: "anon_inode:[eventpoll]"
	Target string // what /proc/self/fd says a descriptor that is no socket points to: "/dev/pts/0", "pipe:[1234]"

	// Device and inode are the same for two descriptors of one socket (dup, an inherited one). All descriptors of kind
	// anon_inode share one inode: ask [Same].
	Device, Inode uint64

	Domain, Type, Protocol int // AF_, SOCK_ without flags, IPPROTO_ (SO_DOMAIN, SO_TYPE, SO_PROTOCOL)

	// State is TCP's own (TCP_INFO), or for UDP and AF_UNIX LISTEN, ESTABLISHED or CLOSE as SO_ACCEPTCONN and
	// getpeername(2) tell; 0 where the family has none.
	State     int
	Listening bool

	// Local and Peer are raw socket addresses as getsockname(2) and getpeername(2) gave them, nil if there is none. An
	// unnamed AF_UNIX socket has one of two bytes: its family.
	Local, Peer []byte

	// RecvQ and SendQ are bytes (SIOCINQ, SIOCOUTQ), -1 where the kernel does not say. To be received: all of a stream,
	// the next datagram of the rest. To be sent: for TCP what the peer has not acknowledged, for UDP and AF_UNIX the
	// memory in use, bookkeeping included. For a listener they are the length of the accept queue and its limit: TCP's
	// are there at once, AF_UNIX's are -1 until [Backlogs] fills them.
	RecvQ, SendQ int

	FDFlags   int // FD_CLOEXEC (F_GETFD)
	FileFlags int // O_NONBLOCK, O_RDWR, ... (F_GETFL)

	Err error // what Look returned
}
