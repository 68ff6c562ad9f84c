package machine

import (
	"slices"
	"time"
)

// A Judgement says how the canaries of a round compare with the others.
type Judgement struct {
	Spoilt bool
	Slower float64 // the slowest canary of the round over the reference, minus 1; 0 if there is none
	Limit  float64 // of Slower, above which a round is spoilt: from 0.05 to 0.25
}

// The limits of Spoilt.
const (
	leastSlower = 0.05 // as much is no loss to a round
	mostSlower  = 0.25 // as much is, however noisy the machine
	manySpreads = 5
)

// Spoilt judges a round by its canaries, those before and after it as a rule,
// against all of the file so far, those of the round among them or not; the
// order does not matter. With the wall times of both together,
//
//	reference = lower quartile
//	spread    = 1.4826 · median |t − median|, a standard deviation if normal
//	limit     = (median + 5·spread)/reference − 1, but from 0.05 to 0.25
//
// the round is spoilt if its slowest canary is more than the limit slower
// than the reference. The quartile holds while fewer than three quarters of
// the canaries are disturbed, the spread while fewer than half are, and above
// that its upper bound judges. With two or three canaries only gross
// disturbance is seen. Readings without a positive time count as none.
//
// Source of the median absolute deviation: Hampel, JASA 69 (1974).
func Spoilt(sofar []Reading, round ...Reading) Judgement {
	var all, own []time.Duration
	for _, r := range round {
		if r.Wall > 0 {
			own = append(own, r.Wall)
		}
	}
	for _, r := range sofar {
		if r.Wall > 0 {
			all = append(all, r.Wall)
		}
	}
	all = append(all, own...)
	if len(own) == 0 {
		return Judgement{Limit: leastSlower}
	}
	reference := float64(quantile(all, 0.25))
	center := quantile(all, 0.5)
	apart := make([]time.Duration, len(all))
	for i, t := range all {
		apart[i] = max(t-center, center-t)
	}
	spread := 1.4826 * float64(quantile(apart, 0.5))
	limit := (float64(center)+manySpreads*spread)/reference - 1
	j := Judgement{
		Slower: float64(slices.Max(own))/reference - 1,
		Limit:  min(max(limit, leastSlower), mostSlower),
	}
	j.Spoilt = j.Slower > j.Limit
	return j
}
