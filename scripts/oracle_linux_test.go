package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// everyCall goes through all calls of the table, families, types and failures included. The first and the last line
// mark the part that is compared.
const everyCall = `
close 30001
s = socket
socket udp
socket inet6 stream|nonblock|cloexec
socket unix dgram
socket unix seqpacket
socket(AF_INET, SOCK_STREAM|0x100, 77)
socket(77, 66, 55)
socket(AF_INET, 0x4b, 0)
socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)
socket icmp
socketpair
socketpair unix dgram|cloexec
socketpair(AF_INET, SOCK_STREAM, 0, ...)
bind s 127.0.0.1:0
bind(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(7), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28)
bind(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(7), inet_pton(AF_INET6, "fe80::1", &sin6_addr), sin6_scope_id=if_nametoindex("lo")}, 28)
bind(3, {sa_family=AF_INET, sa_data="\1\2"}, 4)
bind(3, {sa_family=AF_INET}, 2)
bind(3, {sa_family=AF_INET}, 1)
bind(3, {sa_family=77, sa_data="abc"}, 5)
bind(3, {sa_family=AF_UNIX, sun_path="./not/there"}, 20)
bind(3, {sa_family=AF_UNIX, sun_path=@"an\0abstract\377"}, 20)
bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 1000)
bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, -1)
bind(3, NULL, 16)
bind(3, 0x10, 16)
listen s 5
listen(3, -1)
listen 30000
addr = getsockname s
getsockname(3, ..., [4])
getsockname(3, ..., [0])
getsockname(3, NULL, NULL)
getsockname(3, ..., [-1])
getpeername s
c = socket
connect c $addr
connect c $addr
conn = accept s
d = socket
connect d $addr
accept4 s nonblock|cloexec
e = socket
connect e $addr
accept(3, NULL, NULL)
accept4(3, ..., ..., 0x7)
send c "hello \"quoted\" \\ \0001 \033[31m \377 caf\303\251 end, and more than thirty-two bytes"
send c "exactly thirty-two bytes, yes it"
send c ""
recv conn 6
recv conn 64 peek
recv conn 1024 waitall|dontwait
recv conn 10 dontwait
recv conn 10 0x8000040
recv(11, ..., 0, MSG_DONTWAIT)
recvfrom conn 10 dontwait
sendto c "x" 127.0.0.1:9
sendto c "x" peek|nosignal 127.0.0.1:9
send(3, "not connected", 13, MSG_NOSIGNAL)
send(3, "longer than its buffer", 40, MSG_NOSIGNAL)
send(3, 0x1, 40, MSG_NOSIGNAL)
send(3, NULL, 0, MSG_NOSIGNAL)
recv(3, NULL, 10, MSG_DONTWAIT)
write c "written"
read conn 1024
u = socket udp
bind u
v = socket udp
ua = getsockname u
sendto v "datagram" $ua
recvfrom u 4 trunc
recvfrom u dontwait
sendto v "" $ua
recvfrom u
connect v $ua
send v "x"
recv u
sendall c fill:5000
recv conn 8K
getsockopt s SO_TYPE
getsockopt s SO_ERROR
getsockopt s SO_LINGER
setsockopt s SO_LINGER on,5
getsockopt s SO_LINGER
setsockopt s SO_RCVTIMEO 250ms
getsockopt s SO_RCVTIMEO
setsockopt s SO_REUSEADDR 1
getsockopt s SO_REUSEADDR
getsockopt s SO_RCVBUF
getsockopt s SO_ACCEPTCONN
getsockopt s SO_DOMAIN
getsockopt s SO_PROTOCOL
getsockopt s SO_PEERCRED
setsockopt c TCP_NODELAY 1
getsockopt c TCP_NODELAY
getsockopt c TCP_CONGESTION
setsockopt c TCP_CONGESTION nonesuch
setsockopt c TCP_CONGESTION reno
getsockopt c TCP_MAXSEG
getsockopt c IP_TTL
setsockopt c IP_TTL 7
setsockopt c IP_TOS 0x10
getsockopt u IP_MTU_DISCOVER
setsockopt u IP_MULTICAST_TTL 2
getsockopt 5 IPV6_V6ONLY
setsockopt 5 IPV6_V6ONLY 1
getsockopt 5 IPV6_UNICAST_HOPS
getsockopt(3, SOL_SOCKET, 9999, ..., [4])
getsockopt(3, 9999, 1, ..., [4])
getsockopt(3, IPPROTO_TCP, 9999, ..., [4])
getsockopt(3, IPPROTO_IP, 9999, ..., [8])
getsockopt(3, SOL_SOCKET, SO_TYPE, ..., [1])
getsockopt(3, SOL_SOCKET, SO_TYPE, ..., [0])
getsockopt(3, SOL_SOCKET, SO_TYPE, ..., [-1])
getsockopt(3, SOL_SOCKET, SO_TYPE, NULL, NULL)
getsockopt(3, SOL_SOCKET, SO_LINGER, ..., [4])
setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 2)
setsockopt(3, SOL_SOCKET, SO_REUSEADDR, NULL, 4)
setsockopt(3, SOL_SOCKET, SO_REUSEADDR, "\1\0\0\0\0", 5)
setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=1}, 4)
setsockopt(3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=0, tv_usec=0}, 16)
setsockopt(3, IPPROTO_TCP, TCP_CONGESTION, "reno", 4)
getsockopt(3, SOL_SOCKET, SO_REUSEADDR, ..., [1])
getsockopt(3, SOL_SOCKET, SO_REUSEADDR, ..., [3])
getsockopt(3, SOL_SOCKET, SO_ERROR, ..., [2])
getsockopt(3, SOL_SOCKET, SO_DOMAIN, ..., [1])
getsockopt(3, SOL_SOCKET, SO_PROTOCOL, ..., [1])
getsockopt(3, SOL_SOCKET, SO_LINGER, ..., [3])
getsockopt(3, SOL_SOCKET, SO_LINGER, ..., [7])
getsockopt(3, SOL_SOCKET, SO_LINGER, ..., [0])
getsockopt(3, SOL_SOCKET, SO_PEERCRED, ..., [5])
getsockopt(3, SOL_SOCKET, SO_PEERCRED, ..., [12])
getsockopt(3, SOL_SOCKET, SO_RCVTIMEO, ..., [7])
getsockopt(3, IPPROTO_TCP, TCP_NODELAY, ..., [2])
getsockopt(3, IPPROTO_IP, IP_TTL, ..., [2])
getsockopt(3, IPPROTO_IP, IP_TTL, ..., [8])
getsockopt(3, IPPROTO_TCP, TCP_CONGESTION, ..., [4])
getsockopt(3, IPPROTO_TCP, TCP_CONGESTION, ..., [2])
getsockopt(3, SOL_SOCKET, SO_BINDTODEVICE, ..., [16])
getsockopt(3, SOL_SOCKET, SO_COOKIE, ..., [8])
getsockopt(3, IPPROTO_TCP, TCP_INFO, ..., [8])
getsockopt(3, IPPROTO_IP, IP_MULTICAST_IF, ..., [4])
setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.0.0.251"), imr_interface=inet_addr("127.0.0.1")}, 8)
setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.0.0.251"), imr_interface=inet_addr("127.0.0.1")}, 4)
setsockopt(3, IPPROTO_IP, IP_MULTICAST_IF, [inet_addr("127.0.0.1")], 4)
setsockopt(5, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, {inet_pton(AF_INET6, "ff02::1", &ipv6mr_multiaddr), ipv6mr_interface=if_nametoindex("lo")}, 20)
setsockopt(5, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, {inet_pton(AF_INET6, "ff02::1", &ipv6mr_multiaddr), ipv6mr_interface=1}, 3)
getsockopt(5, IPPROTO_IPV6, IPV6_V6ONLY, ..., [1])
setsockopt(5, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=1, tv_usec=0}, 4)
setsockopt(5, SOL_SOCKET, SO_PRIORITY, [3], 1)
setsockopt(5, SOL_SOCKET, SO_MARK, [3], 8)
dup s
dup2 s 40
dup2 s 30000
dup3 s 41 cloexec
dup3 s 41 0x1
dup3 s 3
fcntl s F_GETFD
fcntl 41 F_GETFD
fcntl s F_SETFD FD_CLOEXEC
fcntl s F_GETFD
fcntl s F_GETFL
fcntl s F_SETFL O_NONBLOCK
fcntl s F_GETFL
fcntl s F_DUPFD 42
fcntl s F_DUPFD 30000
fcntl(3, 9999, 5)
fcntl(3, F_GETOWN)
fcntl(30000, F_GETFL)
accept s
shutdown c
recv conn 10
shutdown c rdwr
shutdown(3, 9)
shutdown(30000, SHUT_WR)
send c "to nobody"
unlink ./no-such-file
unlink(NULL)
unlink("")
close c
close 40
close -1
close 30002
`

// noise is what may differ: pointers, and where a buffer was not filled.
var noise = regexp.MustCompile(`0x[0-9a-f]{9,}`)

// wake is how Go's runtime wakes its own poller, on its own descriptor, from whatever thread sets a timer.
var wake = regexp.MustCompile(`^write\(\d+, "\\1(\\0){7}", 8\) += 8$`)

// TestStrace compares --notation=strace with what the real strace wrote of the same run. Since nothing else may stand
// between the marks, it also shows that the user's calls are the only ones that the shell makes.
func TestStrace(t *testing.T) {
	// Everything is foreseen: an error's message would be written out at once, between the calls.
	lines := strings.ReplaceAll(strings.TrimSpace(everyCall), "\n", " => *\n") + " => *"
	threads, out := traced(t, "trace=network,read,write,close,dup,dup2,dup3,fcntl,unlink,ioctl", lines)
	var want []string
	for _, lines := range threads {
		want = append(want, marked(lines)...) // only the first thread's have the marks
	}
	got := marked(out)
	if len(want) < 100 {
		t.Fatalf("strace saw %d calls between the marks\n%s", len(want), out)
	}
	same(t, want, got)
	t.Logf("%d calls compared", len(want))
}

// TestStraceOfJobs compares the calls of jobs, each on a thread of its own: interrupted, served, and refused.
func TestStraceOfJobs(t *testing.T) {
	threads, out := traced(t, "trace=accept,accept4,recvfrom", `
srv = socket
bind
listen
accept srv &
kill %1
first = accept srv &
second = accept4 srv cloexec &
addr = getsockname srv
c = socket
connect c $addr
d = socket
connect d $addr
wait
got = recv $first 100 &
recvfrom $second 100 &
send c "to the first"
send d "to the second"
wait
accept c => EINVAL &
wait
`)
	var want []string
	for _, lines := range threads {
		for _, l := range lines {
			if received(l) { // and not a thread's end, nor "???(", a thread that ended as strace came
				// a tracer sees that the kernel would begin the call again; the program sees EINTR
				want = append(want, strings.Replace(l, "? ERESTARTSYS (To be restarted if SA_RESTART is set)", "-1 EINTR (Interrupted system call)", 1))
			}
		}
	}
	var got []string
	for _, l := range out {
		if received(l) && !strings.Contains(l, "<unfinished ...>") {
			got = append(got, l)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(want) != 6 {
		t.Errorf("strace saw %d calls: %q", len(want), want)
	}
	same(t, want, got)
}

func received(l string) bool {
	return strings.HasPrefix(l, "accept") || strings.HasPrefix(l, "recvfrom")
}

// traced runs lines in strace's notation under strace, and gives what it wrote of each thread and what the shell did.
func traced(t *testing.T, calls, lines string) (threads [][]string, out []string) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	cmd := program(t, "--timeout=30s", "--notation=strace", "-c", lines)
	cmd.Args = append([]string{strace, "-ff", "-o", log, "-e", calls, "-e", "signal=none"}, cmd.Args...)
	cmd.Path, cmd.Dir = strace, dir
	var printed, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &printed, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, printed.String(), errs.String())
	}
	files, err := filepath.Glob(log + ".*") // one a thread
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		threads = append(threads, slices.DeleteFunc(strings.Split(string(data), "\n"), wake.MatchString))
	}
	return threads, strings.Split(strings.TrimSpace(printed.String()), "\n")
}

// same compares line by line, pointers apart.
func same(t *testing.T, want, got []string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		w, g := at(want, i), at(got, i)
		if noise.ReplaceAllString(w, "POINTER") != noise.ReplaceAllString(g, "POINTER") {
			t.Errorf("call %d\nstrace: %s\nsocksh: %s", i, w, g)
		}
	}
}

func at(l []string, i int) string {
	if i < len(l) {
		return l[i]
	}
	return "(nothing)"
}

// marked gives the lines from the first mark to the last.
func marked(l []string) []string {
	from, to := -1, -1
	for i, s := range l {
		if strings.HasPrefix(s, "close(30001)") {
			from = i
		}
		if strings.HasPrefix(s, "close(30002)") {
			to = i
		}
	}
	if from < 0 || to < from {
		return nil
	}
	return l[from : to+1]
}
