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
		{"Strong/cores=slow16+big4/strategy=fixed", Slow},
		{"Strong/cores=hm-asym-4", Slow},
		{"Strong/strategy=remote/link=20ms/cores=slow32", Emulated},
		{"Strong/strategy=remote/link=20ms/cores=model", Model},
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

func TestNameSlowdown(t *testing.T) {
	for series, want := range map[string]int{"S/cores=slow32": 32, "S/cores=slow16+big4": 16, "S/cores=slow": 0, "S/cores=slow4x": 0, "S/cores=hm-dyn": 0, "S": 0} {
		if got := ParseName(series).Slowdown(); got != want {
			t.Errorf("%q: got %d, want %d", series, got, want)
		}
	}
}
