package gate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"amdahl/results/laws"
	"amdahl/results/stats"
)

// speedupOf is the speedup of Amdahl's law at n workers.
func speedupOf(sigma, n float64) float64 { return 1 / laws.Amdahl.Ratio(n, []float64{sigma}) }

// planted is a simulation of Amdahl's law with σ = 0.1 and 3 % noise.
func planted(samples int, round float64, levels ...float64) sim {
	return sim{law: laws.Amdahl, p: []float64{0.1}, levels: levels, samples: samples, noise: 0.03, round: round}
}

// rates is how often each verdict comes.
func rates(runs int, seed uint64, one func(rng *rand.Rand) Verdict) map[Verdict]float64 {
	rng := rand.New(rand.NewPCG(seed, 3))
	share := map[Verdict]float64{}
	for range runs {
		share[one(rng)] += 1 / float64(runs)
	}
	return share
}

// A promise is a condition that a simulation keeps exactly, and factors of its
// limit that are clearly on the right side and on the wrong one.
type promise struct {
	name      string
	s         sim
	c         Condition
	good, bad float64
	runs      int // of a test
}

var promises = []promise{
	{"speedup/samples=3", planted(3, 0, 1, 4), Condition{Speedup, 4, speedupOf(0.1, 4)}, 0.85, 1.15, 400},
	{"speedup/samples=10", planted(10, 0, 1, 4), Condition{Speedup, 4, speedupOf(0.1, 4)}, 0.93, 1.07, 400},
	{"speedup/rounds=10", planted(10, 0.1, 1, 4), Condition{Speedup, 4, speedupOf(0.1, 4)}, 0.93, 1.07, 200},
	{"efficiency/rounds=10", planted(10, 0.1, 1, 4), Condition{Efficiency, 4, speedupOf(0.1, 4) / 4}, 0.93, 1.07, 100},
	{"sigma/samples=10", planted(10, 0, 1, 2, 4, 8), Condition{Sigma, 0, 0.1}, 1.6, 0.4, 100},
	{"sigma/rounds=10", planted(10, 0.05, 1, 2, 4, 8), Condition{Sigma, 0, 0.1}, 1.6, 0.4, 100},
}

// rates is how often each verdict comes with the limit times a factor.
func (p promise) rates(t testing.TB, runs int, factor float64) map[Verdict]float64 {
	p.c.Limit *= factor
	return rates(runs, 1, func(rng *rand.Rand) Verdict {
		return Check(p.s.analysis(t, rng), []Condition{p.c})[0].Verdict
	})
}

// Exactly at the limit each of the two decisions is taken in about 5 % of
// measurements at most; far from it the right one nearly always.
func TestRates(t *testing.T) {
	for _, p := range promises {
		// Three standard errors of the simulation above 5 %, as there are twelve
		// such comparisons; BenchmarkRates has many more runs.
		most := 0.05 + 3*math.Sqrt(0.05*0.95/float64(p.runs))
		if at := p.rates(t, p.runs, 1); at[Holds] > most || at[Violated] > most || at[Holds]+at[Violated] == 0 {
			t.Errorf("%s, at the limit: holds in %.3f, violated in %.3f, want some, at most %.3f of each", p.name, at[Holds], at[Violated], most)
		}
		if at := p.rates(t, p.runs/5, p.good); at[Holds] < 0.95 || at[Violated] > 0 {
			t.Errorf("%s, on the right side: holds in %.3f, violated in %.3f, want at least 0.95 and 0", p.name, at[Holds], at[Violated])
		}
		if at := p.rates(t, p.runs/5, p.bad); at[Violated] < 0.95 || at[Holds] > 0 {
			t.Errorf("%s, on the wrong side: violated in %.3f, holds in %.3f, want at least 0.95 and 0", p.name, at[Violated], at[Holds])
		}
	}
}

// BenchmarkRates reports how often a condition exactly at its limit is said to
// hold and to be violated; 5 % of each is nominal.
func BenchmarkRates(b *testing.B) {
	for _, p := range promises {
		b.Run(p.name, func(b *testing.B) {
			var at map[Verdict]float64
			for b.Loop() {
				at = p.rates(b, 20*p.runs, 1)
			}
			b.ReportMetric(100*at[Holds], "%holds")
			b.ReportMetric(100*at[Violated], "%violated")
		})
	}
}

// A plan is a simulation whose true speedup is off its limit by so much, in log
// time.
type plan struct{ round, off float64 }

// samples is what needed computes from the true spread.
func (p plan) samples() int {
	const have = 10
	df := freedom(have, p.round > 0)
	se := 0.03 * math.Sqrt(2.0/have) // of a difference of two levels
	return needed(have, df, stats.StudentQuantile(Level, df)*se, math.Abs(p.off))
}

// decided is how often so many samples decide.
func (p plan) decided(t testing.TB, runs, samples int) float64 {
	c := []Condition{{Speedup, 4, speedupOf(0.1, 4) * math.Exp(-p.off)}}
	return 1 - rates(runs, 2, func(rng *rand.Rand) Verdict {
		return Check(planted(samples, p.round, 1, 4).analysis(t, rng), c)[0].Verdict
	})[CannotTell]
}

var plans = []plan{{0, 0.03}, {0, -0.02}, {0.1, 0.03}, {0.1, -0.02}}

// With the number of samples that needed computes from the true spread, four of
// five measurements decide; with half of it clearly fewer.
func TestNeeded(t *testing.T) {
	for _, p := range plans {
		runs := 300
		if p.round > 0 {
			runs = 150
		}
		m := p.samples()
		// Three standard errors of the simulation about 80 %.
		err := 3 * math.Sqrt(0.8*0.2/float64(runs))
		if full, half := p.decided(t, runs, m), p.decided(t, runs, m/2); full < 0.8-err || full > 0.82+err || half > 0.65 {
			t.Errorf("%+v: %d samples decide %.3f, half of them %.3f, want 0.8 ± %.3f and clearly less", p, m, full, half, err)
		}
	}
}

// BenchmarkNeeded reports how often the computed number of samples decides.
func BenchmarkNeeded(b *testing.B) {
	for _, p := range plans {
		b.Run(fmt.Sprintf("round=%g/off=%g", p.round, p.off), func(b *testing.B) {
			var decided float64
			for b.Loop() {
				decided = p.decided(b, 4000, p.samples())
			}
			b.ReportMetric(float64(p.samples()), "samples")
			b.ReportMetric(100*decided, "%decided")
		})
	}
}

// The number of samples that an undecided measurement asks for decides the
// next one in at least four of five cases.
func TestAskedIsEnough(t *testing.T) {
	for i, c := range []struct {
		name string
		s    sim
		c    Condition
		runs int
	}{
		{"speedup, samples", planted(6, 0, 1, 4), Condition{Speedup, 4, 0.97 * speedupOf(0.1, 4)}, 200},
		{"speedup, rounds", planted(10, 0.1, 1, 4), Condition{Speedup, 4, 1.03 * speedupOf(0.1, 4)}, 120},
		{"σ, rounds", planted(10, 0.05, 1, 2, 4), Condition{Sigma, 0, 0.088}, 60},
	} {
		rng := rand.New(rand.NewPCG(uint64(i), 5))
		var asked, decided, wrong int
		for range c.runs {
			pilot := Check(c.s.analysis(t, rng), []Condition{c.c})[0]
			if pilot.Verdict != CannotTell || pilot.Samples == 0 || pilot.Samples > 1000 {
				continue
			}
			asked++
			s := c.s
			s.samples = pilot.Samples
			switch v := Check(s.analysis(t, rng), []Condition{c.c})[0].Verdict; {
			case v == CannotTell:
			case (v == Holds) != (i == 0):
				wrong++
				fallthrough
			default:
				decided++
			}
		}
		if share := float64(decided) / float64(asked); asked < 20 || share < 0.8 || wrong > asked/20 {
			t.Errorf("%s: %d of %d decided (%.3f), %d wrongly: want at least 0.8 of 20 or more, and few wrong", c.name, decided, asked, share, wrong)
		}
	}
}

// More spread, a nearer limit: more samples; beyond all measure: none.
func TestNeededGrows(t *testing.T) {
	for _, c := range []struct {
		half, far float64
		want      int
	}{
		{0.01, 0.009, 27}, {0.02, 0.009, 103}, {0.01, 0.0045, 103}, {0.01, 1, fewest}, {0.01, 0, 0}, {1, 0.001, 0},
	} {
		if got := needed(10, 18, c.half, c.far); got != c.want {
			t.Errorf("half %g, %g away: got %d, want %d", c.half, c.far, got, c.want)
		}
	}
}

// regressions are programs that became worse through an overhead: σ, κ and the
// limit of the serial fraction. More samples hid each of them from a gate that
// asked the law.
var regressions = []struct {
	sigma, kappa, limit float64
	levels              []float64
}{
	{0.05, 0.004, 0.07, []float64{1, 2, 4, 8}}, {0.1, 0.005, 0.12, []float64{1, 2, 4, 8}}, {0.02, 0.002, 0.04, []float64{1, 2, 4, 8, 16}},
}

// A regression is violated more often with more samples, and never holds.
func TestRegressions(t *testing.T) {
	for _, r := range regressions {
		s := sim{law: laws.USL, p: []float64{r.sigma, r.kappa}, levels: r.levels, noise: 0.03}
		before := 0.0
		for _, s.samples = range []int{5, 30} {
			share := rates(100, 1, func(rng *rand.Rand) Verdict {
				return Check(s.analysis(t, rng), []Condition{{Sigma, 0, r.limit}})[0].Verdict
			})
			if share[Holds] > 0.01 || share[Violated] < before || s.samples == 30 && share[Violated] < 0.95 {
				t.Errorf("σ = %g, κ = %g, %d samples: violated in %.2f, holds in %.2f", r.sigma, r.kappa, s.samples, share[Violated], share[Holds])
			}
			before = share[Violated]
		}
	}
}

// BenchmarkCoverageGate reports what becomes of these regressions.
func BenchmarkCoverageGate(b *testing.B) {
	for _, r := range regressions {
		for _, samples := range []int{3, 5, 10, 30, 100} {
			b.Run(fmt.Sprintf("sigma=%g/kappa=%g/limit=%g/samples=%d", r.sigma, r.kappa, r.limit, samples), func(b *testing.B) {
				s := sim{law: laws.USL, p: []float64{r.sigma, r.kappa}, levels: r.levels, noise: 0.03, samples: samples}
				for b.Loop() {
					at := rates(500, 1, func(rng *rand.Rand) Verdict {
						return Check(s.analysis(b, rng), []Condition{{Sigma, 0, r.limit}})[0].Verdict
					})
					b.ReportMetric(100*at[Holds], "%holds")
					b.ReportMetric(100*at[Violated], "%violated")
					b.ReportMetric(0, "ns/op")
				}
			})
		}
	}
}
