package report

import (
	"fmt"
	"io"

	"amdahl/results/trace"
	"amdahl/results/words"
)

// mostParts is how many parts of a critical path are listed.
const mostParts = 15

// Critical prints a critical path: its parts, the longest first.
func Critical(w io.Writer, name string, c *trace.CriticalPath, o Options) error {
	p := newPrinter(w, o)
	p.line(p.style(bold, words.Clean(name)))
	p.hanging("", fmt.Sprintf("The critical path, of %s: what the run waited for, one after another.", words.Duration(c.Time)))
	p.line("")
	rows := [][]string{{"share", "time", "times", "goroutine", "does", "until", "at"}}
	left, count := c.Time, 0
	for i, part := range c.Parts {
		if i == mostParts {
			break
		}
		left -= part.Time
		count++
		rows = append(rows, []string{
			words.Share(part.Time.Seconds() / c.Time.Seconds()), words.Duration(part.Time), fmt.Sprint(part.Count), words.Clean(part.Name),
			part.Doing, words.Clean(part.Reason), words.Clean(part.Where),
		})
	}
	p.table(rows)
	if n := len(c.Parts) - count; n > 0 {
		p.hanging("", fmt.Sprintf("And %d more %s, %s together.", n, words.Plural(n, "part"), words.Share(left.Seconds()/c.Time.Seconds())))
	}
	return p.flush()
}
