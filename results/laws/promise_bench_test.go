package laws

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/perf/benchmath"

	"amdahl/results"
	"amdahl/results/stats"
)

// BenchmarkCoverage reports how often printed intervals hold the truth, in cells
// of a thousand curves (with rounds, four thousand): of σ, of a new measurement at
// two and four times the largest level, of T(1), of the ceiling; how often a
// warning names the noise; and how many times as wide the intervals are as those
// of the law that made the data, under the same rule of variance.
//
//	go test -run '^$' -bench Coverage -benchtime 1x ./results/laws
func BenchmarkCoverage(b *testing.B) {
	for _, g := range []struct {
		name  string
		cells []cell
		runs  int
	}{
		{"failed-before", afterChoiceCells, 1000}, {"further", further(), 1000}, {"tree", trees(), 1000},
		{"rounds", dependent(), 4000}, {"noise", awkward(), 1000},
	} {
		for _, c := range g.cells {
			b.Run(g.name+"/"+c.String(), func(b *testing.B) {
				for b.Loop() {
					c.run(b, g.runs, 1).report(b)
				}
			})
		}
	}
}

// TestCoverageAfterChoice is that benchmark in small, with a fixed seed: the cells
// that failed before.
func TestCoverageAfterChoice(t *testing.T) {
	for _, c := range afterChoiceCells {
		s := c.run(t, 160, 2)
		// Two and a half standard errors of the simulation under 90 and 85 %.
		if s.sigma < 0.84*s.sigmas || s.twice < 0.84*s.runs || s.four < 0.78*s.runs || s.bad > 0 {
			t.Errorf("%v: σ in %.0f of %.0f, twice in %.0f, four times in %.0f, %g bad", c, s.sigma, s.sigmas, s.twice, s.four, s.bad)
		}
	}
}

// BenchmarkCoveragePrice reports the widths of the 95 % interval of σ under
// Amdahl's law, σ = 0.1, over those of pooled samples, and how they vary: the
// median, the 1st and 99th hundredth over the median.
func BenchmarkCoveragePrice(b *testing.B) {
	for _, levels := range [][]float64{powers(4), {2, 4, 8}, powers(8), powers(64)} {
		for _, repeats := range []int{3, 10, 30} {
			for _, sd := range []float64{0.01, 0.03, 0.1} {
				c := cell{law: Amdahl, p: []float64{0.1}, levels: levels, repeats: repeats, noise: lognormal, sd: sd}
				b.Run(c.String(), func(b *testing.B) {
					for b.Loop() {
						var width, price []float64
						rng := rand.New(rand.NewPCG(1, 1))
						for range 1000 {
							d, err := reduce(c.world(rng).curve(), LogTime)
							if err != nil {
								b.Fatal(err)
							}
							s := d.solve(Amdahl)
							iv := d.finish(s, 0.95).Params[0].Interval
							df := d.total - 2
							t := stats.StudentT(0.95, df)
							low, high := newRegion(s.q, s.c, (s.c.sse+d.pureSS)/df*t*t).shadow(func(p []float64) float64 { return p[0] })
							width = append(width, iv.High-iv.Low)
							price = append(price, (iv.High-iv.Low)/(high-low))
						}
						slices.Sort(width)
						b.ReportMetric(width[500], "width")
						b.ReportMetric(width[10]/width[500], "×1st")
						b.ReportMetric(width[100]/width[500], "×10th")
						b.ReportMetric(width[900]/width[500], "×90th")
						b.ReportMetric(width[990]/width[500], "×99th")
						b.ReportMetric(stats.Median(price), "×pooled")
						b.ReportMetric(0, "ns/op")
					}
				})
			}
		}
	}
}

// BenchmarkCoverageCompare reports how often compare says that T(1) changed: of
// unchanged programs in rounds that depend on each other, and, without rounds,
// of programs that became 5 % slower, beside the rank test of benchstat on the
// same samples.
func BenchmarkCoverageCompare(b *testing.B) {
	changed := func(old, new *results.Curve) float64 {
		x, err := Analyze(old, Options{})
		y, err2 := Analyze(new, Options{})
		if err != nil || err2 != nil {
			b.Fatal(err, err2)
		}
		for _, ch := range Compare(x, y, 0).Changes {
			if ch.Name == "T1" && ch.Changed() {
				return 1
			}
		}
		return 0
	}
	const runs = 1000
	for _, rounds := range []int{6, 10, 20, 30} {
		for _, rho := range []float64{0, 0.5, 0.8} {
			c := cell{law: Amdahl, p: []float64{0.1}, levels: powers(8), repeats: rounds, noise: lognormal, sd: 0.01, round: 0.05, rho: rho}
			b.Run("unchanged/"+c.String(), func(b *testing.B) {
				for b.Loop() {
					rng := rand.New(rand.NewPCG(1, 2))
					n := 0.0
					for range runs {
						n += changed(c.world(rng).curve(), c.world(rng).curve())
					}
					b.ReportMetric(100*n/runs, "%changed")
					b.ReportMetric(0, "ns/op")
				}
			})
		}
	}
	for _, factor := range []float64{1, 1.05, 1.1} {
		for _, c := range []cell{
			{repeats: 6, noise: lognormal}, {repeats: 10, noise: lognormal}, {repeats: 6, noise: heavy}, {repeats: 10, noise: heavy},
		} {
			c.law, c.p, c.levels, c.sd = Amdahl, []float64{0.1}, powers(8), 0.03
			b.Run(fmt.Sprintf("slower=%g/%v", factor, c), func(b *testing.B) {
				for b.Loop() {
					rng := rand.New(rand.NewPCG(1, 3))
					var ours, theirs float64
					for range runs {
						old, new := c.world(rng).curve(), c.world(rng).curve()
						for _, p := range new.Points {
							for i := range p.Samples {
								p.Samples[i].Time *= factor
							}
						}
						ours += changed(old, new)
						th := benchmath.DefaultThresholds
						if benchmath.AssumeNothing.Compare(benchmath.NewSample(timesAt(old), &th), benchmath.NewSample(timesAt(new), &th)).P < 0.05 {
							theirs++
						}
					}
					b.ReportMetric(100*ours/runs, "%changed")
					b.ReportMetric(100*theirs/runs, "%benchstat")
					b.ReportMetric(0, "ns/op")
				}
			})
		}
	}
}

// timesAt are the times at the first level.
func timesAt(c *results.Curve) []float64 {
	var v []float64
	for _, s := range c.Points[0].Samples {
		v = append(v, s.Time)
	}
	return v
}
