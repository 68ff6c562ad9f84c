package laws

import (
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// SerialFraction is Karp and Flatt's experimentally determined serial fraction
// of a speedup s at n workers, n not 1:
//
//	e(n) = (1/s − 1/n)/(1 − 1/n)
//
// It is the σ with which Amdahl's law goes through that one point: below 0 for
// a superlinear speedup, above 1 for one below 1.
//
// Source: A. H. Karp, H. P. Flatt, Measuring parallel processor performance,
// CACM 33(5), 1990.
func SerialFraction(s, n float64) float64 { return (1/s - 1/n) / (1 - 1/n) }

// ScaledFraction is the same for work that grows with the workers: the s with
// which Gustafson's law goes through a scaled speedup at n workers, n not 1.
func ScaledFraction(speedup, n float64) float64 { return (n - speedup) / (n - 1) }

// karpFlatt lists the fraction of every level above 1; none without a level
// at 1, since a fraction compares with that measurement, unless speedups were given.
func (d *data) karpFlatt(fraction func(s, n float64) float64, confidence float64) []KarpFlatt {
	first := slices.Index(d.n, 1)
	if first < 0 && !d.curve.Relative {
		return nil
	}
	var out []KarpFlatt
	for i := first + 1; i < len(d.n); i++ {
		if d.n[i] < 1 {
			continue
		}
		log, half, ok := d.speedup(first, i, confidence)
		k := KarpFlatt{N: d.n[i], Value: fraction(math.Exp(log), d.n[i])}
		if ok {
			// The fraction falls as the speedup rises.
			k.Interval = &Interval{
				Low:  fraction(math.Exp(log+half), d.n[i]),
				High: fraction(math.Exp(log-half), d.n[i]),
			}
		}
		out = append(out, k)
	}
	return out
}

// logOne is the mean of log time at one worker, whose level is first. Where speedups were
// given without one at one worker, and first is −1, it is that of T(1) = 1.
func (d *data) logOne(first int) float64 {
	if first < 0 {
		return -math.Log(d.unit)
	}
	return d.y[first]
}

// speedup is the log of the measured speedup from level i to level j with the
// half width of its interval; i is −1 for a T(1) that [data.logOne] knows without a
// level. In log time a ratio is a difference, so the
// interval is Student's: of the paired differences where rounds are known, else
// Welch's, and not narrower than a drift within rounds allows. ok is false
// without repeated samples.
func (d *data) speedup(i, j int, confidence float64) (log, half float64, ok bool) {
	if i < 0 {
		log = d.logOne(i) - d.y[j]
		if d.count[j] < 2 {
			return log, 0, false
		}
		df := d.count[j] - 1
		return log, stats.StudentT(confidence, df) * math.Sqrt(d.yy[j]/df/d.count[j]), true
	}
	if d.rounds != nil && d.loss == LogTime {
		diff := make([]float64, len(d.rounds))
		for r, row := range d.rounds {
			diff[r] = row[i] - row[j]
		}
		_, ss := stats.MeanSS(diff)
		n := float64(len(diff))
		return d.h[i] - d.h[j], stats.StudentT(confidence, n-1) * math.Sqrt(ss/(n-1)/n), true
	}
	log = d.y[i] - d.y[j]
	if d.count[i] < 2 || d.count[j] < 2 {
		return log, 0, false
	}
	vi, vj := d.yy[i]/(d.count[i]-1)/d.count[i], d.yy[j]/(d.count[j]-1)/d.count[j]
	if vi+vj > 0 {
		df := (vi + vj) * (vi + vj) / (vi*vi/(d.count[i]-1) + vj*vj/(d.count[j]-1))
		half = stats.StudentT(confidence, df) * math.Sqrt(vi+vj)
	}
	return log, max(half, d.orderNoise(confidence)), true
}

// speedupFrom is the speedup at n workers from which such a fraction came.
func speedupFrom(kind results.Kind, fraction, n float64) float64 {
	if kind == results.Weak {
		return n - fraction*(n-1)
	}
	return 1 / (1/n + fraction*(1-1/n))
}

// fractions picks the formula that fits what the curve keeps fixed.
func fractions(kind results.Kind) func(s, n float64) float64 {
	if kind == results.Weak {
		return ScaledFraction
	}
	return SerialFraction
}

// MeasuredSpeedup is the measured speedup at n workers with its interval: the
// fraction that Karp and Flatt made of it, read back through its law. It is nil
// without levels at 1 and n, n above 1.
func (a *Analysis) MeasuredSpeedup(n float64) *Estimate {
	for _, k := range a.KarpFlatt {
		if k.N != n {
			continue
		}
		speedup := func(fraction float64) float64 { return speedupFrom(a.Curve.Kind, fraction, n) }
		s := &Estimate{Value: speedup(k.Value)}
		if i := k.Interval; i != nil {
			s.Interval = &Interval{Low: speedup(i.High), High: speedup(i.Low)}
		}
		return s
	}
	return nil
}
