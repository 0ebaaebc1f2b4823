package repl

import (
	"context"
	"net/netip"

	"socksh/commands/names"
	"socksh/repl/term"
)

// A host does for a session what opens descriptors of the shell's own.
type host struct {
	*term.Files
	own *term.Reserved
}

// Own implements session.Host.
func (h *host) Own(fd int) string { return h.own.Name(fd) }

// Resolve implements session.Host.
func (h *host) Resolve(ctx context.Context, name, family string) ([]netip.Addr, error) {
	n, _ := names.AF.Exact(family)
	return term.Resolve(ctx, h.Files, name, int(n))
}
