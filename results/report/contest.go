package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/truth"
)

// Contest prints two methods of measuring side by side, by how far off they
// found a planted serial fraction. config is of the set that was read.
func Contest(w io.Writer, c *truth.Contest, config []results.Setting, o Options) error {
	p := newPrinter(w, o)
	rows := [][]string{{"method", "repeats", "samples", "error of σ", "interval", "worst", "intervals with the truth"}}
	for _, m := range c.Methods {
		e := fraction(m.Error)
		samples := 0
		for _, a := range m.Attempts {
			samples += a.Samples
		}
		rows = append(rows, []string{m.Name, strconv.Itoa(len(m.Attempts)), strconv.Itoa(samples), e.Value, e.Interval,
			fmt.Sprintf("%.4f", m.Worst), fmt.Sprintf("%d of %d", m.Holds, len(m.Attempts))})
	}
	if err := p.grid(aligned(rows)); err != nil {
		return err
	}
	p.line("")
	p.hanging("", "The error is the median of |found − planted| over the repeats; both are fitted in the same way.")
	for _, n := range conditions(config) {
		p.hanging("", n)
	}
	p.line("")
	p.line(p.style(bold, contested(c)))
	return flush(p)
}

// contested is the result in one sentence.
func contested(c *truth.Contest) string {
	return fmt.Sprintf("The error of %s is %s times that of %s, and smaller in %d of %d repeats.",
		c.Methods[0].Name, plain(c.Ratio), c.Methods[1].Name, c.Closer, c.Pairs)
}

// conditions are the lines that say under what the methods were compared.
func conditions(config []results.Setting) []string {
	var lines []string
	for _, s := range config {
		if key, ok := strings.CutPrefix(s.Key, "drift-"); ok {
			lines = append(lines, key+": "+s.Value)
		}
	}
	return lines
}

// ContestFigure draws what [Contest] prints.
func ContestFigure(c *truth.Contest, config []results.Setting, m results.Machine) charts.Figure {
	var all []charts.Trials
	for _, m := range c.Methods {
		t := charts.Trials{Name: m.Name, Error: m.Error}
		for _, a := range m.Attempts {
			t.At = append(t.At, charts.Trial{Number: a.Repeat, Found: a.Found.Value, Planted: a.Planted})
		}
		all = append(all, t)
	}
	o := charts.TrialsOptions{
		Title:    fmt.Sprintf("Measured while other work comes and goes: %s and %s", c.Methods[0].Name, c.Methods[1].Name),
		Subtitle: contested(c),
		Notes:    []string{strings.Join(conditions(config), "; ")},
	}
	if env := charts.Environment(m); env != "" {
		o.Notes = append(o.Notes, env)
	}
	return charts.TrialsFigure(all, o)
}
