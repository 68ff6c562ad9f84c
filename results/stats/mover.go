package stats

import "math"

// Difference is a − b with an interval where both have one.
//
// The intervals are joined by the method of variance estimates recovery
// (MOVER), which keeps their asymmetry; a and b must be independent:
//
//	d    = a − b
//	low  = d − √((a − a.low)² + (b.high − b)²)
//	high = d + √((a.high − a)² + (b − b.low)²)
//
// An end is infinite where one that it needs is. A drift that both share
// makes the interval wider than it need be, not narrower.
//
// Source: Zou, Donner: Construction of confidence limits about effect
// measures: a general approach. Statistics in Medicine 27 (2008) 1693–1702.
func Difference(a, b Estimate) Estimate {
	d := Estimate{Value: a.Value - b.Value}
	if a.Interval == nil || b.Interval == nil {
		return d
	}
	low := d.Value - math.Hypot(a.Value-a.Interval.Low, b.Interval.High-b.Value)
	high := d.Value + math.Hypot(a.Interval.High-a.Value, b.Value-b.Interval.Low)
	if !math.IsNaN(low) && !math.IsNaN(high) {
		d.Interval = &Interval{Low: low, High: high}
	}
	return d
}

// Quotient is a/b of positive numbers: their [Difference] in logarithms.
func Quotient(a, b Estimate) Estimate {
	q := Difference(a.each(math.Log), b.each(math.Log)).each(math.Exp)
	q.Value = a.Value / b.Value // without the rounding of logarithms
	return q
}

// each applies an increasing function to the value and to both ends.
func (e Estimate) each(f func(float64) float64) Estimate {
	g := Estimate{Value: f(e.Value)}
	if i := e.Interval; i != nil {
		g.Interval = &Interval{Low: f(i.Low), High: f(i.High), OneSided: i.OneSided}
	}
	return g
}
