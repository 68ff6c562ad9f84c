package report

import (
	"math"
	"testing"

	"amdahl/results/laws"
	"amdahl/results/words"
)

func TestNumbers(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	oneSided := laws.Estimate{Value: 0, Interval: &laws.Interval{Low: 0, High: 2e-4, OneSided: true}}
	tests := []struct {
		name string
		got  cell
		want string
	}{
		{"ms", seconds(estimate(5.1234e-3, 5.05e-3, 5.2e-3)), "5.123 ms [5.050, 5.200]"},
		{"ns", seconds(laws.Estimate{Value: 12e-9}), "12.00 ns"},
		{"hours", seconds(laws.Estimate{Value: 7200}), "7200.0 s"},
		{"no time", seconds(laws.Estimate{Value: nan}), "—"},
		{"open end", seconds(estimate(1, 0.5, inf)), "1.000 s (≥ 0.500)"},
		{"no ends", seconds(estimate(1, -inf, inf)), "1.000 s"},
		{"plain", plain(estimate(0.1034, 0.098, 0.109)), "0.103 [0.098, 0.109]"},
		{"on its bound", plain(oneSided), "0 (≤ 2e-4)"},
		{"infinite", plain(laws.Estimate{Value: inf}), "—"},
		{"ceiling", ceiling(estimate(10, 8, 12.5)), "10 [8, 12.5]"},
		{"no ceiling", ceiling(estimate(100, 50, math.Inf(1))), "≥ 50"},
		{"ceiling of zero", ceiling(estimate(math.Inf(1), 5000, math.Inf(1))), "≥ 5000"},
		{"ceiling alone", ceiling(laws.Estimate{Value: 4}), "4"},
		{"ceiling under one", ceiling(estimate(0.6, 0.5, 1.11)), "1 [1, 1.11]"},
		{"ceiling beyond all measure", ceiling(estimate(9e15, 1e15, 1e17)), "—"},
		{"ceiling unknown", ceiling(laws.Estimate{Value: math.Inf(1)}), "—"},
		{"peak", peak(&laws.Fit{Peak: ptr(estimate(23, 18, 31)), MaxSpeedup: &laws.Estimate{Value: 5.3}}), "5.3 @ 18–31"},
		{"sharp peak", peak(&laws.Fit{Peak: ptr(estimate(23, 22.9, 23.1)), MaxSpeedup: &laws.Estimate{Value: 5.3}}), "5.3 @ 23"},
		{"far peak", peak(&laws.Fit{Peak: ptr(estimate(23, 18, inf)), MaxSpeedup: &laws.Estimate{Value: 5.3}}), "5.3 @ ≥ 18"},
		{"peak alone", peak(&laws.Fit{Peak: &laws.Estimate{Value: 23}}), "@ 23"},
		{"no peak", peak(&laws.Fit{}), "—"},
	}
	for _, n := range []struct{ got, want string }{
		{words.Even(0.716), "0.72"}, {words.Even(3.866), "3.87"}, {words.Even(9.996), "10.0"}, {words.Even(56.48), "56.5"}, {words.Even(1234), "1234"},
		{rough(0.0110), "0.01"}, {rough(6.98e-4), "7e-4"}, {rough(0.96), "1"},
		{words.Share(0.0123), "1.2 %"}, {words.Share(0.0996), "10 %"}, {words.Share(0.746), "75 %"}, {words.Share(1.02), "102 %"},
	} {
		if n.got != n.want {
			t.Errorf("got %q, want %q", n.got, n.want)
		}
	}
	for _, tt := range tests {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
