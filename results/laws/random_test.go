package laws

import (
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
)

// Random dispatch is chosen and named where the data follow it.
func TestRandomChosen(t *testing.T) {
	for _, s := range randoms {
		if got := s.wrong(t, 200, 5); got > 0.02 {
			t.Errorf("%v: another law in %.1f %%, want at most 2", s, 100*got)
		}
	}
	a, err := Analyze(randoms[0].curve(rand.New(rand.NewPCG(1, 1))), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f := a.Diagnosis[0]; f.Code != "random" || !strings.Contains(f.Text, "sent to workers by chance") || !strings.Contains(f.Text, "32 workers do the work of 16.") {
		t.Errorf("says %v", f)
	}
}

// Of other laws' data it is chosen in at most 2 %.
func TestRandomNotChosen(t *testing.T) {
	for _, s := range append(choices[:len(choices):len(choices)], others...) {
		if got := s.taken(t, Random, 60, 6); got > 0.02 {
			t.Errorf("%v: random dispatch in %.1f %%, want at most 2", s, 100*got)
		}
	}
}

// BenchmarkRandom reports how often random dispatch is chosen: for its own data, and
// for those of other laws.
func BenchmarkRandom(b *testing.B) {
	for name, list := range map[string][]sim{"own": randoms, "other": append(choices[:len(choices):len(choices)], others...)} {
		for _, s := range list {
			b.Run(name+"/"+s.String(), func(b *testing.B) {
				for b.Loop() {
					b.ReportMetric(100*s.taken(b, Random, 1000, 1), "%random")
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// taken is the share of curves for which that law was chosen.
func (s sim) taken(t testing.TB, law *Law, runs int, seed uint64) float64 {
	rng := rand.New(rand.NewPCG(seed, 13))
	n := 0.0
	for range runs {
		a, err := Analyze(s.curve(rng), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Chosen != nil && a.Chosen.Law == law {
			n++
		}
	}
	return n / float64(runs)
}

// randoms are data of random dispatch.
var randoms = []sim{
	{law: Random, levels: powers(32), repeats: 10, noise: 0.03},
	{law: Random, levels: powers(16), repeats: 10, noise: 0.03},
	{law: Random, levels: powers(8), repeats: 10, noise: 0.03},
	{law: Random, levels: powers(16), repeats: 5, noise: 0.05},
	{law: Random, levels: powers(16), repeats: 6, noise: 0.03, rounds: 0.02},
	{law: Random, levels: dense, repeats: 3, noise: 0.03},
}

// others are data of other laws, beside choices: with a serial part of a half,
// with which two workers are as fast as by random dispatch, and noisy ones.
var others = []sim{
	{law: Ideal, levels: powers(16), repeats: 10, noise: 0.03},
	{law: Ideal, levels: powers(8), repeats: 1, noise: 0.3},
	{law: Amdahl, p: []float64{0.5}, levels: powers(16), repeats: 3, noise: 0.1},
	{law: Amdahl, p: []float64{0.1}, levels: powers(16), repeats: 3, noise: 0.3},
	{law: Amdahl, p: []float64{0.08}, levels: powers(8), repeats: 3, noise: 0.2},
	{law: USL, p: []float64{0.3, 0.001}, levels: powers(16), repeats: 5, noise: 0.1},
	{law: Log, p: []float64{0.02, 0.1}, levels: powers(16), repeats: 5, noise: 0.1},
	{law: Bottleneck, p: []float64{4}, levels: powers(16), repeats: 5, noise: 0.1},
	{law: Convoy, p: []float64{2}, levels: powers(16), repeats: 5, noise: 0.1},
}

// A law with a base of its own is that base at T(1) = 1.
func TestBase(t *testing.T) {
	for n, want := range map[float64]float64{1: 1, 2: 3. / 4, 4: 7. / 16, 16: 31. / 256} {
		if got := Random.Ratio(n, nil); got != want {
			t.Errorf("T(%v) = %v, want %v", n, got, want)
		}
	}
	c := curveOf(1, 100, 2, 75, 4, 43.75, 8, 23.4375, 16, 12.109375)
	c.Kind = results.Strong
	a, err := Analyze(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Chosen == nil || a.Chosen.Law != Random || a.Sigma != nil {
		t.Errorf("exact times: chose %v with σ %v, want random without σ", a.Chosen, a.Sigma)
	}
}
