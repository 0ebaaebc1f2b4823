package commands

import (
	"socksh/commands/names"
	"socksh/commands/spec"
)

// tcpInfo is struct tcp_info of linux/tcp.h; older kernels give less of it, newer ones more. All but the state is
// counted or measured by the kernel, so that nothing else of it is compared.
var tcpInfo = spec.Struct{Fields: []spec.Field{
	{Name: "tcpi_state", Type: spec.Enum{Set: &names.TCPState, Size: 1}},
	{Name: "tcpi_ca_state", Type: u8},
	{Name: "tcpi_retransmits", Type: u8},
	{Name: "tcpi_probes", Type: u8},
	{Name: "tcpi_backoff", Type: u8},
	{Name: "tcpi_options", Type: u8},
	{Name: "tcpi_wscale", Type: u8},      // two fields of four bits: the peer's scale in the low ones, ours in the high ones
	{Name: "tcpi_app_limited", Type: u8}, // tcpi_delivery_rate_app_limited and tcpi_fastopen_client_fail
	{Name: "tcpi_rto", Type: u32},
	{Name: "tcpi_ato", Type: u32},
	{Name: "tcpi_snd_mss", Type: u32},
	{Name: "tcpi_rcv_mss", Type: u32},
	{Name: "tcpi_unacked", Type: u32},
	{Name: "tcpi_sacked", Type: u32},
	{Name: "tcpi_lost", Type: u32},
	{Name: "tcpi_retrans", Type: u32},
	{Name: "tcpi_fackets", Type: u32},
	{Name: "tcpi_last_data_sent", Type: u32},
	{Name: "tcpi_last_ack_sent", Type: u32},
	{Name: "tcpi_last_data_recv", Type: u32},
	{Name: "tcpi_last_ack_recv", Type: u32},
	{Name: "tcpi_pmtu", Type: u32},
	{Name: "tcpi_rcv_ssthresh", Type: u32},
	{Name: "tcpi_rtt", Type: u32},
	{Name: "tcpi_rttvar", Type: u32},
	{Name: "tcpi_snd_ssthresh", Type: u32},
	{Name: "tcpi_snd_cwnd", Type: u32},
	{Name: "tcpi_advmss", Type: u32},
	{Name: "tcpi_reordering", Type: u32},
	{Name: "tcpi_rcv_rtt", Type: u32},
	{Name: "tcpi_rcv_space", Type: u32},
	{Name: "tcpi_total_retrans", Type: u32},
	{Name: "tcpi_pacing_rate", Type: u64},
	{Name: "tcpi_max_pacing_rate", Type: u64},
	{Name: "tcpi_bytes_acked", Type: u64},
	{Name: "tcpi_bytes_received", Type: u64},
	{Name: "tcpi_segs_out", Type: u32},
	{Name: "tcpi_segs_in", Type: u32},
	{Name: "tcpi_notsent_bytes", Type: u32},
	{Name: "tcpi_min_rtt", Type: u32},
	{Name: "tcpi_data_segs_in", Type: u32},
	{Name: "tcpi_data_segs_out", Type: u32},
	{Name: "tcpi_delivery_rate", Type: u64},
	{Name: "tcpi_busy_time", Type: u64},
	{Name: "tcpi_rwnd_limited", Type: u64},
	{Name: "tcpi_sndbuf_limited", Type: u64},
	{Name: "tcpi_delivered", Type: u32},
	{Name: "tcpi_delivered_ce", Type: u32},
	{Name: "tcpi_bytes_sent", Type: u64},
	{Name: "tcpi_bytes_retrans", Type: u64},
	{Name: "tcpi_dsack_dups", Type: u32},
	{Name: "tcpi_reord_seen", Type: u32},
	{Name: "tcpi_rcv_ooopack", Type: u32},
	{Name: "tcpi_snd_wnd", Type: u32},
	{Name: "tcpi_rcv_wnd", Type: u32},
	{Name: "tcpi_rehash", Type: u32},
	{Name: "tcpi_total_rto", Type: u16},
	{Name: "tcpi_total_rto_recoveries", Type: u16},
	{Name: "tcpi_total_rto_time", Type: u32},
	{Name: "tcpi_received_ce", Type: u32},
	{Name: "tcpi_delivered_e1_bytes", Type: u32},
	{Name: "tcpi_delivered_e0_bytes", Type: u32},
	{Name: "tcpi_delivered_ce_bytes", Type: u32},
	{Name: "tcpi_received_e1_bytes", Type: u32},
	{Name: "tcpi_received_e0_bytes", Type: u32},
	{Name: "tcpi_received_ce_bytes", Type: u32},
	{Name: "tcpi_accecn_fail_mode", Type: u16},
	{Name: "tcpi_accecn_opt_seen", Type: u16},
}}

var (
	u8  = spec.Int{Size: 1, Unsigned: true, Chosen: true}
	u16 = spec.Int{Size: 2, Unsigned: true, Chosen: true}
	u32 = spec.Int{Size: 4, Unsigned: true, Chosen: true}
	u64 = spec.Int{Size: 8, Unsigned: true, Chosen: true}
)
