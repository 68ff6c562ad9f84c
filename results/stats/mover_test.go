package stats

import (
	"math"
	"testing"
)

func TestDifference(t *testing.T) {
	est := func(v, low, high float64) Estimate { return Estimate{v, &Interval{Low: low, High: high}} }
	inf := math.Inf(1)
	tests := []struct {
		name       string
		a, b, want Estimate
	}{
		{"symmetric", est(5, 2, 8), est(1, -3, 5), est(4, -1, 9)},
		{"asymmetric", est(5, 2, 5), est(1, 1, 5), est(4, -1, 4)},
		{"no end", est(5, 5, inf), est(1, 1, 1), est(4, 4, inf)},
		{"no interval", Estimate{Value: 5}, est(1, 1, 1), Estimate{Value: 4}},
	}
	for _, tt := range tests {
		got := Difference(tt.a, tt.b)
		if got.Value != tt.want.Value || (got.Interval == nil) != (tt.want.Interval == nil) ||
			got.Interval != nil && *got.Interval != *tt.want.Interval {
			t.Errorf("%s: got %v %v, want %v %v", tt.name, got.Value, got.Interval, tt.want.Value, tt.want.Interval)
		}
	}
	q := Quotient(est(8, 4, 16), est(2, 2, 2))
	if q.Value != 4 || math.Abs(q.Interval.Low-2) > 1e-12 || math.Abs(q.Interval.High-8) > 1e-12 {
		t.Errorf("quotient: got %v %v, want 4 [2, 8]", q.Value, q.Interval)
	}
}
