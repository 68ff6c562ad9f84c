// Package truth holds what a fit found against what was planted.
//
// A benchmark can carry its truth in its name: serial=0.1 says that a tenth of
// the tasks ran one by one, locked=0.25 that a quarter of every task ran under
// one lock. [Check] fits such a curve and says whether the fit gives the truth
// back, and [Agree] whether real processors, slow cores and a simulation tell
// the same story.
package truth

import (
	"fmt"
	"math"
	"strconv"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// Planted is the truth in the name of a series.
type Planted struct {
	Serial float64 // share of the tasks that run one by one before the others, in [0, 1]
	Locked float64 // share of every other task that runs under one lock, in [0, 1]
}

// String is the truth as people write it: "σ = 0.05" or "lock 0.25".
func (p Planted) String() string {
	lock := "lock " + strconv.FormatFloat(p.Locked, 'g', -1, 64)
	sigma := "σ = " + strconv.FormatFloat(p.Serial, 'g', -1, 64)
	switch {
	case p.Locked == 0:
		return sigma
	case p.Serial == 0:
		return lock
	}
	return sigma + ", " + lock
}

// Parse reads the truth in the name of a series. ok is false if it has none:
// no serial= and no locked=. A value that is not a fraction is an error.
func Parse(name results.Name) (p Planted, ok bool, err error) {
	for _, key := range []struct {
		name string
		to   *float64
	}{{contract.NameSerial, &p.Serial}, {contract.NameLocked, &p.Locked}} {
		if !name.Has(key.name) {
			continue
		}
		text := name.Value(key.name)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return Planted{}, false, fmt.Errorf("truth: %s: %s=%s is not a fraction from 0 to 1", name, key.name, text)
		}
		*key.to, ok = v, true
	}
	return p, ok, nil
}

// Goal is how far a found fraction may be from the planted one.
const Goal = 0.01

// luck is how many times Goal the wider half of an interval may be: beyond
// it, a fraction within Goal of the truth is there by luck.
const luck = 3

// A Verdict says whether a truth came back.
type Verdict string

const (
	Holds Verdict = "holds" // found within Goal, and the interval holds the truth
	Noisy Verdict = "noisy" // the interval is too wide to tell
	Wrong Verdict = "wrong" // noise does not explain the distance
)

// A Finding is one curve with what was planted and what its fit says.
type Finding struct {
	Planted
	Curve *results.Curve
	Law   *laws.Law // the law whose parameter was held against the truth
	// Found is the fitted fraction: σ of the law, or the share under the lock,
	// 1/n* of the bottleneck law.
	Found laws.Estimate
	// RoundTrip is the time in seconds that was taken off every operation before the
	// fit, because a message to the workers and back takes so long; 0 is none.
	RoundTrip float64
	// Simulated is what the same fit finds in exact times, those of a
	// simulation of the same job: beside Goal it shows what the number of
	// tasks does, which cannot be divided without rest.
	Simulated float64
	// Trend is the relative change of the times from the first round to the
	// last, all levels alike; nil without rounds.
	Trend   *laws.Estimate
	Verdict Verdict
	Why     string // one sentence, for all verdicts but Holds
}

// Error is Found − planted.
func (f *Finding) Error() float64 { return f.Found.Value - f.Value() }

// Value is the planted fraction that was looked for.
func (f *Finding) Value() float64 {
	if f.Locked > 0 {
		return f.Locked
	}
	return f.Serial
}

// Levels is the fewest levels of a curve that [Check] judges: on fewer the
// laws cannot be told apart.
const Levels = 4

// Check judges one analysed curve. A serial fraction is looked for with the
// universal scalability law: what grows with the number of workers, the cost
// of having many, goes to its κ and not to σ. A lock is looked for with the
// bottleneck law. The round trip of a message to remote workers is known, and is
// taken off before. An error says why the curve cannot be judged: no truth or
// two of them in its name, or too few levels.
func Check(a *laws.Analysis) (*Finding, error) {
	c := a.Curve
	p, ok, err := Parse(c.Name)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, fmt.Errorf("truth: %s:%d: %s: its name tells no truth: serial= or locked= is needed", c.File, c.Line, c.Name.String())
	case p.Serial > 0 && p.Locked > 0:
		return nil, fmt.Errorf("truth: %s:%d: %s: a serial part and a lock together cannot be told apart: plant one of them", c.File, c.Line, c.Name.String())
	case len(c.Points) < Levels:
		return nil, fmt.Errorf("truth: %s:%d: %s: %s, of which at least %d are needed", c.File, c.Line, c.Name.String(), words.Count(len(c.Points), "level"), Levels)
	}
	f := &Finding{Planted: p, Curve: c, Trend: trend(c)}
	var fitted *results.Curve
	if fitted, f.RoundTrip = withoutRoundTrip(c); f.RoundTrip > 0 {
		if a, err = laws.Analyze(fitted, laws.Options{}); err != nil {
			return nil, fmt.Errorf("truth: %s: without the round trip: %w", c.Name.String(), err)
		}
	}
	if f.Law, f.Found, err = look(a, p); err != nil {
		return nil, err
	}
	exact, err := simulate(c, p)
	if err != nil {
		return nil, err
	}
	b, err := laws.Analyze(exact, laws.Options{})
	if err != nil {
		return nil, fmt.Errorf("truth: %s: simulated: %w", c.Name.String(), err)
	}
	_, found, err := look(b, p)
	if err != nil {
		return nil, err
	}
	f.Simulated = found.Value
	f.judge()
	return f, nil
}

// look reads the fraction from the law that stands for what was planted.
func look(a *laws.Analysis, p Planted) (*laws.Law, laws.Estimate, error) {
	law, name := laws.USL, "sigma"
	if p.Locked > 0 {
		law, name = laws.Bottleneck, "nstar"
	}
	for _, fit := range a.Fits {
		if fit.Law != law {
			continue
		}
		e := fit.Param(name).Estimate
		if name == "nstar" {
			e = inverse(e)
		}
		return law, e, nil
	}
	return nil, laws.Estimate{}, fmt.Errorf("truth: %s:%d: %s: the %s could not be fitted", a.Curve.File, a.Curve.Line, a.Curve.Name.String(), law.Title)
}

// inverse is 1/e. An end at infinity becomes 0.
func inverse(e laws.Estimate) laws.Estimate {
	out := laws.Estimate{Value: 1 / e.Value}
	if i := e.Interval; i != nil {
		out.Interval = &laws.Interval{Low: 1 / i.High, High: 1 / i.Low, OneSided: i.OneSided}
	}
	return out
}

// judge sets the verdict.
func (f *Finding) judge() {
	truth, off := f.Value(), math.Abs(f.Error())
	i := f.Found.Interval
	if i == nil {
		f.Verdict, f.Why = Noisy, "no interval: measure more rounds, 6 at least"
		return
	}
	half := max(f.Found.Value-i.Low, i.High-f.Found.Value)
	inside := i.Low <= truth && truth <= i.High
	switch {
	case off <= Goal && inside && half <= luck*Goal:
		f.Verdict = Holds
	case inside || half > luck*Goal:
		f.Verdict = Noisy
		f.Why = fmt.Sprintf("found %+.3f off, with an interval of ±%.3f where %.2f is wanted: this machine was too noisy", f.Error(), half, Goal)
	default:
		f.Verdict = Wrong
		f.Why = fmt.Sprintf("found %+.4f off, and the interval, [%.4f, %.4f], leaves %g out", f.Error(), i.Low, i.High, truth)
	}
}
