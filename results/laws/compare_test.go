package laws

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
)

// measured is a curve of Amdahl's law with noise, in rounds.
func measured(seed uint64, t1, sigma float64, levels ...float64) *results.Curve {
	r := rand.New(rand.NewPCG(seed, 1))
	c := &results.Curve{Name: results.ParseName("A"), X: "workers", Kind: results.Strong}
	for _, n := range levels {
		p := results.Point{Workers: n, Tasks: 1}
		for round := range 8 {
			t := t1 * (1/n + sigma*(1-1/n)) * math.Exp(0.02*r.NormFloat64())
			p.Samples = append(p.Samples, results.Sample{Time: t, Round: round + 1})
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func analysed(t *testing.T, c *results.Curve) *Analysis {
	t.Helper()
	a, err := Analyze(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name             string
		t1, sigma        float64 // of the new one; the old has 1 and 0.05
		want             string  // what changed
		wantT1, wantDiff float64
	}{
		{"nothing", 1, 0.05, "", 1, 0},
		{"slower", 1.3, 0.05, "T1", 1.3, 0},
		{"less parallel", 1, 0.15, "sigma speedup", 1, 0.10},
		{"both", 0.5, 0.01, "T1 sigma speedup", 0.5, -0.04},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old := analysed(t, measured(1, 1, 0.05, 1, 2, 4, 8))
			c := Compare(old, analysed(t, measured(2, tt.t1, tt.sigma, 1, 2, 4, 8, 16)), 0)
			var changed []string
			for _, ch := range c.Changes {
				if ch.Changed() {
					changed = append(changed, ch.Name)
				}
				if ch.Delta.Interval == nil || ch.Delta.Value < ch.Delta.Interval.Low || ch.Delta.Value > ch.Delta.Interval.High {
					t.Errorf("%s: %+v has no interval around it", ch.Name, ch.Delta)
				}
				if ch.Name == "speedup" && ch.N != 8 {
					t.Errorf("speedup at %g, want 8: the largest level of both", ch.N)
				}
			}
			if got := strings.Join(changed, " "); got != tt.want {
				t.Errorf("changed: got %q, want %q: %+v", got, tt.want, c.Changes)
			}
			if got := c.Changes[0].Delta.Value; math.Abs(got/tt.wantT1-1) > 0.03 {
				t.Errorf("T1: got a ratio of %v, want %v", got, tt.wantT1)
			}
			if got := c.Changes[1].Delta.Value; math.Abs(got-tt.wantDiff) > 0.03 {
				t.Errorf("σ: got a difference of %v, want %v", got, tt.wantDiff)
			}
		})
	}
}

// Two measurements of the same program are said to differ in about one case
// of twenty and, since the intervals are joined as if independent, not more.
func TestCompareFalseAlarms(t *testing.T) {
	const cases = 60
	alarms := map[string]int{}
	for i := range uint64(cases) {
		old := analysed(t, measured(2*i+10, 1, 0.05, 1, 2, 4, 8))
		for _, ch := range Compare(old, analysed(t, measured(2*i+11, 1, 0.05, 1, 2, 4, 8)), 0).Changes {
			if ch.Changed() {
				alarms[ch.Name]++
			}
		}
	}
	for _, name := range []string{"T1", "sigma", "speedup"} {
		// 3 of 60 are expected; 11 or more have a chance of 1 in 5000.
		if alarms[name] > 10 {
			t.Errorf("%s: %d false alarms in %d comparisons, want about %d", name, alarms[name], cases, cases/20)
		}
	}
}

func TestCompareFewLevels(t *testing.T) {
	old := analysed(t, measured(1, 1, 0.05, 1, 2))
	c := Compare(old, analysed(t, measured(2, 1, 0.3, 1, 2)), 0)
	if c.Law != nil || len(c.Changes) != 1 || c.Changes[0].Name != "sigma" || !c.Changes[0].Changed() || len(c.Warnings) != 1 {
		t.Errorf("got %+v, want only a changed serial fraction and a warning", c)
	}
}
