package laws

import "amdahl/results/stats"

// Predict is the speedup that one new measurement at n workers would show,
// against the fitted T(1). Its interval holds what is not known of the law and
// the noise of that measurement; it is wider than the interval of the law
// alone, [Fit.SpeedupAt]. The confidence is between 0 and 1; 0 is 0.95.
// Interval is nil where the fit has none.
func (f *Fit) Predict(n, confidence float64) Estimate {
	e := f.SpeedupAt(n, confidence)
	b := f.basis
	if e.Interval == nil {
		return e
	}
	sd := b.newLevelSD
	if b.q.loss == Throughput {
		sd /= b.c.scale / f.Law.Ratio(n, b.c.p[:b.q.k])
	}
	e.Widen(stats.StudentT(orDefault(confidence), b.df) * sd)
	return e
}

// SpeedupAt is Speedup(n) with the interval of the law.
func (f *Fit) SpeedupAt(n, confidence float64) Estimate {
	e := Estimate{Value: f.Speedup(n)}
	if f.basis == nil || !(n > 0) {
		return e
	}
	e.Interval = f.basis.at(orDefault(confidence)).of(func(p []float64) float64 {
		return f.Law.Ratio(1, p) / f.Law.Ratio(n, p)
	})
	return e
}

// Extrapolates says whether n is beyond twice the largest level measured, where
// no law should be believed.
func (f *Fit) Extrapolates(n float64) bool {
	return f.basis != nil && n > 2*f.basis.q.n[len(f.basis.q.n)-1]
}

func orDefault(confidence float64) float64 {
	if confidence == 0 {
		return 0.95
	}
	return confidence
}
