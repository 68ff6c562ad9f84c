package laws

import (
	"fmt"
	"math"
	"unique"

	"amdahl/results/stats"
	"amdahl/results/words"
)

// rejectAt is the level of the test of lack of fit: below it the law is said to
// miss the levels by more than the spread of the samples explains.
const rejectAt = 0.05

// A basis is what a fit was made from: enough to give intervals for any number
// of workers at any confidence.
type basis struct {
	q    *problem
	c    point
	unit float64 // seconds
	noise
	round *stats.RoundEffect // nil where rounds are not known

	kept []keptRange // while the analysis is made

	// family and ceiling are the fits whose regions make the intervals of a
	// chosen law's serial fraction, and of its ceiling and predictions; nil
	// stands for this fit alone.
	family, ceiling []member
}

// Time is the fitted time per task, in seconds, at n workers. It is NaN for n
// of 0 or less.
func (f *Fit) Time(n float64) float64 {
	if !(n > 0) {
		return math.NaN()
	}
	var p [maxTerms]float64
	for k := range f.Params {
		p[k] = f.Params[k].Value
	}
	return f.T1.Value * f.Law.Ratio(n, p[:len(f.Params)])
}

// Speedup is Time(1)/Time(n) of the fitted law.
func (f *Fit) Speedup(n float64) float64 { return f.Time(1) / f.Time(n) }

// Param returns the fitted parameter of that name ("sigma"), or nil.
func (f *Fit) Param(name string) *Param {
	for k := range f.Params {
		if f.Params[k].Name == name {
			return &f.Params[k]
		}
	}
	return nil
}

// A solved is one law fitted to the levels, before intervals.
type solved struct {
	q      *problem
	c      point
	misfit *float64 // p-value of the lack of fit; nil if it cannot be tested
}

// misfits reports whether the lack-of-fit test rejects the law.
func (s *solved) misfits() bool { return s.misfit != nil && *s.misfit < rejectAt }

// free counts the parameters that are not on a bound, with T(1).
func (s *solved) free() int {
	n := 1
	for k := range s.q.k {
		if s.c.p[k] > s.q.lo[k] && s.c.p[k] < s.q.hi[k] {
			n++
		}
	}
	return n
}

func (d *data) solve(law *Law) *solved {
	s := &solved{q: newProblem(law, d.loss, d.n, d.w, d.h)}
	if d.curve.Relative {
		scale := -math.Log(d.unit) // of T(1) = 1
		if d.loss == Throughput {
			scale = d.unit
		}
		s.q.fixed = &scale
	}
	s.c = s.q.best()
	if over := len(d.n) - s.free(); d.pureDF > 0 && over > 0 {
		p := stats.FTail(s.c.sse/float64(over), d.pureSS/float64(d.pureDF), over, d.pureDF)
		s.misfit = &p
	}
	return s
}

// finish makes the fit with its intervals.
func (d *data) finish(s *solved, confidence float64) *Fit {
	f := &Fit{Law: s.q.law, Loss: d.loss, LackOfFit: s.misfit, Method: unique.Make(d.method(s)).Value()}
	b := &basis{unit: d.unit, round: d.roundEffect()}
	b.q, b.c, b.noise = d.noise(s)
	f.basis = b
	d.describe(f, confidence)
	return f
}

// method says in words what the intervals of a fit rest on.
func (d *data) method(s *solved) string {
	var text string
	switch {
	case d.pureDF == 0:
		return fmt.Sprintf("profile likelihood of the %d level means", len(d.n))
	case d.rounds != nil:
		text = fmt.Sprintf("profile likelihood of %d whole rounds", len(d.rounds))
	default:
		text = fmt.Sprintf("profile likelihood of %.0f samples, each level off by %g %% or by what the law misses", d.total, 100*levelEffect)
	}
	if s.misfits() {
		text += fmt.Sprintf(": the law misses the levels by more than the spread of the samples explains (p = %.2g)", *s.misfit)
	}
	return text
}

// describe fills in the numbers of a fit from its basis.
func (d *data) describe(f *Fit, confidence float64) {
	b, law := f.basis, f.Law
	a := b.keep(confidence)
	f.T1.Value = b.t1(b.c.scale)
	if b.q.fixed == nil {
		f.T1.Interval = b.scale(confidence)
	}
	if b.round != nil {
		f.T1.Widen(b.round.Mean(confidence))
	}
	p := b.c.p[:b.q.k]
	open := func(v float64) bool { return law.open != nil && law.open(d.n, v) }
	for k, t := range law.Terms {
		q := Param{Symbol: t.Symbol, Name: t.Name, Estimate: Estimate{Value: p[k]}}
		q.Interval = a.of(func(p []float64) float64 { return p[k] })
		q.Interval.OneSided = b.stuck(k)
		if open(q.Interval.High) {
			q.Interval.High = math.Inf(1)
		}
		if !b.stuck(k) {
			q.StdErr = b.stdErr(k)
		}
		f.Params = append(f.Params, q)
	}
	// of is an estimate of a function of the parameters. It has no upper end
	// where the parameter of a law that bends has none.
	of := func(g func(p []float64) float64) *Estimate {
		e := &Estimate{Value: g(p), Interval: a.of(g)}
		if law.open != nil {
			e.Interval.OneSided, e.Interval.High = f.Params[0].Interval.OneSided, f.Params[0].Interval.High
		}
		return e
	}
	if law.Limit != nil {
		f.MaxSpeedup = of(law.Limit)
		if !math.IsInf(f.MaxSpeedup.Value, 1) {
			f.Best95 = f.within95()
		}
	}
	if law.Peak != nil && !math.IsInf(law.Peak(p), 1) {
		f.Peak = of(law.Peak)
	}
	d.quality(f)
	warn := func(format string, args ...any) {
		f.Warnings = append(f.Warnings, fmt.Errorf("%s: "+format, append([]any{law.Name}, args...)...))
	}
	if b.df < 3 {
		more := 3 - int(b.df)
		warn("wide intervals, with %.3g %s of freedom to judge the noise by: need >= 3: measure %d more %s", b.df, words.Plural(int(math.Ceil(b.df)), "degree"), more, words.Plural(more, "level"))
	}
	for k, t := range law.Terms {
		switch {
		case t.G != nil && p[k] >= unbounded:
			warn("these levels do not determine T(1): measure at 1")
		case open(p[k]):
			warn("no bend up to the largest level, %g: %s is at least that", d.n[len(d.n)-1], t.Symbol)
		}
	}
}

// quality computes what says how well the law fits, over all samples and in
// log time whatever the loss.
func (d *data) quality(f *Fit) {
	b := f.basis
	var sse, mean, count float64
	for i, n := range d.n {
		e := d.y[i] - math.Log(f.Time(n)/d.unit)
		sse += d.yy[i] + d.count[i]*e*e
		mean += d.count[i] * d.y[i]
		count += d.count[i]
	}
	mean /= count
	var sst float64
	for i := range d.n {
		sst += d.yy[i] + d.count[i]*(d.y[i]-mean)*(d.y[i]-mean)
	}
	df := count - float64(b.q.k+1)
	f.Error = math.Sqrt(sse / df)
	if sst > 0 {
		f.R2 = 1 - sse/sst
	}
	f.DF = int(b.df)
	f.RSE = math.Sqrt(b.variance)
	if d.loss == Throughput {
		f.RSE /= d.unit
	}
}

// t1 turns the scale of a point into seconds per task at one worker.
func (b *basis) t1(scale float64) float64 {
	if b.q.loss == Throughput {
		if scale <= 0 {
			return math.Inf(1)
		}
		return b.unit / scale
	}
	return b.unit * math.Exp(scale)
}

// stuck reports whether the estimate of parameter k sits on a bound.
func (b *basis) stuck(k int) bool {
	return b.c.p[k] <= b.q.lo[k] || b.c.p[k] >= b.q.hi[k]
}

// stdErr is the asymptotic standard error of parameter k, those on a bound held
// there; nil where the data do not determine it.
func (b *basis) stdErr(k int) *float64 {
	m, _ := b.q.normal(b.c)
	v := 1 / m[k][k]
	if o := 1 - k; b.q.k == 2 && !b.stuck(o) {
		v = m[o][o] / (m[0][0]*m[1][1] - m[0][1]*m[0][1])
	}
	se := math.Sqrt(b.variance * v)
	if math.IsNaN(se) || math.IsInf(se, 0) {
		return nil
	}
	return &se
}
