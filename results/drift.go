package results

import (
	"math"

	"golang.org/x/perf/benchmath"
)

// A Sentinel is a level measured once more at the end of a round.
type Sentinel struct {
	Workers float64 // the level
	Sample
}

// A Drift is how much slower the machine is at the end of a round than when
// it ran the same level in that round.
//
//	value = median over rounds of ln(sentinel / sample)
//
// Where a round has several samples of the level, or several sentinels, their
// mean logarithms stand for them. The interval is that of the median, from
// order statistics: no distribution is assumed.
//
// Source: Conover, Practical Nonparametric Statistics, 3rd ed. 1999, 3.2.
type Drift struct {
	Value     float64 // of log time: 0.01 is about 1 % slower; negative is faster
	Low, High float64 // its interval; -Inf and +Inf with too few rounds for one: 95 % needs six
	Rounds    int     // that have both, at least 1
}

// Drift works out how the machine drifted within the rounds, with an interval
// at that confidence; 0 means 0.95. It is nil for a curve without a round that
// has a sentinel and a sample of the sentinel's level.
func (c *Curve) Drift(confidence float64) *Drift {
	if confidence == 0 {
		confidence = 0.95
	}
	type key struct {
		round   int
		workers float64
	}
	type mean struct{ sum, n float64 }
	sentinels := map[key]mean{}
	for _, s := range c.Sentinels {
		if s.Round > 0 {
			m := sentinels[key{s.Round, s.Workers}]
			sentinels[key{s.Round, s.Workers}] = mean{m.sum + math.Log(s.Time), m.n + 1}
		}
	}
	rounds := map[int]mean{} // of the differences at each level, mostly one
	for _, p := range c.Points {
		samples := map[int]mean{}
		for _, s := range p.Samples {
			if sentinels[key{s.Round, p.Workers}].n > 0 {
				m := samples[s.Round]
				samples[s.Round] = mean{m.sum + math.Log(s.Time), m.n + 1}
			}
		}
		for round, m := range samples {
			after := sentinels[key{round, p.Workers}]
			r := rounds[round]
			rounds[round] = mean{r.sum + after.sum/after.n - m.sum/m.n, r.n + 1}
		}
	}
	if len(rounds) == 0 {
		return nil
	}
	var logs []float64
	for _, r := range rounds {
		logs = append(logs, r.sum/r.n)
	}
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(logs, &benchmath.DefaultThresholds), confidence)
	return &Drift{Value: s.Center, Low: s.Lo, High: s.Hi, Rounds: len(logs)}
}
