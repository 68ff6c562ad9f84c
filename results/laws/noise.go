package laws

import (
	"math"

	"amdahl/results/stats"
)

// What is assumed of the levels of a measurement without known rounds: each may
// be off by an effect of its own, because the machine was another one while that
// level ran. With few levels beyond the parameters of a law the effect cannot
// be estimated from the misfit alone, and every rule that decides by a test
// whether there is one makes the widths of intervals a lottery: the same program
// measured twice gives ±0.011 or ±0.11.
const (
	levelEffect = 0.015 // τ₀: standard deviation of an effect, of log time
	effectDF    = 3     // ν₀: how many degrees of freedom the assumption counts
)

// A noise is how much the levels err around a law.
type noise struct {
	variance float64 // of h, for a level of weight 1
	df       float64 // degrees of freedom of variance
	sample   float64 // variance of one sample about its level, at the center of the levels
	effect   float64 // variance of log time of the effect of a level
	growth   growth  // of sample with the workers
	sd       float64 // of a new sample, in h, where nothing was repeated; 0 else
}

// noise gives the problem of a law whose weights hold the effects of the
// levels, its solution, and the noise. With s² the pure error with its degrees
// of freedom f, R the samples of a level, and MS the mean square of the level
// means around the law with its d degrees of freedom,
//
//	τ² = (ν₀τ₀² + d·max(0, MS − s²/R)) / (ν₀ + d)
//	v  = s²/R + τ²
//	df = v² / (τ⁴/(ν₀ + d) + (s²/R)²/f)
//
// v is the variance of a level mean. So an effect of 1.5 % is assumed and the
// data raise it, without a jump: more samples narrow an interval down to what
// the effects leave. Where the levels of every round were shuffled and the
// rounds are known there is no such effect, so τ₀ is 0, and what remains of τ²
// is the misfit of the law. Where nothing was repeated v is the mean square of
// the residuals. The throughput loss is there to reproduce publications, and
// assumes no effect.
//
// Source: the form of τ² is that of A. Gelman, Prior distributions for variance
// parameters in hierarchical models, Bayesian Analysis 1(3), 2006, a scaled
// inverse χ² prior; df is F. E. Satterthwaite's, Biometrics Bulletin 2, 1946.
func (d *data) noise(s *solved) (*problem, point, noise) {
	L := len(d.n)
	over := float64(L - s.q.k - 1)
	if d.pureDF == 0 {
		v := s.c.sse / over
		return s.q, s.c, noise{variance: v, df: over, sd: math.Sqrt(v)}
	}
	sample := d.pureSS / float64(d.pureDF)
	var per, size, inv float64 // mean weight, mean square of h as the unit of effects, mean 1/weight
	for i, w := range d.w {
		u := 1.0
		if d.loss == Throughput {
			u = d.h[i] * d.h[i]
		}
		per += w * u / float64(L)
		size += u / float64(L)
		inv += 1 / w / float64(L)
	}
	assumed := levelEffect
	if d.rounds != nil || d.loss == Throughput {
		assumed = 0
	}
	found := math.Max(s.c.sse/over-sample, 0) / per
	effect := (effectDF*assumed*assumed + over*found) / (effectDF + over)
	n := noise{sample: sample, effect: effect, growth: d.growth}
	mean, tau := sample*inv, effect*size
	n.variance = math.Max(mean+tau, least*least*size)
	n.df = float64(d.pureDF)
	if mean+tau > 0 {
		n.df = (mean + tau) * (mean + tau) / (tau*tau/(effectDF+over) + mean*mean/float64(d.pureDF))
	}
	if d.loss == Throughput || equal(d.w) {
		// All levels err alike: the same fit, with weights of mean 1/inv.
		n.variance /= inv
		return s.q, s.c, n
	}
	w := make([]float64, L)
	for i := range w {
		w[i] = n.variance / (sample/d.w[i] + effect)
	}
	q := s.q.with(w, d.h)
	return q, q.down(q.at(s.c.p)), n
}

// equal reports whether all weights are the same.
func equal(w []float64) bool {
	for _, v := range w {
		if v != w[0] {
			return false
		}
	}
	return true
}

// newSD is the standard deviation of log time of one new sample at n workers,
// where the law gives a time of ratio·T(1), around what the law and the rounds
// leave.
func (b *basis) newSD(n float64) float64 {
	v := b.sample*b.growth.at(n) + b.sd*b.sd
	if b.q.loss == Throughput {
		x := b.c.scale / b.q.law.Ratio(n, b.c.p[:b.q.k])
		v /= x * x
	}
	return math.Sqrt(v + b.effect)
}

// newHalf is the half width of log time of one new measurement at n workers
// around the law: of a sample with the effect of its level, and where rounds are
// known in a round of its own.
func (b *basis) newHalf(n, confidence float64) float64 {
	half := stats.StudentT(confidence, b.df) * b.newSD(n)
	if b.round != nil {
		half = math.Hypot(half, b.round.Next(confidence))
	}
	return half
}
