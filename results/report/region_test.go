package report

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestRegionAsked(t *testing.T) {
	for _, tt := range []struct {
		r    Region
		want string
	}{
		{Region{"cpu=2", "parse", 0.5, 12, 1, 0.6, 0.7, 0.72}, "If the region took 0.5 times as long, the run would take 700 ms to 720 ms: 28 % to 30 % less."},
		{Region{"cpu=2", "parse", 0.5, 12, 1, 0.6, 0.7, 0.7}, "the run would take 700 ms: 30 % less."},
		{Region{"cpu=2", "parse", 2, 1, 1, 0.6, 1.5, 1.5}, "If the region took 2 times as long, the run would take 1.50 s: 50 % more."},
	} {
		var b strings.Builder
		if err := RegionAsked(&b, tt.r, Options{}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(b.String()), " "); !strings.Contains(got, tt.want) || !strings.Contains(got, "the region parse was entered") {
			t.Errorf("got %s, want %s", got, tt.want)
		}
		b.Reset()
		if err := RegionJSON(&b, tt.r); err != nil || !json.Valid([]byte(b.String())) {
			t.Errorf("JSON: %v, %s", err, &b)
		}
	}
}
