package laws

import (
	"fmt"
	"math"

	"amdahl/results/stats"
	"amdahl/results/words"
)

// orderNoise is the half width of the interval of a log ratio of two levels
// that comes from a drift within the rounds alone, through the random order of
// the levels. It is 0 where no drift is known.
//
// Each round runs L levels in random order and then the sentinel, a repeat of
// the first level. On average the sentinel runs (L+1)/2 positions after that
// level. Let a steady drift make the sentinel δ slower than its level, in log
// time. The two positions of a pair of levels are drawn without replacement, so
// the log ratio of the pair has the variance
//
//	2δ²L/(3(L+1))
//
// in one round, and 1/R of that in the mean of R rounds.
//
// Where the noise of a ratio is estimated from R whole rounds, the spread of the
// rounds already contains this variance, and nothing is added. In a few rounds
// chance may repeat one order: then the spread within each level shows no drift,
// while the ratio is off by all of it. An interval from a few rounds is at least
// as wide as orderNoise.
func (d *data) orderNoise(confidence float64) float64 {
	if d.drift == nil || d.drift.Rounds < 2 {
		return 0
	}
	L, R := float64(len(d.n)), float64(d.drift.Rounds)
	return stats.StudentT(confidence, R-1) * math.Abs(d.drift.Value) * math.Sqrt(2*L/(3*(L+1))/R)
}

// warnDrift warns how much the times change within a round, where the interval
// of that drift excludes 0.
func (a *Analysis) warnDrift(d *data) {
	r := d.drift
	if r == nil || r.Low <= 0 && r.High >= 0 {
		return
	}
	way, sign := "rise", 1.0
	low, high := r.Low, r.High
	if r.Value < 0 {
		way, sign = "fall", -1
		low, high = high, low
	}
	share := func(log float64) string { return words.Number(100 * sign * math.Expm1(log)) }
	a.Warnings = append(a.Warnings, fmt.Errorf("times %s by %s %% [%s, %s] within a round (first level again at its end); the levels' order is shuffled, so this widens the intervals and does not bend the curve",
		way, share(r.Value), share(low), share(high)))
}
