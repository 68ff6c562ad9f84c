package laws

import (
	"amdahl/results/stats"
	"errors"
	"fmt"
	"slices"
)

// A Comparison is what became of a series between two measurements of it.
type Comparison struct {
	Series   string
	Law      *Law // fitted to both; nil where their levels carry none
	Changes  []Change
	Warnings []error
}

// A Change is one number, before and after.
//
// Delta is the [Difference] New − Old, or the [Quotient] New/Old where Ratio is
// set. It knows no more than the two intervals do: a drift between the two
// measurements is a change to it.
type Change struct {
	Name  string  // "T1", "sigma", "speedup"
	N     float64 // workers, for a speedup
	Ratio bool
	Old   Estimate
	New   Estimate
	Delta Estimate
}

// Changed says whether the interval of the change excludes "no change". It is
// false where there is no interval.
func (c Change) Changed() bool {
	if c.Delta.Interval == nil {
		return false
	}
	return c.Delta.Interval.Low > c.None() || c.Delta.Interval.High < c.None()
}

// None is the value of Delta that means no change.
func (c Change) None() float64 {
	if c.Ratio {
		return 1
	}
	return 0
}

// Compare holds two analyses of one series against each other: T(1), the
// serial fraction, and the speedup at the largest level that both measured.
// Both are read with the same law, the larger of the two chosen.
func Compare(old, new *Analysis, confidence float64) *Comparison {
	c := &Comparison{Series: new.Curve.Name.String()}
	if old.Curve.Machine != new.Curve.Machine {
		c.Warnings = append(c.Warnings, errors.New("measured on two machines: a change may be theirs"))
	}
	n, ok := commonLevel(old, new)
	if !ok {
		c.Warnings = append(c.Warnings, errors.New("no level of workers stands in both: only what is fitted can be compared"))
	}
	before, after := sameLaw(old, new)
	if len(old.Curve.Points) < 2 || len(new.Curve.Points) < 2 {
		c.Warnings = append(c.Warnings, ErrOneLevel)
		return c
	}
	if before == nil {
		c.Warnings = append(c.Warnings, errors.New("no law fits both: measure at 3 or more levels, better 1, 2, 4, 8"))
		if old.Sigma != nil && new.Sigma != nil {
			c.Changes = append(c.Changes, change("sigma", 0, false, *old.Sigma, *new.Sigma))
		}
		return c
	}
	c.Law = before.Law
	if old.Chosen != nil && new.Chosen != nil && old.Chosen.Law != new.Chosen.Law {
		c.Warnings = append(c.Warnings, fmt.Errorf("the data chose %s before and %s after: both are read as %s", old.Chosen.Law.Name, new.Chosen.Law.Name, c.Law.Name))
	}
	c.Changes = append(c.Changes, change("T1", 1, true, before.T1, after.T1))
	if p, q := before.Param("sigma"), after.Param("sigma"); p != nil && q != nil {
		c.Changes = append(c.Changes, change("sigma", 0, false, p.Estimate, q.Estimate))
	}
	if ok {
		c.Changes = append(c.Changes, change("speedup", n, true, before.SpeedupAt(n, confidence), after.SpeedupAt(n, confidence)))
	}
	return c
}

// commonLevel is the largest level that both curves have.
func commonLevel(old, new *Analysis) (n float64, ok bool) {
	for _, p := range old.Curve.Points {
		for _, q := range new.Curve.Points {
			if p.Workers == q.Workers && p.Workers > n {
				n, ok = p.Workers, true
			}
		}
	}
	return n, ok
}

// sameLaw finds a law that is fitted to both: the chosen one with more terms.
func sameLaw(old, new *Analysis) (before, after *Fit) {
	var chosen []*Law
	for _, a := range []*Analysis{old, new} {
		if a.Chosen != nil {
			chosen = append(chosen, a.Chosen.Law)
		}
	}
	slices.SortStableFunc(chosen, func(a, b *Law) int { return len(b.Terms) - len(a.Terms) })
	for _, l := range chosen {
		is := func(f *Fit) bool { return f.Law == l }
		i, j := slices.IndexFunc(old.Fits, is), slices.IndexFunc(new.Fits, is)
		if i >= 0 && j >= 0 {
			return old.Fits[i], new.Fits[j]
		}
	}
	return nil, nil
}

func change(name string, n float64, ratio bool, old, new Estimate) Change {
	c := Change{Name: name, N: n, Ratio: ratio, Old: old, New: new}
	if ratio {
		c.Delta = stats.Quotient(new, old)
	} else {
		c.Delta = stats.Difference(new, old)
	}
	return c
}
