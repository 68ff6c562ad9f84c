package laws

import (
	"fmt"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/why"
)

// Analyze fits every law that the curve can carry, chooses one, and says what
// the data show. It returns an error only for a curve that it cannot work
// with: fewer than two levels ([ErrOneLevel]), a level without samples, a time
// or a level that is not a positive finite number, an unknown option. All
// else is a warning in the result. It may be called concurrently.
func Analyze(c *results.Curve, o Options) (*Analysis, error) {
	if o.Loss == "" {
		o.Loss = LogTime
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if o.Loss != LogTime && o.Loss != Throughput {
		return nil, fmt.Errorf("laws: unknown loss %q: want %q or %q", o.Loss, LogTime, Throughput)
	}
	if !(o.Confidence > 0.5 && o.Confidence < 1) {
		return nil, fmt.Errorf("laws: confidence %g: want a number between 0.5 and 1, such as 0.95", o.Confidence)
	}
	d, err := reduce(c, o.Loss)
	if err != nil {
		return nil, err
	}
	if c.Rounds.TooFew() {
		return unsound(c, o.Confidence), nil
	}
	d.drift = c.Drift(o.Confidence)
	a := Measured(c, o.Confidence)
	a.KarpFlatt = d.karpFlatt(fractions(c.Kind), o.Confidence)
	a.Implied = d.implied(o.Confidence)
	var all []*solved
	for _, law := range All {
		if !law.appliesTo(c.Kind) || len(d.n) < law.Levels {
			continue
		}
		s := d.solve(law)
		all = append(all, s)
		a.Fits = append(a.Fits, d.finish(s, o.Confidence))
	}
	a.choose(d, all)
	a.noneFits(d)
	a.afterChoice(d)
	a.summarise(d, o.Confidence)
	a.diagnose(d)
	for _, f := range a.Fits {
		f.basis.kept = nil
	}
	if o.Lean {
		a.lean()
	}
	return a, nil
}

// lean drops what [Options.Lean] does not keep.
func (a *Analysis) lean() {
	keep := make([]*Fit, 0, 2)
	for _, f := range a.Fits {
		if f == a.Chosen || f == a.Closest {
			f.basis = nil
			keep = append(keep, f)
		}
	}
	if c := a.IdealCeiling(); c != nil {
		keep = append(keep, &Fit{Law: a.defaultFit().Law, MaxSpeedup: c})
	}
	if a.Sigma != nil {
		s := *a.Sigma // not a part of a fit that goes
		a.Sigma = &s
	}
	a.Fits, a.KarpFlatt, a.Implied = keep, nil, nil
}

// Measured is the analysis of a curve without any law: its levels, at that
// confidence (0 is 0.95), and its account of worker time. It serves a curve
// that no law can be fitted to, as one with a single level.
func Measured(c *results.Curve, confidence float64) *Analysis {
	confidence = orDefault(confidence)
	return &Analysis{Curve: c, Confidence: confidence, Verdict: TooFewLevels, Levels: stats.Levels(c, confidence), Account: why.Of(c)}
}

// last is the largest level of the curve.
func (a *Analysis) last() float64 { return a.Curve.Points[len(a.Curve.Points)-1].Workers }

// bestMeasured is the largest measured speedup, at least 1.
func (a *Analysis) bestMeasured() float64 {
	best := 1.0
	for _, k := range a.KarpFlatt {
		best = max(best, a.MeasuredSpeedup(k.N).Value)
	}
	return best
}

// IdealCeiling is the ceiling that a serial part hidden in the noise would set,
// where the ideal law was chosen: no value, and the low end of Amdahl's. It is nil
// else, and on a weak curve.
func (a *Analysis) IdealCeiling() *Estimate {
	f := a.defaultFit()
	if a.Chosen == nil || a.Chosen.Law != Ideal || f == nil || f.MaxSpeedup == nil {
		return nil
	}
	return f.MaxSpeedup
}

// defaultFit is the fit of the law that stands until the data speak against it;
// nil where the levels do not carry it.
func (a *Analysis) defaultFit() *Fit {
	for _, f := range a.Fits {
		if f.Law.Default {
			return f
		}
	}
	return nil
}
