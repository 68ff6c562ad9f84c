package gate

import (
	"math"

	"amdahl/results"
	"amdahl/results/laws"
)

// refuted is the p-value of the lack of fit below which Amdahl's law counts as
// refuted for a gate.
const refuted = 0.01

// fraction decides a serial fraction. It is a law's, so it needs a law that these
// levels do not contradict; with two levels it is Karp and Flatt's fraction of the
// upper one, which is the speedup there in other words.
func (r *Result) fraction(a *laws.Analysis) {
	c := a.Curve
	have, rounds := repeats(points(c)...)
	r.Rounds = rounds
	last := lastLevel(a)
	switch {
	case point(c, 1) == nil:
		r.noBase()
		return
	case last <= 1:
		r.say(CannotTell, LevelN, "Nothing above %s=1 was measured, so there is no scaling to see: measure at 3 or more levels, better 1, 2, 4, 8.", c.X)
		return
	}
	sigma := serial(a)
	if sigma == nil {
		r.say(CannotTell, Fit, "The law that these levels follow has no serial fraction: put the condition on a speedup.")
		return
	}
	r.Found = sigma
	if sigma.Interval == nil || have < 2 {
		r.Found = &laws.Estimate{Value: sigma.Value}
		r.single(c)
		return
	}
	switch r.decide(); r.Verdict {
	case Violated:
		if p := short(a, last); p > 0 {
			r.shared(p, last)
			return
		}
		r.tooSerial()
	case CannotTell:
		df := freedom(have, rounds)
		if f := fitOf(a, sigma); f != nil {
			if f.DF == len(c.Points)-1-len(f.Params) {
				r.misfit(f.DF)
				return
			}
			if !paired(have, rounds) {
				df = float64(f.DF)
			}
		}
		r.unclear(have, df, side(sigma, r.Limit), math.Abs(r.Limit-sigma.Value))
	}
}

// serial is the serial fraction that a gate goes by: [laws.Analysis.Sigma], but
// Amdahl's (on a weak curve Gustafson's) as long as the data do not refute that
// law. Another one with an overhead takes some of the fraction away, and noise
// alone makes the analysis choose it in some measurements: these would pass.
func serial(a *laws.Analysis) *laws.Estimate {
	for _, f := range a.Fits {
		if (f.Law == laws.Amdahl || f.Law == laws.Gustafson) && (f.LackOfFit == nil || *f.LackOfFit >= refuted) {
			return &f.Params[0].Estimate
		}
	}
	return a.Sigma
}

// fitOf is the fit that has this estimate among its parameters; nil if it came
// from no fit.
func fitOf(a *laws.Analysis, e *laws.Estimate) *laws.Fit {
	for _, f := range a.Fits {
		for k := range f.Params {
			if &f.Params[k].Estimate == e {
				return f
			}
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
