package charts

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
)

// onCores is one strategy and a serial loop on everything that a series can
// run on, and another strategy on two of them.
func onCores() []*laws.Analysis {
	name := func(strategy, cores string) string {
		return "Strong/workload=hash/strategy=" + strategy + "/serial=0.1/cores=" + cores
	}
	levels := []float64{1, 2, 4, 8, 16, 32}
	return []*laws.Analysis{
		analysis(curve(name("serial", "real"), 5e-3, 0, 0, 10, 1)),
		analysis(curve(name("serial", "slow32"), 160e-3, 0, 0, 10, 1)),
		analysis(curve(name("fixed", "gil"), 5.2e-3, 0.9, 0, 10, 1, 2), amdahlFit(5.2e-3, 0.9)),
		analysis(curve(name("fixed", "real"), 5.1e-3, 0.1, 0, 10, 1, 2), amdahlFit(5.1e-3, 0.1)),
		analysis(curve(name("fixed", "slow32"), 161e-3, 0.102, 0, 10, levels...), amdahlFit(161e-3, 0.102)),
		analysis(curve(name("fixed", "simulated"), 160e-3, 0.1, 0, 10, levels...), amdahlFit(160e-3, 0.1)),
		analysis(curve(name("process", "real"), 6e-3, 0.12, 0.01, 10, 1, 2), amdahlFit(6e-3, 0.12)),
		analysis(curve(name("process", "slow32"), 170e-3, 0.11, 0.002, 10, levels...), uslFit(170e-3, 0.11, 0.002)),
	}
}

func TestCores(t *testing.T) {
	f := Scaling(onCores(), Options{})
	goldenFigure(t, "cores", f)
	drawn(t, f, Layout{}, "svg")
}

func TestLooks(t *testing.T) {
	tests := []struct {
		name   string
		series []string
		plain  int // index of the one that is; -1 for none
		want   []style
	}{
		{"strategies", []string{"S/strategy=serial", "S/strategy=spawn", "S/strategy=fixed", "S/strategy=process", "S/strategy=eventloop"}, 0,
			[]style{{0, Solid}, {3, Solid}, {1, Solid}, {2, Solid}, {4, Solid}}},
		{"the same alone", []string{"S/strategy=process"}, -1, []style{{2, Solid}}},
		{"Python's", []string{"S/strategy=python-asyncio", "S/strategy=python-threads", "S/strategy=python-pool", "S/strategy=python-other"}, -1,
			[]style{{7, Solid}, {5, Solid}, {6, Solid}, {1, Solid}}},
		{"unknown between known", []string{"S/strategy=b", "S/strategy=fixed", "S/strategy=a"}, -1, []style{{2, Solid}, {1, Solid}, {3, Solid}}},
		{"known, at one worker only", []string{"S/strategy=fixed", "S/strategy=spawn"}, 0, []style{{1, Solid}, {3, Solid}}},
		{"cores", []string{"S/strategy=fixed/cores=gil", "S/strategy=fixed/cores=real", "S/strategy=fixed/cores=slow32", "S/strategy=fixed/cores=simulated", "S/strategy=fixed/cores=model"}, -1,
			[]style{{8, Dashed}, {1, Solid}, {1, DashDot}, {1, LongDash}, {1, Solid}}},
		{"two slow ones", []string{"S/strategy=fixed/cores=slow8", "S/strategy=fixed/cores=slow32"}, -1, []style{{1, Solid}, {8, Dashed}}},
		{"variants", []string{"S/strategy=fixed/variant=a", "S/strategy=fixed/variant=b", "S/strategy=fixed/variant=b/cores=gil"}, -1,
			[]style{{1, Solid}, {2, Solid}, {9, Dashed}}},
		{"variants and strategies", []string{"S/strategy=fixed/variant=a", "S/strategy=fixed/variant=b", "S/strategy=spawn/variant=a"}, -1,
			[]style{{1, Solid}, {8, Dashed}, {3, Solid}}},
		{"others", []string{"Sort/a", "Sort/b", "Sort/c"}, 1, []style{{1, Solid}, {0, Solid}, {2, Solid}}},
		{"others on cores", []string{"Sort/a/cores=slow2", "Sort/a"}, -1, []style{{1, Dashed}, {1, Solid}}},
		{"serial loops", []string{"S/strategy=serial/cores=gil", "S/strategy=serial/cores=real"}, -1, []style{{-1, Dashed}, {0, Solid}}},
	}
	for _, tt := range tests {
		plain := make([]bool, len(tt.series))
		if tt.plain >= 0 {
			plain[tt.plain] = true
		}
		if d := cmp.Diff(tt.want, styles(groups.ParseAll(tt.series), plain), cmp.AllowUnexported(style{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
	if got := styles(groups.ParseAll([]string{"A", "B"}), []bool{true, true}); got[0].ink != 1 || got[1].ink != 2 {
		t.Errorf("all at one worker only: got %v, want two colours", got)
	}
	// Up to three times the colours no two look alike.
	as := many(3*inks, "alg=")
	var names []results.Name
	for _, a := range as {
		names = append(names, a.Curve.Name)
	}
	seen := map[style]bool{}
	for i, l := range styles(names, make([]bool, len(names))) {
		if seen[l] {
			t.Errorf("series %d looks like another: %+v", i+1, l)
		}
		seen[l] = true
	}
}

// A legend explains the markers where they are not all of one known kind, and
// slow cores come with what they cannot show.
func TestExplain(t *testing.T) {
	on := func(cores string, points int) *laws.Analysis {
		return analysis(curve("S/strategy=fixed/cores="+cores, 1, 0.1, 0, 6, []float64{1, 2, 4}[:points]...))
	}
	tests := []struct {
		as    []*laws.Analysis
		want  []results.Source
		notes int
	}{
		{[]*laws.Analysis{on("real", 3), on("gil", 3)}, nil, 0},
		{[]*laws.Analysis{on("slow32", 3), on("slow16", 3)}, []results.Source{results.Slow}, 1},
		{[]*laws.Analysis{on("model", 3), on("real", 2), on("simulated", 3)}, []results.Source{results.Real, results.Simulated, results.Model}, 2},
	}
	for _, tt := range tests {
		f := Scaling(tt.as, Options{})
		var got []results.Source
		for _, e := range f.Legend {
			if e.Marker && e.Ink == 0 {
				got = append(got, e.Source)
			}
		}
		if !cmp.Equal(got, tt.want) || len(f.Caption) != 2+tt.notes {
			t.Errorf("%s: got markers %v and caption %q, want %v and %d notes", f.Subtitle, got, f.Caption, tt.want, tt.notes)
		}
		lines := 0
		for _, r := range f.Panels[0].Refs {
			if r.Vertical {
				lines++
			}
		}
		if real := len(tt.want) == 0 || tt.want[0] == results.Real; (lines > 0) != real {
			t.Errorf("%s: %d lines at the machine's processors: want some only for points measured on them", f.Subtitle, lines)
		}
	}
	if f := Scaling([]*laws.Analysis{on("slow32", 3)}, Options{}); f.Legend[0].Text != "measured on slow cores" || len(f.Legend) != 2 || len(f.Caption) != 3 {
		t.Errorf("alone: got legend %v and caption %q, want the slow cores named once", f.Legend, f.Caption)
	}
	if a, b := Note(results.Real), Note(""); a != "" || b != "" {
		t.Errorf("got notes %q and %q for real points, want none", a, b)
	}
}
