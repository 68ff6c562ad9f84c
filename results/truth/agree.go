package truth

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
)

// Tolerance is how far apart, relatively, two speedups of the same job may be.
const Tolerance = 0.03

// An Agreement is one truth at one number of workers, as real processors, slow
// cores and the simulator show it. Speedups are relative to each one's own
// time at one worker.
type Agreement struct {
	Planted
	Name           results.Name // without its cores
	N              int
	Tasks          int            // in an operation
	Measured, Slow *laws.Estimate // nil where it was not measured
	Simulated      float64
	Apart          float64 // the largest relative difference between any two
	Verdict        Verdict
}

// Agree compares the measured speedups of curves with equal truths, level by
// level, beyond one worker, where real or slow cores were measured. Intervals
// are at 95 %, as in the analyses. A curve without a level at one worker has no
// speedup and is left out.
func Agree(as []*laws.Analysis) ([]Agreement, error) {
	type id struct {
		rest string // the name without its cores
		n    int
	}
	at := map[id]*Agreement{}
	var order []id
	for _, analysis := range as {
		c := analysis.Curve
		p, ok, err := Parse(c.Name)
		if err != nil {
			return nil, err
		}
		rest, kind := c.Name.Without(contract.NameCores).String(), kindOf(c.Name)
		if !ok || kind == "" || p.Serial > 0 && p.Locked > 0 {
			continue
		}
		for _, l := range analysis.Levels {
			n := int(l.N)
			if l.Speedup == nil || n == 1 || float64(n) != l.N {
				continue
			}
			s := *l.Speedup
			k := id{rest, n}
			a := at[k]
			if a == nil {
				a = &Agreement{Planted: p, Name: c.Name.Without(contract.NameCores), N: n, Tasks: tasksAt(c, l.N)}
				if err := a.simulate(); err != nil {
					return nil, fmt.Errorf("truth: %s:%d: %s: %w", c.File, c.Line, c.Name.String(), err)
				}
				at[k] = a
				order = append(order, k)
			}
			if kind == "real" {
				a.Measured = &s
			} else {
				a.Slow = &s
			}
		}
	}
	var out []Agreement
	for _, k := range order {
		a := at[k]
		a.judge()
		out = append(out, *a)
	}
	slices.SortStableFunc(out, func(a, b Agreement) int {
		return cmp.Or(cmp.Compare(a.Locked, b.Locked), cmp.Compare(a.Serial, b.Serial), cmp.Compare(a.N, b.N))
	})
	return out, nil
}

// tasksAt is the number of tasks in an operation at n workers.
func tasksAt(c *results.Curve, n float64) int {
	i := slices.IndexFunc(c.Points, func(p results.Point) bool { return p.Workers == n })
	return int(math.Round(c.Points[i].Tasks))
}

// kindOf is "real", "slow", or "" for cores that are neither, such as an
// interpreter lock.
func kindOf(name results.Name) string {
	switch {
	case name.Source() == results.Slow:
		return "slow"
	case name.Cores() == contract.CoresReal:
		return "real"
	}
	return ""
}

// simulate sets the exact speedup.
func (a *Agreement) simulate() error {
	one, err := simulated(float64(a.Tasks), a.Planted, 1)
	if err != nil {
		return err
	}
	t, err := simulated(float64(a.Tasks), a.Planted, a.N)
	if err != nil {
		return err
	}
	a.Simulated = one.Seconds() / t.Seconds()
	return nil
}

// judge compares every pair that exists. A difference beyond the tolerance is
// noise where the intervals cover it, or one of them is wider than it.
func (a *Agreement) judge() {
	exact := laws.Estimate{Value: a.Simulated, Interval: &laws.Interval{Low: a.Simulated, High: a.Simulated}}
	all := []*laws.Estimate{a.Measured, a.Slow, &exact}
	a.Verdict = Holds
	for i, x := range all {
		for _, y := range all[i+1:] {
			if x == nil || y == nil {
				continue
			}
			apart := math.Abs(x.Value/y.Value - 1)
			a.Apart = max(a.Apart, apart)
			switch {
			case apart <= Tolerance:
			case overlap(x.Interval, y.Interval) || unsteady(x) || unsteady(y):
				if a.Verdict == Holds {
					a.Verdict = Noisy
				}
			default:
				a.Verdict = Wrong
			}
		}
	}
}

// unsteady says whether a speedup is known worse than to the tolerance: it
// cannot show that two differ by that. Other load slows some samples and not
// others, so an interval that leaves the truth out may still be noise.
func unsteady(e *laws.Estimate) bool {
	return e.Interval != nil && e.Interval.High-e.Interval.Low > 2*Tolerance*e.Value
}

// overlap says whether two intervals, stretched by the tolerance, meet. One
// that is missing meets all.
func overlap(x, y *laws.Interval) bool {
	return x == nil || y == nil || x.Low <= y.High*(1+Tolerance) && y.Low <= x.High*(1+Tolerance)
}
