package charts

import (
	"math"
	"strings"
	"testing"

	"amdahl/results/laws"
)

// trials are eight attempts of two methods, one steady and one not.
func trials() []Trials {
	list := []Trials{
		{Name: "in rounds", Error: laws.Estimate{Value: 0.01, Interval: &laws.Interval{Low: 0.004, High: 0.02}}},
		{Name: "in a row", Error: laws.Estimate{Value: 0.2, Interval: &laws.Interval{Low: 0.1, High: 0.5}}},
	}
	for i := range 8 {
		for k, off := range []float64{0.01 * math.Sin(float64(i)), 0.3 * math.Cos(float64(i))} {
			list[k].At = append(list[k].At, Trial{Number: i + 1, Found: 0.05 + off, Planted: 0.05})
		}
	}
	return list
}

func TestTrialsFigure(t *testing.T) {
	f := TrialsFigure(trials(), TrialsOptions{Subtitle: "one is better", Notes: []string{"Example CPU"}})
	goldenFigure(t, "trials", f)
	drawn(t, f, Layout{}, "svg", "png")
	drawn(t, f, Layout{Stacked: true, Bare: true}, "svg")
}

// What is no number is left out, an exact hit has no place on a logarithmic
// axis, and nothing at all is an empty figure.
func TestTrialsFigureSurvives(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		name   string
		list   []Trials
		panels int
		want   string
	}{
		{"nothing", nil, 0, ""},
		{"no numbers", []Trials{{Name: "a", At: []Trial{{1, nan, 0.1}, {2, inf, 0.1}}}}, 0, ""},
		{"exact", []Trials{{Name: "a", At: []Trial{{1, 0.1, 0.1}}}}, 1, "1  0.1 no interval"},
		{"no bound", []Trials{{Name: "a", At: []Trial{{1, 0.2, 0.1}}, Error: laws.Estimate{Value: 0.1, Interval: &laws.Interval{Low: 0, High: inf}}}}, 2, "1.3  0.1 no interval"},
	} {
		f := TrialsFigure(tt.list, TrialsOptions{})
		if len(f.Panels) != tt.panels || !strings.Contains(f.String(), tt.want) {
			t.Errorf("%s: got %d panels, want %d and %q in\n%s", tt.name, len(f.Panels), tt.panels, tt.want, f)
		}
		if tt.panels > 0 {
			drawn(t, f, Layout{}, "svg")
		}
	}
}
