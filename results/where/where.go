// Package where says which functions and lines of a program do not scale.
//
//	profiles, err := where.Read(files)            // as amdahl run --why writes them
//	answer, err := where.Of(analysis, profiles)   // of one series
//	answer.Places                                 // the guilty ones, the worst first
//
// # How
//
// The profiles of the lowest level, one worker, and of the highest one, n workers, are
// compared by call path. A call path costs an operation c₁ ns of worker time at one worker
// and cₙ at n, by cause: CPU time, waiting for a lock that it holds, and so on. What does not
// scale grows: d = cₙ − c₁. The profiles say how a cause is divided among the call paths; how
// large the cause is, the account of package why says, which rests on exact times and not on
// samples. So with D the growth of the cause in the account,
//
//	loss of a place  = D · Σ d of the place / Σ d of all places with d > 0
//	share of a place = its loss / (n·T(n) − T(1))
//
// A place is a function, with the line of it that costs most. Its function is the innermost
// one of the call path that is not of the standard library, so that it is in code that
// somebody can change.
//
// Each round of profiles gives a share; the estimate is their mean, with Student's interval.
// A place is guilty if the whole interval is above 0 and the place costs at least
// [LeastCost] of what is paid at n workers: profiles of clean programs differ by less.
//
// # What it would bring
//
// Without its loss the speedup at n workers would be, with S the speedup there,
//
//	S' = n / (1 + (n/S − 1)·(1 − share))
//
// S is that of the law that was chosen, and with two levels, where no law can be checked,
// the measured one, from which Karp and Flatt's serial fraction e follows: S' is Amdahl's law
// with (1 − share)·e. S' is never above n, the bound from the work.
package where

import (
	"cmp"
	"errors"
	"fmt"
	"math"
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
	N       float64 // the highest level
	Rounds  int     // of profiles, that both levels have
	Speedup float64 // at N: of the law, or measured
	Law     string  // the law's title; "" where the measured speedup was used
	Paid    float64 // worker time of a task at N, s
	Loss    float64 // n·T(n) − T(1) of a task, s; may be below 0
	Places  []Place // guilty, the largest share first; none is a finding as well
	// Known is the share of the loss that the places explain together.
	Known float64
	Diff  *Node // the difference of the profiles by call path
}

// A Place is a function and a line with the cause for which it is guilty.
type Place struct {
	Function, File string
	Line           int
	Cause          *why.Cause
	Share          stats.Estimate // of the loss
	Cost           float64        // worker time of a task at N, s: Share of Loss
	Without        float64        // the speedup at N without it
	Path           []string       // the call path that costs most, the outermost function first
}

// Of compares the profiles of a series. An error is [ErrNoProfiles], or [ErrBusy] where the
// account of the analysis cannot be believed, or says that there are too few rounds.
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
	pairs, n := pairUp(a, all)
	if len(pairs) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoProfiles)
	}
	if len(pairs) < leastRounds {
		return nil, fmt.Errorf("%s: %d rounds of profiles: at least %d are needed for an interval", name, len(pairs), leastRounds)
	}
	low, high := level(s, 1), level(s, n)
	if low == nil || high == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrNoProfiles)
	}
	w := &Answer{Series: name, N: n, Rounds: len(pairs), Paid: high.Paid, Loss: high.Paid - low.Paid}
	w.Speedup = n * low.Paid / high.Paid
	if a.Chosen != nil && len(a.Levels) > 2 {
		w.Speedup, w.Law = a.Chosen.Speedup(n), a.Chosen.Law.Title
	}
	w.Diff = difference(pairs, low, high)
	if w.Loss > 0 {
		w.places(pairs, low, high, a.Confidence)
	}
	return w, nil
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

// places finds the guilty places.
func (w *Answer) places(pairs []pair, low, high *why.Level, confidence float64) {
	shares := map[placeKey][]float64{}
	for i, p := range pairs {
		for _, c := range causes {
			total := growth(c.cause, low, high)
			if !(total > 0) {
				continue
			}
			for function, part := range p.divide(c, total, high.Paid) {
				k := placeKey{function, c.cause}
				for len(shares[k]) < i {
					shares[k] = append(shares[k], 0)
				}
				shares[k] = append(shares[k], part/w.Loss)
			}
		}
	}
	for k, list := range shares {
		for len(list) < len(pairs) {
			list = append(list, 0)
		}
		e := estimate(list, confidence)
		cost := e.Value * w.Loss
		if !(e.Interval.Low > 0) || cost < LeastCost*w.Paid {
			continue
		}
		place := Place{Function: k.function, Cause: k.cause, Share: e, Cost: cost}
		place.File, place.Line, place.Path = heaviest(pairs, k)
		place.Without = w.without(e.Value)
		w.Places = append(w.Places, place)
		w.Known += e.Value
	}
	slices.SortFunc(w.Places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Share.Value, a.Share.Value), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Cause.Name, b.Cause.Name))
	})
}

// without is the speedup at N without a share of the loss.
func (w *Answer) without(share float64) float64 {
	left := max(w.N/w.Speedup-1, 0) * (1 - min(share, 1))
	return min(w.N/(1+left), w.N)
}

// estimate is the mean with Student's interval, of at least two values.
func estimate(list []float64, confidence float64) stats.Estimate {
	if confidence == 0 {
		confidence = 0.95
	}
	m, ss := stats.MeanSS(list)
	n := float64(len(list))
	half := stats.StudentT(confidence, n-1) * math.Sqrt(ss/(n-1)/n)
	return stats.Estimate{Value: m, Interval: &stats.Interval{Low: m - half, High: m + half}}
}
