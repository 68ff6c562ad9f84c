package gate

import (
	"math"

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
//   - Time: the measured time at that level, new/old, is at most 1 + tolerance
//
// Where speedups were given there are no times, and the speedup alone is compared.
//
// A speedup alone rises where T(1) gets slower, and falls where T(1) gets faster:
// so the times stand beside it.
//
// Two revisions that were measured in the same rounds of one run are compared by the
// pairs of these. Other measurements are taken as independent, and whatever lay between them
// as a change: a machine that was busier in one of them has become slower.
// Measurements on two machines cannot tell, nor can two of which only one says on
// which machine it was made.
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
		one.changeOf(old, now, timeAt(p, rounds), timeAt(q, rounds), have, float64(have-1), func() (*laws.Estimate, int) { return laws.TimeChange(old.Curve, c, 1, Confidence) })
	}
	for _, a := range []*laws.Analysis{old, now} {
		if a.Curve.Rounds.TooFew() {
			one.Found = nil
			one.unsound(a)
			return []Result{*one}
		}
	}
	var out []Result
	relative := c.Relative || old.Curve.Relative
	if !relative {
		out = append(out, *one)
	}

	n := common(old, now)
	s := begin(Speedup, n, 1-tolerance, false)
	was, is := old.MeasuredSpeedup(n), now.MeasuredSpeedup(n)
	switch {
	case n == 0:
		s.say(CannotTell, LevelN, "No level above 1 was measured both times: measure the same levels.")
		return append(out, *s)
	case was == nil || is == nil:
		s.noBase()
	default:
		levels := []*results.Point{point(old.Curve, n), point(c, n)}
		if !relative {
			levels = append(levels, point(old.Curve, 1), point(c, 1))
		}
		have, rounds := repeats(levels...)
		s.Rounds = rounds
		s.changeOf(old, now, was, is, have, freedom(have, rounds), func() (*laws.Estimate, int) { return laws.SpeedupChange(old.Curve, c, n, Confidence) })
	}
	if relative {
		return append(out, *s)
	}
	at := begin(Time, n, 1+tolerance, true)
	p, q := point(old.Curve, n), point(c, n)
	have, rounds := repeats(p, q)
	at.Rounds = rounds
	at.changeOf(old, now, timeAt(p, rounds), timeAt(q, rounds), have, float64(have-1), func() (*laws.Estimate, int) { return laws.TimeChange(old.Curve, c, n, Confidence) })
	return append(out, *s, *at)
}

// changeOf decides a ratio of two measurements: of the same rounds by their pairs,
// else of independent ones.
func (r *Result) changeOf(old, now *laws.Analysis, was, is *laws.Estimate, have int, df float64, paired func() (*laws.Estimate, int)) {
	q := stats.Quotient(*is, *was)
	if laws.Interleaved(old.Curve, now.Curve) {
		if p, n := paired(); p != nil {
			q, have, df = *p, n, float64(n-1)
		}
	}
	r.Found = &q
	switch {
	case old.Curve.Machine.Differs(now.Curve.Machine):
		r.twoMachines()
		return
	case (old.Curve.Machine == results.Machine{}) != (now.Curve.Machine == results.Machine{}):
		r.unknownMachine()
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
