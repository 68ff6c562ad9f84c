package charts

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/save"
)

var (
	update   = flag.Bool("update", false, "rewrite the golden files")
	pictures = flag.String("pictures", "", "draw the figures of the golden files into this directory, to look at")
)

// goldenFigure compares the data of a figure, and draws it if asked to.
func goldenFigure(t *testing.T, name string, f Figure) {
	t.Helper()
	golden(t, name+".golden", f.String())
	goldenPicture(t, name, f)
}

// goldenPicture draws a figure to look at, if asked to.
func goldenPicture(t *testing.T, name string, f Figure) {
	t.Helper()
	if *pictures != "" && !f.Empty() {
		if err := Save(filepath.Join(*pictures, name+".png"), f, Layout{}); err != nil {
			t.Error(err)
		}
		if err := Save(filepath.Join(*pictures, name+"-narrow.png"), f, Layout{Stacked: true, Bare: true}); err != nil {
			t.Error(err)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := save.File(path, []byte(got)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update makes it)", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; go test -update accepts it):\n%s", name, d)
	}
}

func TestScaling(t *testing.T) {
	weak := curve("Weak/workload=sleep/strategy=fixed", 5e-3, 0.001, 0, 10, 1, 2, 4)
	weak.Kind = results.Weak
	foreign := curve("Parse/size=10", 2e-6, 0.2, 0, 3, 2, 4, 8)
	foreign.X, foreign.Machine = "gomaxprocs", results.Machine{}
	for i := range foreign.Points {
		foreign.Points[i].Tasks = 1
	}
	tests := []struct {
		name string
		as   []*laws.Analysis
		o    Options
	}{
		{"strategies", strategies(), Options{}},
		{"one", strategies()[2:3], Options{To: 64}},
		{"twolevels", []*laws.Analysis{
			analysis(curve("Strong/workload=hash/strategy=serial", 40e-6, 0, 0, 10, 1)),
			analysis(curve("Strong/workload=hash/strategy=fixed", 41e-6, 0.1, 0, 10, 1, 2)),
			analysis(curve("Strong/workload=hash/strategy=spawn", 43e-6, 0.1, 0, 10, 1, 2)),
		}, Options{}},
		{"weak", []*laws.Analysis{analysis(weak)}, Options{}},
		{"nobase", []*laws.Analysis{analysis(foreign, amdahlFit(2e-6, 0.2))}, Options{Title: "Parsing"}},
		{"onlyserial", []*laws.Analysis{analysis(curve("Strong/strategy=serial", 2, 0, 0, 6, 1))}, Options{}},
		{"empty", nil, Options{Title: "nothing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			goldenFigure(t, tt.name, Scaling(tt.as, tt.o))
		})
	}
}

// Every line is a model, in full colour up to twice its own largest level
// only, and every point a measurement.
func TestScalingHonest(t *testing.T) {
	as := strategies()
	as[1].Curve.Points, as[1].Levels = as[1].Curve.Points[:3], as[1].Levels[:3] // up to 4 workers only
	f := Scaling(as, Options{})
	points := map[string]int{}
	for _, s := range f.Panels[0].Points {
		points[s.Name] = len(s.At)
	}
	if d := cmp.Diff(map[string]int{"serial": 1, "spawn": 3, "fixed": 5, "process": 5}, points); d != "" {
		t.Errorf("points of each series (-want +got):\n%s", d)
	}
	for i, p := range f.Panels {
		for _, l := range p.Lines {
			last := map[string]float64{"spawn": 4, "ideal": 16}[strings.SplitN(l.Name, ":", 2)[0]]
			if last == 0 {
				last = 16
			}
			first, end := l.At[0].X, l.At[len(l.At)-1].X
			if l.Grey && first < 2*last*(1-1e-9) || !l.Grey && end > 2*last*(1+1e-9) {
				t.Errorf("panel %d: %q, grey %v, from %g to %g: measured to %g", i+1, l.Name, l.Grey, first, end, last)
			}
		}
	}
}

// What no logarithmic axis can show is left out, and what is left is drawn.
func TestScalingSurvives(t *testing.T) {
	bad := curve("Strong/strategy=bad", 1, 0.1, 0, 6, 1, 2, 4)
	bad.Points[0].Samples[0].Time = math.NaN()
	bad.Points[1].Samples[1].Time = math.Inf(1)
	bad.Points[2].Samples[2].Time = -1
	bad.Points = append(bad.Points, results.Point{Workers: math.Inf(1), Samples: []results.Sample{{Time: 1}}}, results.Point{Workers: 8})
	fit := amdahlFit(math.NaN(), math.NaN())
	fit.MaxSpeedup = &laws.Estimate{Value: math.Inf(1)}
	as := []*laws.Analysis{nil, {}, analysis(bad, fit)}
	f := Scaling(as, Options{To: math.Inf(1)})
	if err := f.check(); err != nil {
		t.Error(err)
	}
	if got, want := len(f.Panels[0].Points[0].At), 3; got != want {
		t.Errorf("points left: got %d, want %d", got, want)
	}
	if got := f.String(); strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
		t.Errorf("figure shows what is no number:\n%s", got)
	}
}
