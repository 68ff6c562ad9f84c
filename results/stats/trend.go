package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// A Trend is a straight line through points (x, y), by least squares.
type Trend struct {
	Slope  float64
	StdErr float64 // of the slope
	Span   float64 // from the first x to the last
	DF     int     // degrees of freedom: the number of points − 2
}

// TrendOf fits a line to at least three points with ascending x.
//
//	slope  = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)²
//	stderr = √(Σ residual² / (n − 2) / Σ(x − x̄)²)
func TrendOf(x, y []float64) Trend {
	a, b := stat.LinearRegression(x, y, nil, false)
	var rss, sxx float64
	mean := stat.Mean(x, nil)
	for i := range x {
		r := y[i] - a - b*x[i]
		rss += r * r
		sxx += (x[i] - mean) * (x[i] - mean)
	}
	df := len(x) - 2
	return Trend{Slope: b, StdErr: math.Sqrt(rss / float64(df) / sxx), Span: x[len(x)-1] - x[0], DF: df}
}

// Change is how much y changes over the span of x, with Student's interval.
func (t Trend) Change(confidence float64) Estimate {
	half := StudentT(confidence, float64(t.DF)) * t.StdErr * t.Span
	v := t.Slope * t.Span
	return Estimate{Value: v, Interval: &Interval{Low: v - half, High: v + half}}
}

// P is the two-sided p-value of "the slope is 0".
func (t Trend) P() float64 { return FTail(t.Slope*t.Slope, t.StdErr*t.StdErr, 1, t.DF) }
