package commands

import (
	"socksh/commands/names"
	"socksh/commands/spec"
)

var options = Family{Name: "options", Calls: []spec.Call{
	{
		Name: "getsockopt", Summary: "read an option of a socket",
		Args: []spec.Field{sockfd(), level(), optname(),
			{Name: "optval", Type: &spec.Ptr{Dir: spec.Out, To: gotval}},
			{Name: "optlen", Type: &spec.Ptr{Dir: spec.InOut, To: spec.Len{Of: "optval", Back: true}}}},
		Result: spec.Int{}, Python: "getsockopt",
		Errors: []spec.Meaning{badFD, notSock, fault,
			{Errno: "ENOPROTOOPT", Text: "the level has no option of that number"},
			{Errno: "EOPNOTSUPP", Text: "this kind of socket has no such option"},
			{Errno: "EINVAL", Text: "optlen is negative, or the option cannot be read in this state"},
			{Errno: "ENOTCONN", Text: "the option is the peer's, and there is none"}},
		Example: []string{"socket", "getsockopt SO_RCVBUF", "getsockopt TCP_INFO", "getsockopt tcp congestion"},
	},
	{
		Name: "setsockopt", Summary: "change an option of a socket", Manual: "getsockopt(2)",
		Args: []spec.Field{sockfd(), level(), optname(),
			{Name: "optval", Type: &spec.Ptr{Dir: spec.In, To: optval}},
			{Name: "optlen", Type: spec.Len{Of: "optval"}}},
		Result: spec.Int{}, Python: "setsockopt",
		Errors: []spec.Meaning{badFD, notSock, fault,
			{Errno: "ENOPROTOOPT", Text: "the level has no option of that number"},
			{Errno: "EOPNOTSUPP", Text: "this kind of socket has no such option"},
			{Errno: "EINVAL", Text: "the value or its length does not fit, or the option cannot be changed in this state"},
			{Errno: "EDOM", Text: "the time is out of range"},
			{Errno: "EPERM", Text: "changing it needs a privilege"},
			{Errno: "EACCES", Text: "changing it needs a privilege"},
			{Errno: "ENOENT", Text: "there is no congestion control of that name"},
			{Errno: "ENODEV", Text: "there is no such interface"},
			{Errno: "EADDRINUSE", Text: "the socket is a member of that group already"}},
		Example: []string{"socket", "setsockopt SO_REUSEADDR 1", "setsockopt SO_LINGER on,5", "setsockopt SO_RCVTIMEO 250ms", "setsockopt tcp nodelay on"},
	},
}}

func level() spec.Field {
	return spec.Field{Name: "level", Type: spec.Enum{Set: &names.Level}, Help: "whose option it is; its name usually says so already"}
}
func optname() spec.Field {
	return spec.Field{Name: "optname", Type: &spec.By{On: "level", Else: spec.Int{}, Cases: []spec.Case{
		{Key: "SOL_SOCKET", Type: spec.Enum{Set: &names.SO}},
		{Key: "IPPROTO_IP", Type: spec.Enum{Set: &names.IP}},
		{Key: "IPPROTO_TCP", Type: spec.Enum{Set: &names.TCP}},
		{Key: "IPPROTO_IPV6", Type: spec.Enum{Set: &names.IPV6}},
		{Key: "IPPROTO_UDP", Type: spec.Enum{Set: &names.UDP}},
	}}}
}

// optval is the type of an option's value: one row for each that is no int, which most are.
var optval = &spec.By{On: "level", Else: spec.Raw{}, Cases: []spec.Case{
	{Key: "SOL_SOCKET", Type: &spec.By{On: "optname", Named: anInt, Else: spec.Raw{}, Cases: socketOptions}},
	{Key: "IPPROTO_IP", Type: &spec.By{On: "optname", Named: rawInt, Else: spec.Raw{}, Cases: ipOptions}},
	{Key: "IPPROTO_IPV6", Type: &spec.By{On: "optname", Named: rawInt, Else: spec.Raw{}, Cases: ipv6Options}},
	{Key: "IPPROTO_TCP", Type: &spec.By{On: "optname", Named: rawInt, Else: spec.Raw{}, Cases: tcpOptions}},
	{Key: "IPPROTO_UDP", Type: &spec.By{On: "optname", Named: rawInt, Else: spec.Raw{}}},
}}

// gotval differs from optval where reading gives another type than setting takes.
var gotval = &spec.By{On: "level", Else: optval, Cases: []spec.Case{
	{Key: "SOL_SOCKET", Type: &spec.By{On: "optname", Named: optval, Else: optval, Cases: []spec.Case{
		{Key: "SO_ERROR", Type: spec.Errno{}},
	}}},
}}

var socketOptions = []spec.Case{ // socket(7)
	{Key: "SO_LINGER", Type: &linger},
	{Key: "SO_RCVTIMEO", Type: timeout},
	{Key: "SO_SNDTIMEO", Type: timeout},
	{Key: "SO_PEERCRED", Type: &ucred},
	{Key: "SO_BINDTODEVICE", Type: text},
	{Key: "SO_COOKIE", Type: cookie},
	{Key: "SO_NETNS_COOKIE", Type: cookie},
	{Key: "SO_ATTACH_FILTER", Type: spec.Raw{}},
	{Key: "SO_ATTACH_REUSEPORT_CBPF", Type: spec.Raw{}},
	{Key: "SO_TYPE", Type: rawInt},
	{Key: "SO_DOMAIN", Type: rawInt},
	{Key: "SO_PROTOCOL", Type: rawInt},
	{Key: "SO_PEERNAME", Type: spec.Raw{}},
	{Key: "SO_PEERSEC", Type: spec.Raw{}},
	{Key: "SO_PEERGROUPS", Type: spec.Raw{}},
	{Key: "SO_MEMINFO", Type: spec.Raw{}},
	{Key: "SO_TXTIME", Type: spec.Raw{}},
}

var ipOptions = []spec.Case{ // ip(7)
	{Key: "IP_OPTIONS", Type: spec.Raw{}},
	{Key: "IP_PKTOPTIONS", Type: spec.Raw{}},
	{Key: "IP_ADD_MEMBERSHIP", Type: &ipMreq},
	{Key: "IP_DROP_MEMBERSHIP", Type: &ipMreq},
	{Key: "IP_MULTICAST_IF", Type: &spec.Dialect{As: spec.IP4{}, Strace: spec.Raw{}}},
	{Key: "IP_MSFILTER", Type: spec.Raw{}},
	{Key: "IP_BLOCK_SOURCE", Type: spec.Raw{}},
	{Key: "IP_UNBLOCK_SOURCE", Type: spec.Raw{}},
	{Key: "IP_ADD_SOURCE_MEMBERSHIP", Type: spec.Raw{}},
	{Key: "IP_DROP_SOURCE_MEMBERSHIP", Type: spec.Raw{}},
	{Key: "IP_IPSEC_POLICY", Type: spec.Raw{}},
	{Key: "IP_XFRM_POLICY", Type: spec.Raw{}},
}

var ipv6Options = []spec.Case{ // ipv6(7)
	{Key: "IPV6_ADD_MEMBERSHIP", Type: &ipv6Mreq},
	{Key: "IPV6_DROP_MEMBERSHIP", Type: &ipv6Mreq},
	{Key: "IPV6_JOIN_ANYCAST", Type: &ipv6Mreq},
	{Key: "IPV6_LEAVE_ANYCAST", Type: &ipv6Mreq},
	{Key: "IPV6_2292PKTOPTIONS", Type: spec.Raw{}},
	{Key: "IPV6_RTHDR", Type: spec.Raw{}},
	{Key: "IPV6_HOPOPTS", Type: spec.Raw{}},
	{Key: "IPV6_DSTOPTS", Type: spec.Raw{}},
	{Key: "IPV6_RTHDRDSTOPTS", Type: spec.Raw{}},
	{Key: "IPV6_PKTINFO", Type: spec.Raw{}},
	{Key: "IPV6_PATHMTU", Type: spec.Raw{}},
	{Key: "IPV6_IPSEC_POLICY", Type: spec.Raw{}},
	{Key: "IPV6_XFRM_POLICY", Type: spec.Raw{}},
	{Key: "IPV6_FLOWLABEL_MGR", Type: spec.Raw{}},
}

var tcpOptions = []spec.Case{ // tcp(7)
	{Key: "TCP_INFO", Type: &spec.Dialect{As: &tcpInfo, Strace: spec.Raw{}}},
	{Key: "TCP_CONGESTION", Type: text},
	{Key: "TCP_ULP", Type: text},
	{Key: "TCP_CC_INFO", Type: spec.Raw{}},
	{Key: "TCP_MD5SIG", Type: spec.Raw{}},
	{Key: "TCP_MD5SIG_EXT", Type: spec.Raw{}},
	{Key: "TCP_SAVED_SYN", Type: spec.Raw{}},
	{Key: "TCP_REPAIR_OPTIONS", Type: spec.Raw{}},
	{Key: "TCP_REPAIR_WINDOW", Type: spec.Raw{}},
	{Key: "TCP_FASTOPEN_KEY", Type: spec.Raw{}},
	{Key: "TCP_ZEROCOPY_RECEIVE", Type: spec.Raw{}},
}

var (
	anInt  = spec.Int{Bool: true}
	rawInt = &spec.Dialect{As: anInt, Strace: spec.Raw{}} // strace does not decode these, which shows when they are short

	linger = spec.Struct{Fields: []spec.Field{ // socket(7)
		{Name: "l_onoff", Type: spec.Int{Bool: true}},
		{Name: "l_linger", Type: spec.Int{}, Default: spec.Value{Kind: spec.Num}, Help: "seconds"},
	}}
	timeval = spec.Struct{Word: spec.Duration, Fields: []spec.Field{ // timeval(3type)
		{Name: "tv_sec", Type: spec.Int{Size: 8}},
		{Name: "tv_usec", Type: spec.Int{Size: 8}},
	}}
	ucred = spec.Struct{Fields: []spec.Field{ // unix(7)
		{Name: "pid", Type: spec.Int{Chosen: true}},
		{Name: "uid", Type: spec.Int{}},
		{Name: "gid", Type: spec.Int{}},
	}}
	ipMreq = spec.Struct{Fields: []spec.Field{ // ip(7)
		{Name: "imr_multiaddr", Type: spec.IP4{}},
		{Name: "imr_interface", Type: spec.IP4{}, Default: spec.Value{Kind: spec.Num}},
	}}
	ipv6Mreq = spec.Struct{Fields: []spec.Field{ // ipv6(7)
		{Name: "ipv6mr_multiaddr", Type: spec.IP6{}},
		{Name: "ipv6mr_interface", Type: spec.IfIndex{}, Default: spec.Value{Kind: spec.Num}},
	}}

	// strace shows these as a number or a string, according to their length.
	timeout = &spec.Dialect{As: &timeval, Strace: spec.Raw{}}
	text    = &spec.Dialect{As: spec.CStr{}, Strace: spec.Raw{}}
	cookie  = &spec.Dialect{As: spec.Int{Size: 8, Unsigned: true, Chosen: true}, Strace: spec.Raw{}}
)
