//go:build !linux

package names

import "golang.org/x/sys/unix"

// Elsewhere than on Linux no call is made; these are the constants that every system has, so that lines can be read.
var (
	AF = Set{Prefix: []string{"AF_"}, Old: "PF_", Unknown: "AF_???", Entries: []Entry{
		{unix.AF_UNSPEC, "AF_UNSPEC", ""}, {unix.AF_UNIX, "AF_UNIX", ""}, {unix.AF_INET, "AF_INET", ""}, {unix.AF_INET6, "AF_INET6", ""}}}
	SockType = Set{Prefix: []string{"SOCK_"}, Unknown: "SOCK_???", Entries: []Entry{
		{unix.SOCK_STREAM, "SOCK_STREAM", ""}, {unix.SOCK_DGRAM, "SOCK_DGRAM", ""}, {unix.SOCK_RAW, "SOCK_RAW", ""}, {unix.SOCK_SEQPACKET, "SOCK_SEQPACKET", ""}}}
	SockFlag = Set{Prefix: []string{"SOCK_"}, Unknown: "SOCK_???"}
	IPProto  = Set{Prefix: []string{"IPPROTO_"}, Unknown: "IPPROTO_???", Entries: []Entry{
		{unix.IPPROTO_IP, "IPPROTO_IP", ""}, {unix.IPPROTO_ICMP, "IPPROTO_ICMP", ""}, {unix.IPPROTO_TCP, "IPPROTO_TCP", ""}, {unix.IPPROTO_UDP, "IPPROTO_UDP", ""}}}
	Netlink   = Set{Prefix: []string{"NETLINK_"}, Unknown: "NETLINK_???"}
	EtherType = Set{Prefix: []string{"ETH_P_"}, Unknown: "ETH_P_???"}
	Msg       = Set{Prefix: []string{"MSG_"}, Unknown: "MSG_???", Entries: []Entry{
		{unix.MSG_OOB, "MSG_OOB", ""}, {unix.MSG_PEEK, "MSG_PEEK", ""}, {unix.MSG_DONTWAIT, "MSG_DONTWAIT", ""}, {unix.MSG_WAITALL, "MSG_WAITALL", ""}}}
	Shut = Set{Prefix: []string{"SHUT_"}, Unknown: "SHUT_???", Entries: []Entry{
		{unix.SHUT_RD, "SHUT_RD", ""}, {unix.SHUT_WR, "SHUT_WR", ""}, {unix.SHUT_RDWR, "SHUT_RDWR", ""}}}
	Level = Set{Prefix: []string{"SOL_", "IPPROTO_"}, Unknown: "SOL_??", Entries: []Entry{
		{unix.IPPROTO_IP, "IPPROTO_IP", ""}, {unix.SOL_SOCKET, "SOL_SOCKET", ""}, {unix.IPPROTO_TCP, "IPPROTO_TCP", ""}, {unix.IPPROTO_IPV6, "IPPROTO_IPV6", ""}}}
	SO = Set{Prefix: []string{"SO_"}, Unknown: "SO_???", Entries: []Entry{
		{unix.SO_REUSEADDR, "SO_REUSEADDR", ""}, {unix.SO_ERROR, "SO_ERROR", ""}, {unix.SO_LINGER, "SO_LINGER", ""}, {unix.SO_RCVTIMEO, "SO_RCVTIMEO", ""}}}
	IP     = Set{Prefix: []string{"IP_"}, Unknown: "IP_???"}
	IPV6   = Set{Prefix: []string{"IPV6_"}, Unknown: "IPV6_???"}
	TCP    = Set{Prefix: []string{"TCP_"}, Unknown: "TCP_???", Entries: []Entry{{unix.TCP_NODELAY, "TCP_NODELAY", ""}}}
	UDP    = Set{Prefix: []string{"UDP_"}, Unknown: "UDP_???"}
	Fcntl  = Set{Prefix: []string{"F_"}, Unknown: "F_???", Entries: []Entry{{unix.F_GETFL, "F_GETFL", ""}, {unix.F_SETFL, "F_SETFL", ""}}}
	FDFlag = Set{Prefix: []string{"FD_"}, Unknown: "FD_???", Entries: []Entry{{unix.FD_CLOEXEC, "FD_CLOEXEC", ""}}}
	OAcc   = Set{Prefix: []string{"O_"}, Unknown: "O_???", Entries: []Entry{{unix.O_RDONLY, "O_RDONLY", ""}, {unix.O_WRONLY, "O_WRONLY", ""}, {unix.O_RDWR, "O_RDWR", ""}}}
	OFlag  = Set{Prefix: []string{"O_"}, Unknown: "O_???", Entries: []Entry{{unix.O_NONBLOCK, "O_NONBLOCK", ""}}}
)
