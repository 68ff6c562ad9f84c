// Package stats holds the statistics that several packages of results share:
// estimates with their intervals, medians, the summary of the levels of a
// curve, quantiles of the usual distributions, and one linear trend. It knows
// curves and no law.
package stats

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// An Interval is a confidence interval. High is +Inf and Low is -Inf where
// the data set no bound.
type Interval struct {
	Low, High float64
	OneSided  bool // the estimate sits on its bound, only the other end was estimated
}

// An Estimate is a number found from data. Interval is nil where the data
// cannot carry one.
type Estimate struct {
	Value    float64
	Interval *Interval
}

// Widen widens the interval of a positive estimate by an independent
// uncertainty of its logarithm, given as a half width. An end at 0 or +Inf
// stays.
func (e *Estimate) Widen(half float64) {
	if e.Interval == nil || half == 0 {
		return
	}
	end := func(end, sign float64) float64 {
		if end <= 0 || math.IsInf(end, 1) {
			return end
		}
		return e.Value * math.Exp(sign*math.Hypot(math.Log(end/e.Value), half))
	}
	e.Interval.Low, e.Interval.High = end(e.Interval.Low, -1), end(e.Interval.High, 1)
}

// Median is the middle of the values, the mean of the middle two where their
// number is even. The values keep their order; there is at least one.
func Median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return s[n/2-1] + (s[n/2]-s[n/2-1])/2
}

// MedianEstimate is the median with its distribution-free interval, from order
// statistics. Values are at least one and not NaN. Interval is nil where
// there are too few values for the confidence: 95 % needs six.
//
// Source: Conover, Practical Nonparametric Statistics, 3rd ed. 1999, 3.2.
func MedianEstimate(values []float64, confidence float64) Estimate {
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), confidence)
	e := Estimate{Value: s.Center}
	if Finite(s.Lo) && Finite(s.Hi) {
		e.Interval = &Interval{Low: s.Lo, High: s.Hi}
	}
	return e
}

// MeanSS is the mean of the values and the sum of squares about it.
func MeanSS(values []float64) (mean, ss float64) {
	for _, x := range values {
		mean += x
	}
	mean /= float64(len(values))
	for _, x := range values {
		ss += (x - mean) * (x - mean)
	}
	return mean, ss
}

// Finite reports whether v is a number and not infinite.
func Finite(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }

// Positive reports whether v is a finite number above 0, as a time and a
// number of workers are.
func Positive(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
