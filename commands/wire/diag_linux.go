package wire

import (
	"encoding/binary"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Numbers of linux/sock_diag.h, linux/inet_diag.h and linux/unix_diag.h that x/sys lacks.
const (
	inetRequestSize = 56 // struct inet_diag_req_v2
	inetMessageSize = 72 // struct inet_diag_msg
	unixRequestSize = 24 // struct unix_diag_req
	unixMessageSize = 16 // struct unix_diag_msg

	inetDiagV6Only = 11

	unixShowName  = 0x01
	unixShowVFS   = 0x02
	unixShowRQLen = 0x10
	unixShowUID   = 0x40

	unixDiagName  = 0
	unixDiagVFS   = 1
	unixDiagRQLen = 4
	unixDiagUID   = 7
)

var native = binary.NativeEndian

// Internet lists the sockets of AF_INET or AF_INET6 with IPPROTO_TCP or IPPROTO_UDP and this local port, 0 for all
// ports. TCP sockets that are bound, and do nothing else, are listed from Linux 6.8 on; ones that are not bound, never.
//
// It opens a netlink socket: run must run its function where numbers do not matter, and return after it.
func Internet(run func(func()), family, protocol, port int) (entries []Entry, err error) {
	req := make([]byte, inetRequestSize)
	req[0], req[1] = byte(family), byte(protocol)
	native.PutUint32(req[4:], ^uint32(0)) // every state
	binary.BigEndian.PutUint16(req[8:], uint16(port))
	native.PutUint32(req[48:], ^uint32(0)) // INET_DIAG_NOCOOKIE
	native.PutUint32(req[52:], ^uint32(0))
	run(func() {
		err = dump(req, func(msg []byte) {
			// The kernel lists TCP sockets that are bound, and do nothing else, with whatever port (6.18 does).
			if len(msg) >= inetMessageSize && (port == 0 || int(binary.BigEndian.Uint16(msg[4:])) == port) {
				entries = append(entries, inetEntry(msg))
			}
		})
	})
	return entries, err
}

func inetEntry(msg []byte) Entry {
	e := Entry{
		Family: int(msg[0]), State: int(msg[1]), Timer: int(msg[2]), Retransmits: int(msg[3]),
		Device: int(native.Uint32(msg[40:])),
		Cookie: uint64(native.Uint32(msg[44:])) | uint64(native.Uint32(msg[48:]))<<32,
		RecvQ:  int(native.Uint32(msg[56:])), SendQ: int(native.Uint32(msg[60:])),
		UID: int(native.Uint32(msg[64:])), Inode: uint64(native.Uint32(msg[68:])),
	}
	e.Local = inetAddress(e.Family, msg[4:6], msg[8:24], e.Device)
	if msg[6]|msg[7] != 0 {
		e.Peer = inetAddress(e.Family, msg[6:8], msg[24:40], e.Device)
	}
	if e.Timer != 0 {
		e.Left = time.Duration(int32(native.Uint32(msg[52:]))) * time.Millisecond
	}
	attributes(msg[inetMessageSize:], func(kind int, value []byte) {
		if kind == inetDiagV6Only && len(value) > 0 {
			e.OnlyIPv6 = value[0] != 0
		}
	})
	return e
}

// inetAddress makes a struct sockaddr_in or sockaddr_in6 (ip(7), ipv6(7)) of a port and an address in network order.
func inetAddress(family int, port, address []byte, device int) []byte {
	if family == unix.AF_INET {
		a := make([]byte, unix.SizeofSockaddrInet4)
		native.PutUint16(a, uint16(family))
		copy(a[2:], port)
		copy(a[4:], address[:4])
		return a
	}
	a := make([]byte, unix.SizeofSockaddrInet6)
	native.PutUint16(a, uint16(family))
	copy(a[2:], port)
	copy(a[8:], address[:16])
	if address[0] == 0xfe && address[1]&0xc0 == 0x80 { // link-local: fe80::/10
		native.PutUint32(a[24:], uint32(device))
	}
	return a
}

// Local lists the AF_UNIX sockets in the states of the set (1<<Listen, ...; 0 for every state). It opens a netlink
// socket: run as for [Internet].
func Local(run func(func()), states uint32) (entries []Entry, err error) {
	if states == 0 {
		states = ^uint32(0)
	}
	req := make([]byte, unixRequestSize)
	req[0] = unix.AF_UNIX
	native.PutUint32(req[4:], states)
	native.PutUint32(req[12:], unixShowName|unixShowVFS|unixShowRQLen|unixShowUID)
	native.PutUint32(req[16:], ^uint32(0))
	native.PutUint32(req[20:], ^uint32(0))
	run(func() {
		err = dump(req, func(msg []byte) {
			if len(msg) >= unixMessageSize {
				entries = append(entries, unixEntry(msg))
			}
		})
	})
	return entries, err
}

func unixEntry(msg []byte) Entry {
	e := Entry{
		Family: unix.AF_UNIX, Type: int(msg[1]), State: int(msg[2]), RecvQ: -1, SendQ: -1,
		Inode:  uint64(native.Uint32(msg[4:])),
		Cookie: uint64(native.Uint32(msg[8:])) | uint64(native.Uint32(msg[12:]))<<32,
		Local:  native.AppendUint16(nil, unix.AF_UNIX),
	}
	attributes(msg[unixMessageSize:], func(kind int, value []byte) {
		switch {
		case kind == unixDiagName:
			e.Local = append(e.Local, value...)
			if len(value) > 0 && value[0] != 0 {
				e.Local = append(e.Local, 0) // as getsockname(2) ends a path
			}
		case kind == unixDiagVFS && len(value) >= 8:
			e.FileInode = uint64(native.Uint32(value))
			dev := native.Uint32(value[4:]) // 12 bits major, 20 bits minor within the kernel
			e.FileDevice = unix.Mkdev(dev>>20, dev&0xfffff)
		case kind == unixDiagRQLen && len(value) >= 8:
			e.RecvQ, e.SendQ = int(native.Uint32(value)), int(native.Uint32(value[4:]))
		case kind == unixDiagUID && len(value) >= 4:
			e.UID = int(native.Uint32(value))
		}
	})
	return e
}

// Backlogs fills RecvQ and SendQ of the AF_UNIX listeners among the sockets, which only sock_diag tells. It does
// nothing and opens nothing where there are none; run as for [Internet].
func Backlogs(run func(func()), sockets []Socket) error {
	wanted := make(map[uint64][]int)
	for i := range sockets {
		if s := &sockets[i]; s.Domain == unix.AF_UNIX && s.Listening {
			wanted[s.Inode] = append(wanted[s.Inode], i)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	entries, err := Local(run, 1<<Listen)
	for _, e := range entries {
		for _, i := range wanted[e.Inode] {
			sockets[i].RecvQ, sockets[i].SendQ = e.RecvQ, e.SendQ
		}
	}
	return err
}

// attributes walks netlink's attributes: length and kind in 16 bits each, a value, padding to 4 (netlink(7)).
func attributes(b []byte, each func(kind int, value []byte)) {
	for len(b) >= 4 {
		n := int(native.Uint16(b))
		if n < 4 || n > len(b) {
			return
		}
		each(int(native.Uint16(b[2:])), b[4:n])
		b = b[min((n+3)&^3, len(b)):]
	}
}

// dump sends one request of sock_diag(7) and gives each answer without its header.
func dump(req []byte, each func(msg []byte)) error {
	failed := func(err error) error { return fmt.Errorf("ask the kernel for its sockets: %w", err) }
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return failed(err)
	}
	defer unix.Close(fd)
	const headerSize = unix.NLMSG_HDRLEN
	msg := make([]byte, headerSize, headerSize+len(req))
	native.PutUint32(msg, uint32(headerSize+len(req)))
	native.PutUint16(msg[4:], unix.SOCK_DIAG_BY_FAMILY)
	native.PutUint16(msg[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	if _, err := unix.Write(fd, append(msg, req...)); err != nil {
		return failed(err)
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := unix.Read(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return failed(err)
		}
		for b := buf[:n]; len(b) >= headerSize; {
			size := int(native.Uint32(b))
			if size < headerSize || size > len(b) {
				return failed(unix.EBADMSG)
			}
			switch body := b[headerSize:size]; native.Uint16(b[4:]) {
			case unix.NLMSG_DONE:
				return nil
			case unix.NLMSG_ERROR:
				if len(body) >= 4 {
					err = unix.Errno(-int32(native.Uint32(body)))
				}
				return failed(err)
			default:
				each(body)
			}
			b = b[min((size+3)&^3, len(b)):]
		}
	}
}
