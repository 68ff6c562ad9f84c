package ironlaw

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// Options steer [Of]. The zero value is the default.
type Options struct {
	// Counters is what the configuration line perf-counters says; see
	// [Counters]. It gives the reason where a curve has no counts.
	Counters   string
	Confidence float64 // of the intervals; 0 is 0.95
}

// Counters is the value of the configuration line "perf-counters":
// "user+kernel", "user", "no: " and a reason, or "" where there is no such line.
func Counters(config []results.Setting) string {
	for _, s := range config {
		if s.Key == contract.KeyPerfCounters {
			return s.Value
		}
	}
	return ""
}

// A Law is the iron law of one curve.
type Law struct {
	Curve    *results.Curve
	Levels   []Level // one for each point of the curve
	UserOnly bool    // cycles and instructions are those of user code; CPU time never is
	Findings []laws.Finding
	Warnings []error
}

// A Level is one level of workers. What was not measured is nil, and Missing says
// why.
type Level struct {
	Workers float64
	Samples int

	Wall         *Quantity // seconds that pass for a task; not nil for a curve that was read
	CPU          *Quantity // CPU seconds of a task, over all threads and processes that were counted
	Busy         *Quantity // CPU / Wall: processors that were busy, on average
	Instructions *Quantity // of a task
	CPI          *Quantity // cycles per instruction
	Clock        *Quantity // cycles per CPU second, in Hz

	Missing []string // one line a cause; empty where all is there
}

// A Quantity is the median of the samples of a level, with a distribution-free
// interval (six samples for 95 %). A ratio is taken in each sample first.
type Quantity struct {
	laws.Estimate
	// Factor is the value over that of the first level that has it: 1 there,
	// without an interval. Nil where either is 0.
	Factor *laws.Estimate
}

// Product is instructions × CPI × seconds per cycle: the CPU seconds of a task as
// the factors give them. It differs from CPU only as far as a median of ratios
// differs from the ratio of medians. ok is false where a factor is missing.
func (l *Level) Product() (seconds float64, ok bool) {
	if l.Instructions == nil || l.CPI == nil || l.Clock == nil {
		return 0, false
	}
	return l.Instructions.Value * l.CPI.Value / l.Clock.Value, true
}

// Of takes a curve apart. It never fails: what is missing is said, level by
// level. It may be called concurrently.
//
// It reads the metrics "cpu-sec/op", "instructions/op" and "cycles/op", which
// belong to a level's samples one by one: a level where some lines lack a metric
// is taken as one without it.
func Of(c *results.Curve, o Options) *Law {
	confidence := cmp.Or(o.Confidence, 0.95)
	l := &Law{Curve: c, UserOnly: o.Counters == "user"}
	for i := range c.Points {
		l.Levels = append(l.Levels, levelOf(&c.Points[i], o.Counters, confidence))
	}
	l.relate()
	l.check()
	l.find()
	return l
}

// levelOf takes one point apart.
func levelOf(p *results.Point, counters string, confidence float64) Level {
	l := Level{Workers: p.Workers, Samples: len(p.Samples)}
	tasks := p.Tasks
	if !stats.Positive(tasks) {
		tasks = 1
	}
	each := func(least float64, f func(i int) float64) *Quantity {
		v := make([]float64, len(p.Samples))
		for i := range v {
			if v[i] = f(i); !(v[i] >= least) || math.IsInf(v[i], 1) {
				return nil
			}
		}
		return newQuantity(v, confidence)
	}
	metric := func(unit string) []float64 {
		v := p.Extra[unit]
		if len(v) != len(p.Samples) {
			return nil
		}
		return v
	}
	cpu, instructions, cycles := metric(contract.InSeconds(contract.UnitCPU)), metric(contract.UnitInstructions), metric(contract.UnitCycles)
	l.Wall = each(above0, func(i int) float64 { return p.Samples[i].Time })
	if cpu != nil {
		l.CPU = each(0, func(i int) float64 { return cpu[i] / tasks })
	}
	if l.CPU != nil && l.Wall != nil {
		l.Busy = each(0, func(i int) float64 { return cpu[i] / tasks / p.Samples[i].Time })
	}
	if instructions != nil {
		l.Instructions = each(above0, func(i int) float64 { return instructions[i] / tasks })
	}
	if instructions != nil && cycles != nil {
		l.CPI = each(above0, func(i int) float64 { return cycles[i] / instructions[i] })
	}
	if cpu != nil && cycles != nil {
		l.Clock = each(above0, func(i int) float64 { return cycles[i] / cpu[i] })
	}
	if l.CPU == nil {
		l.Missing = append(l.Missing, "no CPU time: "+absent(p, "", contract.InSeconds(contract.UnitCPU)))
	}
	if l.Instructions == nil || l.CPI == nil || l.Clock == nil && l.CPU != nil {
		l.Missing = append(l.Missing, "no counters: "+absent(p, counters, contract.UnitInstructions, contract.UnitCycles))
	}
	return l
}

// absent says why a level lacks one of the metrics.
func absent(p *results.Point, counters string, units ...string) string {
	for _, unit := range units {
		v := p.Extra[unit]
		printed := strings.Replace(unit, "-sec/", "-ns/", 1)
		switch {
		case len(v) == 0 && len(units) > 1 && strings.HasPrefix(counters, "no: "):
			return strings.TrimPrefix(counters, "no: ")
		case len(v) == 0 && len(units) > 1 && counters == "":
			return "the run did not ask for them (-perf)"
		case len(v) == 0:
			return "the lines have no " + printed
		case len(v) != len(p.Samples):
			return fmt.Sprintf("%d of %d lines have %s: measure all of them alike", len(v), len(p.Samples), printed)
		}
		for _, x := range v {
			if !stats.Positive(x) {
				return fmt.Sprintf("%s is %v on a line", printed, x)
			}
		}
	}
	return "the numbers are out of range"
}

// relate makes the factors.
func (l *Law) relate() {
	for _, of := range quantities {
		var first *Quantity
		for i := range l.Levels {
			q := of(&l.Levels[i])
			switch {
			case q == nil:
			case first == nil:
				first = q
				if q.Value > 0 {
					q.Factor = &laws.Estimate{Value: 1}
				}
			case q.Value > 0 && first.Value > 0:
				f := stats.Quotient(q.Estimate, first.Estimate)
				q.Factor = &f
			}
		}
	}
}

// quantities are all that a level can have.
var quantities = []func(*Level) *Quantity{
	func(l *Level) *Quantity { return l.Wall },
	func(l *Level) *Quantity { return l.CPU },
	func(l *Level) *Quantity { return l.Busy },
	func(l *Level) *Quantity { return l.Instructions },
	func(l *Level) *Quantity { return l.CPI },
	func(l *Level) *Quantity { return l.Clock },
}

// newQuantity summarises what the samples of a level gave.
func newQuantity(v []float64, confidence float64) *Quantity {
	if len(v) == 0 {
		return nil
	}
	return &Quantity{Estimate: stats.MedianEstimate(v, confidence)}
}

// check warns where the medians do not fit together.
func (l *Law) check() {
	for i := range l.Levels {
		v := &l.Levels[i]
		product, ok := v.Product()
		if !ok {
			continue
		}
		if off := math.Abs(product/v.CPU.Value - 1); off > mostOff {
			l.Warnings = append(l.Warnings, fmt.Errorf("at %s the factors give a CPU time that is %.0f %% off the measured one: the samples differ too much for medians to fit together: measure more of them",
				words.Workers(v.Workers), 100*off))
		}
	}
}

// above0 is the least of what a quotient can be made of.
const above0 = math.SmallestNonzeroFloat64
