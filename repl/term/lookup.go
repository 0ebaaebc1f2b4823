package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// LookupWord is the first argument of a copy of this program that looks up one name and ends. main calls
// [LookupMain] for it before it does anything else.
const LookupWord = "--look-up-a-name"

// lookupTime bounds a lookup, which asks servers over the network.
const lookupTime = 5 * time.Second

// What the copy says instead of addresses. Anything else after the mark is an error's text.
const (
	failMark   = "!"
	failNone   = "none"   // no such host
	failFamily = "family" // it exists, without an address of this family
	failTime   = "time"   // no server answered
)

// Resolve gives the addresses of a host in the order to try them, at least one. The family is AF_INET, AF_INET6, or
// AF_UNSPEC (0) for both.
//
// A numeric host ("127.0.0.1", "fe80::1%lo") and "localhost" are answered at once. Any other name is looked up as
// Go's resolver does (/etc/hosts, then DNS) in a copy of this program, because that resolver takes low descriptor
// numbers from the user; it takes some 3 ms at least and 5 s at most, and ends with ctx. Errors are short and complete:
// "no such host: foo", "foo has no IPv6 address", "no answer for foo in 5s".
func Resolve(ctx context.Context, files *Files, host string, family int) ([]netip.Addr, error) {
	if host == "" || strings.ContainsRune(host, 0) {
		return nil, fmt.Errorf("%q is not a host's name", host)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return numeric(a, host, family)
	}
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		if found := localhost(files, family); len(found) > 0 {
			return found, nil
		}
	}
	network, err := networkOf(family)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	said, err := askCopy(ctx, files, network, host)
	if ctx.Err() == context.DeadlineExceeded {
		return nil, fmt.Errorf("no answer for %s in %v", host, lookupTime)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("cannot look up %s: %w", host, err)
	}
	return readAnswer(said, host, family)
}

func numeric(a netip.Addr, host string, family int) ([]netip.Addr, error) {
	switch {
	case family == syscall.AF_INET && !a.Unmap().Is4():
		return nil, fmt.Errorf("%s is an IPv6 address", host)
	case family == syscall.AF_INET:
		a = a.Unmap()
	case family == syscall.AF_INET6 && a.Is4():
		return nil, fmt.Errorf("%s is an IPv4 address", host)
	}
	return []netip.Addr{a}, nil
}

func networkOf(family int) (string, error) {
	switch family {
	case syscall.AF_UNSPEC:
		return "ip", nil
	case syscall.AF_INET:
		return "ip4", nil
	case syscall.AF_INET6:
		return "ip6", nil
	}
	return "", fmt.Errorf("address family %d has no host names", family)
}

func familyName(family int) string {
	if family == syscall.AF_INET6 {
		return "IPv6"
	}
	return "IPv4"
}

func fits(a netip.Addr, family int) bool {
	switch family {
	case syscall.AF_INET:
		return a.Is4()
	case syscall.AF_INET6:
		return a.Is6()
	}
	return true
}

// localhost is what /etc/hosts says, else the loopback addresses (RFC 6761 section 6.3).
func localhost(files *Files, family int) []netip.Addr {
	text, err := files.ReadFile("/etc/hosts", 1<<20)
	var found []netip.Addr
	if err == nil {
		found = inHosts(string(text), "localhost", family)
	}
	if len(found) > 0 {
		return found
	}
	for _, a := range []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()} {
		if fits(a, family) {
			found = append(found, a)
		}
	}
	return found
}

// inHosts gives a name's addresses in the text of a hosts(5) file, in its order.
func inHosts(text, host string, family int) []netip.Addr {
	var found []netip.Addr
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		a, err := netip.ParseAddr(words[0])
		if err != nil || !fits(a, family) {
			continue
		}
		for _, name := range words[1:] {
			if strings.EqualFold(name, host) {
				found = append(found, a)
				break
			}
		}
	}
	return found
}

func readAnswer(said, host string, family int) ([]netip.Addr, error) {
	if text, failed := strings.CutPrefix(said, failMark); failed {
		switch text = strings.TrimSpace(text); text {
		case failNone:
			return nil, fmt.Errorf("no such host: %s", host)
		case failFamily:
			return nil, fmt.Errorf("%s has no %s address", host, familyName(family))
		case failTime:
			return nil, fmt.Errorf("no answer for %s", host)
		}
		return nil, fmt.Errorf("cannot look up %s: %s", host, text)
	}
	var found []netip.Addr
	for _, word := range strings.Fields(said) {
		a, err := netip.ParseAddr(word)
		if err != nil {
			return nil, fmt.Errorf("cannot look up %s: its lookup said %q", host, word)
		}
		found = append(found, a)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("cannot look up %s: its lookup ended without an answer", host)
	}
	return found, nil
}

// LookupMain is all that the copy does: args are a network ("ip", "ip4", "ip6") and a host; it writes one address a
// line, or a mark and why there is none, and gives the exit status, 0 or 1.
func LookupMain(args []string, out io.Writer) int {
	if len(args) != 2 {
		fmt.Fprintf(out, "%s%d arguments instead of a network and a host\n", failMark, len(args))
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupTime)
	defer cancel()
	resolver := &net.Resolver{PreferGo: true}
	found, err := resolver.LookupNetIP(ctx, args[0], args[1])
	if err != nil {
		fmt.Fprintf(out, "%s%s\n", failMark, whyNot(ctx, resolver, args[0], args[1], err))
		return 1
	}
	for _, a := range found {
		fmt.Fprintln(out, a.Unmap())
	}
	return 0
}

func whyNot(ctx context.Context, resolver *net.Resolver, network, host string, err error) string {
	var dns *net.DNSError
	var addr *net.AddrError
	switch {
	case errors.As(err, &dns) && dns.IsTimeout:
		return failTime
	case errors.As(err, &dns) && dns.IsNotFound, errors.As(err, &addr):
		if network != "ip" {
			if _, err := resolver.LookupNetIP(ctx, "ip", host); err == nil {
				return failFamily
			}
		}
		return failNone
	case dns != nil:
		return dns.Err
	}
	return err.Error()
}
