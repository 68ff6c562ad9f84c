package report

import (
	"strings"
	"testing"

	"amdahl/results/hillmarty"
	"amdahl/results/replay"
	"amdahl/results/truth"
)

// Verify prints how much of the workers' time a schedule uses beside what the
// simulator uses, and no truths where there are none.
func TestSchedules(t *testing.T) {
	c := curve("Strong/workload=spin/strategy=static/skew=exponential/cores=slow16", map[float64]float64{1: 1, 16: 0.09})
	r := &truth.Report{Efficiencies: []truth.Efficiency{
		{Curve: c, Schedule: replay.Static, Skew: "exponential", N: 16, Measured: estimate(0.694, 0.68, 0.71), Simulated: 0.702, Verdict: truth.Holds},
		{Curve: c, Schedule: replay.Random, N: 16, Measured: estimate(0.5, 0.49, 0.51), Simulated: 0.601, Verdict: truth.Wrong},
	}, Chips: []truth.Chip{
		{Curve: c, Design: hillmarty.Designs[1], F: 0.9, R: 4, Measured: estimate(8.7, 8.6, 8.8), Predicted: 8.75, Verdict: truth.Holds},
	}}
	var b strings.Builder
	if err := Truths(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"static    exponential  slow16  16       69.4 % [68.0, 71.0]  70.2 %     -0.8 points   holds",
		"random    equal        slow16  16       50.0 % [49.0, 51.0]  60.1 %     -10.1 points  wrong",
		"asymmetric  4  0.9  8.700 [8.600, 8.800]  8.750    -0.6 %  holds",
		"1 chip: 1 hold, 0 too noisy to tell, 0 wrong.",
		"2 levels of schedules: 1 hold, 0 too noisy to tell, 1 wrong.",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got\n%s\nwant %q", &b, want)
		}
	}
	if strings.Contains(b.String(), "truths") {
		t.Errorf("got\n%s\nwant nothing of truths", &b)
	}
	var j strings.Builder
	if err := TruthsJSON(&j, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"schedule": "static"`, `"skew": "exponential"`, `"simulated": 0.702`, `"verdict": "wrong"`, `"design": "asymmetric"`, `"predicted": 8.75`} {
		if !strings.Contains(j.String(), want) {
			t.Errorf("got\n%s\nwant %q", &j, want)
		}
	}
}

// Truths of several workloads or strategies are told apart by name; those of one are not
// named, for there is nothing to tell apart.
func TestTruthsNamed(t *testing.T) {
	named := func(names ...string) string {
		r := &truth.Report{}
		for _, n := range names {
			c := curve(n, map[float64]float64{1: 1, 2: 0.5})
			r.Agreements = append(r.Agreements, truth.Agreement{Name: c.Name, N: 2, Simulated: 2, Verdict: truth.Holds})
		}
		var b strings.Builder
		if err := Truths(&b, r, Options{}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got := named("Strong/workload=spin/strategy=fixed", "Strong/workload=spin/strategy=steal"); !strings.Contains(got, "σ = 0, spin under fixed") || !strings.Contains(got, "σ = 0, spin under steal") {
		t.Errorf("got\n%s\nwant both strategies named", got)
	}
	if got := named("Strong/workload=spin/strategy=fixed"); strings.Contains(got, "under") {
		t.Errorf("got\n%s\nwant no name", got)
	}
}
