package read

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// Bounds beyond which a number that nothing calls workers is a size.
const (
	mostGuessed = 4096 // workers, however the time moves
	farAbove    = 4    // times the processors
	manyWorkers = 256  // stands for farAbove where the processors are not known
)

// sizeLike says why the numbers of an axis are a size and not numbers of
// workers: they are far above the processors, and the time grows with them in
// proportion. It is "" where they can be workers. at is -1 for the -N suffix.
func (f *family) sizeLike(at int) string {
	times := map[float64][]float64{}
	processors := 0
	for _, m := range f.members {
		times[m.value(at)] = append(times[m.value(at)], typical(m.samples))
		processors = max(processors, m.record.at().Logical)
		if at >= 0 && m.procs > 1 {
			processors = max(processors, m.procs)
		}
	}
	if len(times) < 2 {
		return ""
	}
	levels := make([]float64, 0, len(times))
	for v := range times {
		levels = append(levels, v)
	}
	slices.Sort(levels)
	low, high := levels[0], levels[len(levels)-1]
	far := high > manyWorkers
	if processors > 1 {
		far = high > float64(farAbove*processors)
	}
	slope := func(a, b float64) float64 {
		return math.Log(stats.Median(times[b])/stats.Median(times[a])) / math.Log(b/a)
	}
	what := fmt.Sprintf("the numbers %s at the end of %s", listed(levels), f.title(at))
	if at >= 0 {
		what = f.describe(at)
	}
	switch grows := slope(low, high); {
	case high > mostGuessed, far && grows > 0.5:
		return what + " look like a size: far above the processors" + growth(grows)
	case at >= 0 && len(levels) > 2 && proportional(levels, slope):
		return what + " look like a size: the time grows in proportion"
	}
	return ""
}

func growth(slope float64) string {
	if slope > 0.5 {
		return ", and the time grows with them"
	}
	return ""
}

// proportional reports whether the time grows as the level does from each level
// to the next.
func proportional(levels []float64, slope func(a, b float64) float64) bool {
	for i, b := range levels[1:] {
		if s := slope(levels[i], b); s < 0.85 || s > 1.15 {
			return false
		}
	}
	return true
}

// typical is the median time of a few of the samples, which is enough to tell how
// times grow.
func typical(samples []results.Sample) float64 {
	const few = 15
	if len(samples) == 0 {
		return math.NaN()
	}
	var times []float64
	for i := range min(few, len(samples)) {
		times = append(times, samples[i*len(samples)/min(few, len(samples))].Time)
	}
	return stats.Median(times)
}

// asksForTasks is the question whether every worker of a curve does operations
// of its own: the time is nearly flat up to the number of processors and grows in
// proportion beyond it. It is "" where the curve does not look so.
func asksForTasks(c *results.Curve, procs int) (question string) {
	points := c.Points
	if c.Kind != results.Strong || len(points) < 3 || points[0].Tasks != 1 || points[0].Workers > 2 {
		return ""
	}
	at := func(i int) float64 { return typical(points[i].Samples) }
	last := len(points) - 1
	knee := 0
	for knee < last && at(knee+1) < 1.5*at(0) {
		knee++
	}
	if procs > 1 {
		for knee = 0; knee < last && points[knee+1].Workers <= float64(procs); knee++ {
		}
	}
	if knee == 0 || knee == last || at(knee) > 1.7*at(0) || at(knee) < 0.8*at(0) {
		return ""
	}
	rise := math.Log(at(last)/at(knee)) / math.Log(points[last].Workers/points[knee].Workers)
	if rise < 0.75 || rise > 1.25 || points[last].Workers < 2*points[knee].Workers {
		return ""
	}
	gain := at(0) / (at(last) / points[last].Workers)
	return fmt.Sprintf("%s: the time is nearly flat up to %s=%g and then grows in proportion. Does each of the %s do operations of its own, so that tasks/op grows? Then the time per operation falls %.2g times up to %g",
		c.Name.String(), c.X, points[knee].Workers, c.X, gain, points[last].Workers)
}

// asksForThreads is the question whether a program printed the time of an
// operation of each thread, for the reason why: the time does not fall at all. It
// is "" where it does.
func asksForThreads(c *results.Curve, why string) (question string) {
	points := c.Points
	if len(points) < 2 || c.Kind != results.Strong || points[0].Tasks != 1 || points[0].Workers > 2 {
		return ""
	}
	first, last := points[0], points[len(points)-1]
	a, b := typical(first.Samples), typical(last.Samples)
	if b < 0.8*a || first.Workers == last.Workers {
		return ""
	}
	return fmt.Sprintf("%s: the time does not fall as %s are added, and %s: if these are, the time per operation falls %.2g times up to %g",
		c.Name.String(), c.X, why, a/b*last.Workers/first.Workers, last.Workers)
}
