package truth

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"amdahl/results/hillmarty"
	"amdahl/results/replay"
)

// simulatedChip is the speedup, over one base core, of a chip of n base cores
// whose large core has r of them, for a parallel fraction f of equal tasks.
func simulatedChip(t *testing.T, design string, f float64, n, r int) float64 {
	t.Helper()
	const tasks = 32_000
	perf := hillmarty.Perf(float64(r))
	m := replay.Machine{SerialSpeed: perf}
	switch design {
	case "symmetric":
		m.Speeds = slices.Repeat([]float64{perf}, n/r)
	case "asymmetric":
		m.Speeds = append([]float64{perf}, slices.Repeat([]float64{1}, n-r)...)
	case "dynamic":
		m.Speeds = slices.Repeat([]float64{1}, n)
	}
	m.Workers = len(m.Speeds)
	serial := int(math.Round((1 - f) * tasks))
	out, err := replay.Run(context.Background(), replay.Equal(serial, tasks-serial, replay.Phase{Kind: replay.Compute, Time: time.Millisecond}), m)
	if err != nil {
		t.Fatal(err)
	}
	return tasks * time.Millisecond.Seconds() / out.Time.Seconds()
}

// Simulated chips of 16 and of 64 base cores are on Hill and Marty's curves within
// 3 %, without anything fitted.
func TestSimulatedChips(t *testing.T) {
	for _, n := range []int{16, 64} {
		for _, d := range hillmarty.Designs {
			for _, f := range []float64{0.5, 0.9, 0.95, 0.975, 0.99} {
				for _, r := range []int{1, 4, 16} {
					got, want := simulatedChip(t, d.Name, f, n, r), d.Speedup(f, float64(n), float64(r))
					if math.Abs(got/want-1) > 0.03 {
						t.Errorf("%s, f = %v, n = %d, r = %d: speedup %.3f, want %.3f", d.Name, f, n, r, got, want)
					}
				}
			}
		}
	}
}

// The large core pays up to the r that the formulas predict: up to one base core
// below the crossing it wins, and from one above it loses to base cores alone.
func TestSimulatedCrossing(t *testing.T) {
	for _, n := range []int{16, 64} {
		for _, f := range []float64{0.95, 0.975, 0.99} {
			crossing := hillmarty.Crossing(f, float64(n))
			base := simulatedChip(t, "symmetric", f, n, 1)
			found := 1
			for r := 2; r <= n; r++ {
				if simulatedChip(t, "asymmetric", f, n, r) >= base {
					found = r
				}
			}
			if math.Abs(float64(found)-math.Floor(crossing)) > 1 {
				t.Errorf("f = %v, n = %d: the large core wins up to r = %d, predicted %.2f", f, n, found, crossing)
			}
		}
	}
}
