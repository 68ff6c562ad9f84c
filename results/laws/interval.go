package laws

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ranges makes intervals at one confidence, by likelihood or by resampling.
type ranges struct {
	region *region // nil where the basis was resampled
	boot   *basis  // not nil where the basis was resampled
	tail   float64 // the share of resamples beyond each end
}

func (b *basis) at(confidence float64) ranges {
	if b.boot != nil {
		return ranges{boot: b, tail: b.boot.tail(confidence)}
	}
	t := tQuantile(confidence, b.df)
	return ranges{region: newRegion(b.q, b.c, b.sd*b.sd*t*t)}
}

// of is the interval of a function of the parameters.
func (r ranges) of(f func(p []float64) float64) *Interval {
	if r.boot != nil {
		k := r.boot.q.k
		return closed(r.boot.boot.interval(r.tail, func(i int) float64 { return f(r.boot.fits[i].p[:k]) }))
	}
	return closed(r.region.shadow(f))
}

// scale is the interval of T(1), which falls as the scale of a throughput rises.
func (r ranges) scale(t1 func(scale float64) float64) *Interval {
	if r.boot != nil {
		lo, hi := r.boot.boot.interval(r.tail, func(i int) float64 { return t1(r.boot.fits[i].scale) })
		return &Interval{Low: lo, High: hi}
	}
	lo, hi := r.region.scales()
	lo, hi = t1(lo), t1(hi)
	return &Interval{Low: math.Min(lo, hi), High: math.Max(lo, hi)}
}

// closed is an interval without a high end where that is beyond all measure.
func closed(lo, hi float64) *Interval {
	if hi >= unbounded/2 {
		hi = math.Inf(1)
	}
	return &Interval{Low: lo, High: hi}
}

// tQuantile is the t with that confidence between −t and t.
func tQuantile(confidence, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 + confidence) / 2)
}

// fTail is the probability that noise alone gives a ratio of mean squares as
// large as this one.
func fTail(over, under float64, overDF, underDF int) float64 {
	if under == 0 {
		if over == 0 {
			return 1
		}
		return 0
	}
	return distuv.F{D1: float64(overDF), D2: float64(underDF)}.Survival(over / under)
}

// blur widens an interval of a positive number by an independent uncertainty of
// its logarithm, given as a half width.
func (e *Estimate) blur(half float64) {
	if e.Interval == nil || half == 0 {
		return
	}
	end := func(end, sign float64) float64 {
		if end <= 0 || math.IsInf(end, 1) {
			return end
		}
		return e.Value * math.Exp(sign*math.Hypot(math.Log(end/e.Value), half))
	}
	e.Interval.Low, e.Interval.High = end(e.Interval.Low, -1), end(e.Interval.High, 1)
}
