package rounds

import (
	"math"
	"time"
)

// judge asks Options.Judge how well σ is known.
func (d *driver) judge() {
	if d.o.Judge == nil || d.whole == 0 {
		return
	}
	v, err := d.o.Judge(d.w.all.Bytes())
	if d.verdict, d.unjudged = nil, err; err == nil {
		d.verdict = &v
	}
}

// enough returns the reason to measure no further round, "" if there is none.
func (d *driver) enough() Stop {
	alive := false
	for i := range d.plan.Points {
		alive = alive || d.inARow[d.plan.Points[i].Name] < giveUp
	}
	switch {
	case !alive:
		return StopFailed
	case d.whole == 1 && d.w.results == 0:
		return StopFailed // nothing works, and two more rounds would show the same
	case d.done != nil:
		return "" // a round is to be completed
	case d.o.Rounds > 0:
		if d.round >= d.o.Rounds {
			return StopRounds
		}
	case d.sound() >= soundRounds && d.o.Precision > 0 && d.verdict != nil && d.verdict.Within() <= d.o.Precision:
		return StopPrecision
	case d.round >= minRounds && d.o.Budget > 0 && d.o.now().Sub(d.begin)+d.shortest > d.o.Budget:
		return StopBudget
	}
	return ""
}

// sound is the number of whole rounds that count for the series that is known
// worst.
func (d *driver) sound() int {
	if d.verdict == nil {
		return d.whole
	}
	return d.whole - d.verdict.Spoilt
}

// remaining estimates how much longer the run takes, with these steps of the
// round still to come. ok is false before any step was measured.
func (d *driver) remaining(steps []step) (t time.Duration, ok bool) {
	if len(d.took) == 0 {
		return 0, false
	}
	var mean time.Duration
	for _, t := range d.took {
		mean += t
	}
	mean /= time.Duration(len(d.took))
	sum := func(steps []step) (t time.Duration) {
		for _, s := range steps {
			switch took, ok := d.took[s.name]; {
			case d.inARow[s.name] >= giveUp || d.done[s.name]:
			case ok:
				t += took
			default:
				t += mean
			}
		}
		return t
	}
	rest, round := sum(steps), sum(d.plan.steps(d.round))
	if d.o.Rounds > 0 {
		return rest + round*time.Duration(max(0, d.o.Rounds-d.round)), true
	}
	budget := max(d.o.Budget-d.o.now().Sub(d.begin), rest)
	if d.verdict == nil || d.o.Precision <= 0 {
		return budget, d.o.Budget > 0
	}
	// An interval narrows with the square root of the number of rounds.
	ratio := d.verdict.Within() / d.o.Precision
	sound := float64(max(d.sound(), 1))
	rounds := math.Max(math.Ceil(sound*ratio*ratio), soundRounds) - sound
	rounds *= float64(max(d.whole, 1)) / sound // as many are spoilt as so far
	need := float64(rest) + float64(round)*math.Max(rounds, 0)
	if d.o.Budget > 0 && need > float64(budget) {
		return budget, true
	}
	return time.Duration(need), need < math.MaxInt64
}

// draw shows the position of the run before the first of the remaining steps.
func (d *driver) draw(steps []step, i, of int) {
	d.at = position{round: d.round, rounds: d.o.Rounds, step: i + 1, steps: of, name: steps[0].name, verdict: d.verdict, begin: d.o.now()}
	d.at.remaining, d.at.timed = d.remaining(steps)
	d.o.Progress.draw(d.at, d.at.begin)
}
