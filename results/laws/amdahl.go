package laws

import (
	"fmt"
	"math"

	"amdahl/results"
	"amdahl/results/words"
)

// Amdahl is the law of a part that cannot be shared out.
//
//	T(n) = T(1)·(1/n + σ(1 − 1/n)) = T(1)·((1−σ)/n + σ)
//	S(n) = n/(1 + σ(n−1)), at most 1/σ
//	X(n) = λn/(1 + σ(n−1)) in throughput, with λ = 1/T(1)
//
// σ, from 0 to 1 and without unit, is the share of T(1) that only one worker
// at a time can do. Others write s, f or α for it, and p, P or f for 1−σ.
//
// Source: G. M. Amdahl, Validity of the single processor approach to achieving
// large scale computing capabilities, AFIPS 1967.
var Amdahl = &Law{
	Name:    "amdahl",
	Title:   "Amdahl's law",
	Formula: "T(n) = T(1)·(1/n + σ(1 − 1/n))",
	Doc:     "a share σ of the work is done by one worker at a time",
	Source:  "Amdahl, AFIPS 1967",
	Kind:    results.Strong,
	Levels:  3,
	Default: true,
	Terms:   []Term{serial},
	Limit:   func(p []float64) float64 { return 1 / p[0] },
	Says: func(f *Fit, a *Analysis) Finding {
		s, m := f.Params[0], f.MaxSpeedup
		ceiling := fmt.Sprintf("no number of workers makes it more than %s times faster", words.Number(m.Value))
		if iv := m.Interval; iv != nil {
			if math.IsInf(iv.High, 1) {
				ceiling = fmt.Sprintf("the ceiling is %s times faster or more: these data do not say how much more", words.Number(iv.Low))
			} else {
				ceiling += fmt.Sprintf(" (%s to %s)", words.Number(iv.Low), words.Number(iv.High))
			}
		}
		return finding("serial", "About %s of the work is done by one worker at a time%s: %s.", words.Percent(s.Value), percentRange(s.Interval, a.Confidence), ceiling)
	},
}

// serial is the term of the serial fraction, the same in every strong law.
var serial = Term{
	Symbol: "σ",
	Name:   "sigma",
	Doc:    "serial fraction (contention): share of T(1), 0 to 1, no unit",
	Max:    1,
	G:      func(n float64) float64 { return 1 - 1/n },
}

// atLeastOne keeps a peak among numbers of workers: a law whose speedup only
// falls is best at one.
func atLeastOne(n float64) float64 { return math.Max(n, 1) }
