package charts

import (
	"cmp"

	"golang.org/x/perf/benchmath"

	"amdahl/results"
	"amdahl/results/laws"
)

// A Level is what was measured at one level of a curve.
type Level struct {
	N       float64
	Samples int
	Time    laws.Estimate  // seconds per task: median and its interval
	Speedup *laws.Estimate // median T(1) / median T(n); nil without a level at 1
}

// Levels summarises the points of a curve, without any model.
//
// The time is the median with a distribution-free interval (order
// statistics). It has no interval where the samples are too few for one: six
// are needed for 95 %. Confidence 0 means 0.95.
//
// A speedup is the [laws.Quotient] of its two times, with their intervals. The
// speedup at one worker is 1 by definition and has no interval.
func Levels(c *results.Curve, confidence float64) []Level {
	confidence = cmp.Or(confidence, 0.95)
	levels := make([]Level, 0, len(c.Points))
	var base *laws.Estimate
	for _, p := range c.Points {
		if !usable(p.Workers) {
			continue
		}
		times := make([]float64, 0, len(p.Samples))
		for _, s := range p.Samples {
			if usable(s.Time) {
				times = append(times, s.Time)
			}
		}
		if len(times) == 0 {
			continue
		}
		l := Level{N: p.Workers, Samples: len(times), Time: median(times, confidence)}
		if p.Workers == 1 {
			base = &l.Time
		}
		levels = append(levels, l)
	}
	if base == nil {
		return levels
	}
	t1 := *base
	for i := range levels {
		s := laws.Quotient(t1, levels[i].Time)
		if levels[i].N == 1 {
			s = laws.Estimate{Value: 1}
		}
		levels[i].Speedup = &s
	}
	return levels
}

// median is the median of the times with its interval at that confidence.
func median(times []float64, confidence float64) laws.Estimate {
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(times, &benchmath.DefaultThresholds), confidence)
	e := laws.Estimate{Value: s.Center}
	if i := (&laws.Interval{Low: s.Lo, High: s.Hi}); bounded(i) {
		e.Interval = i
	}
	return e
}

// bounded says whether an interval of times has two ends that can be drawn.
func bounded(i *laws.Interval) bool { return i != nil && usable(i.Low) && usable(i.High) }
