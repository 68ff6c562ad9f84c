package whatif

import (
	"context"
	"fmt"
	"slices"
	"time"

	"amdahl/results/replay"
	"amdahl/results/why"
	"amdahl/results/words"
)

// An Answer holds a run as it was recorded, replayed, against the same as it
// would be.
type Answer struct {
	*Recording
	Question Question
	At       []int  // numbers of workers, ascending
	Focus    int    // the one that Sentence is about
	Recorded Curve  // as recorded
	Asked    *Curve // as asked; nil if nothing was
}

// A Curve is one job on one kind of machine, replayed.
type Curve struct {
	One    time.Duration // at one worker; with the cost of handing out
	Bounds replay.Bounds // without a bound on the workers
	Runs   []Run         // at each of Answer.At
	Limits []Limit       // the span first, then the burdened span, then what else bounds the time
}

// A Run is one replay.
type Run struct {
	Time  time.Duration
	Level why.Level // where the worker time went; Paid is p·T(p) in seconds for the whole operation
}

// A Limit is a time that no number of workers goes below, and why.
type Limit struct {
	Name string // "span", "burdened span", "lock", "cores" or "interpreter lock"
	Time time.Duration
}

// Speedup is the largest speedup over the curve's One that n workers can have under
// the limit: min(n, One/Time).
func (c *Curve) Speedup(l Limit, n float64) float64 {
	if s, ok := Ratio(c.One, l.Time); ok {
		return min(n, s)
	}
	return n
}

// Lowest is the limit that bounds most: the one of the longest time.
func (c *Curve) Lowest() Limit {
	return slices.MaxFunc(c.Limits, func(a, b Limit) int { return int(max(-1, min(1, a.Time-b.Time))) })
}

// Ratio is a/b; ok is false where b is nothing.
func Ratio(a, b time.Duration) (ratio float64, ok bool) {
	if b <= 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}

// Base is the time at one worker that measured speedups are over: the measured
// one, or else the replayed one, and then measured is false.
func (a *Answer) Base() (one time.Duration, measured bool) {
	if m := a.Measured[0]; m.Workers == 1 {
		return m.Time, true
	}
	return a.Recorded.One, false
}

// levels are the numbers of workers to ask at where nobody named any: 1, 2,
// 4, … up to twice the recorded one.
func (r *Recording) levels() []int {
	at := []int{1}
	for n := 2; n/2 <= r.Workers && n > 0; n *= 2 {
		at = append(at, n)
	}
	return at
}

// Ask replays the recording as it is and as the question wants it, with each
// number of workers, and with those that were measured. The largest of them
// is what [Answer.Sentence] is about. If at is nil, they are 1, 2, 4, … up to
// twice the recorded one, which the sentence is then about, unless it is 1. The
// error is a [Refusal], says that a number of workers is none, or is that of
// [replay.Run].
//
// It takes as long as the replays: see there.
func Ask(ctx context.Context, r *Recording, q Question, at []int) (*Answer, error) {
	a := &Answer{Recording: r, Question: q, At: slices.Clone(at), Focus: r.Workers}
	if at == nil {
		a.At = r.levels()
	}
	if at != nil || r.Workers == 1 {
		a.Focus = slices.Max(a.At)
	}
	for _, m := range r.Measured {
		a.At = append(a.At, m.Workers)
	}
	slices.Sort(a.At)
	a.At = slices.Compact(a.At)
	if a.At[0] < 1 {
		return nil, fmt.Errorf("whatif: %d workers: at least 1 is needed", a.At[0])
	}
	var err error
	if a.Recorded, err = curve(ctx, r.Job, r.Machine, a.At); err != nil || !q.Asks() {
		return a, err
	}
	job, machine, err := q.change(r)
	if err != nil {
		return nil, err
	}
	asked, err := curve(ctx, job, machine, a.At)
	if err != nil {
		return nil, fmt.Errorf("what if %s: %w", q, err)
	}
	a.Asked = &asked
	return a, nil
}

// curve replays a job at each number of workers.
func curve(ctx context.Context, j replay.Job, m replay.Machine, at []int) (Curve, error) {
	var c Curve
	run := func(n int) (Run, error) {
		m.Workers = n
		out, err := replay.Run(ctx, j, m)
		if err != nil {
			return Run{}, err
		}
		return Run{out.Time, level(out)}, nil
	}
	one, err := run(1)
	if err != nil {
		return c, err
	}
	c.One = one.Time
	for _, n := range at {
		r, err := run(n)
		if err != nil {
			return c, err
		}
		c.Runs = append(c.Runs, r)
	}
	m.Workers = max(1, len(j.Tasks)) // more can do no more
	if c.Bounds, err = replay.Bound(j, m); err != nil {
		return c, err
	}
	b := c.Bounds
	c.Limits = []Limit{{"span", b.Span}, {"burdened span", b.BurdenedSpan}}
	if b.Lock > 0 {
		c.Limits = append(c.Limits, Limit{"lock", b.Lock})
	}
	switch {
	case b.Least <= max(b.BurdenedSpan, b.Lock):
	case m.Interpreter && !m.Processes:
		c.Limits = append(c.Limits, Limit{"interpreter lock", b.Least})
	default:
		c.Limits = append(c.Limits, Limit{"cores", b.Least})
	}
	return c, nil
}

// level is an outcome as a level of package why, in which waiting for I/O is not a
// loss.
func level(o *replay.Outcome) why.Level {
	l := why.Level{Workers: float64(o.Workers), Samples: 1, Paid: o.Parts.Sum().Seconds()}
	for _, c := range why.All {
		if share, ok := Ratio(o.Parts[c.Name], o.Parts.Sum()); ok && share > 0 {
			l.Parts = append(l.Parts, why.Part{Cause: c, Share: share})
		}
	}
	return l
}

// Losses returns the largest losses of a run, at most n of them, the largest
// first, without those below 0.05 %.
func (r Run) Losses(n int) []why.Part {
	losses := slices.DeleteFunc(r.Level.Losses(), func(p why.Part) bool { return p.Share < 0.0005 })
	return losses[:min(n, len(losses))]
}

// Off is by how much the replay as recorded differs from what was measured:
// replayed/measured − 1. There is no such number where measured took no time.
func (a *Answer) Off(m Measured) (off float64, ok bool) {
	i, _ := slices.BinarySearch(a.At, m.Workers)
	ratio, ok := Ratio(a.Recorded.Runs[i].Time, m.Time)
	return ratio - 1, ok
}

// Sentence sums the answer up for Focus workers: "If the lock
// were gone, 16 workers would be 15.8 times as fast as one instead of 3.9; then at
// 16 workers 99 % of the worker time is useful compute and …". Each is over its
// own time at one worker.
func (a *Answer) Sentence() string {
	i, _ := slices.BinarySearch(a.At, a.Focus)
	before := a.Recorded.Runs[i]
	was, ok := Ratio(a.Recorded.One, before.Time)
	who, is := words.Workers(float64(a.Focus)), "are"
	if a.Focus == 1 {
		is = "is"
	}
	if a.Asked == nil {
		if !ok {
			return fmt.Sprintf("%s took no time.", who)
		}
		return fmt.Sprintf("As recorded, %s %s %s. %s", who, is, asFast(was), before.Level.Sentence())
	}
	after := a.Asked.Runs[i]
	would, okay := Ratio(a.Asked.One, after.Time)
	gain, faster := Ratio(before.Time, after.Time)
	text := fmt.Sprintf("If %s, %s would ", a.Question, who)
	if !ok || !okay || !faster {
		return text + "take no time."
	}
	text += "be " + asFast(would)
	if words.Number(would) == words.Number(was) {
		text += ", as recorded"
	} else {
		text += " instead of " + words.Number(was)
	}
	if own, _ := Ratio(a.Asked.One, a.Recorded.One); own < 0.995 || own > 1.005 {
		text += fmt.Sprintf(", and take %s times as long as recorded", words.Number(1/gain))
	}
	return text + "; then a" + after.Level.Sentence()[1:] // "At 16 workers …"
}

// asFast says a speedup in words.
func asFast(speedup float64) string {
	if s := words.Number(speedup); s != "1" {
		return s + " times as fast as one"
	}
	return "as fast as one"
}
