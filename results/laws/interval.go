package laws

import (
	"math"

	"amdahl/results/stats"
)

// ranges makes the profile likelihood intervals of one fit at one confidence.
type ranges struct{ region *region }

func (b *basis) at(confidence float64) ranges {
	for _, c := range b.kept {
		if c.confidence == confidence {
			return c.ranges
		}
	}
	t := stats.StudentT(confidence, b.df)
	return ranges{newRegion(b.q, b.c, b.variance*t*t)}
}

// A keptRange is a region that several numbers of one analysis need.
type keptRange struct {
	confidence float64
	ranges
}

// keep makes the region at that confidence once, until the analysis is done.
func (b *basis) keep(confidence float64) ranges {
	r := b.at(confidence)
	for _, c := range b.kept {
		if c.confidence == confidence {
			return r
		}
	}
	b.kept = append(b.kept, keptRange{confidence, r})
	return r
}

// of is the interval of a function of the parameters.
func (r ranges) of(f func(p []float64) float64) *Interval { return closed(r.region.shadow(f)) }

// scale is the interval of T(1). Under LogTime log T(1) is linear in the law, so
// its asymptotic standard error serves, with every parameter free, also those on
// a bound; under Throughput the same holds of 1/T(1).
func (b *basis) scale(confidence float64) *Interval {
	half := stats.StudentT(confidence, b.df) * math.Sqrt(b.variance*b.scaleVariance())
	if math.IsNaN(half) {
		return &Interval{Low: 0, High: math.Inf(1)}
	}
	lo, hi := b.t1(b.c.scale-half), b.t1(b.c.scale+half)
	return &Interval{Low: math.Min(lo, hi), High: math.Max(lo, hi)}
}

// scaleVariance is the variance of the scale for levels of variance 1: the first
// element of the inverse of the information matrix of the scale and the
// parameters.
func (b *basis) scaleVariance() float64 {
	var m [maxTerms + 1][maxTerms + 1]float64
	k := b.q.k + 1
	for i, w := range b.q.w {
		r := b.q.ratio(i, &b.c.p)
		var x [maxTerms + 1]float64 // derivatives of h
		x[0] = 1
		for j := range b.q.k {
			x[j+1] = b.q.slope(i, j, &b.c.p) / r
		}
		if b.q.loss == Throughput {
			x[0] = 1 / r
			for j := range b.q.k {
				x[j+1] *= -b.c.scale / r
			}
		}
		for j := range k {
			for l := range k {
				m[j][l] += w * x[j] * x[l]
			}
		}
	}
	// Take the parameters out of the matrix one by one (Schur complements).
	for j := k - 1; j > 0; j-- {
		if !(m[j][j] > 1e-14*m[0][0]) {
			continue
		}
		for a := range j {
			for c := range j {
				m[a][c] -= m[a][j] * m[j][c] / m[j][j]
			}
		}
	}
	return 1 / m[0][0]
}

// closed is the interval from lo to hi, with +Inf in place of a high end that is
// beyond all measure.
func closed(lo, hi float64) *Interval {
	if hi >= unbounded/2 {
		hi = math.Inf(1)
	}
	return &Interval{Low: lo, High: hi}
}
