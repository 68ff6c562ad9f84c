package laws

import (
	"math"

	"amdahl/results/stats"
)

const (
	// margin is how much lower the AICc of another law must be before it
	// takes the place of the simplest: the difference at which Burnham and
	// Anderson call the support for the worse one "less".
	margin = 2
	// exactTest is the level of the F test where there are fewer observations
	// than enough: there the correction in AICc outweighs any evidence.
	exactTest = 0.015
	enough    = 8
	// least is the relative noise below which residuals are rounding.
	least = 1e-12
)

// choose gives every fit its AICc and weight and picks the law.
//
//	AICc = N·ln(SSE/N) + 2K + 2K(K+1)/(N−K−1)
//
// K counts the parameters, T(1) and the noise variance. N counts what is
// independent: the samples while some law passes between the level means as
// closely as the samples' own spread allows; the levels where none does,
// because then the levels err and no number of repeats tells more of them.
//
//  1. The default law, Amdahl's (on a weak curve Gustafson's), stands until the
//     data speak against it.
//  2. Where its fraction is 0 it is the ideal law, and that is chosen. Where a
//     fraction of 0 is not significantly worse the law stays, and its sentence
//     says that no serial part shows; see [basis.serial].
//  3. Another law can take its place where the law's last parameter is
//     significantly off its bounds; see [basis.significant]. That is enough for
//     an overhead, which the default law lacks. A law of another shape also
//     needs an AICc lower by the margin; where there are too few observations
//     for AICc to be of use, an exact F test of the variance that it leaves.
//     A law without a parameter can take it where the default law is refuted,
//     as [data.refuted] has it, and it is not.
//  4. Of several such laws the one with the lowest AICc is chosen.
//
// Source: K. P. Burnham, D. R. Anderson, Model Selection and Multimodel
// Inference, 2002, section 2.4.
func (a *Analysis) choose(d *data, all []*solved) {
	n := d.independent(all)
	size := 1.0
	if d.loss == Throughput {
		size = 0
		for _, h := range d.h {
			size = math.Max(size, h)
		}
	}
	sse := make([]float64, len(all))
	low := math.Inf(1)
	for i, s := range all {
		sse[i] = s.c.sse
		if n > len(d.n) {
			sse[i] += d.pureSS
		}
		sse[i] = math.Max(sse[i], least*least*size*size*float64(n))
		a.Fits[i].AICc = aicc(n, s.q.k+2, sse[i])
		if v := a.Fits[i].AICc; v != nil {
			low = math.Min(low, *v)
		}
	}
	var sum float64
	for _, f := range a.Fits {
		if f.AICc != nil {
			f.Weight = math.Exp((low - *f.AICc) / 2)
			sum += f.Weight
		}
	}
	base := -1
	for i, f := range a.Fits {
		if f.AICc != nil {
			f.Weight /= sum
		}
		if f.Law.Default {
			base = i
		}
	}
	if base < 0 {
		return
	}
	pick := -1
	for i, s := range all {
		f := a.Fits[i]
		if !f.basis.significant() && !d.fixedLaw(f, a.Fits[base]) || f.Law.Overhead == "" && !prefers(all[base], s, sse[base], sse[i], n) {
			continue
		}
		if pick < 0 || better(s, all[pick], sse[i], sse[pick], n) {
			pick = i
		}
	}
	if pick < 0 {
		pick = base
		if all[base].c.p[0] == 0 {
			pick = 0 // the ideal law: the same curve with nothing fitted to it
		}
	}
	a.Chosen, a.Verdict = a.Fits[pick], LawChosen
}

// fixedLaw reports whether a law without a parameter, which cannot be off its
// bounds, may take the place of the default one: that is refuted, and the law is
// not. Without repeated samples nothing is refuted, and the comparison of the two
// alone decides.
func (d *data) fixedLaw(f, base *Fit) bool {
	if len(f.Params) > 0 || f.Law == Ideal || d.refuted(f) {
		return false
	}
	return d.pureDF < 1 || d.refuted(base)
}

// independent counts the observations that a choice may rest on.
func (d *data) independent(all []*solved) int {
	for _, s := range all {
		if d.pureDF > 0 && (s.misfit == nil || *s.misfit > rejectAt) {
			return d.pureDF + len(d.n)
		}
	}
	return len(d.n)
}

// significant reports whether the last parameter of a law that can take the place
// of the default one is off its bounds: whether holding it at a bound raises the
// loss by more than s²·t²(ν), at 97.5 % for an overhead and at 99 % for a law of
// another shape.
func (b *basis) significant() bool {
	k := b.q.k - 1
	if k < 0 || b.q.law.Default || b.stuck(k) || !(b.df > 0) {
		return false
	}
	confidence := 0.98
	if b.q.law.Overhead != "" {
		confidence = 0.95
	}
	t := stats.StudentT(confidence, b.df)
	for _, bound := range [2]float64{b.q.lo[k], b.q.hi[k]} {
		if bound >= unbounded {
			continue
		}
		held := *b.q
		held.lo[k], held.hi[k] = bound, bound
		p := b.c.p
		p[k] = bound
		c := held.at(p)
		if b.q.k == 2 {
			c = held.down(c)
		}
		if !(c.sse-b.c.sse > b.variance*t*t) {
			return false
		}
	}
	return true
}

// serial reports whether the data show a serial part: whether a fraction of 0
// raises the loss of the default law by more than s²·t²(0.99, ν).
func (b *basis) serial() bool {
	t := stats.StudentT(0.98, b.df)
	return b.c.p[0] > 0 && b.q.at([maxTerms]float64{}).sse-b.c.sse > b.variance*t*t
}

// prefers reports whether the data speak for s and against base.
func prefers(base, s *solved, sseBase, sse float64, n int) bool {
	if n >= enough {
		return *aicc(n, s.q.k+2, sse)+margin < *aicc(n, base.q.k+2, sseBase)
	}
	df := n - s.q.k - 1
	if df < 1 || sse >= sseBase {
		return false
	}
	return stats.FTail(sseBase, sse, df, df) < exactTest
}

// better compares two laws that both passed: by AICc, with few observations by
// the variance that they leave.
func better(s, t *solved, sseS, sseT float64, n int) bool {
	if n >= enough {
		return *aicc(n, s.q.k+2, sseS) < *aicc(n, t.q.k+2, sseT)
	}
	return sseS/float64(n-s.q.k-1) < sseT/float64(n-t.q.k-1)
}

// aicc is nil where there are too few observations.
func aicc(n, k int, sse float64) *float64 {
	if n-k-1 < 1 {
		return nil
	}
	N, K := float64(n), float64(k)
	v := N*math.Log(sse/N) + 2*K + 2*K*(K+1)/(N-K-1)
	return &v
}
