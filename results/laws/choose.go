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
	// exact is the level of the F test where there are fewer observations
	// than enough: there the correction in AICc outweighs any evidence.
	exact  = 0.015
	enough = 8
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
// Amdahl's law (Gustafson's on a weak curve) stands until the data speak
// against it; where its fraction is 0 it is the ideal law, and that is chosen.
// Another law takes its place with an AICc lower by the margin. Where there are
// too few observations for AICc to be of use, it needs an exact F test: of
// its one further term, or, with as many terms, of the variance it leaves.
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
	if all[base].c.p[0] == 0 {
		base = 0 // the ideal law: the same curve with nothing fitted to it
	}
	pick := base
	for i, s := range all {
		if s.extends() && prefers(all[base], s, sse[base], sse[i], n) && (pick == base || better(s, all[pick], sse[i], sse[pick], n)) {
			pick = i
		}
	}
	a.Chosen = a.Fits[pick]
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

// extends reports whether a fit says something that the default law does not:
// the law's last parameter is off its bounds.
func (s *solved) extends() bool {
	last := s.q.k - 1
	return last >= 0 && !s.q.law.Default &&
		s.c.p[last] > s.q.lo[last] && s.c.p[last] < s.q.hi[last]
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
	if s.q.k > base.q.k {
		// κ can only be positive: one side of the test.
		return stats.FTail(sseBase-sse, sse/float64(df), 1, df)/2 < exact
	}
	return stats.FTail(sseBase, sse, df, df) < exact
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
