package laws

import (
	"amdahl/results"
	"amdahl/results/words"
)

// Gustafson is the law of work that grows with the workers: a bigger machine
// is given a bigger problem, of which the serial part stays what it was.
//
//	S(n) = n − s(n−1) = s + (1−s)n, the scaled speedup
//	T(n) = T(1)/(n − s(n−1)), seconds per task
//	X(n) = λ(s + (1−s)n) in throughput, with λ = 1/T(1): a line
//
// s, from 0 to 1 and without unit, is the share of the time *on n workers*
// that is serial, where Amdahl's σ is a share of the time on one. Gustafson
// writes s′ and p′ = 1−s′; others α. It has no ceiling. It says nothing of
// runs whose work is fixed.
//
// Source: J. L. Gustafson, Reevaluating Amdahl's law, CACM 31(5), 1988.
var Gustafson = &Law{
	Name:    "gustafson",
	Title:   "Gustafson's law",
	Formula: "T(n) = T(1)/(n − s(n−1))",
	Doc:     "work grows with the workers; a share s of the time is serial",
	Source:  "Gustafson, CACM 31(5), 1988",
	Kind:    results.Weak,
	Levels:  3,
	Default: true,
	Terms: []Term{{
		Symbol: "s",
		Name:   "s",
		Doc:    "serial share of the time on n workers, 0 to 1, no unit",
		Max:    1,
	}},
	Shape: func(n, p float64) float64 { return 1 / (n - p*(n-1)) },
	slope: func(n, p float64) float64 {
		d := n - p*(n-1)
		return (n - 1) / (d * d)
	},
	Says: func(f *Fit, a *Analysis) Finding {
		if hidesAll(f) {
			return sayIdeal(f, a)
		}
		n := a.last()
		return finding("scaled", "When the work grows with the workers, %s of the time is serial%s: %s workers do %s times the work of one in the same time.",
			words.Percent(f.Params[0].Value), percentRange(f.Params[0].Interval, a.Confidence), words.Number(n), words.Number(f.Speedup(n)))
	},
}
