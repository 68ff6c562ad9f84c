package laws

import (
	"math/rand/v2"
	"testing"

	"amdahl/results"
)

// BenchmarkAnalyze fits 100 curves of 5 levels and 10,000 samples each with all
// intervals: from samples that are independent, and from 10 rounds.
func BenchmarkAnalyze(b *testing.B) {
	for name, rounds := range map[string]int{"samples": 0, "rounds": 10} {
		b.Run(name, func(b *testing.B) {
			s := sim{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 2000, noise: 0.03}
			rng := rand.New(rand.NewPCG(1, 1))
			curves := make([]*results.Curve, 100)
			for i := range curves {
				curves[i] = s.curve(rng)
				for _, p := range curves[i].Points {
					for j := range p.Samples {
						if rounds > 0 {
							p.Samples[j].Round = 1 + j%rounds
						}
					}
				}
			}
			for b.Loop() {
				for _, c := range curves {
					if _, err := Analyze(c, Options{}); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/100*1e3, "ms/curve")
		})
	}
}
