package laws

import (
	"amdahl/results/stats"
	"math"
	"math/rand/v2"
	"testing"
)

// The shadow of the likelihood region against brute force: a cloud of points,
// the extremes of those whose loss is under the cut.
func TestRegionAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for _, law := range []*Law{Amdahl, USL, Log, Gustafson} {
		for _, loss := range []Loss{LogTime, Throughput} {
			for trial := range 3 {
				p := []float64{0.1, 0.01}[:len(law.Terms)]
				if trial >= 2 && len(p) == 2 {
					p[1] = 0 // near a bound
				}
				s := sim{law: law, p: p, levels: powers(32), repeats: 3, noise: 0.05}
				d, err := reduce(s.curve(rng), loss)
				if err != nil {
					t.Fatal(err)
				}
				sv := d.solve(law)
				rise := 4 * (sv.c.sse + d.pureSS) / (d.total - 3)
				r := newRegion(sv.q, sv.c, rise)
				funcs := map[string]func(p []float64) float64{
					"first":   func(p []float64) float64 { return p[0] },
					"speedup": func(p []float64) float64 { return law.Ratio(1, p) / law.Ratio(64, p) },
				}
				if law == USL {
					funcs["limit"], funcs["kappa"] = law.Limit, func(p []float64) float64 { return p[1] }
				}
				for name, f := range funcs {
					lo, hi := r.shadow(f)
					min, max := math.Inf(1), math.Inf(-1)
					var box [maxTerms][2]float64
					for k := range sv.q.k {
						box[k][0], box[k][1] = r.shadow(func(p []float64) float64 { return p[k] })
					}
					for range 12000 {
						var q [maxTerms]float64
						for k := range sv.q.k {
							wide := (box[k][1] - box[k][0]) * 0.3
							q[k] = box[k][0] - wide + rng.Float64()*(box[k][1]-box[k][0]+2*wide)
							q[k] = math.Min(math.Max(q[k], sv.q.lo[k]), sv.q.hi[k])
						}
						if sv.q.at(q).sse <= r.cut {
							v := f(q[:sv.q.k])
							min, max = math.Min(min, v), math.Max(max, v)
						}
					}
					slack := 0.05 * (hi - lo)
					if min < lo-1e-3*(hi-lo) || max > hi+1e-3*(hi-lo) || min > lo+slack || max < hi-slack {
						t.Errorf("%s, %s, %v, %s: shadow %g to %g, brute force %g to %g", law.Name, loss, p, name, lo, hi, min, max)
					}
				}
			}
		}
	}
}

// With the ideal law and one sample a level the interval of T(1) is Student's, in
// log time.
func TestIdealIntervalIsStudents(t *testing.T) {
	s := sim{law: Ideal, levels: powers(128), repeats: 1, noise: 0.1}
	d, err := reduce(s.curve(rand.New(rand.NewPCG(1, 3))), LogTime)
	if err != nil {
		t.Fatal(err)
	}
	sv := d.solve(Ideal)
	sv.misfit = nil // as if nothing spoke against pooling
	f := d.finish(sv, 0.95)
	var v []float64
	for _, p := range d.curve.Points {
		for _, s := range p.Samples {
			v = append(v, math.Log(s.Time*p.Workers))
		}
	}
	mean, ss := stats.MeanSS(v)
	n := float64(len(v))
	half := 2.364624251592785 * math.Sqrt(ss/(n-1)/n) // t(0.975, 7)
	near(t, "T1", f.T1.Value, math.Exp(mean), 1e-12)
	near(t, "low", f.T1.Interval.Low, math.Exp(mean-half), 1e-9)
	near(t, "high", f.T1.Interval.High, math.Exp(mean+half), 1e-9)
}

// The ends of an interval of σ are where the loss meets the cut, and those of
// 1/σ are theirs, turned round.
func TestMaxSpeedupIsTransformed(t *testing.T) {
	for _, c := range []struct {
		p    float64
		open bool
	}{{0.1, false}, {0.0005, true}, {0, true}} {
		s := sim{law: Amdahl, p: []float64{c.p}, levels: powers(8), repeats: 8, noise: 0.03}
		d, err := reduce(s.curve(rand.New(rand.NewPCG(2, 5))), LogTime)
		if err != nil {
			t.Fatal(err)
		}
		f := d.finish(d.solve(Amdahl), 0.95)
		sigma, limit := f.Params[0].Interval, f.MaxSpeedup.Interval
		near(t, "low end", limit.Low, 1/sigma.High, 1e-9)
		if c.open != math.IsInf(limit.High, 1) || c.open != (sigma.Low == 0) {
			t.Errorf("σ = %g: σ in %v, maximum speedup in %v, want an open end: %t", c.p, *sigma, *limit, c.open)
		}
		if !c.open {
			near(t, "high end", limit.High, 1/sigma.Low, 1e-9)
			r := f.basis.at(0.95).region
			for _, v := range []float64{sigma.Low, sigma.High} {
				near(t, "loss at the end", f.basis.q.at([maxTerms]float64{v}).sse, r.cut, 1e-7)
			}
		}
	}
}

func TestWideConfidenceIsWider(t *testing.T) {
	s := sim{law: USL, p: []float64{0.05, 0.005}, levels: powers(32), repeats: 8, noise: 0.03, rounds: 0.01}
	for _, rounds := range []float64{0, 0.01} {
		s.rounds = rounds
		c := s.curve(rand.New(rand.NewPCG(3, 5)))
		var last float64
		for _, conf := range []float64{0.8, 0.9, 0.95, 0.99} {
			a, err := Analyze(c, Options{Confidence: conf})
			if err != nil {
				t.Fatal(err)
			}
			iv := a.Chosen.Param("sigma").Interval
			if w := iv.High - iv.Low; w <= last {
				t.Errorf("rounds %g: width %g at %g, want more than %g", rounds, w, conf, last)
			} else {
				last = w
			}
		}
	}
}

func TestFTailAndT(t *testing.T) {
	near(t, "t(0.975, 4)", stats.StudentT(0.95, 4), 2.7764451051977987, 1e-9)
	near(t, "t(0.975, 1)", stats.StudentT(0.95, 1), 12.706204736174705, 1e-8)
	near(t, "F(3, 10) tail at 3.708265", stats.FTail(3.708265, 1, 3, 10), 0.05, 1e-6)
	for _, c := range []struct{ over, under, want float64 }{{0, 0, 1}, {1, 0, 0}, {0, 1, 1}} {
		if got := stats.FTail(c.over, c.under, 2, 3); got != c.want {
			t.Errorf("stats.FTail(%g, %g) = %g, want %g", c.over, c.under, got, c.want)
		}
	}
}
