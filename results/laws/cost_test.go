package laws

import (
	"math/rand/v2"
	"testing"

	"amdahl/results"
)

// BenchmarkCurve is the cost of one curve of five levels and ten samples, with
// all intervals, the choice and the sentences: of samples that are independent,
// and of ten rounds.
func BenchmarkCurve(b *testing.B) {
	for _, c := range []struct {
		name string
		s    sim
	}{
		{"samples", sim{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 10, noise: 0.03}},
		{"rounds", sim{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 10, noise: 0.03, rounds: 0.02}},
		{"usl", sim{law: USL, p: []float64{0.05, 0.005}, levels: powers(16), repeats: 10, noise: 0.03}},
	} {
		b.Run(c.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			curves := make([]*results.Curve, 200)
			for i := range curves {
				curves[i] = c.s.curve(rng)
			}
			b.ReportAllocs()
			before := cpu(b)
			for i := 0; b.Loop(); i++ {
				if _, err := Analyze(curves[i%len(curves)], Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/curve")
		})
	}
}
