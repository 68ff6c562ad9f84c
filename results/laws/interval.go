package laws

import (
	"math"

	"amdahl/results/stats"
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
	t := stats.StudentT(confidence, b.df)
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

// closed is the interval from lo to hi, with +Inf in place of a high end that is
// beyond all measure.
func closed(lo, hi float64) *Interval {
	if hi >= unbounded/2 {
		hi = math.Inf(1)
	}
	return &Interval{Low: lo, High: hi}
}
