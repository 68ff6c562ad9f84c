package laws

import (
	"fmt"
	"math"

	"amdahl/results"
	"amdahl/results/words"
)

// Log is Amdahl's law with the cost of a tree: each doubling of the workers
// adds one more step of handing out or gathering in.
//
//	T(n) = T(1)·(1/n + σ(1 − 1/n) + κ·log₂ n)
//	peak at n = (1−σ)·ln 2/κ
//
// σ, from 0 to 1, is the serial fraction; κ, 0 or more, is the cost of one
// level of the tree as a share of T(1). Others write the cost as τ or c, some
// with the natural logarithm: their number is κ/ln 2.
//
// Source: the cost of broadcast and reduction by trees, as in A. Grama et al.,
// Introduction to Parallel Computing, 2003, sections 4.1 and 5.4.
var Log = &Law{
	Name:    "log",
	Title:   "Amdahl's law with tree-shaped overhead",
	Formula: "T(n) = T(1)·(1/n + σ(1 − 1/n) + κ·log₂ n)",
	Doc:     "Amdahl's law, and a cost κ for every doubling of the workers",
	Source:  "Grama et al., Introduction to Parallel Computing, 2003",
	Kind:    results.Strong,
	Levels:  4,
	Terms: []Term{serial, {
		Symbol: "κ",
		Name:   "kappa",
		Doc:    "cost of one level of the tree: share of T(1) for each doubling, at least 0, no unit",
		G:      math.Log2,
	}},
	Limit: func(p []float64) float64 {
		n := logPeak(p)
		if math.IsInf(n, 1) {
			return 1 / p[0]
		}
		return 1 / (1/n + p[0]*(1-1/n) + p[1]*math.Log2(n))
	},
	Peak:     logPeak,
	Overhead: "for every doubling of the workers",
	Says:     sayOverhead,
}

// sayOverhead is the sentence of a law whose terms are a serial fraction and an
// overhead that grows with the workers.
func sayOverhead(f *Fit, _ *Analysis) Finding {
	text := fmt.Sprintf("Besides a serial part of %s there is an overhead of %s of T(1) %s (κ).",
		words.Percent(f.Params[0].Value), words.Percent(f.Params[1].Value), f.Law.Overhead)
	if f.Peak != nil {
		text += fmt.Sprintf(" It is fastest with about %s workers%s, %s times faster than with one", words.Number(f.Peak.Value), plainRange(f.Peak.Interval), words.Number(f.MaxSpeedup.Value))
		if f.Extrapolates(f.Peak.Value) {
			text += "; that is far beyond what was measured"
		}
		text += "."
	}
	return Finding{"overhead-law", text}
}

func logPeak(p []float64) float64 {
	if p[1] == 0 {
		return math.Inf(1)
	}
	return atLeastOne((1 - p[0]) * math.Ln2 / p[1])
}
