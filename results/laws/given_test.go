package laws

import (
	"strings"
	"testing"

	"amdahl/results"
)

// given is a curve of speedups as a table has them, of Amdahl's law, three samples a level.
func given(sigma float64, levels ...float64) *results.Curve {
	c := &results.Curve{Name: results.ParseName("A"), X: "workers", Kind: results.Strong, Relative: true}
	for _, n := range levels {
		p := results.Point{Workers: n, Tasks: 1}
		for i := range 3 {
			p.Samples = append(p.Samples, results.Sample{Time: (1/n + sigma*(1-1/n)) * (1 + 0.001*float64(i-1))})
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// Speedups that were given need no level at one worker: T(1) is 1 by definition.
func TestGivenSpeedups(t *testing.T) {
	a := analysed(t, given(0.1, 2, 4, 8))
	if len(a.KarpFlatt) != 3 || a.Implied == nil {
		t.Fatalf("got %d fractions and %v, want one for each of 3 levels", len(a.KarpFlatt), a.Implied)
	}
	for _, k := range a.KarpFlatt {
		near(t, "the fraction", k.Value, 0.1, 0.02)
		if s := a.MeasuredSpeedup(k.N); s == nil || s.Interval == nil || s.Interval.Low > s.Value || s.Interval.High < s.Value {
			t.Errorf("at %g: a speedup of %+v, want one with an interval", k.N, s)
		}
	}
	near(t, "the implied fraction", a.Implied.Fraction(0).Value, 0.1, 0.02)
	for _, l := range a.Levels {
		near(t, "the speedup", l.Speedup.Value*(1/l.N+0.1*(1-1/l.N)), 1, 0.01)
	}
	for _, w := range a.Warnings {
		if strings.Contains(w.Error(), "no level at 1") {
			t.Errorf("got the warning %q", w)
		}
	}
	for _, f := range a.Diagnosis {
		if strings.Contains(f.Text, "less than 0.001") {
			t.Errorf("got %s", f.Text)
		}
	}
	// Without a T(1) there is nothing to compare but the speedup and the fraction.
	for _, ch := range Compare(a, analysed(t, given(0.2, 2, 4, 8)), 0).Changes {
		if ch.Name == "T1" {
			t.Errorf("got a change of T(1): %+v", ch)
		}
	}
}

// A machine of which one side says more is no other one.
func TestMachineDiffers(t *testing.T) {
	full := results.Machine{OS: "linux", Arch: "amd64", CPU: "x", Logical: 8, Physical: 4, Quota: 2}
	for name, m := range map[string]results.Machine{
		"the same": full, "nothing is known": {}, "by go test": {OS: "linux", Arch: "amd64", CPU: "x"},
	} {
		if full.Differs(m) || m.Differs(full) {
			t.Errorf("%s: it is said to be another machine", name)
		}
	}
	for name, change := range map[string]func(*results.Machine){
		"system": func(m *results.Machine) { m.OS = "darwin" }, "architecture": func(m *results.Machine) { m.Arch = "arm64" },
		"processor": func(m *results.Machine) { m.CPU = "y" }, "processors": func(m *results.Machine) { m.Logical = 4 },
		"cores": func(m *results.Machine) { m.Physical = 8 }, "quota": func(m *results.Machine) { m.Quota = 0 },
	} {
		other := full
		change(&other)
		if !full.Differs(other) || !other.Differs(full) {
			t.Errorf("another %s: it is said to be the same machine", name)
		}
	}
	old := analysed(t, given(0.1, 2, 4, 8))
	for _, tt := range []struct {
		machine results.Machine
		want    string
	}{{results.Machine{}, ""}, {full, "only one of the files says"}} {
		c := given(0.1, 2, 4, 8)
		c.Machine = tt.machine
		said := ""
		for _, w := range Compare(old, analysed(t, c), 0).Warnings {
			if strings.Contains(w.Error(), "machine it was") || strings.Contains(w.Error(), "two machines") {
				said = w.Error()
			}
		}
		if !strings.Contains(said, tt.want) || tt.want == "" && said != "" {
			t.Errorf("%+v: got the warning %q, want %q", tt.machine, said, tt.want)
		}
	}
}
