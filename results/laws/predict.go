package laws

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
	e.Widen(b.newHalf(n, orDefault(confidence)))
	return e
}

// SpeedupAt is Speedup(n) with the interval of the law.
func (f *Fit) SpeedupAt(n, confidence float64) Estimate {
	e := Estimate{Value: f.Speedup(n)}
	if f.basis == nil || !(n > 0) {
		return e
	}
	e.Interval = f.basis.speedups(n, orDefault(confidence))
	return e
}

// speedups is the interval of the law's speedup at n workers, after the choice
// where the fit was chosen.
func (b *basis) speedups(n, confidence float64) *Interval {
	of := func(m *basis, r ranges) *Interval {
		return r.of(func(p []float64) float64 { return m.q.law.Ratio(1, p) / m.q.law.Ratio(n, p) })
	}
	if len(b.ceiling) == 0 {
		return of(b, b.at(confidence))
	}
	return union(1/b.q.law.Ratio(n, b.c.p[:b.q.k]), b.ceiling, confidence, of)
}

// Own is the parameter of that name with the interval of this fit alone, as if no
// other law had been in question. The fit has that parameter.
func (f *Fit) Own(name string, confidence float64) Estimate {
	var e Estimate
	for k := range f.Params {
		if f.Params[k].Name != name {
			continue
		}
		e.Value = f.Params[k].Value
		if f.basis != nil {
			e.Interval = f.basis.at(orDefault(confidence)).of(func(p []float64) float64 { return p[k] })
			e.Interval.OneSided = f.basis.stuck(k)
		}
	}
	return e
}

// ownSpeedup is Speedup(n) with the interval of this fit alone.
func (f *Fit) ownSpeedup(n, confidence float64) Estimate {
	e := Estimate{Value: f.Speedup(n)}
	if f.basis != nil && n > 0 {
		e.Interval = f.basis.at(orDefault(confidence)).of(func(p []float64) float64 { return f.Law.Ratio(1, p) / f.Law.Ratio(n, p) })
	}
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
