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
// overhead that grows with the workers. A number of workers that is best, and the
// speedup there, are named where they are at most twice the largest level.
func sayOverhead(f *Fit, a *Analysis) Finding {
	text := fmt.Sprintf("Besides a serial part of %s there", percent(f.Params[0].Value))
	if f.Params[0].Value < 5e-4 {
		text = "No serial part shows, but there"
	}
	text += fmt.Sprintf(" is an overhead of %s of T(1) %s (κ).", percent(f.Params[1].Value), f.Law.Overhead)
	switch p := f.Peak; {
	case p == nil:
	case p.Value < 1.5 || f.MaxSpeedup.Value < 1.05:
		text += " One worker is as fast as any number."
	case f.Extrapolates(p.Value):
		text += fmt.Sprintf(" More workers still help up to at least twice as many as were measured, %s: measure there to find the best number.", words.Number(a.last()))
	default:
		text += fmt.Sprintf(" It is fastest with about %s%s, %s times faster than with one.", words.Workers(math.Round(p.Value)), words.Range(p.Interval.Low, p.Interval.High, words.Whole), words.Number(f.MaxSpeedup.Value))
	}
	return Finding{"overhead-law", text}
}

func logPeak(p []float64) float64 {
	if p[1] == 0 {
		return math.Inf(1)
	}
	return atLeastOne((1 - p[0]) * math.Ln2 / p[1])
}
