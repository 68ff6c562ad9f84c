package gate

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/stats"
)

// Baseline decides whether a series became worse than an older measurement of
// it by more than a tolerance, a share of the time (0.05 is 5 %). Both analyses
// are made with [Confidence]; one of them is nil if the series stands on the
// other side only, which cannot tell.
//
//   - T1: the measured time at one worker, new/old, is at most 1 + tolerance
//   - Speedup: the measured one at the largest level that both have, new/old, is
//     at least 1 − tolerance
//   - Sigma: the serial fraction, new − old as [laws.Compare] has it, is at most
//     what costs this much of that speedup
//
// The third joins only where the data can tell: where no law fits them, or the
// interval is too wide, the speedup speaks for it.
//
// The two measurements are taken as independent, and whatever lay between them
// as a change: a machine that was busier in one of them has become slower.
// Measurements on two machines cannot tell.
func Baseline(old, now *laws.Analysis, tolerance float64) []Result {
	if old == nil || now == nil {
		return []Result{absent(old, now)}
	}
	c := now.Curve
	begin := func(kind Kind, n, limit float64, atMost bool) *Result {
		r := start(c, kind, n)
		r.Baseline, r.Limit, r.AtMost = true, limit, atMost
		return r
	}
	one := begin(T1, 1, 1+tolerance, true)
	if p, q := point(old.Curve, 1), point(c, 1); p == nil || q == nil {
		one.noBase()
	} else {
		have, rounds := repeats(p, q)
		one.Rounds = rounds
		one.change(old, now, timeAtOne(old, rounds), timeAtOne(now, rounds), have, float64(have-1))
	}
	for _, a := range []*laws.Analysis{old, now} {
		if a.Curve.Rounds.TooFew() {
			one.Found = nil
			one.unsound(a)
			return []Result{*one}
		}
	}
	out := []Result{*one}

	n := common(old, now)
	s := begin(Speedup, n, 1-tolerance, false)
	was, is := measured(old, n), measured(now, n)
	switch {
	case n == 0:
		s.say(CannotTell, LevelN, "No level above 1 was measured both times: measure the same levels.")
	case was == nil || is == nil:
		s.noBase()
	default:
		have, rounds := repeats(point(old.Curve, 1), point(old.Curve, n), point(c, 1), point(c, n))
		s.Rounds = rounds
		s.change(old, now, was, is, have, freedom(have, rounds))
		r := begin(Sigma, 0, costs(c.Kind, was.Value, n, tolerance), true)
		r.Rounds = rounds
		if r.fractionChange(old, now) {
			return append(out, *s, *r)
		}
	}
	return append(out, *s)
}

// change decides a ratio of two measurements.
func (r *Result) change(old, now *laws.Analysis, was, is *laws.Estimate, have int, df float64) {
	q := stats.Quotient(*is, *was)
	r.Found = &q
	switch {
	case old.Curve.Machine != now.Curve.Machine:
		r.twoMachines()
		return
	case q.Interval == nil:
		r.single(now.Curve)
		return
	}
	switch r.decide(); r.Verdict {
	case Violated:
		r.worse()
	case CannotTell:
		limit := math.Log(r.Limit)
		logs := &laws.Estimate{Value: math.Log(q.Value), Interval: &laws.Interval{Low: math.Log(q.Interval.Low), High: math.Log(q.Interval.High)}}
		r.unclear(have, df, side(logs, limit), math.Abs(limit-logs.Value))
	}
}

// fractionChange decides the change of the serial fraction; false if it cannot.
func (r *Result) fractionChange(old, now *laws.Analysis) bool {
	if old.Curve.Machine != now.Curve.Machine {
		return false
	}
	for _, a := range []*laws.Analysis{old, now} {
		if have, _ := repeats(points(a.Curve)...); have < 2 {
			return false
		}
	}
	cmp := laws.Compare(old, now, Confidence)
	if cmp.Law == nil {
		return false // at best fractions of two levels: the speedup in other words
	}
	for _, ch := range cmp.Changes {
		if ch.Name != "sigma" || ch.Delta.Interval == nil {
			continue
		}
		r.Found = &ch.Delta
		if r.decide(); r.Verdict == Violated {
			r.worse()
		}
		return r.Verdict != CannotTell
	}
	return false
}

// costs is by how much the serial fraction of a speedup s at n workers rises if
// the speedup falls by a share.
func costs(kind results.Kind, s, n, share float64) float64 {
	if kind == results.Weak {
		return laws.ScaledFraction(s*(1-share), n) - laws.ScaledFraction(s, n)
	}
	return laws.SerialFraction(s*(1-share), n) - laws.SerialFraction(s, n)
}

// timeAtOne is the geometric mean of the measured times at one worker, in
// seconds per task, with Student's interval of its logarithm.
func timeAtOne(a *laws.Analysis, rounds bool) *laws.Estimate {
	logs := observations(point(a.Curve, 1), rounds)
	mean, variance := stat.MeanVariance(logs, nil)
	e := &laws.Estimate{Value: math.Exp(mean)}
	if n := float64(len(logs)); n > 1 {
		half := stats.StudentQuantile(Level, n-1) * math.Sqrt(variance/n)
		e.Interval = &laws.Interval{Low: math.Exp(mean - half), High: math.Exp(mean + half)}
	}
	return e
}

// common is the largest level above 1 that both have; 0 if there is none.
func common(old, now *laws.Analysis) float64 {
	for i := len(now.Curve.Points) - 1; i >= 0; i-- {
		if n := now.Curve.Points[i].Workers; n > 1 && point(old.Curve, n) != nil {
			return n
		}
	}
	return 0
}

func lastLevel(a *laws.Analysis) float64 {
	return a.Curve.Points[len(a.Curve.Points)-1].Workers
}
