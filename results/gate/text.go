package gate

import (
	"fmt"
	"math"
	"strconv"

	"golang.org/x/perf/benchunit"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// say sets the verdict with its reason.
func (r *Result) say(v Verdict, reason, format string, args ...any) {
	r.Verdict, r.Reason, r.Text = v, reason, fmt.Sprintf(format, args...)
}

// unmeasured: the level of the condition is not in the data.
func (r *Result) unmeasured(c *results.Curve) {
	p := processors(c.Machine)
	how := fmt.Sprintf("measure there; work that computes needs a machine with %s processors for it", up(r.N))
	switch {
	case p >= r.N:
		how = fmt.Sprintf("measure there, this machine has %s processors", words.Exact(p))
	case p > 0:
		how = fmt.Sprintf("measure there, on a machine with %s processors: this one has %s", up(r.N), words.Exact(p))
	}
	if p < r.N {
		r.Processors = int(math.Ceil(r.N))
	}
	r.say(CannotTell, LevelN, "%s=%s was not measured, and what a law says of it is no proof: %s.", c.X, words.Exact(r.N), how)
}

// unsound: too few rounds got the processors that they need.
func (r *Result) unsound(a *laws.Analysis) {
	r.say(CannotTell, Unsound, "%s", laws.Unsound(a.Curve))
}

func (r *Result) noBase() {
	r.say(CannotTell, Level1, "No level at 1 was measured, and this compares with it: measure at 1 too.")
}

// single: no spread, so no confidence.
func (r *Result) single(c *results.Curve) {
	r.Samples = fewest
	r.say(CannotTell, Samples, "One sample at a level shows no spread, so nothing is sure: take at least %d at every level%s.", fewest, r.count())
}

// shared: more workers than processors, so the machine may be what limits.
func (r *Result) shared(processors, n float64) {
	r.Processors = int(math.Ceil(n))
	what, limit := words.Apart(r.Found.Value, r.Limit), words.Exact(r.Limit)
	if r.Kind == Time {
		what, limit = r.time3(r.Found.Value), r.time3(r.Limit)
	}
	r.say(CannotTell, Processors, "%s misses the limit of %s, but %s workers shared %s processors, which may be why: measure on a machine with %s processors.",
		what, limit, words.Exact(n), words.Exact(processors), up(n))
}

// tooSlow: a speedup or an efficiency below its limit.
func (r *Result) tooSlow(a *laws.Analysis) {
	s := r.Limit
	if r.Kind == Efficiency {
		s *= r.N
	}
	text := fmt.Sprintf("The %s with %s workers is %s, at most %s with 95 %% confidence, and not %s.",
		r.Kind, words.Exact(r.N), words.Apart(r.Found.Value, r.Limit), words.Apart(r.Found.Interval.High, r.Limit), words.Exact(r.Limit))
	if a.Curve.Kind != results.Weak {
		text += fmt.Sprintf(" That allows a serial fraction of %s; there it is %s.",
			words.Number(laws.SerialFraction(s, r.N)), words.Number(laws.SerialFraction(s*r.Found.Value/r.Limit, r.N)))
	}
	text += " amdahl fit says what limits it."
	if processors(a.Curve.Machine) == 0 {
		text += fmt.Sprintf(" The input does not say how many processors there were: with fewer than %s the machine is the reason.", up(r.N))
	}
	r.say(Violated, Worse, "%s", text)
}

// tooSerial: a serial fraction above its limit.
func (r *Result) tooSerial(v *laws.Implied) {
	r.say(Violated, Worse, "The speedup with %s workers, %s, implies a serial fraction of %s, at least %s with 95 %% confidence, and not %s, which would give a speedup of %s. amdahl fit says what limits it.",
		words.Exact(v.N), words.Number(math.Exp(v.Log)), words.Apart(r.Found.Value, r.Limit), words.Apart(r.Found.Interval.Low, r.Limit), words.Exact(r.Limit), words.Number(v.Speedup(r.Limit)))
}

// tooMuchOverhead: a κ above its limit.
func (r *Result) tooMuchOverhead(f *laws.Fit) {
	r.say(Violated, Worse, "κ of the universal scalability law is %s, at least %s with 95 %% confidence, and not %s: each further worker adds that share of T(1) to the time of a task. amdahl fit says what limits it.",
		words.Apart(r.Found.Value, r.Limit), words.Apart(r.Found.Interval.Low, r.Limit), words.Exact(r.Limit))
}

// tooLong: a time above its limit.
func (r *Result) tooLong() {
	r.say(Violated, Worse, "T(%s) is %s, at least %s with 95 %% confidence, and not %s: profile it there first.",
		words.Exact(r.N), r.time3(r.Found.Value), r.time3(r.Found.Interval.Low), r.time3(r.Limit))
}

// misfit: the law whose κ is asked for does not fit.
func (r *Result) misfit() {
	how := "measure at more levels"
	if !r.Rounds {
		how = "measure in shuffled rounds, which keep a drifting machine out of the levels"
	}
	r.say(CannotTell, Fit, "The universal scalability law misses the levels by more than the spread of their samples explains, so its κ says nothing of them: %s, or put the condition on a speedup or a time.", how)
}

// unclear: the interval has the limit in it.
func (r *Result) unclear(have int, df, half, far float64) {
	r.Samples = needed(have, df, half, far)
	what, limit, again := words.Apart(r.Found.Value, r.Limit), words.Exact(r.Limit), "measure again"
	switch {
	case r.Kind == Time && !r.Baseline:
		what, limit = r.time3(r.Found.Value), r.time3(r.Limit)
	case r.Baseline:
		what, limit, again = r.signed(r.Found.Value), r.signed(r.Limit), "measure both again"
	}
	if r.Samples == 0 {
		r.say(CannotTell, Samples, "%s is so near the limit of %s that even %d %s a level might not tell (there are %d): move the limit away from what is there.",
			what, limit, MostSamples, r.unit(), have)
		return
	}
	r.say(CannotTell, Samples, "%s may be on either side of the limit of %s with %d %s a level: %s with %d%s, which decide it in four of five measurements if the true value is this one.",
		what, limit, have, r.unit(), again, r.Samples, r.count())
}

// worse: a change beyond the tolerance.
func (r *Result) worse() {
	switch r.Kind {
	case Time:
		r.say(Violated, Worse, "T(%s) rose by %s against the baseline, by at least %s with 95 %% confidence, and %s is tolerated: profile it with %s workers.",
			words.Exact(r.N), r.share(r.Found.Value), r.share(r.Found.Interval.Low), r.share(r.Limit), words.Exact(r.N))
	case T1:
		r.say(Violated, Worse, "T(1) rose by %s against the baseline, by at least %s with 95 %% confidence, and %s is tolerated: profile it with one worker first.",
			r.share(r.Found.Value), r.share(r.Found.Interval.Low), r.share(r.Limit))
	case Speedup:
		r.say(Violated, Worse, "The speedup with %s workers fell by %s against the baseline, by at least %s with 95 %% confidence, and %s is tolerated: amdahl compare shows both.",
			words.Exact(r.N), r.share(r.Found.Value), r.share(r.Found.Interval.High), r.share(r.Limit))
	}
}

func (r *Result) twoMachines() {
	r.say(CannotTell, Machines, "The baseline was measured on another machine, so a change may be the machine's: measure both on one, best in one job.")
}

// unknownMachine: only one side says where it was measured.
func (r *Result) unknownMachine() {
	r.say(CannotTell, Machines, "Only one of the two measurements says on which machine it was made, so a change may be the machine's: measure both on one, best in one job, and keep the lines goos, goarch and cpu that go test prints.")
}

// absent is the result of a series that only one side has.
func absent(old, now *laws.Analysis) Result {
	a, where, how := now, "only now, not in the baseline", "measure the baseline again with it"
	if now == nil {
		a, where, how = old, "only in the baseline, not now", "measure it again"
	}
	r := start(a.Curve, Speedup, 0)
	r.Baseline = true
	r.say(CannotTell, Absent, "The series was measured %s: %s, or leave it out with --filter.", where, how)
	return *r
}

// unit is what there must be more of.
func (r *Result) unit() string {
	if r.Rounds {
		return "rounds"
	}
	return "samples"
}

// count is how Go benchmarks get as many samples.
func (r *Result) count() string {
	if r.Rounds {
		return ""
	}
	return fmt.Sprintf(" (of Go benchmarks: go test -count %d)", r.Samples)
}

// signed is a ratio as a change with its sign: "+5.1 %".
func (r *Result) signed(ratio float64) string {
	sign := ""
	switch {
	case ratio > 1:
		sign = "+"
	case ratio < 1:
		sign = "−"
	}
	return sign + r.share(ratio)
}

// share is by how much a ratio differs from 1: "5.1 %", with more digits where it
// would look like the limit that it is not.
func (r *Result) share(ratio float64) string {
	for digits := 1; ; digits++ {
		s := strconv.FormatFloat(100*math.Abs(ratio-1), 'f', digits, 64)
		limit := strconv.FormatFloat(100*math.Abs(r.Limit-1), 'f', digits, 64)
		if s != limit || ratio == r.Limit || digits > 6 {
			return s + " %"
		}
	}
}

// time3 prints a time to three digits, and to more where it would look like the
// limit that it is not.
func (r *Result) time3(v float64) string {
	scale := benchunit.Scaler{Factor: 1}
	if r.Limit < 1 {
		scale = benchunit.CommonScale([]float64{r.Limit}, benchunit.Decimal)
	}
	return words.Apart(v/scale.Factor, r.Limit/scale.Factor) + " " + scale.Prefix + "s"
}

// up is a number of processors that is enough for so many workers.
func up(n float64) string { return words.Exact(math.Ceil(n)) }
