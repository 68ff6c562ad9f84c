package results

import "testing"

func TestNameSource(t *testing.T) {
	for _, tt := range []struct {
		series string
		want   Source
	}{
		{"Strong/workload=hash", Real},
		{"Strong/cores=real", Real},
		{"Strong/cores=gil/strategy=fixed", Real},
		{"Strong/cores=slow32/strategy=fixed", Slow},
		{"Strong/strategy=fixed/cores=simulated", Simulated},
		{"Strong/cores=model", Model},
		{"Sort/cores=4", Real},
		{"Sort/cores=slow", Real},
		{"Sort/cores=slowly", Real},
		{"Sort/mycores=slow2", Real},
		{"", Real},
	} {
		if got := ParseName(tt.series).Source(); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.series, got, tt.want)
		}
	}
}
