package charts

import (
	"slices"
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
		want   []Look
	}{
		{"strategies", []string{"S/strategy=serial", "S/strategy=spawn", "S/strategy=fixed", "S/strategy=process", "S/strategy=eventloop"}, 0,
			[]Look{{0, Solid}, {3, Solid}, {1, Solid}, {2, Solid}, {4, Solid}}},
		{"the same alone", []string{"S/strategy=process"}, -1, []Look{{2, Solid}}},
		{"Python's", []string{"S/strategy=python-asyncio", "S/strategy=python-threads", "S/strategy=python-pool", "S/strategy=python-other", "S/strategy=python-asynclib"}, -1,
			[]Look{{7, Solid}, {5, Solid}, {6, Solid}, {1, Solid}, {42, Dashed}}},
		{"unknown between known", []string{"S/strategy=b", "S/strategy=fixed", "S/strategy=a"}, -1, []Look{{2, Solid}, {1, Solid}, {3, Solid}}},
		{"known, at one worker only", []string{"S/strategy=fixed", "S/strategy=spawn"}, 0, []Look{{1, Solid}, {3, Solid}}},
		{"unknown, at one worker only", []string{"S/strategy=loop", "S/strategy=spawn"}, 0, []Look{{1, Solid}, {3, Solid}}},
		{"cores", []string{"S/strategy=fixed/cores=gil", "S/strategy=fixed/cores=real", "S/strategy=fixed/cores=slow32", "S/strategy=fixed/cores=simulated", "S/strategy=fixed/cores=model"}, -1,
			[]Look{{36, Dashed}, {1, Solid}, {1, DashDot}, {1, LongDash}, {1, Solid}}},
		{"two slow ones", []string{"S/strategy=fixed/cores=slow8", "S/strategy=fixed/cores=slow32"}, -1, []Look{{1, Solid}, {36, Dashed}}},
		{"variants", []string{"S/strategy=fixed/variant=a", "S/strategy=fixed/variant=b", "S/strategy=fixed/variant=b/cores=gil"}, -1,
			[]Look{{1, Solid}, {2, Solid}, {30, Dashed}}},
		{"variants and strategies", []string{"S/strategy=fixed/variant=a", "S/strategy=fixed/variant=b", "S/strategy=spawn/variant=a"}, -1,
			[]Look{{1, Solid}, {36, Dashed}, {3, Solid}}},
		{"others", []string{"Sort/a", "Sort/b", "Sort/c"}, 1, []Look{{1, Solid}, {0, Solid}, {2, Solid}}},
		{"others on cores", []string{"Sort/a/cores=slow2", "Sort/a"}, -1, []Look{{1, Dashed}, {1, Solid}}},
		{"serial loops", []string{"S/strategy=serial/cores=gil", "S/strategy=serial/cores=real"}, -1, []Look{{-5, Dashed}, {0, Solid}}},
		{"files", []string{"S/strategy=fixed/file=a.txt", "S/strategy=fixed/file=b.txt"}, -1, []Look{{1, Solid}, {2, Solid}}},
	}
	for _, tt := range tests {
		plain := make([]bool, len(tt.series))
		if tt.plain >= 0 {
			plain[tt.plain] = true
		}
		if d := cmp.Diff(tt.want, Looks(groups.ParseAll(tt.series), plain, nil, nil)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
	if got := Looks(groups.ParseAll([]string{"A", "B"}), []bool{true, true}, nil, nil); got[0].Ink != 1 || got[1].Ink != 2 {
		t.Errorf("all at one worker only: got %v, want two colours", got)
	}
	on := Looks(groups.ParseAll([]string{"S/strategy=fixed", "S/strategy=fixed", "S/strategy=fixed"}), nil, nil, []string{"laptop", "server", "laptop"})
	if on[0].Ink != 1 || on[1].Ink != 2 || on[2].Ink.Colour() != on[0].Ink.Colour() || on[2].Ink == on[0].Ink {
		t.Errorf("one strategy on two machines: got %v, want the colour of the machine", on)
	}
	// As many series as there are pairs all look different.
	as := many(pairs, "alg=")
	var names []results.Name
	for _, a := range as {
		names = append(names, a.Curve.Name)
	}
	seen := map[string]bool{}
	for i, l := range Looks(names, nil, nil, nil) {
		if seen[l.Ink.String()] {
			t.Errorf("series %d looks like another: %s", i+1, l.Ink)
		}
		seen[l.Ink.String()] = true
	}
}

// In a figure of several machines no two series look alike, the first machine has the
// markers of the strategies, and each other one has a marker of its own. A filling
// stays what it says of the source.
func TestMachinesLookApart(t *testing.T) {
	var names, on []string
	for _, machine := range []string{"laptop", "server", "cloud", "old", "new"} {
		for _, strategy := range []string{"fixed", "process", "spawn", "eventloop"} {
			names, on = append(names, "S/strategy="+strategy), append(on, machine)
		}
	}
	looks := Looks(groups.ParseAll(names), nil, nil, on)
	seen, markers := map[Ink]bool{}, map[string]map[Marker]bool{}
	for i, l := range looks {
		if seen[l.Ink] {
			t.Errorf("%s on %s looks like another: %s", names[i], on[i], l.Ink)
		}
		seen[l.Ink] = true
		if want := looks[i%4].Ink.Colour(); l.Ink.Colour() != want {
			t.Errorf("%s on %s is %s, want the colour of the strategy, %s", names[i], on[i], l.Ink, want)
		}
		if markers[on[i]] == nil {
			markers[on[i]] = map[Marker]bool{}
		}
		markers[on[i]][l.Ink.Marker()] = true
	}
	if n := len(markers["server"]); n != 1 {
		t.Errorf("the second machine has %d markers, want one", n)
	}
	// Five files of one strategy, drawn over each other.
	five := Looks(groups.ParseAll([]string{"S/strategy=fixed/file=a", "S/strategy=fixed/file=b", "S/strategy=fixed/file=c", "S/strategy=fixed/file=d", "S/strategy=fixed/file=e"}), nil, nil, []string{"m", "m", "m", "m", "m"})
	for i, l := range five {
		for _, other := range five[:i] {
			if l.Ink == other.Ink {
				t.Errorf("two files look alike: %v", five)
			}
		}
	}
}

// A strategy has the colour and the marker of the table whatever else is there,
// and one that the table lacks the same in all figures of a page.
func TestSlots(t *testing.T) {
	taken := map[Ink]string{}
	for name, ink := range strategySlots {
		if other, ok := taken[ink]; ok {
			t.Errorf("%s and %s have one ink, %d", name, other, ink)
		}
		taken[ink] = name
		for _, beside := range [][]string{nil, {"S/strategy=other"}, {"S/strategy=z", "S/strategy=fixed", "S/strategy=serial"}} {
			series := groups.ParseAll(append(beside, "T/strategy="+name))
			got := Looks(series, nil, nil, nil)[len(beside)].Ink
			if twice := slices.Contains(beside, "S/strategy="+name); !twice && got != ink || got.Colour() != ink.Colour() {
				t.Errorf("%s beside %v: ink %v, want %v", name, beside, got, ink)
			}
		}
	}
	page := groups.ParseAll([]string{"A/strategy=fixed", "A/strategy=mine", "B/strategy=yours", "B/strategy=mine", "C"})
	slots := SlotsOf(page)
	for _, figure := range [][]results.Name{page[:2], page[2:4], page[3:4]} {
		for i, l := range Looks(figure, nil, slots, nil) {
			want := map[string]string{"fixed": "blue circle", "mine": "vermilion square", "yours": "green triangle"}[figure[i].Value("strategy")]
			if got := l.Ink.String(); got != want {
				t.Errorf("%s: got a %s, want a %s", figure[i], got, want)
			}
		}
	}
	if _, ok := SlotsOf(nil).Of("nobody"); ok {
		t.Error("a strategy that nobody knows has an ink")
	}
}

// Thin lines and markers can be seen on every paper: 3 to 1, WCAG 2.2, 1.4.11.
// Colours that are not those of a series are held to it as well, where they are of
// lines that say something; text to 4.5.
func TestContrast(t *testing.T) {
	for _, theme := range []Theme{Light, Dark, Print} {
		least := 3.0
		if theme == Print {
			least = 4.5
		}
		for _, h := range append([]hue{muted, faint}, palette[:]...) {
			want := least
			switch h.name {
			case "muted", "ink":
				want = 4.5
			}
			if got := contrastOf(theme.of(h), theme.of(paper)); got < want {
				t.Errorf("%s on %s paper: contrast %.2f, want %g", h.name, theme, got, want)
			}
		}
	}
	// No two markers of one colour are alike, and a figure of seven series has seven
	// colours.
	seen := map[string]int{}
	for i := Ink(-5); i <= pairs; i++ {
		seen[i.String()]++
	}
	if len(seen) != pairs+6 {
		t.Errorf("%d different inks, want %d", len(seen), pairs+6)
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
			if e.Marker && e.Ink == 0 && e.Dash == "" {
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
	if f := Scaling([]*laws.Analysis{on("slow32", 3)}, Options{}); f.Legend[0].Text != "measured on slow cores: no law from 3 levels" || len(f.Legend) != 2 || len(f.Caption) != 3 {
		t.Errorf("alone: got legend %v and caption %q, want the slow cores named once", f.Legend, f.Caption)
	}
	if a, b := Note(results.Real), Note(""); a != "" || b != "" {
		t.Errorf("got notes %q and %q for real points, want none", a, b)
	}
}
