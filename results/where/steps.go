package where

import (
	"maps"
	"slices"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/why"
)

// A pair is the profiles of one worker and of a higher level, of one round.
type pair struct{ low, high *Profile }

// A step is what is known of one level above one worker.
type step struct {
	n         float64
	pairs     []pair     // in the order of the rounds
	low, high *why.Level // the accounts of one worker and of this level
	// without are the same accounts without the traced runs of a round, by the round; nil if
	// it is not known which runs those are.
	without []accounts
	busy    int // rounds that were left out, because other programs took processors from them
}

// accounts are those of one worker and of a higher level.
type accounts struct{ low, high *why.Level }

// stepsOf pairs the profiles of a curve at one worker with those of every higher level, round
// by round, in ascending order. A level without an account is left out, and so is one with
// fewer rounds of profiles than an interval needs, unless it is the highest one. A round
// whose runs do not count in the account is left out, too.
func stepsOf(a *laws.Analysis, all []*Profile) []step {
	at := map[float64]map[int]*Profile{}
	for _, p := range all {
		if !p.of(a.Curve) || p.Sampled != (a.Account != nil && a.Account.Sampled) {
			continue
		}
		if at[p.Workers] == nil {
			at[p.Workers] = map[int]*Profile{}
		}
		at[p.Workers][p.Round] = p
	}
	runs := runsOf(a.Curve, a.Account != nil && a.Account.Sampled, at)
	low := level(a.Account, 1)
	if low == nil {
		return nil
	}
	var steps []step
	levels := slices.Sorted(maps.Keys(at))
	for i, n := range levels {
		rounds := slices.Collect(maps.Values(at[n]))
		for _, p := range rounds {
			p.rounds = rounds
		}
		s := step{n: n, low: low, high: level(a.Account, n)}
		if n <= 1 || s.high == nil {
			continue
		}
		for _, round := range slices.Sorted(maps.Keys(at[n])) {
			before := at[1][round]
			if before == nil {
				continue
			}
			if !runs.count(1, round) || !runs.count(n, round) {
				s.busy++
				continue
			}
			s.pairs = append(s.pairs, pair{before, at[n][round]})
			if runs != nil {
				s.without = append(s.without, runs.without(n, round))
			}
		}
		if slices.ContainsFunc(s.without, func(w accounts) bool { return w.low == nil || w.high == nil }) {
			s.without = nil
		}
		if len(s.pairs)+s.busy > 0 && (len(s.pairs) >= leastRounds || i == len(levels)-1) {
			steps = append(steps, s)
		}
	}
	return steps
}

// A tracing knows which run of a curve, see [why.Runs], belongs to which round. A nil one
// knows nothing.
type tracing struct {
	curve   *results.Curve
	sampled bool
	rounds  map[float64][]int // of a level, by the index of the run
}

// runsOf finds the runs of the rounds: a level has its runs in the order of the rounds, and a
// profile of each. It is nil unless this is so at one worker and at more.
func runsOf(c *results.Curve, sampled bool, at map[float64]map[int]*Profile) *tracing {
	t := &tracing{c, sampled, map[float64][]int{}}
	for _, p := range c.Points {
		if rounds := slices.Sorted(maps.Keys(at[p.Workers])); len(rounds) > 0 && len(rounds) == len(why.Runs(p, sampled)) {
			t.rounds[p.Workers] = rounds
		}
	}
	if t.rounds[1] == nil || len(t.rounds) < 2 {
		return nil
	}
	return t
}

// index is that of the run of a round in the runs of a level; -1 if unknown.
func (t *tracing) index(n float64, round int) int {
	if t == nil {
		return -1
	}
	return slices.Index(t.rounds[n], round)
}

// count reports whether the run of a round counts in the account, or is unknown.
func (t *tracing) count(n float64, round int) bool {
	i := t.index(n, round)
	if i < 0 {
		return true
	}
	at := slices.IndexFunc(t.curve.Points, func(p results.Point) bool { return p.Workers == n })
	return why.Counts(t.curve, why.Runs(t.curve.Points[at], t.sampled)[i])
}

// without are the accounts without a round; without levels where nothing is left or the runs
// of the level are unknown.
func (t *tracing) without(n float64, round int) accounts {
	if t.index(1, round) < 0 || t.index(n, round) < 0 {
		return accounts{}
	}
	levels := why.LevelsWithout(t.curve, t.sampled, func(workers float64) int { return t.index(workers, round) })
	s := &why.Stack{Levels: levels}
	return accounts{level(s, 1), level(s, n)}
}
