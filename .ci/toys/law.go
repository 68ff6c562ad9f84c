package laws

import (
	"fmt"
	"math"

	"amdahl/results"
)

// Toy is Amdahl's law with an overhead that grows with the cube root of the
// workers, which no published law has.
//
//	T(n) = T(1)·(1/n + σ(1 − 1/n) + κ·(∛n − 1))
var Toy = &Law{
	Name:     "toy",
	Title:    "Amdahl's law with a toy's overhead",
	Formula:  "T(n) = T(1)·(1/n + σ(1 − 1/n) + κ·(∛n − 1))",
	Doc:      "Amdahl's law, and a cost κ for every cube root of the workers",
	Source:   "the test that adds it",
	Kind:     results.Strong,
	Levels:   4,
	Overhead: "for every cube root of the workers",
	Terms: []Term{serial, {
		Symbol: "κ",
		Name:   "kappa",
		Doc:    "cost of one cube root of the workers: share of T(1), at least 0, no unit",
		G:      func(n float64) float64 { return math.Cbrt(n) - 1 },
	}},
	Limit: func(p []float64) float64 {
		n := toyPeak(p)
		if math.IsInf(n, 1) {
			return 1 / p[0]
		}
		return 1 / (1/n + p[0]*(1-1/n) + p[1]*(math.Cbrt(n)-1))
	},
	Peak: toyPeak,
	Says: func(f *Fit, _ *Analysis) Finding {
		return Finding{"overhead-law", fmt.Sprintf("The toy's overhead is %.3f of T(1).", f.Params[1].Value)}
	},
}

// toyPeak is where the derivative of the law is zero: (1−σ)/n² = κ·n^(−2/3)/3.
func toyPeak(p []float64) float64 {
	if p[1] == 0 {
		return math.Inf(1)
	}
	return max(1, math.Pow(3*(1-p[0])/p[1], 3.0/4))
}
