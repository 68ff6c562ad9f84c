package read

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"amdahl/results/words"
)

// values takes the numbers of a result: the time, or the metric that the user
// named instead, the tasks, and the other metrics.
func (m *Measurement) values(vs []benchfmt.Value, metric string) error {
	found := false
	for _, v := range vs {
		unit := v.Unit
		if v.OrigUnit == "" { // benchfmt keeps the unit of a number that scaling does not change: 0 ns
			_, unit = benchunit.Tidy(1, unit)
		}
		switch {
		case metric != "" && (metric == v.OrigUnit || metric == v.Unit || metric == unit):
			m.Time, found = v.Value, true
			if isRate(metric) {
				if m.Time = 1 / v.Value; !(v.Value > 0) {
					return fmt.Errorf("%s is %v: a rate above 0 is needed", metric, v.Value)
				}
			}
		case metric == "" && unit == "sec/op":
			m.Time, found = v.Value, true
		case unit == "tasks/op":
			m.Tasks = v.Value
			if !(v.Value > 0) || math.IsInf(v.Value, 0) {
				return fmt.Errorf("tasks/op is %v: a number above 0 is needed", v.Value)
			}
		default:
			m.Extra = append(m.Extra, Metric{unit, v.Value})
		}
	}
	switch {
	case !found && metric != "":
		return errNoMetric
	case !found && len(vs) > 0:
		return fmt.Errorf("no ns/op on this line: a time is needed, or a metric: --metric %s", Quote(cmp.Or(vs[0].OrigUnit, vs[0].Unit)))
	case !found:
		return errors.New("no ns/op on this line: a time is needed")
	case math.IsNaN(m.Time) || math.IsInf(m.Time, 0):
		return fmt.Errorf("the time is %v: a finite number is needed", m.Time)
	case m.Time < 0:
		return errors.New("the time is negative")
	case m.Time == 0:
		return errors.New("the time is 0: the compiler removed the work, or the clock is too coarse")
	}
	if metric != "" { // of one task, whatever an operation is
		m.Tasks = 1
		return nil
	}
	m.Time /= m.Tasks
	if m.Time == 0 || math.IsInf(m.Time, 0) {
		return fmt.Errorf("the time per task is %v: ns/op and tasks/op do not fit together", m.Time)
	}
	return nil
}

// isRate reports whether a unit is something per time: a throughput.
func isRate(unit string) bool {
	unit = strings.ToLower(unit)
	for _, end := range []string{"/s", "/sec", "/second", "ps", "/ms", "/us", "/µs", "/min", "persec", "per-sec", "per_sec"} {
		if strings.HasSuffix(unit, end) && unit != "ps" {
			return true
		}
	}
	return false
}

// noMetric says that results lack the metric that the user named.
func (g *goReader) noMetric() error {
	slices.Sort(g.units)
	units := slices.Compact(g.units)
	var try []string
	for _, u := range units[:min(len(units), 3)] {
		try = append(try, g.options.command(func(o *Options) { o.Metric = u }))
	}
	what := fmt.Sprintf("%s:%d: %s %s no metric %q, first here; the metrics are %s: %s", g.name, g.lacksAt, words.Count(g.lacking, "result"), words.Have(g.lacking), g.options.Metric, quoted(units), strings.Join(try, ", or "))
	if len(g.series) == 0 {
		return &ColumnError{what}
	}
	g.bad(errors.New(what))
	return nil
}
