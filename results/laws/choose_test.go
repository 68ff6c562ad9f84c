package laws

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"amdahl/results"
)

// wrong is the share of curves of that law for which another was chosen.
func (s sim) wrong(t testing.TB, runs int, seed uint64) float64 {
	rng := rand.New(rand.NewPCG(seed, 11))
	n := 0.0
	for range runs {
		a, err := Analyze(s.curve(rng), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Chosen == nil || a.Chosen.Law != s.law {
			n++
		}
	}
	return n / float64(runs)
}

var choices = []sim{
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 1, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 1, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(32), repeats: 1, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(64), repeats: 1, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 5, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(64), repeats: 10, noise: 0.03},
	{law: Amdahl, p: []float64{0.02}, levels: powers(16), repeats: 10, noise: 0.03},
	{law: Amdahl, p: []float64{0.1}, levels: powers(16), repeats: 10, noise: 0.03},
	{law: Amdahl, p: []float64{0.3}, levels: powers(16), repeats: 10, noise: 0.03},
	{law: Amdahl, p: []float64{0.5}, levels: powers(8), repeats: 3, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: []float64{1, 2, 3, 4, 6, 8, 12, 16, 24, 32}, repeats: 3, noise: 0.03},
	{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 10, noise: 0.03, shift: 0.02},
	{law: USL, p: []float64{0.05, 0.005}, levels: powers(32), repeats: 5, noise: 0.03},
	{law: USL, p: []float64{0.05, 0.02}, levels: powers(32), repeats: 1, noise: 0.03},
	{law: Bottleneck, p: []float64{6}, levels: powers(32), repeats: 5, noise: 0.03},
	{law: Log, p: []float64{0.05, 0.05}, levels: powers(64), repeats: 10, noise: 0.03},
}

// TestChoice is the benchmark in small, with a fixed seed.
func TestChoice(t *testing.T) {
	for _, c := range []struct {
		s    sim
		most float64
	}{{choices[0], 0.06}, {choices[2], 0.06}, {choices[5], 0.06}, {choices[15], 0.02}} {
		if got := c.s.wrong(t, 100, 3); got > c.most {
			t.Errorf("%v: the wrong law in %.1f %%, want at most %g", c.s, 100*got, 100*c.most)
		}
	}
}

// BenchmarkChoice reports how often another law was chosen than the one that
// made the data.
func BenchmarkChoice(b *testing.B) {
	for _, s := range choices {
		b.Run(s.String(), func(b *testing.B) {
			var wrong float64
			for b.Loop() {
				wrong = s.wrong(b, 1000, 1)
			}
			b.ReportMetric(100*wrong, "%wrong")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// With one sample a level nothing says how much samples spread, and yet a law that is off
// by a third is none; one that is off by less is not refuted.
func TestNoneFitsAlone(t *testing.T) {
	for _, tt := range []struct {
		name  string
		times map[float64]float64
		want  Verdict
	}{
		{"far above ideal", map[float64]float64{1: 8, 2: 2, 4: 0.5, 8: 0.1}, NoneFits},
		{"up and down", map[float64]float64{1: 1, 2: 0.1, 4: 1, 8: 0.1}, NoneFits},
		{"a tenth off", map[float64]float64{1: 1, 2: 0.55, 4: 0.25, 8: 0.14}, LawChosen},
		{"ideal", map[float64]float64{1: 8, 2: 4, 4: 2, 8: 1}, LawChosen},
	} {
		c := &results.Curve{Name: results.ParseName("X"), X: "workers"}
		for _, n := range slices.Sorted(maps.Keys(tt.times)) {
			c.Points = append(c.Points, results.Point{Workers: n, Tasks: 1, Samples: []results.Sample{{Time: tt.times[n]}}})
		}
		a, err := Analyze(c, Options{})
		if err != nil || a.Verdict != tt.want {
			t.Errorf("%s: got %q, %v, want %q", tt.name, a.Verdict, err, tt.want)
		}
	}
}
