package charts

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/laws"
)

// remoteCurve is remote workers with what their lines say of the link: 64 tasks in as
// many ranges, each of 5 ms.
func remoteCurve(series, x string, levels ...float64) *results.Curve {
	c := curve(series, 5e-3, 0.1, 0, 10, levels...)
	c.X = x
	for i := range c.Points {
		c.Points[i].Extra = map[string][]float64{"ranges/op": {64}, "gap-sec/op": {0.9e-3, 1e-3, 1.1e-3}, "busy-sec/op": {0.32}}
	}
	return c
}

// A figure of remote workers has the speedup that the gap between messages allows, and
// over windows that of the workers themselves.
func TestLinkBounds(t *testing.T) {
	refs := func(c *results.Curve) (labels []string) {
		for _, p := range Scaling([]*laws.Analysis{analysis(c)}, Options{}).Panels {
			for _, r := range p.Refs {
				if !r.Vertical {
					labels = append(labels, r.Label)
				}
			}
		}
		return labels
	}
	const remote = "Strong/workload=sleep/strategy=remote/serial=0.1/link=20ms/cores=real"
	other := remoteCurve(remote, "workers", 1, 2, 4, 8)
	for i := range other.Points {
		other.Points[i].Extra = nil
	}
	weak := remoteCurve(remote, "workers", 1, 2, 4, 8)
	weak.Kind = results.Weak
	for _, tt := range []struct {
		name  string
		curve *results.Curve
		want  []string
	}{
		{"workers", remoteCurve(remote, "workers", 1, 2, 4, 8), []string{"at most, by the gap between messages: 5"}},
		{"windows", remoteCurve(remote+"/workers=2", "window", 1, 2, 4), []string{"at most, by the workers: 2"}},
		{"no first level", remoteCurve(remote, "workers", 2, 4), nil},
		{"nothing is known of the link", other, nil},
		{"weak", weak, nil},
	} {
		if d := cmp.Diff(tt.want, refs(tt.curve)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}

// Points over an emulated network have a mark of their own beside real ones, and never
// share a series with them.
func TestEmulatedMarks(t *testing.T) {
	f := Scaling([]*laws.Analysis{
		analysis(remoteCurve("Strong/workload=sleep/strategy=remote/serial=0.1/cores=real", "workers", 1, 2, 4)),
		analysis(remoteCurve("Strong/workload=sleep/strategy=remote/link=20ms/serial=0.1/cores=real", "workers", 1, 2, 4)),
	}, Options{})
	if got := sourcesOf(f.Panels...); !cmp.Equal(got, []results.Source{results.Real, results.Emulated}) || fillings[results.Emulated] == fillings[results.Real] || fillings[results.Emulated] == fillings[results.Slow] {
		t.Errorf("sources %v, fillings %v", got, fillings)
	}
	for i, p := range f.Panels[0].Points {
		if want := results.Sources[[]int{0, 2}[i]]; p.Source != want {
			t.Errorf("points %d are of %s, want %s", i, p.Source, want)
		}
	}
	drawn(t, f, Layout{}, "svg")
	drawn(t, f, Layout{}, "png")
}
