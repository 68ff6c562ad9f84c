package report

import (
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// simple prints curves.
func simple(t *testing.T, curves ...*results.Curve) string {
	t.Helper()
	var all []*laws.Analysis
	for _, c := range curves {
		a, err := laws.Analyze(c, laws.Options{})
		if err != nil {
			a = laws.Measured(c, 0)
		}
		all = append(all, a)
	}
	var b strings.Builder
	if err := Simple(&b, all, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The table for a first reading has the speedup, the serial part and the processors that
// were busy, and no footnotes.
func TestSimple(t *testing.T) {
	c := curve("Strong/workload=hash/strategy=fixed", map[float64]float64{1: 1, 2: 0.55, 4: 0.325, 8: 0.2125, 16: 0.15625})
	for i := range c.Points {
		p := &c.Points[i]
		p.Extra = map[string][]float64{"cpu-sec/op": nil}
		for _, s := range p.Samples {
			p.Extra["cpu-sec/op"] = append(p.Extra["cpu-sec/op"], 1.5*s.Time*p.Tasks)
		}
	}
	lone := curve("Strong/workload=hash/strategy=eventloop", map[float64]float64{8: 0.4})
	text := simple(t, c, lone)
	for _, want := range []string{"a task, 1 worker", "1.000 s", "156.2 ms", "6.40", "1.5", "10 %", "eventloop", "400.0 ms"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, not := range []string{"notes", "bootstrap", "\n1  ", "Karp"} {
		if strings.Contains(text, not) {
			t.Errorf("%q in\n%s", not, text)
		}
	}
}

// Where no law fits, the levels are listed with the serial part that each would need.
func TestSimpleNoneFits(t *testing.T) {
	steps := curve("Strong/workload=spin/strategy=fixed", map[float64]float64{1: 0.8, 2: 0.4, 4: 0.2, 8: 0.39, 16: 0.1})
	text := simple(t, steps)
	for _, want := range []string{"no law fits", "Level by level", "as with a serial part of", "2.05"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A table without analyses is an error.
func TestSimpleNothing(t *testing.T) {
	if err := Simple(&strings.Builder{}, nil, Options{}); err == nil {
		t.Error("no error")
	}
}
