package gate

import (
	"math"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// fraction decides a serial fraction: the one that the speedup at the largest
// level implies. No law is asked.
func (r *Result) fraction(a *laws.Analysis) {
	c := a.Curve
	have, rounds := repeats(points(c)...)
	r.Rounds = rounds
	last := lastLevel(a)
	switch {
	case point(c, 1) == nil && !c.Relative:
		r.noBase()
		return
	case last <= 1:
		r.say(CannotTell, LevelN, "Nothing above %s=1 was measured, so there is no scaling to see: measure at 3 or more levels, better 1, 2, 4, 8.", c.X)
		return
	}
	v := a.Implied
	r.N = v.N
	e := v.Fraction(Confidence)
	r.Found = &e
	if e.Interval == nil || have < 2 {
		r.Found = &laws.Estimate{Value: e.Value}
		r.single(c)
		return
	}
	switch r.decide(); r.Verdict {
	case Violated:
		if p := short(a, last); p > 0 {
			r.shared(p, last)
			return
		}
		r.tooSerial(v)
	case CannotTell:
		r.unclear(have, v.DF, v.Half(Confidence), math.Abs(math.Log(v.Speedup(r.Limit))-v.Log))
	}
}

// refuted is the p-value of the lack of fit below which a law counts as refuted
// for a gate.
const refuted = 0.01

// overhead decides κ of the universal scalability law, whichever law is chosen:
// where that is Amdahl's, κ's interval begins at 0 and its upper end says what
// could hide.
func (r *Result) overhead(a *laws.Analysis) {
	c := a.Curve
	have, rounds := repeats(points(c)...)
	r.Rounds = rounds
	f := fitOf(a, laws.USL)
	switch {
	case c.Kind == results.Weak:
		r.say(CannotTell, Fit, "κ is about a fixed amount of work, and here the work grows with the workers: put the condition on a speedup.")
		return
	case f == nil:
		r.say(CannotTell, Fit, "%s cannot carry the universal scalability law, whose κ this is: measure at 4 or more, better 1, 2, 4, 8, 16.", words.Count(len(c.Points), "level"))
		return
	}
	k := f.Own("kappa", Confidence)
	r.Found = &k
	last := lastLevel(a)
	switch {
	case have < 2:
		r.Found = &laws.Estimate{Value: k.Value}
		r.single(c)
		return
	case f.LackOfFit != nil && *f.LackOfFit < refuted:
		r.misfit()
		return
	}
	switch r.decide(); r.Verdict {
	case Violated:
		if p := short(a, last); p > 0 {
			r.shared(p, last)
			return
		}
		r.tooMuchOverhead(f)
	case CannotTell:
		r.unclear(have, freedom(have, rounds), side(&k, r.Limit), math.Abs(r.Limit-k.Value))
	}
}

// time decides T(n).
func (r *Result) time(a *laws.Analysis) {
	if a.Curve.Relative {
		r.say(CannotTell, Times, "Speedups were given, which say no time: put the condition on a speedup, as in --min-speedup %s@%s.", words.Exact(max(1, math.Floor(r.N/2))), words.Exact(max(r.N, 2)))
		return
	}
	p := point(a.Curve, r.N)
	if p == nil {
		r.unmeasured(a.Curve)
		return
	}
	have, rounds := repeats(p)
	r.Rounds = rounds
	r.Found = timeAt(p, rounds)
	if r.Found.Interval == nil {
		r.single(a.Curve)
		return
	}
	switch r.decide(); r.Verdict {
	case Violated:
		if p := short(a, r.N); p > 0 {
			r.shared(p, r.N)
			return
		}
		r.tooLong()
	case CannotTell:
		half := math.Log(r.Found.Interval.High / r.Found.Value)
		r.unclear(have, float64(have-1), half, math.Abs(math.Log(r.Found.Value/r.Limit)))
	}
}

// timeAt is the geometric mean of the measured times of a level, in seconds per
// task, with Student's interval of its logarithm; where rounds are known, they
// are one observation each, and their dependence on each other is allowed for.
func timeAt(p *results.Point, rounds bool) *laws.Estimate {
	logs := observations(p, rounds)
	mean, ss := stats.MeanSS(logs)
	e := &laws.Estimate{Value: math.Exp(mean)}
	if n := float64(len(logs)); n > 1 {
		half := stats.StudentQuantile(Level, n-1) * math.Sqrt(ss/(n-1)/n)
		if rounds && n >= fewest {
			half = max(half, stats.RoundEffectOf(logs).Mean(Confidence))
		}
		e.Interval = &laws.Interval{Low: math.Exp(mean - half), High: math.Exp(mean + half)}
	}
	return e
}

// fitOf is the fit of a law; nil if the levels do not carry it.
func fitOf(a *laws.Analysis, law *laws.Law) *laws.Fit {
	for _, f := range a.Fits {
		if f.Law == law {
			return f
		}
	}
	return nil
}

// side is how far the interval reaches from the estimate towards a limit.
func side(e *laws.Estimate, limit float64) float64 {
	if limit < e.Value {
		return e.Value - e.Interval.Low
	}
	return e.Interval.High - e.Value
}

func points(c *results.Curve) []*results.Point {
	ps := make([]*results.Point, len(c.Points))
	for i := range ps {
		ps[i] = &c.Points[i]
	}
	return ps
}
