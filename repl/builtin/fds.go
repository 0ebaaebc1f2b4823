package builtin

import (
	"fmt"

	"socksh/commands/wire"
	"socksh/repl/view"
)

// fds shows the table of open descriptors: the kernel is asked each time.
func fds(c *call) error {
	all := len(c.words) == 1 && c.words[0].Text == "-a"
	if len(c.words) > 0 && !all {
		return c.usage(0, "fds takes no operand but -a, for the shell's own descriptors too")
	}
	open, err := wire.Open()
	if err != nil {
		return fmt.Errorf("the open descriptors cannot be listed: %w", err)
	}
	var list []int
	for _, fd := range open {
		if all || c.Own(fd) == "" {
			list = append(list, fd)
		}
	}
	table, wrong := view.Inspect(list, c.Run)
	current, has := c.s.Current()
	names := c.s.NamesByFD()
	blocked := c.s.JobsByFD()
	for i := range table {
		d := &table[i]
		fd := d.Socket.FD
		d.Names, d.Jobs = names[fd], blocked[fd]
		d.Current = has && fd == current
		d.Shell = c.Own(fd)
	}
	c.show(string(view.Descriptors(table, c.Width(), c.Color)))
	return wrong // something about some descriptor could not be asked; the rest has been shown
}
