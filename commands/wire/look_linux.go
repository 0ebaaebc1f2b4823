package wire

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"socksh/commands/kernel"
)

// Look asks the kernel about one descriptor of this process and fills s, whatever it held. It must run on a thread that
// shares the user's descriptors, opens none, and costs about a dozen calls (some 4 us).
//
// A closed descriptor is EBADF. Where the kernel answers a question with an error that is not an answer ("not
// connected" is one), that error is given and the other fields are set all the same.
func Look(fd int, s *Socket) error {
	*s = Socket{FD: fd, RecvQ: -1, SendQ: -1}
	s.Err = s.look()
	return s.Err
}

func (s *Socket) look() error {
	var err error
	if s.FDFlags, err = unix.FcntlInt(uintptr(s.FD), unix.F_GETFD, 0); err != nil {
		return err
	}
	if s.FileFlags, err = unix.FcntlInt(uintptr(s.FD), unix.F_GETFL, 0); err != nil {
		return err
	}
	var st unix.Stat_t
	if err := unix.Fstat(s.FD, &st); err != nil {
		return err
	}
	s.Device, s.Inode = uint64(st.Dev), st.Ino
	if st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return s.lookElse(st.Mode)
	}
	s.Kind = "socket"
	return s.lookSocket()
}

func (s *Socket) lookElse(mode uint32) error {
	var buf [unix.PathMax]byte
	n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(s.FD), buf[:])
	if err == nil {
		s.Target = string(buf[:n])
	}
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		s.Kind = "file"
	case unix.S_IFDIR:
		s.Kind = "folder"
	case unix.S_IFCHR, unix.S_IFBLK:
		s.Kind = "device"
	case unix.S_IFIFO:
		s.Kind = "fifo"
		if strings.HasPrefix(s.Target, "pipe:") {
			s.Kind = "pipe"
		}
	default:
		s.Kind = s.Target
	}
	return err
}

func (s *Socket) lookSocket() error {
	var asked questions
	s.Domain = asked.option(s.FD, unix.SOL_SOCKET, unix.SO_DOMAIN)
	s.Type = asked.option(s.FD, unix.SOL_SOCKET, unix.SO_TYPE)
	s.Protocol = asked.option(s.FD, unix.SOL_SOCKET, unix.SO_PROTOCOL)
	var buf [unix.SizeofSockaddrAny + 16]byte
	name, e := kernel.Getsockname(s.FD, buf[:])
	asked.failed(e)
	s.Local = append(s.Local, name...)
	name, e = kernel.Getpeername(s.FD, buf[:])
	s.Peer = append(s.Peer, name...)
	switch e {
	case unix.ENOTCONN, unix.EOPNOTSUPP, unix.EINVAL: // EINVAL: after shutdown of a socket that never connected
	default:
		asked.failed(e)
	}
	s.lookState(&asked)
	if s.Listening {
		return asked.err
	}
	if n, err := unix.IoctlGetInt(s.FD, unix.SIOCINQ); err == nil {
		s.RecvQ = n
	}
	if n, err := unix.IoctlGetInt(s.FD, unix.SIOCOUTQ); err == nil {
		s.SendQ = n
	}
	return asked.err
}

func (s *Socket) lookState(asked *questions) {
	inet := s.Domain == unix.AF_INET || s.Domain == unix.AF_INET6
	if inet && (s.Protocol == unix.IPPROTO_TCP || s.Protocol == unix.IPPROTO_MPTCP) {
		// Up to tcpi_sacked; the whole structure is some 250 bytes.
		var info [32]byte
		got, e := kernel.Getsockopt(s.FD, unix.IPPROTO_TCP, unix.TCP_INFO, info[:])
		if e == 0 && len(got) == len(info) {
			s.State = int(info[0])
			s.Listening = s.State == Listen
			if s.Listening {
				// For a listener they are sk_ack_backlog and sk_max_ack_backlog (net/ipv4/tcp.c).
				s.RecvQ = int(binary.NativeEndian.Uint32(info[24:])) // tcpi_unacked
				s.SendQ = int(binary.NativeEndian.Uint32(info[28:])) // tcpi_sacked
			}
			return
		}
		asked.failed(e)
	}
	s.Listening = s.Type != unix.SOCK_DGRAM && asked.option(s.FD, unix.SOL_SOCKET, unix.SO_ACCEPTCONN) != 0
	udp := inet && s.Type == unix.SOCK_DGRAM
	switch {
	case s.Listening:
		s.State = Listen
	case s.Domain != unix.AF_UNIX && !udp:
	case s.Peer != nil:
		s.State = Established
	default:
		s.State = Close
	}
}

// questions keeps the first error, so that the rest can be asked all the same.
type questions struct{ err error }

func (q *questions) failed(e unix.Errno) {
	if e != 0 && q.err == nil {
		q.err = e
	}
}

func (q *questions) option(fd, level, name int) int {
	var buf [4]byte
	got, e := kernel.Getsockopt(fd, level, name, buf[:])
	q.failed(e)
	if len(got) < 4 {
		return 0
	}
	return int(int32(binary.NativeEndian.Uint32(got)))
}

// Same tells whether two descriptors of this process are one open file, as dup(2) makes them: F_DUPFD_QUERY of Linux
// 6.10, else kcmp(2), else the inode, which is enough for sockets; where that is all, other kinds are an error.
func Same(a, b int) (bool, error) {
	same, err := unix.FcntlInt(uintptr(a), unix.F_DUPFD_QUERY, b)
	if err == nil {
		return same == 1, nil
	}
	if err == unix.EBADF {
		return false, err
	}
	const kcmpFile = 0
	pid := uintptr(unix.Getpid())
	order, _, e := unix.Syscall6(unix.SYS_KCMP, pid, pid, kcmpFile, uintptr(a), uintptr(b), 0)
	if e == 0 {
		return order == 0, nil
	}
	var sa, sb unix.Stat_t
	if err := unix.Fstat(a, &sa); err != nil {
		return false, err
	}
	if err := unix.Fstat(b, &sb); err != nil {
		return false, err
	}
	if sa.Dev != sb.Dev || sa.Ino != sb.Ino {
		return false, nil
	}
	if sa.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return false, fmt.Errorf("compare descriptors %d and %d: %w", a, b, e)
	}
	return true, nil
}
