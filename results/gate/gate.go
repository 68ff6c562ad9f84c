// Package gate decides whether measured scaling keeps a promise: a least
// speedup, a least efficiency, a largest serial fraction, overhead or time, or
// to be no worse than a baseline.
//
// A condition holds if the one-sided 95 % bound of what was measured is on
// the right side of its limit, is violated if the bound from the other side is
// on the wrong one, and cannot be told else. So for a truth at the limit each
// of the two decisions is taken in at most 5 % of measurements, for one on the
// wrong side of it the wrong one is rarer. Every condition is decided by
// itself: of many that are all just at their limits, some will err.
//
// One-sided bounds are the ends of two-sided intervals of 90 %, so analyses
// are made with [Confidence]:
//
//	as, errs := laws.AnalyzeEach(ctx, curves, laws.Options{Confidence: gate.Confidence})
//
// A speedup is the measured one, T(1)/T(n) at levels that were measured; no
// law is asked, and never one for a level that was not measured. Its interval
// is Student's of the differences of log time: paired by rounds where six or
// more are known, else of two independent samples (Welch). It needs two samples
// a level. Without rounds a machine that drifts between the levels passes for
// scaling; no number of samples shows that.
//
// A serial fraction is one quantity for every data set, whatever law fits it: the
// one that the speedup S at the largest measured level n implies (Karp–Flatt),
//
//	e(n) = (1/S − 1/n)/(1 − 1/n)
//
// from the level means of log time with the pooled spread and Student's t. It
// rises with T(n) and nothing else, so a program that got slower at n cannot pass
// by moving a loss from a serial part to an overhead. It falls where T(1) alone
// gets slower: a condition on a time belongs beside it.
package gate

import (
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/laws"
)

const (
	// Level is the one-sided confidence of every decision.
	Level = 0.95
	// Confidence is the two-sided confidence of the intervals, whose ends are
	// the one-sided bounds of Level.
	Confidence = 2*Level - 1
)

// A Verdict is what became of a condition.
type Verdict string

const (
	Holds      Verdict = "holds"
	Violated   Verdict = "violated"
	CannotTell Verdict = "cannot tell"
)

// The reasons of a verdict that is not Holds, for programs.
const (
	Worse      = "worse"      // violated: measured, and on the wrong side
	Samples    = "samples"    // more samples could tell
	Level1     = "base"       // a level at 1 could
	LevelN     = "level"      // the level of the condition was not measured
	Processors = "processors" // a machine with more processors could
	Fit        = "law"        // more levels could: the law does not fit these
	Machines   = "machines"   // measured on two machines, or on one that is not known
	Absent     = "absent"     // a series stands on one side only
	Unsound    = "unsound"    // a machine that is not busy could
	Times      = "times"      // times could: speedups were given
)

// A Result is one condition, decided for one series. It has no state and may
// be read concurrently.
type Result struct {
	Kind     Kind
	N        float64 // workers; for Sigma the largest level; 0 where the condition has none
	Series   string
	File     string // where the series stands
	Line     int
	Baseline bool // against a baseline: Found and Limit speak of the change

	// Found is what was measured, with its interval at Confidence: times in
	// seconds. Against a baseline it is the change, new/old. Nil where nothing
	// was measured.
	Found  *laws.Estimate
	Limit  float64
	AtMost bool // Limit is the largest value that holds, not the smallest

	Verdict Verdict
	Reason  string // "" where it holds
	Text    string // what is wrong and what to do; "" where it holds

	// Samples is how many samples a level (whole rounds where Rounds is set)
	// would decide the condition in four of five measurements, if what was
	// found is the truth. 0 where they would not help, or more than
	// MostSamples were needed.
	Samples int
	Rounds  bool
	// Processors is how many processors a machine needs that could tell; 0
	// where this one is not the reason.
	Processors int
}

// Check decides every condition for one analysis, made with [Confidence], in
// their order.
func Check(a *laws.Analysis, conditions []Condition) []Result {
	out := make([]Result, 0, len(conditions))
	for _, c := range conditions {
		r := start(a.Curve, c.Kind, c.N)
		r.Limit = c.Limit
		r.AtMost = c.Kind == Sigma || c.Kind == Kappa || c.Kind == Time
		if a.Curve.Rounds.TooFew() {
			r.unsound(a)
			out = append(out, *r)
			continue
		}
		switch c.Kind {
		case Sigma:
			r.fraction(a)
		case Kappa:
			r.overhead(a)
		case Time:
			r.time(a)
		default:
			r.speedup(a)
		}
		out = append(out, *r)
	}
	return out
}

// Worst is the verdict of all: violated if one is, else cannot tell if one is.
func Worst(rs []Result) Verdict {
	worst := Holds
	for _, r := range rs {
		switch {
		case r.Verdict == Violated:
			return Violated
		case r.Verdict == CannotTell:
			worst = CannotTell
		}
	}
	return worst
}

func start(c *results.Curve, kind Kind, n float64) *Result {
	return &Result{Kind: kind, N: n, Series: c.Name.String(), File: c.File, Line: c.Line, Verdict: Holds}
}

// speedup decides a speedup or an efficiency.
func (r *Result) speedup(a *laws.Analysis) {
	c := a.Curve
	one, at := point(c, 1), point(c, r.N)
	switch {
	case at == nil:
		r.unmeasured(c)
		return
	case one == nil && !c.Relative:
		r.noBase()
		return
	}
	r.Found = a.MeasuredSpeedup(r.N)
	have, rounds := repeats(at)
	if !c.Relative {
		have, rounds = repeats(one, at)
	}
	r.Rounds = rounds
	if r.Found == nil || r.Found.Interval == nil {
		r.single(c)
		return
	}
	if r.Kind == Efficiency {
		share := *r.Found
		share.Value /= r.N
		share.Interval = &laws.Interval{Low: r.Found.Interval.Low / r.N, High: r.Found.Interval.High / r.N}
		r.Found = &share
	}
	switch r.decide(); r.Verdict {
	case Violated:
		if p := short(a, r.N); p > 0 {
			r.shared(p, r.N)
			return
		}
		r.tooSlow(a)
	case CannotTell:
		half := math.Log(r.Found.Interval.High / r.Found.Value)
		r.unclear(have, freedom(have, rounds), half, math.Abs(math.Log(r.Found.Value/r.Limit)))
	}
}

// rounding is the relative error of numbers that were computed from equal
// ones: a limit that is met exactly is met.
const rounding = 1e-9

// decide compares the interval with the limit.
func (r *Result) decide() {
	low, high, limit := r.Found.Interval.Low, r.Found.Interval.High, r.Limit
	if r.AtMost {
		low, high, limit = -high, -low, -limit
	}
	limit -= rounding * math.Abs(limit)
	switch {
	case low >= limit:
		r.Verdict = Holds
	case high < limit:
		r.Verdict = Violated
	default:
		r.Verdict = CannotTell
	}
}

// point is the level of a curve at n workers, or nil.
func point(c *results.Curve, n float64) *results.Point {
	i := slices.IndexFunc(c.Points, func(p results.Point) bool { return p.Workers == n })
	if i < 0 {
		return nil
	}
	return &c.Points[i]
}

// short is the number of processors of a machine that had too few for n
// workers to show what they can: 0 if it had enough, if that is not known, or if
// the work waits more than it computes: it got more than twice as fast as these
// processors could have made work that only computes.
func short(a *laws.Analysis, n float64) float64 {
	p := processors(a.Curve.Machine)
	if n <= p {
		return 0
	}
	for _, k := range a.KarpFlatt {
		if a.MeasuredSpeedup(k.N).Value > 2*p {
			return 0
		}
	}
	return p
}

// processors is what a machine lets a program use, in processors; 0 if unknown.
func processors(m results.Machine) float64 {
	p := float64(m.Logical)
	if m.Quota > 0 && (p == 0 || m.Quota < p) {
		p = m.Quota
	}
	return p
}
