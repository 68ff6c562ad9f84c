package stats

import (
	"cmp"

	"amdahl/results"
)

// A Level is what was measured at one level of a curve.
type Level struct {
	N       float64
	Samples int
	Time    Estimate  // seconds per task: median and its interval
	Speedup *Estimate // median T(1) / median T(n); nil without a level at 1 and without given speedups
}

// TestHook, if not nil, is called by every [Levels] with its curve, from any
// goroutine. A test sets it to count the calls.
var TestHook func(c *results.Curve)

// Levels summarises the points of a curve, without any model.
//
// The time is the median with a distribution-free interval; see
// [MedianEstimate]. Confidence 0 means 0.95. Samples and levels that are not
// [Positive] are left out.
//
// A speedup is the [Quotient] of its two times, with their intervals. The
// speedup at one worker is 1 by definition and has no interval. Where speedups were
// given, T(1) is 1 by definition too, whether or not there is a level at one worker.
//
// Sorting the samples is most of what a table costs, so an analysis computes
// its levels once and every reader takes them from there.
func Levels(c *results.Curve, confidence float64) []Level {
	if TestHook != nil {
		TestHook(c)
	}
	confidence = cmp.Or(confidence, 0.95)
	levels := make([]Level, 0, len(c.Points))
	var base *Estimate
	for _, p := range c.Points {
		if !Positive(p.Workers) {
			continue
		}
		times := make([]float64, 0, len(p.Samples))
		for _, s := range p.Samples {
			if Positive(s.Time) {
				times = append(times, s.Time)
			}
		}
		if len(times) == 0 {
			continue
		}
		l := Level{N: p.Workers, Samples: len(times), Time: MedianEstimate(times, confidence)}
		if p.Workers == 1 {
			base = &l.Time
		}
		levels = append(levels, l)
	}
	if base == nil && c.Relative {
		base = &Estimate{Value: 1}
	}
	if base == nil {
		return levels
	}
	t1 := *base
	for i := range levels {
		s := Quotient(t1, levels[i].Time)
		if levels[i].N == 1 {
			s = Estimate{Value: 1}
		}
		levels[i].Speedup = &s
	}
	return levels
}
