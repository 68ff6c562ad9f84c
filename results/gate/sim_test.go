package gate

import (
	"math"
	"math/rand/v2"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// A sim makes curves with a known law and known noise.
type sim struct {
	law     *laws.Law
	p       []float64
	levels  []float64
	samples int
	noise   float64 // standard deviation of log time
	round   float64 // of what a whole round shares; rounds are numbered if > 0
	factor  float64 // of all times; 0 is 1
}

func (s sim) curve(rng *rand.Rand) *results.Curve {
	c := &results.Curve{Name: results.ParseName("sim"), X: "workers", Kind: s.law.Kind, File: "sim.txt", Line: 1}
	shift := make([]float64, s.samples)
	for r := range shift {
		shift[r] = s.round * rng.NormFloat64()
	}
	if s.factor == 0 {
		s.factor = 1
	}
	for _, n := range s.levels {
		p := results.Point{Workers: n}
		for r := range s.samples {
			v := results.Sample{Time: 1e-3 * s.factor * s.law.Ratio(n, s.p) * math.Exp(s.noise*rng.NormFloat64()+shift[r])}
			if s.round > 0 {
				v.Round = r + 1
			}
			p.Samples = append(p.Samples, v)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func (s sim) analysis(t testing.TB, rng *rand.Rand) *laws.Analysis {
	t.Helper()
	a, err := laws.Analyze(s.curve(rng), laws.Options{Confidence: Confidence})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
