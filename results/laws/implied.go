package laws

import (
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// An Implied is the measured speedup at the largest level, from which a serial
// fraction follows without any law being chosen: the one with which Amdahl's law
// (on a weak curve Gustafson's) goes through that one speedup. It comes from the
// means of log time at one worker and at that level, with the spread pooled over
// all levels; where rounds are known, the spread that neither the round nor the
// level explains.
type Implied struct {
	N      float64 // the largest level
	Log    float64 // ln T(1)/T(N)
	StdErr float64
	DF     float64 // degrees of freedom of StdErr; 0 where nothing was repeated
	kind   results.Kind
	order  float64 // the least half width, from the random order of a few rounds
}

// implied is nil without a level at 1 and given speedups, and without one above.
func (d *data) implied(confidence float64) *Implied {
	last := len(d.n) - 1
	first := slices.Index(d.n, 1)
	if first < 0 && !d.curve.Relative || first == last || d.n[last] <= 1 {
		return nil
	}
	v := &Implied{N: d.n[last], Log: d.logOne(first) - d.y[last], kind: d.curve.Kind}
	if d.loss == LogTime {
		if first >= 0 {
			v.Log = d.h[first] - d.h[last]
		}
		v.DF = float64(d.pureDF)
		if v.DF > 0 {
			v.StdErr = math.Sqrt(d.pureSS / v.DF * (d.baseShare(d.w, first) + 1/d.w[last]))
		}
	} else {
		var ss float64
		for i, yy := range d.yy {
			ss += yy
			v.DF += d.count[i] - 1
		}
		if v.DF > 0 {
			v.StdErr = math.Sqrt(ss / v.DF * (d.baseShare(d.count, first) + 1/d.count[last]))
		}
	}
	if d.rounds == nil {
		v.order = d.orderNoise(confidence)
	}
	return v
}

// baseShare is the share of the level at 1 in the variance of a speedup, 1 over its
// weight: none where speedups were given.
func (d *data) baseShare(weights []float64, first int) float64 {
	if d.curve.Relative {
		return 0
	}
	return 1 / weights[first]
}

// Half is the half width of the interval of Log.
func (v *Implied) Half(confidence float64) float64 {
	return math.Max(stats.StudentT(confidence, v.DF)*v.StdErr, v.order)
}

// Fraction is the serial fraction that the speedup implies, Karp and Flatt's,
// with its interval. Interval is nil where nothing was repeated.
func (v *Implied) Fraction(confidence float64) Estimate {
	of := fractions(v.kind)
	e := Estimate{Value: of(math.Exp(v.Log), v.N)}
	if v.DF > 0 {
		half := v.Half(confidence)
		e.Interval = &Interval{Low: of(math.Exp(v.Log+half), v.N), High: of(math.Exp(v.Log-half), v.N)}
	}
	return e
}

// Speedup is the speedup that implies a serial fraction at N.
func (v *Implied) Speedup(fraction float64) float64 {
	return speedupFrom(v.kind, fraction, v.N)
}
