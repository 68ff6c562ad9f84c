package truth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct{ series, want string }{
		{"Strong/workload=spin/serial=0.05/cores=slow32", "σ = 0.05 true <nil>"},
		{"Strong/serial=0/locked=0.25", "lock 0.25 true <nil>"},
		{"Strong/serial=0.1/locked=0.25", "σ = 0.1, lock 0.25 true <nil>"},
		{"Sort/size=5", "σ = 0 false <nil>"},
		{"Strong/serial=2", "σ = 0 false truth: Strong/serial=2: serial=2 is not a fraction from 0 to 1"},
		{"Strong/locked=x", "σ = 0 false truth: Strong/locked=x: locked=x is not a fraction from 0 to 1"},
		{"Strong/serial=NaN", "σ = 0 false truth: Strong/serial=NaN: serial=NaN is not a fraction from 0 to 1"},
	} {
		p, ok, err := Parse(results.ParseName(tt.series))
		if got := fmt.Sprint(p, ok, err); got != tt.want {
			t.Errorf("Parse(%s) = %s, want %s", tt.series, got, tt.want)
		}
	}
}

// planted is a curve of exact times, 3.2 ms a task, with noise of so much and
// a serial part that is off by so much.
func planted(series string, p Planted, tasks float64, noise, off float64, rounds int) *results.Curve {
	rng := rand.New(rand.NewPCG(1, 2))
	c := &results.Curve{Name: results.ParseName(series), X: "workers", Kind: results.Strong, File: "x.txt", Line: 1}
	one, _ := simulated(tasks, p, 1)
	for n := 1; n <= 32; n *= 2 {
		exact, err := simulated(tasks, p, n)
		if err != nil {
			panic(err)
		}
		ratio := exact.Seconds() / one.Seconds()
		ratio += off * (1 - 1/float64(n))
		point := results.Point{Workers: float64(n), Tasks: tasks}
		for r := range rounds {
			point.Samples = append(point.Samples, results.Sample{Time: 3.2e-3 * ratio * math.Exp(noise*rng.NormFloat64()), Round: r + 1})
		}
		c.Points = append(c.Points, point)
	}
	return c
}

func check(t *testing.T, c *results.Curve) *Finding {
	t.Helper()
	a, err := laws.Analyze(c, laws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Check(a)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name       string
		p          Planted
		tasks      float64
		noise, off float64
		want       Verdict
	}{
		{"nothing planted", Planted{}, 1280, 0.01, 0, Holds},
		{"a hundredth", Planted{Serial: 0.01}, 800, 0.01, 0, Holds},
		{"a half", Planted{Serial: 0.5}, 320, 0.005, 0, Holds},
		{"a lock", Planted{Locked: 0.25}, 960, 0.01, 0, Holds},
		{"a twentieth more than planted", Planted{Serial: 0.1}, 640, 0.005, 0.05, Wrong},
		{"a lot of noise", Planted{Serial: 0.25}, 384, 0.4, 0, Noisy},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := fmt.Sprintf("Strong/serial=%g/locked=%g/cores=slow32", tt.p.Serial, tt.p.Locked)
			f := check(t, planted(name, tt.p, tt.tasks, tt.noise, tt.off, 8))
			if f.Verdict != tt.want || (f.Why == "") != (tt.want == Holds) {
				t.Errorf("found %.4f %v, verdict %s (%s), want %s", f.Found.Value, f.Found.Interval, f.Verdict, f.Why, tt.want)
			}
			if d := math.Abs(f.Simulated - f.Value()); d > 0.005 {
				t.Errorf("exact times give %.4f, want within 0.005 of %g", f.Simulated, f.Value())
			}
			if f.Trend == nil || f.Trend.Interval == nil {
				t.Error("no drift, want one with an interval")
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	short := planted("Strong/serial=0.1", Planted{Serial: 0.1}, 640, 0.01, 0, 6)
	short.Points = short.Points[:3]
	for _, tt := range []struct {
		c    *results.Curve
		want string
	}{
		{planted("Strong", Planted{}, 64, 0.01, 0, 6), "x.txt:1: Strong: its name tells no truth"},
		{planted("Strong/serial=0.1/locked=0.1", Planted{}, 64, 0.01, 0, 6), "cannot be told apart"},
		{planted("Strong/serial=7", Planted{}, 64, 0.01, 0, 6), "not a fraction from 0 to 1"},
		{short, "3 levels, of which at least 4 are needed"},
	} {
		a, err := laws.Analyze(tt.c, laws.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Check(a); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", tt.c.Name.String(), err, tt.want)
		}
	}
}

// A file cannot ask the simulator for more than it can do.
func TestSimulatedRefuses(t *testing.T) {
	for _, tasks := range []float64{0, -3, 0.5, 1e12, math.Inf(1), math.NaN()} {
		if _, err := simulated(tasks, Planted{}, 2); err == nil || !strings.Contains(err.Error(), "tasks/op") {
			t.Errorf("%g tasks: error %v, want one that names tasks/op", tasks, err)
		}
	}
}

func TestTrend(t *testing.T) {
	c := planted("Strong/serial=0.1", Planted{Serial: 0.1}, 640, 0.001, 0, 11)
	for _, p := range c.Points {
		for i := range p.Samples {
			p.Samples[i].Time *= 1 + 0.01*float64(i) // 10 % from the first round to the last
		}
	}
	d := trend(c)
	if d == nil || math.Abs(d.Value-0.1) > 0.01 || d.Interval.Low > 0.1 || d.Interval.High < 0.09 {
		t.Errorf("trend %v, want 10 %%", d)
	}
	for _, p := range c.Points { // numbers of rounds that a list could not have as indices
		for i := range p.Samples {
			p.Samples[i].Round *= 100_000_000
		}
	}
	if e := trend(c); e == nil || math.Abs(e.Value-d.Value) > 1e-9 {
		t.Errorf("trend %v of rounds with large numbers, want %v", e, d)
	}
	for i := range c.Points[0].Samples {
		c.Points[0].Samples[i].Round = 0
	}
	if d := trend(c); d != nil {
		t.Errorf("trend %v without rounds, want none", d)
	}
}

// measured is the analysis of one sample a level, with speedups as sure as noise.
func measured(c *results.Curve, noise float64) *laws.Analysis {
	a := laws.Measured(c, 0)
	for _, l := range a.Levels {
		l.Speedup.Interval = &laws.Interval{Low: l.Speedup.Value * (1 - noise), High: l.Speedup.Value * (1 + noise)}
	}
	return a
}

func TestAgree(t *testing.T) {
	p := Planted{Serial: 0.1}
	real := planted("Strong/serial=0.1/cores=real", p, 640, 0, 0, 1)
	real.Points = real.Points[:2]
	for _, tt := range []struct {
		off, noise float64
		want       string // at 2 workers, at 32
	}{
		{0, 0.001, "holds holds"},
		{0.02, 0.001, "holds wrong"}, // 0.01 of 0.55 at 2 workers, 0.019 of 0.128 at 32
		{0.02, 0.2, "holds noisy"},
	} {
		slow := planted("Strong/serial=0.1/cores=slow32", p, 640, 0, tt.off, 1)
		got, err := Agree([]*laws.Analysis{measured(slow, tt.noise), measured(real, tt.noise)})
		if err != nil || len(got) != 5 {
			t.Fatalf("%d agreements, %v, want 5", len(got), err)
		}
		first, last := got[0], got[4]
		if s := fmt.Sprint(first.Verdict, " ", last.Verdict); s != tt.want || first.N != 2 || last.N != 32 {
			t.Errorf("off %g, noise %g: %s (%.3f, %.3f), want %s", tt.off, tt.noise, s, first.Apart, last.Apart, tt.want)
		}
		if first.Measured == nil || first.Slow == nil || last.Measured != nil || last.Slow == nil {
			t.Errorf("what was measured: %+v, %+v: want both at 2, slow cores only at 32", first, last)
		}
	}
}

func TestVerdict(t *testing.T) {
	f := func(v Verdict) *Finding { return &Finding{Verdict: v} }
	for _, tt := range []struct {
		r    Report
		want Verdict
	}{
		{Report{}, Noisy},
		{Report{Findings: []*Finding{f(Holds)}}, Holds},
		{Report{Findings: []*Finding{f(Holds), f(Noisy)}}, Noisy},
		{Report{Findings: []*Finding{f(Wrong), f(Noisy)}}, Wrong},
		{Report{Findings: []*Finding{f(Holds)}, Agreements: []Agreement{{Verdict: Wrong}}}, Wrong},
		{Report{Findings: []*Finding{f(Holds)}, Agreements: []Agreement{{Verdict: Noisy}}}, Noisy},
	} {
		if got := tt.r.Verdict(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
