package names

// TCPState is the states of a TCP socket, as TCP_INFO gives them (include/net/tcp_states.h, RFC 9293 section 3.3.2).
var TCPState = Set{Prefix: []string{"TCP_"}, Unknown: "TCP_???", Entries: []Entry{
	{1, "TCP_ESTABLISHED", ""},
	{2, "TCP_SYN_SENT", ""},
	{3, "TCP_SYN_RECV", ""},
	{4, "TCP_FIN_WAIT1", ""},
	{5, "TCP_FIN_WAIT2", ""},
	{6, "TCP_TIME_WAIT", ""},
	{7, "TCP_CLOSE", ""},
	{8, "TCP_CLOSE_WAIT", ""},
	{9, "TCP_LAST_ACK", ""},
	{10, "TCP_LISTEN", ""},
	{11, "TCP_CLOSING", ""},
	{12, "TCP_NEW_SYN_RECV", ""},
}}
