//go:build linux

package term

import (
	"context"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestResolveWithoutAsking(t *testing.T) {
	f := newFiles(t)
	cases := []struct {
		host   string
		family int
		want   string // an address, or an error's text
	}{
		{"127.0.0.1", unix.AF_UNSPEC, "127.0.0.1"},
		{"::1", unix.AF_INET6, "::1"},
		{"fe80::1%lo", unix.AF_UNSPEC, "fe80::1%lo"},
		{"::ffff:1.2.3.4", unix.AF_INET, "1.2.3.4"},
		{"::1", unix.AF_INET, "::1 is an IPv6 address"},
		{"127.0.0.1", unix.AF_INET6, "127.0.0.1 is an IPv4 address"},
		{"localhost", unix.AF_INET, "127.0.0.1"},
		{"LOCALHOST.", unix.AF_INET, "127.0.0.1"},
		{"localhost", unix.AF_INET6, "::1"},
		{"", unix.AF_INET, `"" is not a host's name`},
		{"a\x00b", unix.AF_INET, `"a\x00b" is not a host's name`},
		{"somewhere", unix.AF_UNIX, "address family 1 has no host names"},
	}
	for _, c := range cases {
		found, err := Resolve(context.Background(), f, c.host, c.family)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = found[0].String()
		}
		if got != c.want {
			t.Errorf("%q, family %d: got %s, want %s", c.host, c.family, got, c.want)
		}
	}
}

func TestResolveInACopy(t *testing.T) {
	f := newFiles(t)
	// The resolver answers a numeric name itself, so that the whole way through the copy is tried without a network.
	said, err := askCopy(context.Background(), f, "ip4", "127.0.0.1")
	if said != "127.0.0.1\n" || err != nil {
		t.Errorf("got %q, %v", said, err)
	}
	said, err = askCopy(context.Background(), f, "ip6", "127.0.0.1")
	if said != failMark+failFamily+"\n" || err != nil {
		t.Errorf("no address of the family: got %q, %v", said, err)
	}
	said, err = askCopy(context.Background(), f, "ip", "two words")
	if said != failMark+failNone+"\n" || err != nil {
		t.Errorf("no name at all: got %q, %v", said, err)
	}
	if hosts, err := os.ReadFile("/etc/hosts"); err == nil {
		if name, want := otherName(string(hosts)); name != "" {
			found, err := Resolve(context.Background(), f, name, unix.AF_INET)
			if err != nil || !slices.Contains(found, want) {
				t.Errorf("%s: got %v, %v, want %v", name, found, err, want)
			}
		}
	}
	if _, err := Resolve(context.Background(), f, "two words", unix.AF_INET); err == nil || err.Error() != "no such host: two words" {
		t.Errorf("got %v", err)
	}
}

// otherName picks a name from hosts(5) that is not localhost, with its IPv4 address.
func otherName(hosts string) (string, netip.Addr) {
	for line := range strings.Lines(hosts) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.HasPrefix(words[0], "#") || strings.HasPrefix(words[1], "localhost") {
			continue
		}
		if a, err := netip.ParseAddr(words[0]); err == nil && a.Is4() {
			return words[1], a
		}
	}
	return "", netip.Addr{}
}

func TestResolveEndsWithItsContext(t *testing.T) {
	f := newFiles(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Resolve(ctx, f, "nobody.invalid", unix.AF_UNSPEC); err != context.Canceled {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestCopyThatHangsIsKilled(t *testing.T) {
	t.Setenv(partVariable, "hang")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if said, err := runCopy(ctx, []string{os.Args[0]}); said != "" || err != nil {
		t.Errorf("got %q, %v", said, err)
	}
	if pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); err != unix.ECHILD {
		t.Errorf("a child is left: %d, %v", pid, err)
	}
}

func TestReadAnswer(t *testing.T) {
	for said, want := range map[string]string{
		"!none\n":            "no such host: foo",
		"!family\n":          "foo has no IPv6 address",
		"!time\n":            "no answer for foo",
		"!server misbehaved": "cannot look up foo: server misbehaved",
		"":                   "cannot look up foo: its lookup ended without an answer",
		"panic: no\n":        `cannot look up foo: its lookup said "panic:"`,
	} {
		if _, err := readAnswer(said, "foo", unix.AF_INET6); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", said, err, want)
		}
	}
	found, err := readAnswer("::1\nfe80::1%lo\n", "foo", unix.AF_INET6)
	if err != nil || !slices.Equal(found, []netip.Addr{netip.IPv6Loopback(), netip.MustParseAddr("fe80::1%lo")}) {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestInHosts(t *testing.T) {
	text := "# 9.9.9.9 a\n127.0.0.1 localhost a # b\n::1 A localhost\nnot-an-address a\n10.0.0.1 c a\n"
	got := inHosts(text, "a", unix.AF_UNSPEC)
	want := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback(), netip.MustParseAddr("10.0.0.1")}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := inHosts(text, "b", unix.AF_UNSPEC); got != nil {
		t.Errorf("a comment's word was found: %v", got)
	}
}
