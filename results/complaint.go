package results

import "fmt"

// A Complaint is about one line of input.
type Complaint struct {
	File string
	Line int
	What string // what is wrong, and what to write instead
	Text string // the offending text, "" if there is none to show
}

func (c *Complaint) Error() string {
	if c.Text == "" {
		return fmt.Sprintf("%s:%d: %s", c.File, c.Line, c.What)
	}
	return fmt.Sprintf("%s:%d: %s: %q", c.File, c.Line, c.What, clip(c.Text))
}

// clip keeps a message on one line of a terminal.
func clip(s string) string {
	const most = 100
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
