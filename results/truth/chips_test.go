package truth

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"amdahl/results"
	"amdahl/results/hillmarty"
	"amdahl/results/laws"
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

// measuredChips are the curves of a file of chips, off by so much.
func measuredChips(noise, off float64) []*laws.Analysis {
	rng := rand.New(rand.NewPCG(5, 5))
	curve := func(serial float64, cores string, n, time float64) *laws.Analysis {
		c := &results.Curve{Name: results.ParseName(fmt.Sprintf("Strong/workload=spin/strategy=fixed/serial=%g/cores=%s", serial, cores)), X: "workers", Kind: results.Strong}
		p := results.Point{Workers: n, Tasks: 800}
		for r := range 8 {
			p.Samples = append(p.Samples, results.Sample{Time: time * math.Exp(noise*rng.NormFloat64()), Round: r + 1})
		}
		c.Points = []results.Point{p}
		return laws.Measured(c, 0)
	}
	var as []*laws.Analysis
	for _, serial := range []float64{0.5, 0.1, 0.01} {
		as = append(as, curve(serial, "slow16", 1, 1.6e-3))
		f := 1 - serial
		for cores, s := range map[string]float64{
			"hm-sym-4": hillmarty.Symmetric(f, 16, 4), "hm-asym-4": hillmarty.Asymmetric(f, 16, 4), "hm-dyn-4": hillmarty.Dynamic(f, 16, 4),
			"hm-sym-16": 4, "hm-asym-16": 4, "hm-dyn": hillmarty.Dynamic(f, 16, 16),
		} {
			as = append(as, curve(serial, cores, 16, 1.6e-3/s*(1+off)))
		}
	}
	return as
}

func TestChips(t *testing.T) {
	for _, tt := range []struct {
		noise, off float64
		want       Verdict
	}{{0.003, 0, Holds}, {0.003, 0.1, Wrong}, {0.3, 0, Noisy}} {
		r, err := Verify(measuredChips(tt.noise, tt.off))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Chips) != 18 || len(r.Efficiencies)+len(r.Findings)+len(r.Agreements) != 0 || r.Verdict() != tt.want {
			t.Errorf("noise %v, off by %v: %d chips and %d others, %s: want 18, 0, %s", tt.noise, tt.off, len(r.Chips), len(r.Findings)+len(r.Agreements), r.Verdict(), tt.want)
		}
		for _, c := range r.Chips {
			if c.Verdict != tt.want {
				t.Errorf("noise %v, off by %v: %s: %v, predicted %v: %s", tt.noise, tt.off, c.Curve.Name.String(), c.Measured.Value, c.Predicted, c.Verdict)
			}
		}
	}
	for series, want := range map[string]string{
		"S/cores=hm-asym-4": "asymmetric 4 true", "S/cores=hm-dyn": "dynamic 16 true", "S/cores=hm-sym-17": " 0 false",
		"S/cores=hm-odd-4": " 4 false", "S/cores=slow16": " 0 false", "S": " 0 false", "S/cores=hm-sym-x": " 0 false",
	} {
		d, r, ok := parseChip(results.ParseName(series))
		if got := fmt.Sprint(d.Name, " ", r, " ", ok); got != want {
			t.Errorf("%s: %s, want %s", series, got, want)
		}
	}
}
