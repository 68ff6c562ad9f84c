package charts

import (
	"amdahl/results/words"
	"strings"
	"testing"
)

func TestTicks(t *testing.T) {
	tests := []struct {
		name   string
		got    []Tick
		lo, hi float64
		want   string // labels; "|" is a minor tick
	}{
		{"powers", powersOfTwo(0.9, 17, []float64{1, 2, 4, 8, 16}), 0.9, 17, "1 2 4 8 16"},
		{"other levels", powersOfTwo(0.9, 13, []float64{1, 3, 6, 12}), 0.9, 13, "1 2 | 4 | 8 |"},
		{"no powers", powersOfTwo(4.5, 7.5, []float64{5, 6, 7}), 4.5, 7.5, "5 6 7"},
		{"load below one", powersOfTwo(0.2, 1.1, []float64{0.25, 0.7, 1}), 0.2, 1.1, "0.25 0.5 | 1"},
		{"very wide", powersOfTwo(0.9, 1<<30, nil), 0.9, 1 << 30, "1 | | 8 | | 64 | | 512 | | 4096 | | 32768 | | 262144 | | 2097152 | | 16777216 | | 134217728 | | 1073741824"},
		{"decades", niceTicks(0.05, 300), 0.05, 300, "0.1 1 10 100"},
		{"one decade", niceTicks(0.9, 12), 0.9, 12, "1 2 5 10"},
		{"one octave", niceTicks(24, 47), 24, 47, "25 30 35 40 45"},
		{"a hair", niceTicks(1.001, 1.002), 1.001, 1.002, "1.0010 1.0012 1.0014 1.0016 1.0018 1.0020"},
		{"around zero", linearTicks(-0.021, 0.043), -0.021, 0.043, "-0.02 -0.01 0.00 0.01 0.02 0.03 0.04"},
		{"below zero", linearTicks(-7, -1), -7, -1, "-7 -6 -5 -4 -3 -2 -1"},
		{"from zero", linearTicks(0, 100), 0, 100, "0 20 40 60 80 100"},
		{"large", linearTicks(-3e6, 4e7), -3e6, 4e7, "0 10000000 20000000 30000000 40000000"},
		{"speedup", speedupTicks(0.9, 9), 0.9, 9, "1 2 4 8"},
		{"small speedup", speedupTicks(0.95, 2.1), 0.95, 2.1, "1.0 1.2 1.4 1.6 1.8 2.0"},
	}
	for _, tt := range tests {
		var labels []string
		for i, k := range tt.got {
			if k.Value < tt.lo || k.Value > tt.hi || i > 0 && k.Value <= tt.got[i-1].Value {
				t.Errorf("%s: tick %g out of place", tt.name, k.Value)
			}
			if k.Label == "" {
				k.Label = "|"
			}
			labels = append(labels, k.Label)
		}
		if got := strings.Join(labels, " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestShort(t *testing.T) {
	tests := []struct {
		v    float64
		want string
	}{
		{0, "0"}, {0.1, "0.1"}, {0.10345, "0.103"}, {0.0018, "0.0018"}, {0.000151, "1.51e-4"}, {5e-5, "5e-5"},
		{2e-12, "2e-12"}, {123.4, "123"}, {1024, "1024"}, {65536, "65536"}, {2.5e7, "2.5e+07"}, {-0.25, "-0.25"},
	}
	for _, tt := range tests {
		if got := words.Number(tt.v); got != tt.want {
			t.Errorf("words.Number(%g) = %q, want %q", tt.v, got, tt.want)
		}
	}
}
