package stats

import (
	"cmp"
	"math"
)

// Jackknife is the interval of a value that was computed from n ≥ 2 rounds, however it was
// computed: without holds the n values that one gets if one of the rounds is left out. With
// m their mean,
//
//	s²   = (n − 1)/n · Σ (withoutᵢ − m)²        the variance of the value
//	half = t(confidence, n − 1) · s
//
// For a mean this is Student's interval. The rounds must be independent, and the computation
// smooth: of a median s² is wrong. Confidence 0 means 0.95.
//
// Source: J. W. Tukey, Bias and confidence in not-quite large samples, Annals of Mathematical
// Statistics 29, 1958; B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans,
// SIAM 1982, chapter 3.
func Jackknife(value float64, without []float64, confidence float64) Estimate {
	_, ss := MeanSS(without)
	n := float64(len(without))
	half := StudentT(cmp.Or(confidence, 0.95), n-1) * math.Sqrt((n-1)/n*ss)
	return Estimate{Value: value, Interval: &Interval{Low: value - half, High: value + half}}
}
