// Package where says which functions and lines of a program do not scale.
//
//	profiles, err := where.Read(files)            // as amdahl run --why writes them
//	answer, err := where.Of(analysis, profiles)   // of one series
//	answer.Places                                 // the guilty ones, the worst first
//
// # How
//
// The profiles of one worker are compared with those of every higher level n, by call path. A
// call path costs an operation c₁ ns of worker time at one worker and cₙ at n, by cause: CPU
// time, waiting for a lock that it holds, and so on. What does not scale grows: d = cₙ − c₁.
// The profiles say how a cause is divided among the call paths; how large the cause is, the
// account of package why says, which rests on exact times and not on samples. So with D the
// growth of the cause in the account,
//
//	loss of a place  = D · Σ d of the place / Σ d of all places with d > 0
//	share of a place = its loss / (n·T(n) − T(1))
//
// A place is a function, with the line of it that costs most. Its function is the innermost
// one of the call path that is not of the standard library, so that it is in code that
// somebody can change.
//
// Three things in that differ from round to round: how a cause is divided among the call paths,
// how large the cause is in the account, and the times of the rounds without profiles, from which
// the paid time comes. The interval has all of them: of the first two by the jackknife, which
// computes the loss again without each of the traced rounds, account and profiles alike, so
// that it does not matter whether they vary together; of the times by the ends of their own
// intervals. The parts are joined as independent ones, by their squares; see estimate.go.
//
// A place is guilty if at the highest level the whole interval is above 0 and the place costs
// at least [LeastCost] of what is paid: profiles of clean programs differ by less. No place is
// guilty if the loss itself is within what the times spread.
//
// # What it would bring
//
// Places are ranked by the speedup at the highest level N without them. Where a law was
// chosen, and as many levels have profiles as it needs, at least three, the loss of the place
// is taken from the time of every level, and that law is fitted to the times that are left:
//
//	T'(n) = T(n) − (loss of the place at n) / n        S' = T'(1) / T'(N) of the fit
//
// Else, as with two levels, S is the measured speedup at N, from which Karp
// and Flatt's serial fraction e follows, and S' is Amdahl's law with (1 − share)·e:
//
//	S' = N / (1 + (N/S − 1)·(1 − share))
//
// Either is cut to the bound from work and span,
//
//	S' ≤ min(N, T(1) / T∞)
//
// where the work T(1) is the time at one worker, and the span T∞ is at least the time for
// which one goroutine ran and no other had work: the serial part of the account over N − 1, without
// what of it is the place's own. Source: R. P. Brent, The Parallel Evaluation of General
// Arithmetic Expressions, JACM 21(2), 1974.
package where

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/why"
)

// LeastCost is the share of the paid time that a place must cost to be named.
const LeastCost = 0.025

// leastRounds is the fewest rounds of profiles that give an interval.
const leastRounds = 3

// ErrNoProfiles is the error for a series without profiles at one worker and at more.
var ErrNoProfiles = errors.New("there are no profiles of one worker and of more")

// ErrBusy is the error for profiles that were taken while other programs had the
// processors.
var ErrBusy = errors.New("cannot tell")

// An Answer says where a series loses time at its highest level.
type Answer struct {
	Series  string
	N       float64   // the highest level
	Rounds  int       // of profiles, that both levels have
	Speedup float64   // at N: of the law, or measured
	Law     string    // the law's title; "" where the measured speedup was used
	Paid    float64   // worker time of a task at N, s
	Loss    float64   // n·T(n) − T(1) of a task, s; may be below 0
	Sure    bool      // the whole interval of the loss is above 0
	Cost    float64   // by how much tracing, or profiles alone, slowed the benchmark down at the worst level, as a share
	Sampled bool      // the rounds were profiled without a trace, which costs too much
	Levels  []float64 // above one worker that were compared, ascending; N is the last
	Span    float64   // of a task, at least, s: for how long one goroutine ran alone at N
	Places  []Place   // guilty, the largest speedup without it first; none is a finding as well
	// Known is the share of the loss that the places explain together.
	Known float64
	Diff  *Node // the difference of the profiles by call path
	work  float64
}

// A Place is a function and a line with the cause for which it is guilty.
type Place struct {
	Function, File string
	Line           int
	Cause          *why.Cause
	Share          stats.Estimate // of the loss
	Cost           float64        // worker time of a task at N, s: Share of Loss
	Without        float64        // the speedup at N without it
	Growth         []Cost         // what it costs at the levels of Answer.Levels
	Path           []string       // the call path that costs most, the outermost function first
}

// A Cost is what a place costs at one level.
type Cost struct {
	N    float64
	Cost stats.Estimate // worker time of a task, s
}

// Of compares the profiles of a series. An error is [ErrNoProfiles], or [ErrBusy] where the
// account of the analysis cannot be believed, or says that there are too few rounds: three of
// profiles and three without are the fewest that give an interval.
func Of(a *laws.Analysis, all []*Profile) (*Answer, error) {
	s := a.Account
	name := a.Curve.Name.String()
	switch {
	case s == nil:
		return nil, fmt.Errorf("%s: %w", name, ErrNoProfiles)
	case s.CannotTell != "":
		return nil, fmt.Errorf("%w where %s loses time: %s", ErrBusy, name, s.CannotTell)
	case !s.Traced && len(s.Warnings) > 0:
		return nil, fmt.Errorf("%w where %s loses time: %w", ErrBusy, name, s.Warnings[0])
	}
	steps := stepsOf(a, all)
	if len(steps) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoProfiles)
	}
	top := steps[len(steps)-1]
	switch {
	case len(top.pairs) < leastRounds && top.busy > 0:
		return nil, fmt.Errorf("%w where %s loses time: other programs took processors from %d of its %d rounds of profiles, and %d are needed: measure again on a quiet machine, as with amdahl run --wait 5m",
			ErrBusy, name, top.busy, top.busy+len(top.pairs), leastRounds)
	case len(top.pairs) < leastRounds:
		return nil, fmt.Errorf("%s: %d rounds of profiles: at least %d are needed for an interval", name, len(top.pairs), leastRounds)
	}
	n, low, high := top.n, top.low, top.high
	paid, err := timesOf(a, low, high)
	if errors.Is(err, ErrBusy) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	w := &Answer{Series: name, N: n, Rounds: len(top.pairs), Paid: high.Paid, Loss: high.Paid - low.Paid, Cost: s.TraceCost, Sampled: s.Sampled, work: low.Paid}
	w.Sure = paid.loss().Interval.Low > 0
	w.Speedup = n * low.Paid / high.Paid
	if carries(a, len(steps)+1) {
		w.Speedup, w.Law = a.Chosen.Speedup(n), a.Chosen.Law.Title
	}
	if serial, ok := high.Share(why.Serial); ok {
		w.Span = serial * high.Paid / (n - 1)
	}
	for _, s := range steps {
		w.Levels = append(w.Levels, s.n)
	}
	w.Diff = difference(top.pairs, low, high)
	if w.Sure {
		w.places(a, steps, paid)
	}
	return w, nil
}

// carries reports whether the chosen law can be fitted to this many levels, which have
// profiles, one worker the first of them.
func carries(a *laws.Analysis, levels int) bool {
	return a.Chosen != nil && levels >= max(a.Chosen.Law.Levels, 3) && a.Curve.Points[0].Workers == 1
}

// level is a level of a stack; nil if there is none.
func level(s *why.Stack, n float64) *why.Level {
	for i := range s.Levels {
		if s.Levels[i].Workers == n {
			return &s.Levels[i]
		}
	}
	return nil
}

// growth is by how much a cause grew from one level to another, in seconds per task.
func growth(c *why.Cause, low, high *why.Level) float64 {
	before, _ := low.Share(c)
	after, _ := high.Share(c)
	return after*high.Paid - before*low.Paid
}

// placeKey tells places apart.
type placeKey struct {
	function string
	cause    *why.Cause
}

// parts are how the growth of the causes is divided among the places of a step: of every
// place its part of its cause, a value for every round, which is 0 where the profiles of the
// round do not show it.
func (s step) parts() map[placeKey][]float64 {
	all := map[placeKey][]float64{}
	for i, p := range s.pairs {
		for _, c := range causes {
			total := growth(c.cause, s.low, s.high)
			if !(total > 0) {
				continue
			}
			for function, cost := range p.divide(c, total, s.high.Paid) {
				k := placeKey{function, c.cause}
				if all[k] == nil {
					all[k] = make([]float64, len(s.pairs))
				}
				all[k][i] = cost / total
			}
		}
	}
	return all
}

// places finds the guilty places.
func (w *Answer) places(a *laws.Analysis, steps []step, paid times) {
	parts := make([]map[placeKey][]float64, len(steps))
	for i, s := range steps {
		parts[i] = s.parts()
	}
	last := len(steps) - 1
	top := steps[last]
	for k, list := range parts[last] {
		cost := top.cost(k.cause, list, paid, a.Confidence)
		if !(cost.Interval.Low > 0) || cost.Value < LeastCost*w.Paid {
			continue
		}
		place := Place{Function: k.function, Cause: k.cause, Share: top.share(k.cause, list, paid, a.Confidence), Cost: cost.Value}
		for i, s := range steps {
			at := paid
			if i != last {
				var err error
				if at, err = timesOf(a, s.low, s.high); err != nil {
					continue // too few rounds of this level
				}
			}
			place.Growth = append(place.Growth, Cost{s.n, s.cost(k.cause, parts[i][k], at, a.Confidence)})
		}
		place.File, place.Line, place.Path = heaviest(top.pairs, k)
		place.Without = w.without(a, place)
		w.Places = append(w.Places, place)
		w.Known += place.Share.Value
	}
	slices.SortFunc(w.Places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Without, a.Without), cmp.Compare(b.Share.Value, a.Share.Value), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Cause.Name, b.Cause.Name))
	})
}
