package read

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// fewestToDrop is the smallest number of samples of a level, with the doubtful
// one, of which one is dropped.
const fewestToDrop = 5

// dropMislabelled removes the first sample of a go test -cpu sweep where it
// can be recognised as one of the last level.
//
// With b.Loop, go test -cpu 1,2,4 runs the first sample of each benchmark at
// the last GOMAXPROCS of the list and prints it under the first
// (golang.org/issue/49980). Such a sample stands out: far from the others of
// its level, and among those of the last level. With fewer than five samples of
// its level, two or three others are no yardstick: nothing is dropped, and a
// warning says what may be wrong. A run that numbers its rounds did not run its
// levels one after the other, so nothing is looked for.
func dropMislabelled(c *results.Curve, firstN, lastN float64) {
	if c.X != GOMAXPROCS || firstN == lastN {
		return
	}
	at := func(n float64) *results.Point {
		i := slices.IndexFunc(c.Points, func(p results.Point) bool { return p.Workers == n })
		if i < 0 { // its samples were left out
			return &results.Point{}
		}
		return &c.Points[i]
	}
	p, last := at(firstN), at(lastN)
	if len(p.Samples) < 3 || len(last.Samples) < 2 || p.Samples[0].Round > 0 {
		return
	}
	const near = 0.05 // log time; noise below it explains nothing
	sample := p.Samples[0]
	own, spread := around(p.Samples[1:])
	other, otherSpread := around(last.Samples)
	far := math.Abs(math.Log(sample.Time) - own)
	if far < max(3*near, 4*spread) || math.Abs(math.Log(sample.Time)-other) > max(near, 2*otherSpread) {
		return
	}
	if len(p.Samples) < fewestToDrop {
		c.Warnings = append(c.Warnings, fmt.Errorf(
			"%s:%d: the first sample at GOMAXPROCS=%g, %.3g s, may be one at %g: the others there take %.3g s, those at %g take %.3g s, and go test -cpu runs the first sample of a b.Loop benchmark at the last level of the list (golang.org/issue/49980); it is kept, since %d samples are too few to tell: measure with -count 10",
			c.File, c.Line, firstN, sample.Time, lastN, math.Exp(own), lastN, math.Exp(other), len(p.Samples)))
		return
	}
	p.Samples = p.Samples[1:]
	for unit, v := range p.Extra {
		if len(v) == len(p.Samples)+1 {
			p.Extra[unit] = v[1:]
		}
	}
	c.Warnings = append(c.Warnings, &Guess{fmt.Errorf(
		"%s:%d: the first sample at GOMAXPROCS=%g, %.3g s, was dropped: the others there take %.3g s, those at %g take %.3g s; go test -cpu runs the first sample of a b.Loop benchmark at the last level of the list (golang.org/issue/49980)",
		c.File, c.Line, firstN, sample.Time, math.Exp(own), lastN, math.Exp(other))})
}

// A Guess is a warning of a curve that says what was taken for what, as a note of
// the set does.
type Guess struct{ error }

// around is the median log time of the samples, and their range about it.
func around(samples []results.Sample) (center, spread float64) {
	var logs []float64
	for _, s := range samples {
		logs = append(logs, math.Log(s.Time))
	}
	center = stats.Median(logs)
	for _, l := range logs {
		spread = max(spread, math.Abs(l-center))
	}
	return center, spread
}
