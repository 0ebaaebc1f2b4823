package names

import (
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

var sets = map[string]*Set{"AF": &AF, "SockType": &SockType, "SockFlag": &SockFlag, "IPProto": &IPProto, "Msg": &Msg, "Shut": &Shut,
	"Level": &Level, "SO": &SO, "IP": &IP, "IPV6": &IPV6, "TCP": &TCP, "UDP": &UDP, "Fcntl": &Fcntl, "FDFlag": &FDFlag, "OAcc": &OAcc,
	"OFlag": &OFlag, "TCPState": &TCPState, "Netlink": &Netlink, "EtherType": &EtherType}

func TestAll(t *testing.T) {
	for name, s := range sets {
		if !slices.Contains(All, s) {
			t.Errorf("%s is not in All", name)
		}
	}
	if len(All) != len(sets) {
		t.Errorf("All has %d sets, this test %d", len(All), len(sets))
	}
}

// TestEntries holds what a set must be so that each number has one name and each name one number.
func TestEntries(t *testing.T) {
	for name, s := range sets {
		if s.Unknown == "" || len(s.Prefix) == 0 || len(s.Entries) == 0 {
			t.Errorf("%s is not complete", name)
		}
		byName, byNumber := map[string]bool{}, map[int64]string{}
		for i, e := range append(slices.Clone(s.Entries), s.Also...) {
			if byName[e.Name] {
				t.Errorf("%s has %s twice", name, e.Name)
			}
			byName[e.Name] = true
			if other, ok := byNumber[e.N]; ok && i < len(s.Entries) {
				t.Errorf("%s: %d is %s and %s; the further spelling belongs to Also", name, e.N, other, e.Name)
			}
			byNumber[e.N] = e.Name
			if !strings.HasPrefix(e.Name, "MCAST_") && !slices.ContainsFunc(s.Prefix, func(p string) bool { return strings.HasPrefix(e.Name, p) }) {
				t.Errorf("%s: %s begins with none of %q", name, e.Name, s.Prefix)
			}
			if e.Strace == e.Name {
				t.Errorf("%s: strace's spelling of %s is given though it is no other", name, e.Name)
			}
		}
		for _, e := range s.Also {
			if s.Name(e.N) == nil {
				t.Errorf("%s: %s is a further spelling of %d, which has no first one", name, e.Name, e.N)
			}
		}
	}
}

// TestOrder holds the order in which flags are printed: by number, which is strace's.
func TestOrder(t *testing.T) {
	for _, name := range []string{"AF", "SockType", "IPProto", "Level", "SO", "IP", "IPV6", "TCP", "UDP", "Fcntl", "Shut", "TCPState", "OFlag"} {
		s := sets[name]
		for i := 1; i < len(s.Entries); i++ {
			if s.Entries[i-1].N > s.Entries[i].N {
				t.Errorf("%s: %s stands before %s", name, s.Entries[i-1].Name, s.Entries[i].Name)
			}
		}
	}
	for want, n := range map[string]int64{
		"MSG_OOB|MSG_PEEK":         unix.MSG_PEEK | unix.MSG_OOB,
		"MSG_DONTWAIT|MSG_WAITALL": unix.MSG_WAITALL | unix.MSG_DONTWAIT,
		"MSG_PEEK|0x10":            unix.MSG_PEEK | 0x10,
		"0":                        0,
	} {
		if n == unix.MSG_PEEK|0x10 && Msg.Name(0x10) != nil {
			want = "MSG_PEEK|" + Msg.Name(0x10).Name
		}
		if got := string(Msg.AppendFlags(nil, n, true)); got != want {
			t.Errorf("%#x is %s, not %s", n, got, want)
		}
	}
	if got := string(Msg.AppendFlags(nil, 1<<31, false)); got != "0x80000000 /* MSG_??? */" {
		t.Errorf("an unknown flag is %s", got)
	}
	if got := string(SockFlag.AppendFlags(nil, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, true)); got != "SOCK_CLOEXEC|SOCK_NONBLOCK" {
		t.Errorf("flags of socket are %s", got)
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		set  *Set
		word string
		n    int64 // -1: it is not to be found
	}{
		{&AF, "AF_INET", unix.AF_INET},
		{&AF, "af_inet", unix.AF_INET},
		{&AF, "inet", unix.AF_INET},
		{&AF, "Inet6", unix.AF_INET6},
		{&AF, "PF_INET", unix.AF_INET},
		{&AF, "pf_inet6", unix.AF_INET6},
		{&AF, "local", unix.AF_UNIX},
		{&AF, "AF_LOCAL", unix.AF_UNIX},
		{&AF, "AF_", -1},
		{&AF, "", -1},
		{&AF, "ine", -1},
		{&AF, "SOCK_STREAM", -1},
		{&AF, "_INET", -1},
		{&Level, "tcp", unix.IPPROTO_TCP},
		{&Level, "SOL_TCP", unix.IPPROTO_TCP},
		{&Level, "ipproto_tcp", unix.IPPROTO_TCP},
		{&Level, "socket", unix.SOL_SOCKET},
		{&SO, "reuseaddr", unix.SO_REUSEADDR},
		{&SO, "SO_RCVTIMEO_OLD", unix.SO_RCVTIMEO},
		{&TCP, "nodelay", unix.TCP_NODELAY},
		{&Shut, "wr", unix.SHUT_WR},
		{&Shut, "rdwr", unix.SHUT_RDWR},
		{Errnos(), "eagain", int64(unix.EAGAIN)},
		{Errnos(), "EWOULDBLOCK", int64(unix.EAGAIN)},
		{Errnos(), "ENOTSUP", int64(unix.EOPNOTSUPP)},
	} {
		n, ok := c.set.Find(c.word)
		if ok != (c.n >= 0) || ok && n != c.n {
			t.Errorf("%q is %d, %v; not %d", c.word, n, ok, c.n)
		}
	}
	for word, want := range map[string]int64{"AF_INET": unix.AF_INET, "PF_UNIX": unix.AF_UNIX, "inet": -1, "af_inet": -1, "PF_": -1, "": -1} {
		n, ok := AF.Exact(word)
		if ok != (want >= 0) || ok && n != want {
			t.Errorf("%q is %d, %v in C; not %d", word, n, ok, want)
		}
	}
}

// TestFindsAll holds that each constant is read as what it is written as, in each of its spellings.
func TestFindsAll(t *testing.T) {
	for name, s := range sets {
		for _, e := range append(slices.Clone(s.Entries), s.Also...) {
			for _, word := range []string{e.Name, strings.ToLower(e.Name), s.Short(e.Name)} {
				if n, ok := s.Find(word); !ok || n != e.N {
					t.Errorf("%s: %q is %d, %v; not %d", name, word, n, ok, e.N)
				}
			}
			if n, ok := s.Exact(e.Name); !ok || n != e.N {
				t.Errorf("%s: %s is %d, %v in C; not %d", name, e.Name, n, ok, e.N)
			}
			if e.Strace == "" {
				continue
			}
			if n, ok := s.Exact(e.Strace); !ok || n != e.N {
				t.Errorf("%s: strace's %s is %d, %v; not %d", name, e.Strace, n, ok, e.N)
			}
		}
		for i := range s.Entries {
			if e := s.Name(s.Entries[i].N); e != &s.Entries[i] {
				t.Errorf("%s: %d is called %v", name, s.Entries[i].N, e)
			}
		}
		if s.Name(-12345) != nil || s.Name(1<<40) != nil {
			t.Errorf("%s names numbers that it does not have", name)
		}
	}
}

func TestErrno(t *testing.T) {
	for n := Errno(1); n < most; n++ {
		name := unix.ErrnoName(syscall.Errno(n))
		switch name {
		case "ENOTSUP":
			name = "EOPNOTSUPP" // what strace and the manual pages print for 95
		}
		if n.Name() != name {
			t.Errorf("%d is %q, not %q", n, n.Name(), name)
		}
		if name == "" {
			continue
		}
		if back, ok := Errnos().Exact(name); !ok || back != int64(n) {
			t.Errorf("%s is %d, %v; not %d", name, back, ok, n)
		}
	}
	for n, want := range map[Errno]string{
		2: "No such file or directory", 4: "Interrupted system call", 9: "Bad file descriptor", 11: "Resource temporarily unavailable",
		32: "Broken pipe", 88: "Socket operation on non-socket", 95: "Operation not supported", 98: "Address already in use",
		104: "Connection reset by peer", 111: "Connection refused", 115: "Operation now in progress",
	} {
		if got := n.Text(); got != want {
			t.Errorf("%s is %q, not %q", n.Name(), got, want)
		}
	}
	if unix.ErrnoName(syscall.Errno(most)) != "" {
		t.Errorf("%d has a name: there are more errnos than Errnos knows", most)
	}
	if Errno(5000).Name() != "" {
		t.Error("5000 has a name")
	}
}
