// Package bound says whether work is bound by the processors or by waiting (CPU-bound
// or I/O-bound), and the pool size that follows.
//
// With one worker, a task computes for a share of its time,
//
//	share = CPU time / wall time
//
// and waits for the rest. Until the processors are full, a pool can have
//
//	workers = processors × (1 + waiting / computing) = processors / share
//
// Source: B. Goetz et al., Java Concurrency in Practice, 2006, section 8.2, with a
// target utilisation of 1.
//
// Time that a worker was ready and had no processor is neither, and is taken out of
// the wall time where the results have it (run-delay-ns/op):
//
//	share = CPU time / (wall time − run delay)
//
// Where they do not, all that is no CPU time would count as waiting, and a machine
// that is busy with other things makes work look as if it waited: nothing is then
// said of a curve that was measured beside others.
package bound

import (
	"math"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/ironlaw"
	"amdahl/results/laws"
)

// A Bound is what work waits for when it is slow.
type Bound string

const (
	CPU     Bound = "cpu"     // it computes: a share of at least AtLeast
	IO      Bound = "io"      // it waits: a share of at most AtMost
	Mixed   Bound = "mixed"   // both
	Unknown Bound = "unknown" // not measured
)

// The shares that divide them. At a share of 0.9 a second worker for each
// processor has next to nothing to do; at 0.1 ten of them share one.
const (
	AtLeast = 0.9
	AtMost  = 0.1
)

// A Verdict is what one curve shows.
type Verdict struct {
	Bound Bound

	// Share is the median of CPU time over wall time at one worker, in [0, 1],
	// with its interval (six samples for 95 %); nil where it was not measured,
	// and Missing says why.
	Share   *laws.Estimate
	Missing string

	// Excess is CPU time over wall time at one worker where that is above 1.05:
	// more than one worker can compute. 0 otherwise.
	Excess float64

	// Pool is the number of workers that Share implies; High is +Inf where the
	// share may be 0. Nil without a share or processors.
	Pool       *laws.Estimate
	Processors float64 // of the curve's machine, or its quota where that is less; 0 if unknown
	Against    Against // the measured range of workers within 95 % of the best
	Best       float64 // the number of workers beyond which more are no faster by the chosen law, below the pool; 0 if it is not

	Findings []laws.Finding
}

// Against says where the implied pool lies, against the measured range.
type Against string

const (
	NotMeasured Against = ""       // no range was measured, or nothing implied
	Inside      Against = "inside" // they overlap
	Below       Against = "below"  // more workers than implied still paid
	Beyond      Against = "beyond" // more are implied than were measured
	Above       Against = "above"  // fewer workers were already best: something else is the limit
)

// Judge looks at one curve. Only a.Curve is needed; with a.PoolSize the implied
// pool is held against it. Intervals have a.Confidence, 0 is 0.95. Judge may be called
// concurrently.
//
// It reads the metric "cpu-sec/op" of the level at one worker. Any program can be
// judged by a curve of that one level.
func Judge(a *laws.Analysis) *Verdict {
	v := &Verdict{Bound: Unknown, Processors: processors(a.Curve.Machine)}
	v.measure(a.Curve, a.Confidence)
	v.imply()
	v.hold(a)
	v.find(a)
	return v
}

// processors is how many the machine gives.
func processors(m results.Machine) float64 {
	if m.Quota > 0 && (m.Logical == 0 || m.Quota < float64(m.Logical)) {
		return m.Quota
	}
	return float64(m.Logical)
}

// measure finds the share and the bound.
func (v *Verdict) measure(c *results.Curve, confidence float64) {
	if c.Name.Source() == results.Slow {
		name := contract.NameCores + "=" + c.Name.Cores()
		v.Missing = "its processors are emulated (" + name + "): they sleep where slower ones would compute"
		return
	}
	one := slices.IndexFunc(c.Points, func(p results.Point) bool { return p.Workers == 1 })
	if one < 0 {
		v.Missing = "no level at 1 worker"
		return
	}
	ready, known := readyTime(c.Points[one])
	if !known && busy(c) {
		v.Missing = "the machine was busy, and how long the work had to wait for a processor is not known"
		return
	}
	l := ironlaw.Of(&results.Curve{Points: []results.Point{without(c.Points[one], ready)}}, ironlaw.Options{Confidence: confidence}).Levels[0]
	switch {
	case l.Wall == nil:
		v.Missing = "a time at 1 worker is no positive number"
		return
	case l.Busy == nil:
		v.Missing = l.Missing[0]
		return
	}
	share := l.Busy.Estimate
	if share.Value > 1.05 {
		v.Excess = share.Value
	}
	share.Value = min(share.Value, 1)
	if i := share.Interval; i != nil {
		share.Interval = &laws.Interval{Low: min(i.Low, 1), High: min(i.High, 1)}
	}
	v.Share = &share
	switch {
	case share.Value >= AtLeast:
		v.Bound = CPU
	case share.Value <= AtMost:
		v.Bound = IO
	default:
		v.Bound = Mixed
	}
}

// readyTime is, of each sample, the time in seconds per operation that its threads
// were ready and had no processor; known is false where the results do not have it.
func readyTime(p results.Point) (ready []float64, known bool) {
	ready = p.Extra[contract.InSeconds(contract.UnitDelay)]
	return ready, len(ready) > 0 && len(ready) == len(p.Samples)
}

// without is a level with its ready time taken out of the wall time. What is left is
// never below the CPU time of one worker.
func without(p results.Point, ready []float64) results.Point {
	if len(ready) != len(p.Samples) {
		return p
	}
	cpu := p.Extra[contract.InSeconds(contract.UnitCPU)]
	p.Samples = slices.Clone(p.Samples)
	for i := range p.Samples {
		s := &p.Samples[i]
		left := s.Time - ready[i]/p.Tasks
		if len(cpu) == len(p.Samples) {
			left = max(left, min(s.Time, cpu[i]/p.Tasks))
		}
		if left > 0 {
			s.Time = left
		}
	}
	return p
}

// busy reports whether somebody else had a part of the processors in rounds that
// the curve still holds, as far as that is known.
func busy(c *results.Curve) bool {
	return c.Rounds.TooFew() || len(c.Rounds.LeftOut) == 0 && c.Gave != nil && c.Gave.Busy()
}

// imply makes the pool size.
func (v *Verdict) imply() {
	if v.Share == nil || v.Processors == 0 {
		return
	}
	pool := func(share float64) float64 { return v.Processors / share } // +Inf for 0
	v.Pool = &laws.Estimate{Value: pool(v.Share.Value)}
	if i := v.Share.Interval; i != nil {
		v.Pool.Interval = &laws.Interval{Low: pool(i.High), High: pool(i.Low)}
	}
}

// hold holds the pool against the measured range.
func (v *Verdict) hold(a *laws.Analysis) {
	p := a.PoolSize
	if v.Pool == nil || p == nil || a.Curve.Kind == results.Weak {
		return
	}
	low, high := ends(*v.Pool)
	last := a.Curve.Points[len(a.Curve.Points)-1].Workers
	if n, ok := best(a); ok && low > math.Ceil(n) {
		v.Against, v.Best = Above, n
		return
	}
	switch {
	case high < math.Floor(p.Low):
		v.Against = Below
	case low <= math.Ceil(p.High):
		v.Against = Inside
	case p.High >= last:
		v.Against = Beyond
	default:
		v.Against = Above
	}
}

// best is the number of workers beyond which more are no faster, as the chosen law
// has it; ok is false where it knows none.
func best(a *laws.Analysis) (n float64, ok bool) {
	if a.Chosen == nil || a.Chosen.Peak == nil || math.IsInf(a.Chosen.Peak.Value, 1) {
		return 0, false
	}
	_, high := ends(*a.Chosen.Peak)
	if math.IsInf(high, 1) {
		return 0, false
	}
	return max(a.Chosen.Peak.Value, high), true
}

// ends are those of the interval, or the value twice.
func ends(e laws.Estimate) (low, high float64) {
	if e.Interval == nil {
		return e.Value, e.Value
	}
	return e.Interval.Low, e.Interval.High
}
