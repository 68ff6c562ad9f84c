package laws

import (
	"math"
	"slices"

	"amdahl/results/stats"
	"amdahl/results/words"
)

// growsAt is the z-value of the growth of the noise with the workers from which it
// is said: 1 % of measurements without growth.
const growsAt = 2.33

// noisy says what is wrong with the spread of the samples, at most one thing:
//
//   - "delay": it grows as a delay in every sample would make it, in inverse
//     proportion to the time or faster (power 1.2 and more), and significantly.
//   - "growing-noise": it grows with the workers, significantly, by half and more
//     from the first level to the last.
//   - "noisy-level": one level spreads more than twice as much as a typical one,
//     2 % and more, at 99 % for all levels together.
//   - "noisy": a typical level spreads by more than 10 %.
func (g *diagnosis) noisy() {
	d := g.d
	if g.growing() {
		return
	}
	var sds []float64
	worst, most := -1, 0.0
	for i, c := range d.count {
		if c < 3 {
			continue
		}
		sd := math.Sqrt(d.yy[i] / (c - 1))
		sds = append(sds, sd)
		if sd > most {
			worst, most = i, sd
		}
	}
	if worst < 0 || most < 0.02 {
		return
	}
	slices.Sort(sds)
	typical := sds[(len(sds)-1)/2]
	var ss, df float64
	for i, c := range d.count {
		if i != worst && c >= 2 {
			ss += d.yy[i]
			df += c - 1
		}
	}
	// The worst of several levels is compared: each gets its share of 1 %.
	spread := df > 0 && stats.FTail(most*most, ss/df, int(d.count[worst])-1, int(df)) < 0.01/float64(len(sds))
	switch {
	case spread && most > 2*typical:
		g.say("noisy-level", "The %.0f samples at %s spread by %s, those of a typical level by %s: something else ran then, or the load is at its limit. Measure that level again.",
			d.count[worst], words.Workers(d.n[worst]), words.Percent(most), words.Percent(typical))
	case typical > 0.1:
		g.say("noisy", "Samples of one level spread by %s: close other programs, or make the tasks longer.", words.Percent(typical))
	}
}

// growing says that the noise grows with the workers, and whether a delay in every
// sample, the same for any number of workers, would make it grow so: such a delay
// counts as a serial part, and no interval holds that.
func (g *diagnosis) growing() bool {
	d := g.d
	last := len(d.n) - 1
	if g.first < 0 || d.growth.z < growsAt || d.count[g.first] < 2 || d.count[last] < 2 {
		return false
	}
	at := func(i int) float64 { return math.Sqrt(d.yy[i] / (d.count[i] - 1)) }
	low, high := at(g.first), at(last)
	if !(high > 1.5*low) {
		return false
	}
	faster := make([]float64, len(d.n)) // T(1)/T(n)
	ss, df := make([]float64, len(d.n)), make([]float64, len(d.n))
	for i := range d.n {
		faster[i] = math.Exp(d.y[g.first] - d.y[i])
		ss[i], df[i] = d.yy[i], d.count[i]-1
	}
	delay := growthOf(faster, ss, df)
	code, text := "growing-noise", ""
	if delay.z >= growsAt && delay.slope >= 1.2 {
		code = "delay"
		text = " If every sample waits for the same delay, whatever the number of workers, the delay counts as a serial part: up to " +
			percent(high/g.speedup(d.n[last])) + " of T(1), which no interval holds."
	}
	g.say(code, "The samples spread more with more workers: by %s at 1 worker, by %s at %s. The intervals allow for that.%s",
		words.Percent(low), words.Percent(high), words.Number(d.n[last]), text)
	return true
}
