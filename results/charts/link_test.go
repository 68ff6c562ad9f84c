package charts

import (
	"math"
	"slices"
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

// The least time over a network: 64 ranges of 5 ms, a tenth of the job serial, worked out by
// hand for each of the bounds that can be the tight one.
func TestLeast(t *testing.T) {
	const b, s = 0.32, 0.32 / 9
	m := network{busy: b, ranges: 64, trip: 0.02, gap: 1e-4}
	for _, tt := range []struct {
		name       string
		edit       func(*network)
		n, w, want float64
	}{
		{"one worker asks for each range", nil, 1, 1, s + b*(0.005+0.02)/0.005},
		{"eight do", nil, 8, 1, s + b/8*5},
		{"enough ranges wait", nil, 4, 5, s + b/4 + 0.02},
		{"any number waits", nil, 8, 0, s + b/8 + 0.02},
		{"no network to speak of", func(m *network) { m.trip = 1e-9 }, 8, 1, s + b/8},
		{"the coordinator cannot send faster", func(m *network) { m.gap = 2e-3 }, 8, 0, s + 64*2e-3 + 0.02},
	} {
		m := m
		if tt.edit != nil {
			tt.edit(&m)
		}
		if got := m.least(tt.n, tt.w, s); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%s: %v s, want %v", tt.name, got, tt.want)
		}
	}
}

// A figure has the bound of the network of each curve that it holds back: of those over a
// long round trip, over workers, nodes and windows, and not of others.
func TestLinkLines(t *testing.T) {
	const series = "Strong/workload=sleep/strategy=remote/link=20ms/serial=0.1/cores=real"
	over := func(name, x string, trip float64, levels ...float64) *results.Curve {
		c := remoteCurve(name, x, levels...)
		for i := range c.Points {
			c.Points[i].Extra["rtt-sec/op"] = []float64{trip}
			c.Points[i].Extra["gap-sec/op"] = []float64{1e-6}
		}
		return c
	}
	lacking := over(series, "workers", 0.02, 1, 2, 4)
	delete(lacking.Points[1].Extra, "busy-sec/op")
	weak := over(series, "workers", 0.02, 1, 2, 4)
	weak.Kind = results.Weak
	const s = 0.32 / 9
	for _, tt := range []struct {
		name  string
		curve *results.Curve
		want  []float64 // least times of an operation, by level; nil is no line
	}{
		{"workers", over(series, "workers", 0.02, 1, 2, 4), []float64{s + 1.6, s + 0.8, s + 0.4}},
		{"workers with four ranges", over(series+"/window=4", "workers", 0.02, 1, 2, 4), []float64{s + 0.4, s + 0.2, s + 0.1}},
		{"a queue group", over(series+"/queue=queuegroup", "workers", 0.02, 1, 2, 4), []float64{s + 0.34, s + 0.18, s + 0.1}},
		{"nodes of two workers", over(series+"/per-node=2", "nodes", 0.02, 1, 2), []float64{s + 0.8, s + 0.4}},
		{"windows", over(series+"/workers=2", "window", 0.02, 1, 2, 16), []float64{s + 0.8, s + 0.4, s + 0.18}},
		{"nothing is lost to the network", over(series, "workers", 1e-5, 1, 2, 4), nil},
		{"another axis", over(series, "prefetch", 0.02, 1, 2, 4), nil},
		{"one level lacks its lines", lacking, nil},
		{"weak", weak, nil},
	} {
		a := analysis(tt.curve)
		f := Scaling([]*laws.Analysis{a}, Options{})
		var time, speedup []XY
		for i, to := range []*[]XY{&time, &speedup} {
			for _, l := range f.Panels[i].Lines {
				if l.Dash == LongDash {
					*to = l.At
				}
			}
		}
		if len(time) != len(tt.want) || len(speedup) != len(tt.want) {
			t.Errorf("%s: lines with %d and %d corners, want %d", tt.name, len(time), len(speedup), len(tt.want))
			continue
		}
		one := a.Levels[0].Time.Value * tt.curve.Points[0].Tasks
		for i, want := range tt.want {
			if got := time[i].Y * 1e-3 * 64; math.Abs(got-want) > 1e-3 { // the panel is in ms a task
				t.Errorf("%s, level %g: %v s, want %v", tt.name, time[i].X, got, want)
			}
			if got := speedup[i].Y; math.Abs(got-one/want) > 1e-2*one/want {
				t.Errorf("%s, level %g: speedup %v, want %v", tt.name, time[i].X, got, one/want)
			}
		}
		if said := slices.ContainsFunc(f.Legend, func(e Entry) bool { return e.Short == "bound of the network" }); said != (tt.want != nil) {
			t.Errorf("%s: the legend says it: %t", tt.name, said)
		}
		drawn(t, f, Layout{}, "svg")
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
