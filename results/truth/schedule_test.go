package truth

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/replay"
)

// asMeasured is a curve as a machine that is off by so much would measure it: round
// r draws what the strategy draws in round r.
func asMeasured(t *testing.T, schedule, skew string, noise, off float64) *laws.Analysis {
	t.Helper()
	const tasks, rounds = 320, 8
	name := "Strong/workload=spin/strategy=" + schedule + "/serial=0"
	if skew != "" {
		name += "/skew=" + skew
	}
	c := &results.Curve{Name: results.ParseName(name + "/cores=slow16"), X: "workers", Kind: results.Strong, File: "x.txt", Line: 1}
	all, err := replay.Draw(skew, 1, tasks, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(4, 4))
	for n := 1; n <= 16; n *= 2 {
		p := results.Point{Workers: float64(n), Tasks: tasks}
		for r := range rounds {
			out, err := replay.Run(context.Background(), replay.Job{Tasks: all}, replay.Machine{Workers: n, Schedule: replay.Schedule(schedule), Seed: uint64(r + 1), Run: 1})
			if err != nil {
				t.Fatal(err)
			}
			slow := 1.0
			if n > 1 {
				slow += off
			}
			p.Samples = append(p.Samples, results.Sample{Time: out.Time.Seconds() / tasks * slow * math.Exp(noise*rng.NormFloat64()), Round: r + 1})
		}
		c.Points = append(c.Points, p)
	}
	return laws.Measured(c, 0)
}

func TestEfficiencies(t *testing.T) {
	for _, skew := range []string{"", "exponential", "heavy"} {
		for _, s := range replay.Schedules {
			es, err := Efficiencies(asMeasured(t, string(s), skew, 0.002, 0))
			if err != nil {
				t.Fatal(err)
			}
			if want := 4; s == replay.Shared && skew == "" {
				want = 0 // a planted truth: Check judges it
			} else if len(es) != want {
				t.Fatalf("%s %s: %d levels, want %d", s, skew, len(es), want)
			}
			chance := strings.HasPrefix(string(s), "random") || strings.HasPrefix(string(s), "two") || s == replay.Steal
			for _, e := range es {
				// The median of rounds that differ is near the mean of the simulated ones.
				if limit := map[bool]float64{false: 0.01, true: 0.05}[chance]; math.Abs(e.Measured.Value-e.Simulated) > limit {
					t.Errorf("%s %s, n = %d: %.4f, simulated %.4f", s, skew, e.N, e.Measured.Value, e.Simulated)
				}
				if e.Verdict == Wrong || !chance && e.Verdict != Holds {
					t.Errorf("%s %s, n = %d: %s", s, skew, e.N, e.Verdict)
				}
			}
		}
	}
}

// A machine on which each task costs a tenth more beside others is not what was
// simulated, and one whose times spread by a third cannot tell.
func TestEfficienciesRefuse(t *testing.T) {
	for _, tt := range []struct {
		noise, off float64
		want       Verdict
	}{{0.002, 0.1, Wrong}, {0.3, 0, Noisy}} {
		es, err := Efficiencies(asMeasured(t, "static", "exponential", tt.noise, tt.off))
		if err != nil {
			t.Fatal(err)
		}
		if got := es[len(es)-1].Verdict; got != tt.want && es[0].Verdict != tt.want {
			t.Errorf("noise %v, off by %v: %s, want %s", tt.noise, tt.off, got, tt.want)
		}
	}
	bad := asMeasured(t, "static", "", 0, 0)
	bad.Curve.Name = results.ParseName("Strong/strategy=static/skew=odd")
	if _, err := Efficiencies(bad); err == nil || !strings.Contains(err.Error(), `unknown distribution "odd"`) {
		t.Errorf("skew=odd: %v", err)
	}
}

// Verify holds curves of schedules against the simulator and not against σ.
func TestVerifySchedules(t *testing.T) {
	r, err := Verify([]*laws.Analysis{asMeasured(t, "static", "exponential", 0.002, 0), asMeasured(t, "cyclic", "", 0.002, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Efficiencies) != 8 || len(r.Findings)+len(r.Agreements) != 0 || r.Verdict() != Holds {
		t.Errorf("%d efficiencies, %d truths, %s: want 8, 0, holds", len(r.Efficiencies), len(r.Findings), r.Verdict())
	}
}

// Tasks of which only the workload knows how long they are have no truth, and the
// report says so.
func TestVerifyOwnLengths(t *testing.T) {
	a := asMeasured(t, "static", "", 0.002, 0)
	a.Curve.Name = results.ParseName("Strong/workload=mandelbrot/strategy=static/serial=0/skew=rows/cores=slow16")
	r, err := Verify([]*laws.Analysis{a})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Efficiencies)+len(r.Findings)+len(r.Agreements) != 0 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Error(), "skew=rows") || r.Verdict() == Holds {
		t.Errorf("got %+v, want one curve skipped for skew=rows", r)
	}
}

// The lengths are those of package workloads, which has this list in its test.
func TestDrawnLengths(t *testing.T) {
	for skew, want := range drawn {
		tasks, err := replay.Draw(skew, 3, 5, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, task := range tasks {
			got = append(got, fmt.Sprint(task.Time().Nanoseconds()))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %s, want %s", skew, got, want)
		}
	}
}

var drawn = map[string]string{
	"ramp":        "3125 9375 15625 21875 28125",
	"exponential": "2720279 461335 1697932 1373770 3173592",
	"bimodal":     "5263158 526316 526316 526316 5263158",
	"heavy":       "2168592 481921 1098425 885132 2930186",
}
