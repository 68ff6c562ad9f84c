package laws

import (
	"math"

	"amdahl/results"
)

// USL is the universal scalability law: Amdahl's with a cost for every pair of
// workers that have to agree.
//
//	T(n) = T(1)·(1/n + σ(1 − 1/n) + κ(n − 1))
//	X(n) = λn/(1 + σ(n−1) + κn(n−1)) in throughput, with λ = 1/T(1)
//	peak at n = √((1−σ)/κ)
//
// σ, from 0 to 1, is contention; κ, 0 or more, is coherency (crosstalk). Both
// are shares of T(1), κ one for each further worker. Gunther writes σ, κ and λ;
// R's usl α, β and γ; the USL of his first book has the same two letters for
// other things.
//
// Source: N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, chapter 4–6.
var USL = &Law{
	Name:    "usl",
	Title:   "Universal scalability law",
	Formula: "T(n) = T(1)·(1/n + σ(1 − 1/n) + κ(n − 1))",
	Doc:     "Amdahl's law, and a cost κ that grows with every pair of workers",
	Source:  "Gunther, Guerrilla Capacity Planning, 2007",
	Kind:    results.Strong,
	Levels:  4,
	Terms: []Term{serial, {
		Symbol: "κ",
		Name:   "kappa",
		Doc:    "coherency (crosstalk): share of T(1) for each further worker, at least 0, no unit",
		G:      func(n float64) float64 { return n - 1 },
	}},
	Limit: func(p []float64) float64 {
		n := uslPeak(p)
		if math.IsInf(n, 1) {
			return 1 / p[0]
		}
		return 1 / (1/n + p[0]*(1-1/n) + p[1]*(n-1))
	},
	Peak:     uslPeak,
	Overhead: "for every further worker",
	Says:     sayOverhead,
}

func uslPeak(p []float64) float64 {
	if p[1] == 0 {
		return math.Inf(1)
	}
	return atLeastOne(math.Sqrt((1 - p[0]) / p[1]))
}
