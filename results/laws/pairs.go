package laws

import (
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// Interleaved reports whether two curves were measured in the same rounds of one
// run, so that what the machine did to one of them in a round it did to the other.
func Interleaved(a, b *results.Curve) bool { return a.Run != nil && a.Run == b.Run }

// fewestPairs is the fewest rounds whose differences are given an interval.
const fewestPairs = 3

// TimeChange is T(n) of b over that of a, by the pairs of rounds that both have, with
// Student's interval of the mean of the logarithms; nil below three pairs.
func TimeChange(a, b *results.Curve, n, confidence float64) (change *Estimate, pairs int) {
	return pairedChange(confidence, term{b, n, 1}, term{a, n, -1})
}

// SpeedupChange is the same of the speedup T(1)/T(n).
func SpeedupChange(a, b *results.Curve, n, confidence float64) (change *Estimate, pairs int) {
	return pairedChange(confidence, term{b, 1, 1}, term{b, n, -1}, term{a, 1, -1}, term{a, n, 1})
}

// A term is the log time of a level, with its sign.
type term struct {
	curve *results.Curve
	n     float64
	sign  float64
}

func pairedChange(confidence float64, terms ...term) (*Estimate, int) {
	sums, have := map[int]float64{}, map[int]int{}
	for _, t := range terms {
		for round, log := range logByRound(t.curve, t.n) {
			sums[round] += t.sign * log
			have[round]++
		}
	}
	var diffs []float64
	for round, n := range have {
		if n == len(terms) {
			diffs = append(diffs, sums[round])
		}
	}
	slices.Sort(diffs) // the order of a map is chance, and rounding goes by the order
	n := float64(len(diffs))
	if n < fewestPairs {
		return nil, len(diffs)
	}
	mean, ss := stats.MeanSS(diffs)
	half := stats.StudentT(orDefault(confidence), n-1) * math.Sqrt(ss/(n-1)/n)
	return &Estimate{Value: math.Exp(mean), Interval: &Interval{Low: math.Exp(mean - half), High: math.Exp(mean + half)}}, len(diffs)
}

// logByRound is the mean log time of a level in each round.
func logByRound(c *results.Curve, n float64) map[int]float64 {
	sum, count := map[int]float64{}, map[int]float64{}
	for _, p := range c.Points {
		if p.Workers != n {
			continue
		}
		for _, s := range p.Samples {
			if s.Round > 0 {
				sum[s.Round] += math.Log(s.Time)
				count[s.Round]++
			}
		}
	}
	for round := range sum {
		sum[round] /= count[round]
	}
	return sum
}

// pair replaces the changes of T(1) and of the speedup at n workers by those of the
// pairs, with what was measured before and after.
func (c *Comparison) pair(old, new *Analysis, n, confidence float64) {
	put := func(name string, at float64, delta *Estimate, before, after *Estimate) {
		if delta == nil || before == nil || after == nil {
			return
		}
		change := Change{Name: name, N: at, Ratio: true, Old: *before, New: *after, Delta: *delta, Test: "Student's t of the pairs of rounds"}
		if i := slices.IndexFunc(c.Changes, func(c Change) bool { return c.Name == name }); i >= 0 {
			c.Changes[i] = change
		} else {
			c.Changes = append(c.Changes, change)
		}
	}
	level := func(a *Analysis, n float64) *Estimate {
		for _, l := range a.Levels {
			if l.N == n {
				return &l.Time
			}
		}
		return nil
	}
	delta, _ := TimeChange(old.Curve, new.Curve, 1, confidence)
	put("T1", 1, delta, level(old, 1), level(new, 1))
	if n > 1 {
		delta, _ = SpeedupChange(old.Curve, new.Curve, n, confidence)
		put("speedup", n, delta, old.MeasuredSpeedup(n), new.MeasuredSpeedup(n))
	}
}
