package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"amdahl/results"
	"amdahl/results/laws"
)

// table prints both methods side by side, by the distance of what they found
// from the planted serial fraction. config is of the set that was read.
func table(w io.Writer, c *contest, config []results.Setting) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "method\trepeats\tsamples\terror of σ\tinterval\tworst\tintervals with the truth")
	for _, m := range c.Methods {
		samples := 0
		for _, a := range m.Attempts {
			samples += a.Samples
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%.4f\t%s\t%.4f\t%d of %d\n", m.Name, len(m.Attempts), samples,
			m.Error.Value, interval(m.Error.Interval, "%.4f"), m.Worst, m.Holds, len(m.Attempts))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	text := "\nThe error is the median of |found − planted| over the repeats; both are fitted in the same way.\n"
	for _, n := range conditions(config) {
		text += n + "\n"
	}
	_, err := fmt.Fprintf(w, "%s\n%s\n", text, c)
	return err
}

// String is the result in one sentence.
func (c *contest) String() string {
	ratio := strings.TrimSpace(fmt.Sprintf("%.3g %s", c.Ratio.Value, interval(c.Ratio.Interval, "%.3g")))
	return fmt.Sprintf("The error of %s is %s times that of %s, and smaller in %d of %d repeats.",
		c.Methods[0].Name, ratio, c.Methods[1].Name, c.Closer, c.Pairs)
}

// interval formats an interval; "" if there is none.
func interval(i *laws.Interval, format string) string {
	if i == nil {
		return ""
	}
	return fmt.Sprintf("["+format+", "+format+"]", i.Low, i.High)
}

// conditions lists what the file says of the measurement, one "key: value" each.
func conditions(config []results.Setting) []string {
	var lines []string
	for _, s := range config {
		for _, prefix := range []string{"contest-", "drift-"} { // "drift-" in older files
			if key, ok := strings.CutPrefix(s.Key, prefix); ok {
				lines = append(lines, key+": "+s.Value)
			}
		}
	}
	return lines
}
