package machine

import (
	"math"
	"slices"
	"time"
)

// A Judgement says how the canaries of a round compare with the others.
type Judgement struct {
	Spoilt bool
	Slower float64 // the slowest canary of the round over the reference, minus 1; 0 if there is none
	Limit  float64 // of Slower, above which a round is spoilt: at least 0.05
}

// The limits of Spoilt.
const (
	leastSlower = 0.05 // as much is no loss to a round
	mostSlower  = 0.25 // as much is, where it is another kind of round
	manySpreads = 5
	manyApart   = 5    // standard deviations between two kinds: noise cut in two gives 2.7 to 4.7
	leastNoise  = 0.02 // a standard deviation of log time: three canaries can be equal by chance
	unseenNoise = 0.1  // the same of one or two, which do not show their noise
)

// Spoilt judges a round by its canaries, those before and after it as a rule,
// against all of the file so far, those of the round among them or not; the
// order does not matter. With the wall times of both together,
//
//	reference = lower decile
//	spread    = 1.4826 · median |t − median|, a standard deviation if normal
//	limit     = (median + 5·spread)/reference − 1, but at least 0.05
//
// the round is spoilt if its slowest canary is more than the limit slower
// than the reference. A limit above 0.25 has one of two reasons: many rounds
// are disturbed, or the machine is noisy all the time. In the one case the
// canaries are of two kinds: those up to 0.25, and those above, whose mean
// logarithm lies more than 5 standard deviations of the former away; the limit
// is then 0.25. In the other the limit stays, and most rounds with it.
//
// One or two fast canaries are no kind of their own unless the others are slower
// by two thirds: on a shared virtual machine with nothing else running, canaries
// of one minute took 113 to 220 µs a piece, and two of seven were equal by chance.
//
// So disturbed rounds are found while a tenth of the canaries are undisturbed,
// and noise alone does not spoil half of a run; TestSpoiltWeather has the
// shares. With two or three canaries only gross disturbance is seen. Readings
// without a positive time count as none.
//
// Source of the median absolute deviation: Hampel, JASA 69 (1974).
func Spoilt(sofar []Reading, round ...Reading) Judgement {
	own := positive(round)
	all := append(positive(sofar), own...)
	if len(own) == 0 {
		return Judgement{Limit: leastSlower}
	}
	reference := float64(quantile(all, 0.1))
	center := quantile(all, 0.5)
	off := make([]time.Duration, len(all))
	for i, t := range all {
		off[i] = max(t-center, center-t)
	}
	spread := 1.4826 * float64(quantile(off, 0.5))
	limit := (float64(center)+manySpreads*spread)/reference - 1
	if limit > mostSlower && twoKinds(all, (1+mostSlower)*reference) {
		limit = mostSlower
	}
	j := Judgement{Slower: float64(slices.Max(own))/reference - 1, Limit: max(limit, leastSlower)}
	j.Spoilt = j.Slower > j.Limit
	return j
}

// positive is the wall times of readings that have one.
func positive(list []Reading) (times []time.Duration) {
	for _, r := range list {
		if r.Wall > 0 {
			times = append(times, r.Wall)
		}
	}
	return times
}

// twoKinds says whether the times above the cut are of another kind than those
// up to it.
func twoKinds(times []time.Duration, cut float64) bool {
	var fast, slow []float64
	for _, t := range times {
		if log := math.Log(float64(t)); float64(t) > cut {
			slow = append(slow, log)
		} else {
			fast = append(fast, log)
		}
	}
	if len(slow) == 0 || len(fast) == 0 {
		return false
	}
	var ss float64
	center := mean(fast)
	for _, log := range fast {
		ss += (log - center) * (log - center)
	}
	sd := math.Sqrt(ss / max(float64(len(fast)-1), 1))
	least := leastNoise
	if len(fast) < 3 {
		least = unseenNoise
	}
	return mean(slow)-center > manyApart*max(sd, least)
}

func mean(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
