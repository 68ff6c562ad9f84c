package laws

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"amdahl/results"
)

// A sim makes curves with a known law and known noise.
type sim struct {
	law     *Law
	p       []float64
	levels  []float64
	repeats int
	noise   float64 // standard deviation of log time
	shift   float64 // standard deviation of what a whole level shares, as in piped data when the machine moves
	rounds  float64 // standard deviation of what a whole round shares; rounds are numbered if > 0
}

func (s sim) curve(rng *rand.Rand) *results.Curve {
	c := &results.Curve{Name: results.ParseName("sim"), X: "workers", Kind: s.law.Kind}
	round := make([]float64, s.repeats)
	for r := range round {
		round[r] = s.rounds * rng.NormFloat64()
	}
	for _, n := range s.levels {
		p := results.Point{Workers: n}
		level := s.shift * rng.NormFloat64()
		for r := range s.repeats {
			t := 1e-3 * s.law.Ratio(n, s.p) * math.Exp(s.noise*rng.NormFloat64()+level+round[r])
			sample := results.Sample{Time: t}
			if s.rounds > 0 {
				sample.Round = r + 1
			}
			p.Samples = append(p.Samples, sample)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func (s sim) String() string {
	return fmt.Sprintf("%s%v/levels=%v/repeats=%d/noise=%g/shift=%g/rounds=%g", s.law.Name, s.p, len(s.levels), s.repeats, s.noise, s.shift, s.rounds)
}

func powers(most float64) []float64 {
	var v []float64
	for n := 1.0; n <= most; n *= 2 {
		v = append(v, n)
	}
	return v
}

// coverage counts how often the interval of the first parameter of the law
// holds the truth, and how often that of T(1) does.
func (s sim) coverage(t testing.TB, runs int, seed uint64) (sigma, t1, pooled float64) {
	rng := rand.New(rand.NewPCG(seed, 7))
	for range runs {
		d, err := reduce(s.curve(rng), LogTime)
		if err != nil {
			t.Fatal(err)
		}
		sv := d.solve(s.law)
		f := d.finish(sv, 0.95)
		if iv := f.Params[0].Interval; iv.Low <= s.p[0] && s.p[0] <= iv.High {
			sigma++
		}
		if iv := f.T1.Interval; iv.Low <= 1e-3 && 1e-3 <= iv.High {
			t1++
		}
		if !sv.misfits() {
			pooled++
		}
	}
	n := float64(runs)
	return sigma / n, t1 / n, pooled / n
}

var scenarios = []sim{
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03, shift: 0.02},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03, shift: 0.01},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03, shift: 0.05},
	{law: Amdahl, p: []float64{0.2}, levels: powers(16), repeats: 20, noise: 0.03, shift: 0.02},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 1, noise: 0.03},
	{law: Amdahl, p: []float64{0.01}, levels: powers(16), repeats: 5, noise: 0.03},
	{law: Amdahl, p: []float64{0.001}, levels: powers(16), repeats: 5, noise: 0.03},
	{law: Amdahl, p: []float64{0.3}, levels: powers(4), repeats: 6, noise: 0.05},
	{law: Amdahl, p: []float64{0.2}, levels: powers(64), repeats: 3, noise: 0.1},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 6, noise: 0.03, rounds: 0.02},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03, rounds: 0.02},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03, rounds: 0.1},
	{law: Amdahl, p: []float64{0.01}, levels: powers(16), repeats: 10, noise: 0.03, rounds: 0.05},
	{law: Amdahl, p: []float64{0.2}, levels: powers(64), repeats: 20, noise: 0.05, rounds: 0.05},
	{law: USL, p: []float64{0.05, 0.002}, levels: powers(32), repeats: 5, noise: 0.03},
	{law: USL, p: []float64{0.05, 0.002}, levels: powers(32), repeats: 10, noise: 0.03, rounds: 0.05},
	{law: Bottleneck, p: []float64{5}, levels: powers(32), repeats: 5, noise: 0.03},
	{law: Gustafson, p: []float64{0.05}, levels: powers(16), repeats: 5, noise: 0.03},
}

// TestCoverage is the benchmark in small, with a fixed seed.
func TestCoverage(t *testing.T) {
	for _, c := range []struct {
		s         sim
		low, high float64
	}{
		{scenarios[0], 0.96, 1}, // an effect of 1.5 % a level is assumed, which is not there
		{scenarios[1], 0.89, 0.985},
		{scenarios[5], 0.93, 0.98},
		{scenarios[11], 0.92, 0.99},
	} {
		runs := 600
		if c.s.rounds > 0 {
			runs = 300
		}
		sigma, t1, _ := c.s.coverage(t, runs, 1)
		if sigma < c.low || sigma > c.high {
			t.Errorf("%v: intervals of the parameter cover %.1f %%, want %g to %g", c.s, 100*sigma, 100*c.low, 100*c.high)
		}
		if t1 < c.low {
			t.Errorf("%v: intervals of T(1) cover %.1f %%, want at least %g", c.s, 100*t1, 100*c.low)
		}
	}
}

// BenchmarkCoverageOfTrueLaw reports, for nominal 95 % intervals, the share that holds
// the true first parameter and the true T(1), and how often the samples were
// pooled.
func BenchmarkCoverageOfTrueLaw(b *testing.B) {
	for _, s := range scenarios {
		b.Run(s.String(), func(b *testing.B) {
			var sigma, t1, pooled float64
			for b.Loop() {
				runs := 2000
				if s.rounds > 0 {
					runs = 2000
				}
				sigma, t1, pooled = s.coverage(b, runs, 1)
			}
			b.ReportMetric(100*sigma, "%sigma")
			b.ReportMetric(100*t1, "%T1")
			b.ReportMetric(100*pooled, "%pooled")
		})
	}
}
