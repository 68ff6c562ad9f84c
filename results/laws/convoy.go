package laws

import (
	"amdahl/results"
	"amdahl/results/words"
)

// Convoy is the law of a contended lock: the work goes on one worker at a time,
// and each piece of it costs more once others wait for the lock, because the
// lock is handed from one processor to another.
//
//	T(n) = T(1)·(1/n + c(1 − 1/n))
//	S(n) = n/(1 + c(n−1)), below 1 for every n above 1
//
// c, above 1 and without unit, is how many times as much a piece costs when the
// lock is contended. The curve rises quickly to c and stays there. It has the
// form of Amdahl's law with a serial fraction above 1, which no share of the
// work can be; a fit that is bounded by 1 misses such a curve by tens of per
// cent.
//
// Source: M. Blasgen, J. Gray, M. Mitoma, T. Price, The convoy phenomenon, ACM
// SIGOPS Operating Systems Review 13(2), 1979; for the cost of handing over,
// T. E. Anderson, IEEE TPDS 1(1), 1990.
var Convoy = &Law{
	Name:    "convoy",
	Title:   "Convoy law",
	Formula: "T(n) = T(1)·(1/n + c(1 − 1/n)), c > 1",
	Doc:     "one at a time, and each costs c times as much when contended",
	Source:  "Blasgen et al., Operating Systems Review 1979",
	Kind:    results.Strong,
	Levels:  3,
	Terms: []Term{{
		Symbol: "c",
		Name:   "c",
		Doc:    "cost of a contended operation over that of one alone, above 1, no unit",
		G:      serial.G,
	}},
	Limit: func([]float64) float64 { return 1 },
	Peak:  func([]float64) float64 { return 1 },
	span:  func([]float64) [2]float64 { return [2]float64{1, unbounded} },
	Says: func(f *Fit, a *Analysis) Finding {
		c := f.Params[0]
		text := "One worker at a time, and each costs " + words.Number(c.Value) + " times as much when contended" + plainRange(c.Interval)
		text += ": " + words.Workers(a.last()) + " take " + words.Number(1/f.Speedup(a.last())) + " times as long as one"
		return Finding{"convoy", text + ". That is what a contended lock does: use one worker, or let the workers share less."}
	},
}
