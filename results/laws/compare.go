package laws

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
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
	Test  string // what Delta's interval comes from, in words
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
// The law is the same on both sides, the larger of the two chosen, with its own
// intervals: the question is what changed, not which law holds.
//
// The change of T(1) is that of the measured times at one worker by the rank
// test, as benchstat has it, where both have at least [stats.FewestRanked]
// samples there and no rounds are known. With known rounds it is that of the
// fitted T(1), with what rounds share and their correlation.
//
// Of two series that were measured in the same rounds, T(1) and the speedup change as
// their pairs of rounds do.
func Compare(old, new *Analysis, confidence float64) *Comparison {
	for _, a := range []*Analysis{old, new} {
		if a.Verdict == TooFewSoundRounds {
			return &Comparison{Series: new.Curve.Name.String(), Warnings: []error{errors.New(Unsound(a.Curve))}}
		}
	}
	c := compare(old, new, confidence)
	if Interleaved(old.Curve, new.Curve) {
		n, _ := commonLevel(old, new)
		c.pair(old, new, n, confidence)
	}
	return c
}

func compare(old, new *Analysis, confidence float64) *Comparison {
	confidence = orDefault(confidence)
	c := &Comparison{Series: new.Curve.Name.String()}
	switch before, after := old.Curve.Machine, new.Curve.Machine; {
	case before.Differs(after):
		c.Warnings = append(c.Warnings, errors.New("measured on two machines: a change may be theirs"))
	case (before == results.Machine{}) != (after == results.Machine{}):
		c.Warnings = append(c.Warnings, errors.New("only one of the files says on which machine it was measured: if it was another one, a change may be the machine's"))
	}
	n, ok := commonLevel(old, new)
	if !ok {
		c.Warnings = append(c.Warnings, errors.New("no number of workers was measured both times: only what is fitted can be compared"))
	}
	before, after := sameLaw(old, new)
	if len(old.Curve.Points) < 2 || len(new.Curve.Points) < 2 {
		c.Warnings = append(c.Warnings, ErrOneLevel)
		return c
	}
	if before == nil && (old.Verdict == NoneFits || new.Verdict == NoneFits) {
		c.Warnings = append(c.Warnings, errors.New("no law fits both: only what was measured is compared"))
		c.measured(old, new, n, confidence)
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
	c.Warnings = append(c.Warnings, roundsOf(old, new)...)
	if old.Chosen != nil && new.Chosen != nil && old.Chosen.Law != new.Chosen.Law {
		c.Warnings = append(c.Warnings, fmt.Errorf("the data chose %s before and %s after: both are read as %s", old.Chosen.Law.Name, new.Chosen.Law.Name, c.Law.Name))
	}
	one := change("T1", 1, true, before.T1, after.T1)
	one.Test = "the intervals of the fitted times"
	if before.basis != nil && before.basis.round != nil && after.basis.round != nil {
		one.Test = fmt.Sprintf("Student's t of %.0f and %.0f rounds, with their correlation", before.basis.round.Rounds, after.basis.round.Rounds)
	} else {
		one.rank(old, new, confidence)
	}
	if !old.Curve.Relative && !new.Curve.Relative { // else T(1) is 1 by definition
		c.Changes = append(c.Changes, one)
	}
	if p, q := before.Param("sigma"), after.Param("sigma"); p != nil && q != nil {
		ch := change("sigma", 0, false, before.Own("sigma", confidence), after.Own("sigma", confidence))
		ch.Test = "the intervals of the law"
		c.Changes = append(c.Changes, ch)
	}
	if ok {
		ch := change("speedup", n, true, before.ownSpeedup(n, confidence), after.ownSpeedup(n, confidence))
		ch.Test = "the intervals of the law"
		c.Changes = append(c.Changes, ch)
	}
	return c
}

// rank replaces Delta by that of the rank test of the samples at one worker, where
// both have enough of them.
func (c *Change) rank(old, new *Analysis, confidence float64) {
	a, b := logsAtOne(old), logsAtOne(new)
	if min(len(a), len(b)) < stats.FewestRanked {
		return
	}
	shift := stats.RankShift(a, b, confidence)
	if shift.Interval == nil {
		return
	}
	c.Delta = Estimate{Value: math.Exp(shift.Value), Interval: &Interval{Low: math.Exp(shift.Interval.Low), High: math.Exp(shift.Interval.High)}}
	c.Test = fmt.Sprintf("the rank test of %d and %d samples at 1 worker", len(a), len(b))
}

// measured compares what was measured, without a law.
func (c *Comparison) measured(old, new *Analysis, n, confidence float64) {
	if len(old.Levels) > 0 && len(new.Levels) > 0 && old.Levels[0].N == 1 && new.Levels[0].N == 1 && !old.Curve.Relative && !new.Curve.Relative {
		one := change("T1", 1, true, old.Levels[0].Time, new.Levels[0].Time)
		one.Test = "the intervals of the medians"
		one.rank(old, new, confidence)
		c.Changes = append(c.Changes, one)
	}
	if p, q := old.MeasuredSpeedup(n), new.MeasuredSpeedup(n); p != nil && q != nil {
		ch := change("speedup", n, true, *p, *q)
		ch.Test = "Student's t of the measured speedups"
		c.Changes = append(c.Changes, ch)
	}
}

// logsAtOne are the logarithms of the times at one worker.
func logsAtOne(a *Analysis) []float64 {
	var logs []float64
	for _, p := range a.Curve.Points {
		if p.Workers == 1 {
			for _, s := range p.Samples {
				logs = append(logs, math.Log(s.Time))
			}
		}
	}
	return logs
}

// roundsOf warns what a comparison cannot know of the machine.
func roundsOf(old, new *Analysis) []error {
	fewest := math.Inf(1)
	for _, a := range []*Analysis{old, new} {
		rounds := 0.0
		for _, f := range a.Fits {
			if f.basis != nil && f.basis.round != nil {
				rounds = f.basis.round.Rounds
			}
		}
		fewest = math.Min(fewest, rounds)
	}
	switch {
	case fewest == 0:
		return []error{errors.New("no rounds are known on both sides: a machine that was busier during one level or one file looks like a change")}
	case fewest < enoughRounds:
		return []error{fmt.Errorf("%.0f rounds: fewer than %d cannot show how strongly rounds depend on each other, so a machine that stays slower for many rounds can look like a change of T(1)", fewest, enoughRounds)}
	}
	return nil
}

// enoughRounds is the fewest rounds that can show a strong dependence.
const enoughRounds = 20

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
