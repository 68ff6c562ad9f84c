package laws

import (
	"fmt"
	"math"

	"amdahl/results/stats"
)

const (
	// poolAt is the level of the preliminary test before samples are pooled:
	// the law's misfit counts as noise alone only if the F test does not speak
	// even at 30 %. Such a test needs a level far above the usual 5 %, between
	// 25 % and 50 % (T. A. Bancroft, C.-P. Han, A note on pooling variances,
	// JASA 78, 1983): at 5 % it overlooks shifts of whole levels that spoil the
	// intervals.
	poolAt = 0.3
	// rejectAt is the level where only a wrong law is in question: with rounds,
	// which keep shifts of the machine apart from the levels.
	rejectAt = 0.05
)

// A basis is what a fit was made from: enough to give intervals for any number
// of workers at any confidence.
type basis struct {
	q          *problem
	c          point
	unit       float64 // seconds
	sd         float64 // noise in h of one independent observation
	df         float64
	newLevelSD float64 // noise in h of one new sample at a level that was not measured
	boot       *resamples
	fits       []point // c of every resample
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
	level  float64  // of that test
}

// misfits reports whether the lack-of-fit test rejects the law, so that intervals
// must come from the level means.
func (s *solved) misfits() bool { return s.misfit != nil && *s.misfit < s.level }

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
	s := &solved{q: newProblem(law, d.loss, d.n, d.m, d.h), level: poolAt}
	if d.rounds != nil {
		s.level = rejectAt
	}
	s.c = s.q.best()
	if over := len(d.n) - s.free(); d.pureDF > 0 && over > 0 {
		p := stats.FTail(s.c.sse/float64(over), d.pureSS/float64(d.pureDF), over, d.pureDF)
		s.misfit = &p
	}
	return s
}

// finish makes the fit with its intervals, by the method that the data allow.
func (d *data) finish(s *solved, boot *resamples, confidence float64) *Fit {
	law, L, params := s.q.law, len(d.n), s.q.k+1
	f := &Fit{Law: law, Loss: d.loss, LackOfFit: s.misfit}
	b := &basis{q: s.q, c: s.c, unit: d.unit}
	f.basis = b
	switch {
	case d.pureDF > 0 && !s.misfits() && boot != nil:
		b.boot = boot
		b.sd = math.Sqrt((s.c.sse + d.pureSS) / float64(d.pureDF+L-params))
		b.df = float64(d.pureDF + L - params)
		f.Method = fmt.Sprintf("bootstrap over %d whole rounds", len(d.rounds))
	case d.pureDF > 0 && !s.misfits():
		b.df = d.total - float64(params)
		b.sd = math.Sqrt((s.c.sse + d.pureSS) / b.df)
		f.Method = fmt.Sprintf("profile likelihood of %.0f samples", d.total)
		if d.few == 0 {
			f.Method += ": no rounds are known, so a steady drift of the machine would pass for scaling"
		}
	default:
		f.Method = fmt.Sprintf("profile likelihood of the %d level means", L)
		if s.misfits() {
			f.Method += fmt.Sprintf(": the law misses them by more than the spread of the samples explains (p = %.2g)", *s.misfit)
			if d.loss == LogTime {
				// The levels err, not the samples: each counts once.
				ones := make([]float64, L)
				for i := range ones {
					ones[i] = 1
				}
				b.q = s.q.with(ones, d.h)
				b.c = b.q.best()
			}
		}
		b.df = float64(L - params)
		b.sd = math.Sqrt(b.c.sse / b.df)
	}
	b.newLevelSD = b.sd
	if s.misfits() {
		// A new level errs as these do, and its sample around it.
		level := b.c.sse / b.df
		if d.loss == Throughput {
			level *= float64(L) / d.total
		}
		b.newLevelSD = math.Sqrt(level + d.pureSS/float64(d.pureDF))
	}
	if b.boot != nil {
		b.fits = b.boot.solve(b.q, b.c)
	}
	d.describe(f, confidence)
	return f
}

// describe fills in the numbers of a fit from its basis.
func (d *data) describe(f *Fit, confidence float64) {
	b, law := f.basis, f.Law
	a := b.at(confidence)
	f.T1.Value = b.t1(b.c.scale)
	f.T1.Interval = a.scale(b.t1)
	if b.boot == nil {
		f.T1.Widen(d.roundSpread(confidence))
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
		warn("wide intervals, with %g left to judge the noise by: need >= 3: measure %d more levels", b.df, 3-int(b.df))
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
	f.RSE = b.sd
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
	se := b.sd * math.Sqrt(v)
	if math.IsNaN(se) || math.IsInf(se, 0) {
		return nil
	}
	return &se
}
