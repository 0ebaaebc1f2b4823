package wire

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// Holders tells who has a local address now, for which bind(2) or listen(2) gave EADDRINUSE: what can be to blame, the
// likeliest first, and nothing where nobody is seen. The address is a raw sockaddr of AF_INET, AF_INET6 or AF_UNIX; typ
// and protocol are the socket's, protocol 0 being the usual one of the type. A wildcard conflicts with every address of
// its port, and [::] with IPv4 too unless it is IPV6_V6ONLY. The asking socket itself is listed when it is bound there.
//
// No privilege is needed; other users' processes stay unnamed. It must run on a thread that shares the user's
// descriptors; what it opens, it opens within run, as for [Internet].
func Holders(run func(func()), addr []byte, typ, protocol int) ([]Holding, error) {
	if len(addr) < 2 {
		return nil, unix.EINVAL
	}
	var found []Holding
	var err error
	switch family := int(native.Uint16(addr)); family {
	case unix.AF_INET, unix.AF_INET6:
		found, err = inetHolders(run, addr, typ, protocol)
	case unix.AF_UNIX:
		found, err = unixHolders(run, addr)
	default:
		return nil, fmt.Errorf("who holds an address of family %d: %w", family, unix.EAFNOSUPPORT)
	}
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found, name(run, found)
}

func inetHolders(run func(func()), addr []byte, typ, protocol int) ([]Holding, error) {
	want, ok := inetPort(addr)
	if !ok {
		return nil, unix.EINVAL
	}
	switch {
	case protocol != 0 && protocol != unix.IPPROTO_MPTCP:
	case typ == unix.SOCK_STREAM:
		protocol = unix.IPPROTO_TCP
	case typ == unix.SOCK_DGRAM:
		protocol = unix.IPPROTO_UDP
	}
	if protocol != unix.IPPROTO_TCP && protocol != unix.IPPROTO_UDP {
		return nil, fmt.Errorf("who holds an address of protocol %d: %w", protocol, unix.EPROTONOSUPPORT)
	}
	if want.Port() == 0 {
		return nil, nil
	}
	var found []Holding
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		entries, err := Internet(run, family, protocol, int(want.Port()))
		if err != nil && family == unix.AF_INET {
			return nil, err // a kernel without IPv6 says ENOENT to the other question
		}
		for _, e := range entries {
			if has, ok := inetPort(e.Local); ok && overlap(want, has, e.OnlyIPv6) {
				found = append(found, Holding{Entry: e})
			}
		}
	}
	if len(found) == 0 {
		found = boundHere(want, protocol)
	}
	slices.SortStableFunc(found, func(a, b Holding) int { return blame(b.Entry, want) - blame(a.Entry, want) })
	return found, nil
}

func inetPort(addr []byte) (netip.AddrPort, bool) {
	switch family := int(native.Uint16(addr)); {
	case family == unix.AF_INET && len(addr) >= unix.SizeofSockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(addr[4:8])), uint16(addr[2])<<8|uint16(addr[3])), true
	case family == unix.AF_INET6 && len(addr) >= 24: // without sin6_scope_id (RFC 2133)
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(addr[8:24])), uint16(addr[2])<<8|uint16(addr[3])), true
	}
	return netip.AddrPort{}, false
}

// overlap tells whether two local addresses of one port exclude each other (ipv6_rcv_saddr_equal in
// net/ipv4/inet_connection_sock.c), as far as it can be known from outside.
func overlap(want, has netip.AddrPort, hasOnlyIPv6 bool) bool {
	a, b := want.Addr().Unmap(), has.Addr().Unmap()
	switch {
	case want.Port() != has.Port():
		return false
	case a.Is4() != b.Is4():
		return a.Is6() && a.IsUnspecified() || b.Is6() && b.IsUnspecified() && !hasOnlyIPv6
	}
	return a == b || a.IsUnspecified() || b.IsUnspecified()
}

// blame orders what was found: listeners, then other live sockets, then ones in which only the kernel is interested;
// among equals the exact address first.
func blame(e Entry, want netip.AddrPort) int {
	n := 0
	switch {
	case e.State == Listen:
		n = 6
	case e.Inode != 0 && e.Peer == nil:
		n = 4
	case e.Inode != 0:
		n = 2
	}
	if has, _ := inetPort(e.Local); has == want {
		n++
	}
	return n
}

// boundHere looks among this process's own sockets for one that is bound and nothing else, which kernels before 6.8
// do not list.
func boundHere(want netip.AddrPort, protocol int) []Holding {
	open, err := Open()
	if err != nil {
		return nil
	}
	var found []Holding
	var s Socket
	for _, fd := range open {
		if Look(fd, &s) != nil || s.Protocol != protocol || len(s.Local) < 2 {
			continue
		}
		only := 0
		if s.Domain == unix.AF_INET6 {
			only, _ = unix.GetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY)
		}
		if has, ok := inetPort(s.Local); ok && overlap(want, has, only != 0) &&
			!slices.ContainsFunc(found, func(h Holding) bool { return h.Inode == s.Inode }) {
			found = append(found, Holding{Entry: Entry{Family: s.Domain, State: s.State, Local: s.Local, Peer: s.Peer,
				RecvQ: s.RecvQ, SendQ: s.SendQ, UID: unix.Getuid(), Inode: s.Inode}})
		}
	}
	return found
}

func unixHolders(run func(func()), addr []byte) ([]Holding, error) {
	path := addr[2:]
	abstract := len(path) > 0 && path[0] == 0
	var st unix.Stat_t
	exists := false
	if !abstract {
		path, _, _ = bytes.Cut(path, []byte{0})
		if len(path) == 0 {
			return nil, nil
		}
		exists = unix.Stat(string(path), &st) == nil || unix.Lstat(string(path), &st) == nil
	}
	entries, err := Local(run, 0)
	if err != nil {
		return nil, err
	}
	var found []Holding
	for _, e := range entries {
		if abstract && bytes.Equal(e.Local[2:], path) || exists && boundTo(e, path, &st) {
			found = append(found, Holding{Entry: e})
		}
	}
	if len(found) == 0 && exists {
		return []Holding{{Leftover: true, File: fileKind(st.Mode)}}, nil
	}
	slices.SortStableFunc(found, func(a, b Holding) int {
		rank := func(h Holding) int {
			switch h.State {
			case Listen:
				return 0
			case Close:
				return 1
			}
			return 2
		}
		return rank(a) - rank(b)
	})
	return found, nil
}

// boundTo tells whether a socket is bound to the file, whatever it was called then. Some filesystems (btrfs, overlayfs)
// give stat(2) another device than the kernel's own, and there the name decides. Accepted sockets have their listener's.
func boundTo(e Entry, path []byte, st *unix.Stat_t) bool {
	if e.FileDevice == uint64(st.Dev) {
		return e.FileInode == st.Ino&0xffffffff
	}
	return e.FileInode != 0 && bytes.Equal(bytes.TrimSuffix(e.Local[2:], []byte{0}), path)
}

func fileKind(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFSOCK:
		return "socket"
	case unix.S_IFREG:
		return "file"
	case unix.S_IFDIR:
		return "folder"
	}
	return "other"
}
