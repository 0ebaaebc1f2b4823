package builtin

import (
	"fmt"
	"strconv"
	"strings"

	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/commands/wire"
	"socksh/repl/session"
	"socksh/repl/view"
)

// descriptor reads N, @N, or a name that holds one.
func (c *call) descriptor(at int) (int, error) {
	w := c.words[at]
	v, err := notation.ReadWord(spec.FD{}, &w, c.s)
	if err != nil {
		return 0, err
	}
	if v.Kind == spec.Ref {
		text, err := c.s.Text(c.t, string(v.B))
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(text)
	}
	return int(v.N), nil
}

func use(c *call) error {
	if len(c.words) != 1 {
		return c.usage(0, "use takes a descriptor")
	}
	fd, err := c.descriptor(0)
	if err != nil {
		return err
	}
	var s wire.Socket
	if err := wire.Look(fd, &s); err != nil {
		return c.usage(0, fmt.Sprintf("descriptor %d is not open (fds lists those that are)", fd))
	}
	c.s.Use(fd)
	return nil
}

func exit(c *call) error {
	if err := c.most(1); err != nil {
		return err
	}
	status := 0
	if len(c.words) == 1 {
		s, err := c.text(&c.words[0])
		if err != nil {
			return err
		}
		if status, err = strconv.Atoi(s); err != nil || status < 0 || status > 255 {
			return c.usage(0, "status must be a number from 0 to 255")
		}
	}
	return &session.Exit{Status: status}
}

func set(c *call) error {
	if len(c.words) == 0 {
		state := "off"
		if c.s.Notes() {
			state = "on"
		}
		c.show("notes " + state + "\n")
		return nil
	}
	if len(c.words) != 2 {
		return c.usage(0, "set takes a name and a value")
	}
	value := c.words[1].Text
	switch c.words[0].Text {
	case "notes":
		if value != "on" && value != "off" {
			return c.usage(1, `notes must be on or off`)
		}
		c.s.SetNotes(value == "on")
	case "strings":
		v, err := notation.ReadWord(spec.Len{}, &c.words[1], nil)
		if err != nil || v.N < 1 || v.N > spec.Limit {
			return c.usage(1, "strings must be a number of bytes, such as 64 or 4K")
		}
		c.SetStrings(int(v.N))
	default:
		return c.usage(0, fmt.Sprintf("setting must be notes or strings, but is %q%s", c.words[0].Text, notation.DidYouMean(c.words[0].Text, []string{"notes", "strings"})))
	}
	return nil
}

func rlimit(c *call) error {
	if len(c.words) == 0 || len(c.words) > 2 || !strings.EqualFold(strings.TrimPrefix(strings.ToLower(c.words[0].Text), "rlimit_"), "nofile") {
		return c.usage(0, "limit must be nofile")
	}
	soft, hard, err := c.Limit()
	if err != nil {
		return err
	}
	if len(c.words) == 1 {
		c.show(fmt.Sprintf("nofile %d (at most %d)\n", soft, hard))
		return nil
	}
	v, err := notation.ReadWord(spec.Len{}, &c.words[1], nil)
	if err != nil || v.N < 0 {
		return c.usage(1, "limit must be a number")
	}
	if uint64(v.N) > hard {
		return c.usage(1, fmt.Sprintf("limit must be at most %d, the hard limit, but is %d", hard, v.N))
	}
	return c.SetLimit(uint64(v.N))
}

func source(c *call) error {
	if len(c.words) == 0 {
		return c.usage(0, "source takes a file")
	}
	all, err := c.texts()
	if err != nil {
		return err
	}
	return c.Source(c.t, all[0], all[1:])
}

func history(c *call) error {
	if err := c.most(0); err != nil {
		return err
	}
	if c.History == nil {
		return c.usage(0, "a script has no history")
	}
	var b []byte
	for i, text := range c.History() {
		b = fmt.Appendf(b, "%5d  ", i+1)
		b = append(notation.AppendSafe(b, []byte(text)), '\n')
	}
	c.show(string(b))
	return nil
}

func why(c *call) error {
	if err := c.most(0); err != nil {
		return err
	}
	text := c.s.Why()
	if text == "" {
		text = "No call has failed yet."
		if !c.s.Notes() {
			text = "Notes are off, so no error was looked into: set notes on."
		}
	}
	c.show(strings.TrimRight(text, "\n") + "\n")
	return nil
}

func help(c *call) error {
	if err := c.most(1); err != nil {
		return err
	}
	topic := ""
	if len(c.words) == 1 {
		topic = c.words[0].Text
	}
	text, err := view.HelpFor(c.Reader, Verbs(), topic, c.Color)
	if err != nil {
		return c.usage(0, err.Error())
	}
	c.show(string(text))
	return nil
}
