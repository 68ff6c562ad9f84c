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
// Each round of profiles gives a share; the estimate is their mean, with Student's interval.
// A place is guilty if at the highest level the whole interval is above 0 and the place costs
// at least [LeastCost] of what is paid: profiles of clean programs differ by less.
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
	N       float64   // the highest level
	Rounds  int       // of profiles, that both levels have
	Speedup float64   // at N: of the law, or measured
	Law     string    // the law's title; "" where the measured speedup was used
	Paid    float64   // worker time of a task at N, s
	Loss    float64   // n·T(n) − T(1) of a task, s; may be below 0
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
	Growth         []Cost         // what it costs at every level of Answer.Levels
	Path           []string       // the call path that costs most, the outermost function first
}

// A Cost is what a place costs at one level.
type Cost struct {
	N    float64
	Cost stats.Estimate // worker time of a task, s
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
	steps := stepsOf(a, all)
	low := level(s, 1)
	if len(steps) == 0 || low == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrNoProfiles)
	}
	top := steps[len(steps)-1]
	if len(top.pairs) < leastRounds {
		return nil, fmt.Errorf("%s: %d rounds of profiles: at least %d are needed for an interval", name, len(top.pairs), leastRounds)
	}
	n, high := top.n, top.level
	w := &Answer{Series: name, N: n, Rounds: len(top.pairs), Paid: high.Paid, Loss: high.Paid - low.Paid, work: low.Paid}
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
	if w.Loss > 0 {
		w.places(a, steps, low)
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

// costs is what the places of a level cost a task there, in s, a value for every round.
func (s step) costs(low *why.Level) map[placeKey][]float64 {
	all := map[placeKey][]float64{}
	for i, p := range s.pairs {
		for _, c := range causes {
			total := growth(c.cause, low, s.level)
			if !(total > 0) {
				continue
			}
			for function, part := range p.divide(c, total, s.level.Paid) {
				k := placeKey{function, c.cause}
				if all[k] == nil {
					all[k] = make([]float64, len(s.pairs))
				}
				all[k][i] = part
			}
		}
	}
	return all
}

// places finds the guilty places.
func (w *Answer) places(a *laws.Analysis, steps []step, low *why.Level) {
	costs := make([]map[placeKey][]float64, len(steps))
	for i, s := range steps {
		costs[i] = s.costs(low)
	}
	top := steps[len(steps)-1]
	for k, list := range costs[len(steps)-1] {
		cost := estimate(list, a.Confidence)
		if !(cost.Interval.Low > 0) || cost.Value < LeastCost*w.Paid {
			continue
		}
		share := stats.Estimate{Value: cost.Value / w.Loss, Interval: &stats.Interval{Low: cost.Interval.Low / w.Loss, High: cost.Interval.High / w.Loss}}
		place := Place{Function: k.function, Cause: k.cause, Share: share, Cost: cost.Value}
		for i, s := range steps {
			at := make([]float64, len(s.pairs)) // 0 in every round where it is in none
			if some := costs[i][k]; some != nil {
				at = some
			}
			place.Growth = append(place.Growth, Cost{s.n, estimate(at, a.Confidence)})
		}
		place.File, place.Line, place.Path = heaviest(top.pairs, k)
		place.Without = w.without(a, place)
		w.Places = append(w.Places, place)
		w.Known += share.Value
	}
	slices.SortFunc(w.Places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Without, a.Without), cmp.Compare(b.Share.Value, a.Share.Value), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Cause.Name, b.Cause.Name))
	})
}

// without is the speedup at N without a place.
func (w *Answer) without(a *laws.Analysis, p Place) float64 {
	s := w.karpFlatt(p.Share.Value)
	if w.Law != "" {
		if by, ok := w.byLaw(a, p.Growth); ok {
			s = by
		}
	}
	return min(s, w.bound(p))
}

// karpFlatt is the speedup at N without a share of the loss.
func (w *Answer) karpFlatt(share float64) float64 {
	return w.N / (1 + max(w.N/w.Speedup-1, 0)*(1-min(share, 1)))
}

// byLaw is the speedup at N by the chosen law, fitted to the times without what a place costs.
// ok is false if too few levels have profiles for that.
func (w *Answer) byLaw(a *laws.Analysis, costs []Cost) (s float64, ok bool) {
	c := *a.Curve
	c.Points = nil
	for _, p := range a.Curve.Points {
		at := level(a.Account, p.Workers)
		i := slices.IndexFunc(costs, func(c Cost) bool { return c.N == p.Workers })
		if at == nil || i < 0 && p.Workers != 1 {
			continue
		}
		left := 1.0
		if i >= 0 {
			left = 1 - max(0, min(costs[i].Cost.Value/at.Paid, 0.99))
		}
		p.Samples, p.Profiled, p.Extra = slices.Clone(p.Samples), nil, nil
		for k := range p.Samples {
			p.Samples[k].Time *= left
		}
		c.Points = append(c.Points, p)
	}
	if len(c.Points) < 3 || c.Points[0].Workers != 1 {
		return 0, false
	}
	more, err := laws.Analyze(&c, laws.Options{Confidence: a.Confidence})
	if err != nil {
		return 0, false
	}
	for _, f := range more.Fits {
		if f.Law == a.Chosen.Law {
			return f.Speedup(w.N), true
		}
	}
	return 0, false
}

// Limit is the largest speedup at N that work and span allow while the serial part stays.
func (w *Answer) Limit() float64 { return w.bound(Place{}) }

// bound is the largest speedup at N that work and span allow without a place.
func (w *Answer) bound(p Place) float64 {
	span := w.Span
	if p.Cause == why.Serial {
		span -= p.Cost / (w.N - 1)
	}
	if !(span > w.work/w.N) {
		return w.N
	}
	return w.work / span
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
