package laws

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"amdahl/results/stats"
)

// draws is how many times the rounds are resampled. Six rounds can be drawn in
// 462 ways that differ, and the ends of their interval rest on the outermost
// two of a thousand; of ten rounds on the outermost nine.
const draws = 999

// resamples are the level means of resampled rounds. Every law is fitted to
// the same ones. The seed is fixed: equal data give equal intervals.
type resamples struct {
	rounds int
	h      [][]float64
}

// resample draws whole rounds with replacement. A round keeps its levels
// together, so whatever they share (a machine that slows down) stays shared.
func (d *data) resample() *resamples {
	if d.rounds == nil {
		return nil
	}
	R, L := len(d.rounds), len(d.n)
	r := &resamples{rounds: R, h: make([][]float64, draws)}
	mean := make([]float64, L)
	for _, row := range d.rounds {
		for i, v := range row {
			mean[i] += v / float64(R)
		}
	}
	// Around the means of all samples: rounds cut short moved those too.
	shifted := make([][]float64, R)
	for j, row := range d.rounds {
		shifted[j] = make([]float64, L)
		for i, v := range row {
			shifted[j][i] = (v - mean[i] + d.h[i]) / float64(R)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	flat := make([]float64, draws*L)
	for b := range r.h {
		h := flat[b*L : (b+1)*L : (b+1)*L]
		for range R {
			for i, v := range shifted[rng.IntN(R)] {
				h[i] += v
			}
		}
		r.h[b] = h
	}
	return r
}

// solve fits one law to every resample, from its fit c to the data. Resamples
// are near the data, and each step squares the error: two steps leave far less
// of it than the resampling itself.
func (r *resamples) solve(q *problem, c point) []point {
	fits := make([]point, len(r.h))
	s := *q
	for b, h := range r.h {
		s.h = h
		if q.law.solve != nil {
			fits[b] = q.law.solve(&s)
		} else {
			fits[b] = s.descend(s.at(c.p), 2)
		}
	}
	return fits
}

// tail is the share of resamples to leave out beyond each end. Percentiles of
// few rounds are too narrow, by √((R−1)/R) and by a normal quantile in place
// of Student's; taking them further out mends both (T. Hesterberg, What
// teachers should know about the bootstrap, American Statistician 69, 2015:
// the expanded percentile interval).
func (r *resamples) tail(confidence float64) float64 {
	n := float64(r.rounds)
	return distuv.UnitNormal.CDF(-math.Sqrt(n/(n-1)) * stats.StudentT(confidence, n-1))
}

// interval is the percentile interval of value(i) over the resamples.
func (r *resamples) interval(tail float64, value func(i int) float64) (lo, hi float64) {
	v := make([]float64, len(r.h))
	for i := range v {
		v[i] = value(i)
	}
	at := tail * float64(len(v)-1)
	i := int(at)
	return between(v, i, at-float64(i)), between(v, len(v)-2-i, float64(i+1)-at)
}

// between is the value a share of the way from the i-th smallest to the next.
func between(v []float64, i int, share float64) float64 {
	a := nth(v, i)
	b := slices.Min(v[i+1:])
	if a == b || share == 0 {
		return a
	}
	if math.IsInf(b, 1) {
		return b
	}
	return a + share*(b-a)
}

// nth puts the i-th smallest value at i, no larger ones before it and no
// smaller ones behind it (Hoare's selection).
func nth(v []float64, i int) float64 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		pivot := v[(lo+hi)/2]
		a, b := lo, hi
		for a <= b {
			for v[a] < pivot {
				a++
			}
			for v[b] > pivot {
				b--
			}
			if a <= b {
				v[a], v[b] = v[b], v[a]
				a++
				b--
			}
		}
		switch {
		case i <= b:
			hi = b
		case i >= a:
			lo = a
		default:
			return v[i]
		}
	}
	return v[i]
}
