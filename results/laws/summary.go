package laws

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"amdahl/results/stats"
	"amdahl/results/words"
)

// power is how often a κ of DetectableKappa would have shown.
const power = 0.8

// summarise fills in what a table prints beside the fits, and the warnings.
func (a *Analysis) summarise(d *data, confidence float64) {
	a.PoolSize = a.pool()
	a.DetectableKappa = a.detectable(confidence)
	var ss, df float64
	for i, n := range d.count {
		ss += d.yy[i]
		df += n - 1
	}
	if df > 0 {
		noise := math.Sqrt(ss / df)
		a.Noise = &noise
	}
	switch {
	case a.Chosen != nil:
		a.Method = a.Chosen.Method
		a.Sigma = serialOf(a.Chosen)
		for _, f := range a.Fits {
			if a.Chosen.Law == Ideal && f.Law.Default {
				a.Sigma = serialOf(f)
			}
		}
	case a.Verdict == NoneFits:
	case len(a.KarpFlatt) > 0:
		k := a.KarpFlatt[len(a.KarpFlatt)-1]
		a.Sigma = k.serial()
		a.Method = fmt.Sprintf("the fraction at %g, with Student's interval from the spread of the samples", k.N)
		if k.Interval == nil {
			a.Method = fmt.Sprintf("the fraction at %g; one sample a level gives no interval", k.N)
		}
		if _, half, ok := d.speedup(slices.Index(d.n, 1), len(d.n)-1, confidence); ok && half > 0 && half == d.orderNoise(confidence) {
			a.Method += ", made as wide as the drift within the few rounds needs it"
		}
	}
	a.warn(d)
}

// rounding is the error of a fraction of exact times.
const rounding = 1e-9

// serial is the fraction as a serial one, cut to 0 to 1; nil where the fraction,
// with its whole interval, is outside.
func (k KarpFlatt) serial() *Estimate {
	e := &Estimate{Value: math.Min(math.Max(k.Value, 0), 1)}
	if k.Interval == nil {
		if math.Abs(k.Value-e.Value) > rounding {
			return nil
		}
		return e
	}
	if k.Interval.High < -rounding || k.Interval.Low > 1+rounding {
		return nil
	}
	e.Interval = &Interval{Low: math.Max(k.Interval.Low, 0), High: math.Min(k.Interval.High, 1), OneSided: k.Value != e.Value}
	return e
}

// serialOf is the serial fraction of a fit, or nil where its law has none.
func serialOf(f *Fit) *Estimate {
	for _, name := range []string{"sigma", "s"} {
		if p := f.Param(name); p != nil {
			return &p.Estimate
		}
	}
	return nil
}

func (a *Analysis) warn(d *data) {
	law := defaultLaw(d.curve.Kind)
	a.warnDrift(d)
	add := func(format string, args ...any) { a.Warnings = append(a.Warnings, fmt.Errorf(format, args...)) }
	L := len(d.n)
	switch {
	case L < law.Levels:
		add("%d levels: no law can be checked against the data: measure at 3 or more, better 1, 2, 4, 8", L)
	case L < USL.Levels && law == Amdahl:
		add("%d levels: no law with an overhead can be fitted, and an overhead would be taken for a serial part: measure at 4 or more", L)
	}
	if !slices.Contains(d.n, 1) && !d.curve.Relative {
		if L < law.Levels { // nothing is fitted
			add("no level at 1: no speedup was measured: measure at 1")
		} else {
			add("no level at 1: T(1) is extrapolated and no speedup was measured: measure at 1")
		}
	}
	switch {
	case d.pureDF == 0:
		a.Warnings = append(a.Warnings, errors.New("one sample a level: noise and misfit cannot be told apart: take at least 6 (of Go benchmarks: go test -count 10)"))
	case d.few == 0 && d.rounds == nil:
		a.Warnings = append(a.Warnings, errors.New("no rounds are known: a machine that changed from level to level passes for scaling (amdahl run measures in shuffled rounds)"))
	case d.few > 0:
		add("%s: need >= %d to take a round as one observation: the samples are taken as independent", words.Count(d.few, "whole round"), minRounds)
	}
}

// detectable is the κ of the USL that these levels and this noise would show
// in four of five measurements, if it were there on top of Amdahl's law: the
// standard error of κ there, times the quantiles of the test and of its power.
func (a *Analysis) detectable(confidence float64) *float64 {
	var amdahl, usl *Fit
	for _, f := range a.Fits {
		switch f.Law {
		case Amdahl:
			amdahl = f
		case USL:
			usl = f
		}
	}
	if amdahl == nil || usl == nil || usl.basis.df < 1 {
		return nil
	}
	b := usl.basis
	m, _ := b.q.normal(b.q.at([maxTerms]float64{amdahl.basis.c.p[0]}))
	det := m[0][0]*m[1][1] - m[0][1]*m[0][1]
	if !(det > 0) {
		return nil
	}
	se := math.Sqrt(b.variance * m[0][0] / det)
	k := (stats.StudentT(confidence, b.df) + stats.StudentT(2*power-1, b.df)) * se
	if !(k > 1e-9) {
		return nil // exact data, where it is rounding
	}
	return &k
}
