package why

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/words"
)

// The limits of an account from traces.
const (
	// mostCost is the largest share by which tracing may have slowed a benchmark down: a
	// trace that costs more changes what it shows.
	mostCost = 0.10
	// mostDelay and mostOthers are the limits by which package read judges samples.
	mostDelay  = 0.08
	mostOthers = 0.05
	// mostUnseen is the share of the paid time from which on it is said that so much
	// inflation cannot be told from noise.
	mostUnseen = 0.05
	// someWaits is the share of the paid time from which on waiting explains why goroutines
	// run longer than their own code does.
	someWaits = 0.01
)

// A run is what one traced run says of an operation, in seconds.
type run map[string]float64

func sec(unit string) string { return contract.InSeconds(unit) }

// sound reports whether all of it are times, and what it needs is there.
func (r run) sound() bool {
	for _, v := range r {
		if !(v >= 0) || math.IsInf(v, 0) {
			return false
		}
	}
	return r[paid] > 0 && r[sec(contract.UnitTraced)] > 0 && r[sec(contract.UnitRunning)] > 0
}

// busy reports whether other programs took processors from the run, by the rule of package
// read.
func (r run) busy(processors float64) bool {
	delay, traced := r[sec(contract.UnitDelay)], r[sec(contract.UnitTraced)]
	needs := max(r[sec(contract.UnitCPU)], traced-delay)
	return delay > mostDelay*needs && r[sec(contract.UnitOthers)] > mostOthers*processors*traced
}

// Counts reports whether a traced run of a curve counts in its account: it is whole, and
// other programs did not take processors from it.
func Counts(c *results.Curve, metrics map[string]float64) bool {
	r := run(metrics)
	return r.sound() && !r.busy(processorsOf(c))
}

// processorsOf is how much processor time a program gets in a second on the machine.
func processorsOf(c *results.Curve) float64 {
	if c.Machine.Quota > 0 {
		return c.Machine.Quota
	}
	return max(float64(c.Machine.Logical), 1)
}

// Runs are the runs of a level that an account is made of: traced, or profiled without a trace.
func Runs(p results.Point, sampled bool) []map[string]float64 {
	if sampled {
		return p.Sampled
	}
	return p.Profiled
}

// runsThatCount are the runs of the levels that count, see [Runs]. leave says which one of a
// level to leave out, by its index in Runs, -1 for none; nil leaves out none.
func runsThatCount(c *results.Curve, sampled bool, leave func(workers float64) int) map[float64][]run {
	all := map[float64][]run{}
	for _, p := range c.Points {
		out := -1
		if leave != nil {
			out = leave(p.Workers)
		}
		for i, m := range Runs(p, sampled) {
			if i != out && Counts(c, m) {
				all[p.Workers] = append(all[p.Workers], m)
			}
		}
	}
	return all
}

// levelsOf makes levels of the traced runs that count. Warnings say whose parts add up to more
// than was paid, and that there is no run at one worker to compare with.
func levelsOf(c *results.Curve, runs map[float64][]run) (levels []Level, warnings []error) {
	var base *baseline
	if one := slices.IndexFunc(c.Points, func(p results.Point) bool { return p.Workers == 1 }); one >= 0 && len(runs[1]) > 0 {
		base = newBaseline(runs[1], c.Points[one].Tasks)
	}
	for _, p := range c.Points {
		some := runs[p.Workers]
		if len(some) == 0 {
			continue
		}
		l, sum := base.level(p, some, float64(c.Machine.Logical))
		levels = append(levels, l)
		if l.Workers > 1 && l.Unseen > mostUnseen {
			warnings = append(warnings, fmt.Errorf("at %s the running time differs between rounds: inflation below %s of what is paid cannot be told there", words.Workers(l.Workers), words.Share(l.Unseen)))
		}
		if sum > 1+tolerance {
			warnings = append(warnings, fmt.Errorf("where the time went at %s: the parts add up to %.0f %% of what was paid, and are scaled to it", words.Workers(p.Workers), 100*sum))
		}
	}
	warnings = append(warnings, anchor(levels)...)
	if base == nil {
		warnings = append(warnings, fmt.Errorf("there is no traced run at one worker: what of the running time is useful, and what is inflation, cannot be told"))
	}
	return levels, warnings
}

// LevelsWithout are the levels of the account that the curve would have without one of its
// runs, see [Runs], at each level: leave says which, by its index, -1 for none. How much an
// account depends on a single run says how sure it is.
func LevelsWithout(c *results.Curve, sampled bool, leave func(workers float64) int) []Level {
	levels, _ := levelsOf(c, runsThatCount(c, sampled, leave))
	return levels
}

// traced makes the stack of a curve from its traced runs or, where tracing slowed the benchmark
// down too much, from those that were profiled without a trace. It is nil if the curve has
// none, or none that can be used: warnings say so then.
func traced(c *results.Curve) (s *Stack, warnings []error) {
	s, cost := ownRounds(c, false)
	if s == nil || s.CannotTell != "" || !cost.tooMuch() {
		return s, nil
	}
	slower := fmt.Sprintf("tracing made it %s slower, which is more than %s: ", words.Share(cost.share), words.Share(mostCost))
	if p, profiles := ownRounds(c, true); p != nil && len(p.Levels) == len(s.Levels) && !profiles.tooMuch() {
		p.Warnings = append([]error{errors.New(slower + "where the time went is said by profiles without a trace, which do not see input and output, timers, imbalance and long waits at channels: those are unattributed")}, p.Warnings...)
		return p, nil
	} else if p != nil && profiles.tooMuch() {
		slower = fmt.Sprintf("tracing made it %s slower, and profiles without a trace %s, which is more than %s: ", words.Share(cost.share), words.Share(profiles.share), words.Share(mostCost))
	}
	return nil, []error{errors.New(slower + "the traces are not used, and where the time went is said by the runtime's own counters, which take spinning for a lock for inflation")}
}

// ownRounds makes the stack of a curve from the runs of rounds of their own, see [Runs], and
// says by how much those were slower. It is nil if there are none.
func ownRounds(c *results.Curve, sampled bool) (s *Stack, cost slowdown) {
	what, kind := "tracing", "traced"
	if sampled {
		what, kind = "profiling", "profiled"
	}
	levels := runsThatCount(c, sampled, nil)
	s = &Stack{Series: c.Name.String(), PerOp: true, Traced: true, Sampled: sampled}
	some := false
	var busy []float64
	for _, p := range c.Points {
		if p.Tasks > 1 {
			s.PerOp = false
		}
		if len(Runs(p, sampled)) > 0 {
			some = true
			if len(levels[p.Workers]) == 0 {
				busy = append(busy, p.Workers)
			}
		}
	}
	if !some {
		return nil, cost
	}
	if len(busy) > 0 {
		s.CannotTell = fmt.Sprintf("at %s other programs took processors from every %s run: measure again on a quiet machine, as with amdahl run --wait 5m", words.Levels(busy), kind)
		return s, cost
	}
	cost = costOf(c.Points, levels)
	s.TraceCost = cost.share
	switch {
	case cost.share <= mostCost || cost.tooMuch():
	case math.IsInf(cost.low, 0):
		s.Warnings = append(s.Warnings, fmt.Errorf("what %s cost cannot be told: at %s it took %s more time, and %d timed and %s rounds are the fewest that tell", what, words.Workers(cost.workers), words.Share(cost.share), leastCompared, kind))
	default:
		s.Warnings = append(s.Warnings, fmt.Errorf("what %s cost cannot be told from noise: at %s it took %s more time, with an interval of %s to %s", what, words.Levels([]float64{cost.workers}), words.Share(cost.share), words.Share(cost.low), words.Share(cost.high)))
	}
	var more []error
	s.Levels, more = levelsOf(c, levels)
	s.Warnings = append(s.Warnings, more...)
	s.Counted = slices.ContainsFunc(s.Levels, func(l Level) bool { return l.Longer > 0 && l.Workers > 1 })
	return s, cost
}
