package where

import (
	"slices"

	"amdahl/results/laws"
	"amdahl/results/why"
)

// without is the speedup at N without a place.
func (w *Answer) without(a *laws.Analysis, p Place) float64 {
	s := w.karpFlatt(p.Share.Value)
	if w.Law != "" {
		if by, ok := w.byLaw(a, p.Growth); ok {
			s = by
		}
	}
	return min(s, w.bound(p))
}

// karpFlatt is the speedup at N without a share of the loss.
func (w *Answer) karpFlatt(share float64) float64 {
	return w.N / (1 + max(w.N/w.Speedup-1, 0)*(1-min(share, 1)))
}

// byLaw is the speedup at N by the chosen law, fitted to the times without what a place costs.
// ok is false if too few levels have profiles for that.
func (w *Answer) byLaw(a *laws.Analysis, costs []Cost) (s float64, ok bool) {
	c := *a.Curve
	c.Points = nil
	for _, p := range a.Curve.Points {
		at := level(a.Account, p.Workers)
		i := slices.IndexFunc(costs, func(c Cost) bool { return c.N == p.Workers })
		if at == nil || i < 0 && p.Workers != 1 {
			continue
		}
		left := 1.0
		if i >= 0 {
			left = 1 - max(0, min(costs[i].Cost.Value/at.Paid, 0.99))
		}
		p.Samples, p.Profiled, p.Sampled, p.Extra = slices.Clone(p.Samples), nil, nil, nil
		for k := range p.Samples {
			p.Samples[k].Time *= left
		}
		c.Points = append(c.Points, p)
	}
	if len(c.Points) < 3 || c.Points[0].Workers != 1 {
		return 0, false
	}
	more, err := laws.Analyze(&c, laws.Options{Confidence: a.Confidence})
	if err != nil {
		return 0, false
	}
	for _, f := range more.Fits {
		if f.Law == a.Chosen.Law {
			return f.Speedup(w.N), true
		}
	}
	return 0, false
}

// Limit is the largest speedup at N that work and span allow while the serial part stays.
func (w *Answer) Limit() float64 { return w.bound(Place{}) }

// bound is the largest speedup at N that work and span allow without a place.
func (w *Answer) bound(p Place) float64 {
	span := w.Span
	if p.Cause == why.Serial {
		span -= p.Cost / (w.N - 1)
	}
	if !(span > w.work/w.N) {
		return w.N
	}
	return w.work / span
}
