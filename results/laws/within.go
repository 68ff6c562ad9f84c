package laws

import (
	"math"
	"slices"
)

// within95 is the range of workers that give 95 % of the law's largest speedup.
func (f *Fit) within95() *Interval {
	peak := math.Inf(1)
	if f.Peak != nil {
		peak = f.Peak.Value
	} else if f.Law.Peak != nil {
		p := make([]float64, len(f.Params))
		for k := range p {
			p[k] = f.Params[k].Value
		}
		peak = f.Law.Peak(p)
	}
	iv := f.within(0.95*f.MaxSpeedup.Value, peak, 1e18)
	return &iv
}

// within is the range of workers, at least 1 and at most most, whose speedup is
// at least s, for a speedup that rises up to peak and falls beyond it. High is
// +Inf where it has not fallen below s at most.
func (f *Fit) within(s, peak, most float64) Interval {
	cross := func(in, out float64) float64 {
		for math.Abs(out/in-1) > 1e-10 {
			mid := math.Sqrt(in * out)
			if f.Speedup(mid) >= s {
				in = mid
			} else {
				out = mid
			}
		}
		return in
	}
	top := math.Max(math.Min(peak, most), 1)
	iv := Interval{Low: 1, High: math.Inf(1)}
	if f.Speedup(1) < s {
		iv.Low = cross(top, 1)
	}
	if top < most && f.Speedup(most) < s {
		iv.High = cross(top, most)
	}
	return iv
}

// pool recommends a number of workers up to the largest one measured: by the
// chosen law, and where none fits by the measured times.
func (a *Analysis) pool() *PoolSize {
	if a.Verdict == NoneFits {
		return a.measuredPool()
	}
	f := a.Chosen
	last := math.Floor(a.last())
	if f == nil || last < 1 {
		return nil
	}
	peak := last
	if f.Peak != nil {
		peak = math.Min(f.Peak.Value, last)
	}
	iv := f.within(0.95*f.Speedup(peak), peak, last)
	n := math.Min(math.Ceil(iv.Low*(1-1e-12)), last)
	return &PoolSize{N: int(n), Low: iv.Low, High: math.Min(iv.High, last), Speedup: f.Speedup(n), Measured: slices.Contains(levelsOf(a), n)}
}

// measuredPool is the same of the measured levels alone, nil without a level at
// 1.
func (a *Analysis) measuredPool() *PoolSize {
	best := 0.0
	for _, l := range a.Levels {
		if l.Speedup != nil && l.N == math.Floor(l.N) {
			best = math.Max(best, l.Speedup.Value)
		}
	}
	var p *PoolSize
	for _, l := range a.Levels {
		if l.Speedup == nil || l.N != math.Floor(l.N) || l.Speedup.Value < 0.95*best {
			continue
		}
		if p == nil {
			p = &PoolSize{N: int(l.N), Low: l.N, Speedup: l.Speedup.Value, Measured: true}
		}
		p.High = l.N
	}
	return p
}
