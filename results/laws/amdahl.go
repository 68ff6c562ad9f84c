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
	Says:    saySerial,
}

// mostCeiling is the largest ceiling that is worth a number.
const mostCeiling = 1e6

// saySerial says which share is serial and what ceiling follows; where the data
// do not show one, how much could hide. No ceiling below
// a measured speedup is named, and none that is not finite in practice.
func saySerial(f *Fit, a *Analysis) Finding {
	if hidesAll(f) {
		return sayIdeal(f, a)
	}
	s, m := f.Params[0], f.MaxSpeedup
	share := fmt.Sprintf("About %s of the work is done by one worker at a time%s", percent(s.Value), percentRange(s.Interval, a.Confidence))
	best := a.bestMeasured()
	switch iv := m.Interval; {
	case m.Value < 1.05:
		return finding("serial", "The work is done by one worker at a time%s: more workers do not make it faster.", percentRange(s.Interval, a.Confidence))
	case m.Value < best || m.Value > mostCeiling || iv != nil && iv.Low > mostCeiling:
		return finding("serial", "%s.", share)
	case iv == nil:
		return finding("serial", "%s: no number of workers makes it more than %s times faster.", share, words.Number(m.Value))
	case iv.High > mostCeiling:
		return finding("serial", "%s: the ceiling is %s times faster or more: these data do not say how much more.", share, words.Number(math.Max(iv.Low, best)))
	default:
		return finding("serial", "%s: no number of workers makes it more than %s times faster%s.", share, words.Number(m.Value),
			words.Range(math.Max(iv.Low, best), iv.High, words.Number))
	}
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
