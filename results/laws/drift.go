package laws

import (
	"fmt"
	"math"
)

// shuffled is the half width of the interval of a log ratio of two levels
// that a drift within the rounds makes by itself, through the order in which
// chance put the levels; 0 where no drift is known.
//
// The sentinel stands behind the L levels of a round, and its own level on
// average (L+1)/2 places before it. With a steady drift that makes it δ slower,
// places of two levels drawn without putting back give a ratio of the variance
//
//	2δ²L/(3(L+1))
//
// in one round, and a share 1/R of that in the mean of R rounds.
//
// Where the noise of a ratio is taken from R whole rounds, its spread holds
// this already, and nothing is to be added. Of a few rounds chance may have
// put the same order into all: then the levels' own spread shows no drift,
// while their ratio is off by all of it. An interval from such data is at
// least this wide.
func (d *data) shuffled(confidence float64) float64 {
	if d.drift == nil || d.drift.Rounds < 2 {
		return 0
	}
	L, R := float64(len(d.n)), float64(d.drift.Rounds)
	return tQuantile(confidence, R-1) * math.Abs(d.drift.Value) * math.Sqrt(2*L/(3*(L+1))/R)
}

// warnDrift says how much the times change within a round, where that is sure.
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
	share := func(log float64) string { return short(100 * sign * math.Expm1(log)) }
	a.Warnings = append(a.Warnings, fmt.Errorf("times %s by %s %% [%s, %s] within a round (first level again at its end); the levels' order is shuffled, so this widens the intervals and does not bend the curve",
		way, share(r.Value), share(low), share(high)))
}
