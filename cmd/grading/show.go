package grading

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"amdahl/bench/labs"
	"amdahl/results/grade"
	"amdahl/results/stats"
)

// mostSeries and mostNumbers bound what is drawn: a file that is no run of a lab can have
// any names, of any length.
const mostSeries, mostNumbers, mostName = 12, 64, 40

// figure draws the run. It is nil for a run that has more than any lab.
func (r *run) figure() *grade.Figure {
	f := &grade.Figure{Title: "Your run: how many times faster than one worker"}
	plans, numbers := r.levels()
	if len(plans) > mostSeries || len(numbers) > mostNumbers || slices.ContainsFunc(plans, func(p string) bool { return len(p) > mostName }) {
		return nil
	}
	for _, plan := range plans {
		s := grade.Series{Name: plan}
		if plan == "" {
			s.Name = "your run"
		}
		for _, n := range numbers {
			e := r.speedup(plan, n)
			if !stats.Positive(e.Value) {
				continue
			}
			p := grade.FigurePoint{Workers: float64(n), Speedup: e.Value, Low: e.Value, High: e.Value}
			if e.Interval != nil && n > 1 {
				p.Low, p.High = e.Interval.Low, e.Interval.High
			}
			s.Points = append(s.Points, p)
		}
		f.Series = append(f.Series, s)
	}
	return f
}

// Fits returns nil if the run of a submission follows from its predictions, and whole.
func Fits(lab *labs.Lab, s *grade.Submission) error {
	r, err := checkRun(lab, s)
	switch {
	case err != nil:
		return err
	case r.broken != "":
		return errors.New(strings.TrimSuffix(r.broken, "."))
	case r.unknown != "":
		return errors.New(strings.TrimSuffix(r.unknown, "."))
	}
	return nil
}

// Show is a run for the student: a table of times, speedups and work, and a chart.
func Show(lab *labs.Lab, s *grade.Submission) (string, error) {
	r, err := checkRun(lab, s)
	if err != nil {
		return "", err
	}
	w, err := workOf(lab)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(w.about(r.work))
	plans, numbers := r.levels()
	width := 8
	for _, plan := range plans {
		width = max(width, len(plan))
	}
	named := func(plan string) string { // a column of plans, where there are several
		if len(plans) < 2 {
			return ""
		}
		return fmt.Sprintf("%-*s ", width, plan)
	}
	fmt.Fprintf(&b, "%s%7s %9s %8s", named(""), workers, "time/ms", "speedup")
	for _, unit := range w.units {
		fmt.Fprintf(&b, " %14s", unit)
	}
	b.WriteString("\n")
	for _, plan := range plans {
		for _, n := range numbers {
			fmt.Fprintf(&b, "%s%7d %9.2f %8.2f", named(plan), n, 1e3*stats.Median(r.times(plan, n)), r.speedup(plan, n).Value)
			for _, unit := range w.units {
				fmt.Fprintf(&b, " %14.0f", r.median(plan, n, unit))
			}
			b.WriteString("\n")
		}
	}
	if f := r.figure(); f != nil {
		b.WriteString("\n" + f.Text())
	}
	return b.String(), nil
}

// median is the median of another unit at a level.
func (r *run) median(plan string, n int, unit string) float64 {
	var list []float64
	for _, l := range r.lines {
		if !l.sentinel && l.plan == plan && l.workers == n {
			list = append(list, l.values[unit])
		}
	}
	return stats.Median(list)
}
