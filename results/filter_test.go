package results

import "testing"

func TestFilter(t *testing.T) {
	const series = "Strong/workload=hash/strategy=fixed/serial=0.1"
	tests := []struct {
		filter string
		want   bool
	}{
		{"", true},
		{"Strong", true},
		{"Weak", false},
		{"Weak,Strong", true},
		{"workload=hash", true},
		{"strategy=fixed/workload=hash", true},
		{"workload=hash/strategy=spawn", false},
		{"strategy=spawn,fixed", true},
		{"hash", false},
		{"strategy=fix", false},
	}
	for _, tt := range tests {
		f, err := ParseFilter(tt.filter)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Keeps(&Curve{Name: ParseName(series)}); got != tt.want {
			t.Errorf("%q: got %v, want %v", tt.filter, got, tt.want)
		}
	}
	for _, bad := range []string{"a=", "a=b,", "/", "a//b"} {
		if f, err := ParseFilter(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, f)
		}
	}
}
