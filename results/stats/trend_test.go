package stats

import (
	"math"
	"testing"
)

// The line of the Norris-like example in Draper & Smith is easily checked by hand:
// x̄ = 3, ȳ = 4, Σ(x−x̄)² = 10, Σ(x−x̄)(y−ȳ) = 6, residual sum of squares 2.4.
func TestTrend(t *testing.T) {
	got := TrendOf([]float64{1, 2, 3, 4, 5}, []float64{2, 4, 5, 4, 5})
	if math.Abs(got.Slope-0.6) > 1e-12 || math.Abs(got.StdErr-math.Sqrt(2.4/3/10)) > 1e-12 || got.Span != 4 || got.DF != 3 {
		t.Errorf("got %+v, want slope 0.6, standard error 0.2828, span 4, 3 degrees of freedom", got)
	}
	c := got.Change(0.95)
	half := 3.182446305284263 * math.Sqrt(0.08) * 4
	if math.Abs(c.Value-2.4) > 1e-12 || math.Abs(c.Interval.High-2.4-half) > 1e-9 || math.Abs(2.4-c.Interval.Low-half) > 1e-9 {
		t.Errorf("change %v %v, want 2.4 ± %g", c.Value, c.Interval, half)
	}
	if p := got.P(); math.Abs(p-0.1240) > 1e-4 { // t = 2.1213 with 3 degrees of freedom
		t.Errorf("p = %.4f, want 0.1240", p)
	}
}

func TestMedian(t *testing.T) {
	v := []float64{3, 1, 2, 10}
	if got := Median(v); got != 2.5 || v[0] != 3 {
		t.Errorf("median %g of %v, want 2.5, in the same order", got, v)
	}
	if got := Median(v[:3]); got != 2 {
		t.Errorf("median %g, want 2", got)
	}
	if e := MedianEstimate(v, 0.95); e.Value != 2.5 || e.Interval != nil {
		t.Errorf("median of four %+v, want 2.5 without an interval", e)
	}
}
