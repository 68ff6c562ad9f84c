package charts

import (
	"math"
	"slices"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// pools is what a call costs in nine pools: one level each, from a microsecond to
// two hundred.
func pools() []*laws.Analysis {
	var as []*laws.Analysis
	for i, name := range []string{"python-futures", "floor-pipe", "floor-shm", "go-plugin", "net-rpc", "procpool-goroutines", "procpool-pipe", "procpool-ring", "python-pool"} {
		seconds := []float64{197e-6, 10.2e-6, 0.66e-6, 67e-6, 163e-6, 1.66e-6, 12.1e-6, 1.01e-6, 146e-6}[i]
		c := curve("Peers/op=call/strategy="+name, seconds, 0, 0, 8, 1)
		c.Points[0].Tasks = 1
		as = append(as, analysis(c))
	}
	return as
}

func TestBars(t *testing.T) {
	goldenFigure(t, "bars", Scaling(pools(), Options{}))
	drawn(t, Scaling(pools(), Options{}), Layout{}, Formats...)
	drawn(t, Scaling(pools(), Options{}), Layout{Stacked: true, Bare: true}, "svg")
	few := pools()[1:3]
	few[1].Levels[0].Time = laws.Estimate{Value: 4e-6}
	few[1].Levels[0].N, few[1].Curve.Points[0].Workers = 4, 4
	f := Scaling(few, Options{})
	text := f.String()
	for _, want := range []string{"x: time per operation (µs), linear, 0 to", "floor-pipe @ 1 | floor-shm @ 4", "No interval where there are too few samples (6 are needed for 95 %): floor-shm @ 4."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if f := Scaling(few, Options{Only: Speedup}); !f.Empty() {
		t.Errorf("speedup of one level: got\n%s", f)
	}
	names := f.Panels[0].Y.Ticks
	if names[len(names)-1].Label != "floor-shm @ 4" {
		t.Errorf("the fastest is not at the top: %v", names)
	}
}

// Points that hide each other stand side by side, those that do not stay, and a
// frame stays around its point.
func TestDodge(t *testing.T) {
	f := Scaling(strategies(), Options{})
	shifts := func(p Panel, n float64) map[string]float64 {
		at := map[string]float64{}
		for _, s := range p.Points {
			for _, a := range s.At {
				if a.X == n {
					at[s.Name] = a.Shift
				}
			}
		}
		return at
	}
	if at := shifts(f.Panels[1], 1); at["fixed"] != 0 || at["spawn"] != 0 {
		t.Errorf("speedups at one worker are 1 by definition and were moved: %v", at)
	}
	if at := shifts(f.Panels[1], 2); at["fixed"] == at["spawn"] {
		t.Errorf("at 2 workers points hide each other: %v", at)
	}
	if at := shifts(f.Panels[0], 16); at["process"] != 0 {
		t.Errorf("at 16 workers the processes are alone and were moved: %v", at)
	}
	if !strings.Contains(f.Caption[0], "side by side where they would hide each other") {
		t.Errorf("the caption does not say it: %s", f.Caption[0])
	}
	for _, p := range f.Panels {
		for _, s := range p.Points {
			for _, a := range s.At {
				if a.Shift > mostShift || a.Shift < -mostShift {
					t.Errorf("%s at %g is moved by %g", s.Name, a.X, a.Shift)
				}
			}
		}
	}
	// A crowd in a cloud of other levels, and a frame.
	p := Panel{X: Axis{Scale: Linear, Max: 10}, Y: Axis{Scale: Linear, Max: 10}, Points: []Points{
		{Name: "a", Ink: 1, At: []Point{{X: 5, Y: 5}, {X: 9, Y: 1}}},
		{Name: "b", Ink: 2, At: []Point{{X: 5, Y: 5.1}}},
		{Name: "b simulated", Ink: 2, Source: results.Simulated, At: []Point{{X: 5, Y: 5.2}}},
	}}
	if !dodge(&p, func(Point) bool { return false }) {
		t.Fatal("nothing was moved")
	}
	a, b, frame, other := p.Points[0].At[0].Shift, p.Points[1].At[0].Shift, p.Points[2].At[0].Shift, p.Points[0].At[1].Shift
	if a != 0 || b != 7 || frame != b || other != 0 {
		t.Errorf("moved by %g, %g, the frame %g, the point far away %g; want 0, 7, 7, 0", a, b, frame, other)
	}
	// Where levels are close, as on a linear axis, a point stays near its own.
	p = Panel{X: Axis{Scale: Linear, Max: 64}, Y: Axis{Scale: Linear, Max: 10}}
	for i := range 4 {
		p.Points = append(p.Points, Points{Name: "s", Ink: Ink(i), At: []Point{{X: 1, Y: 5}, {X: 2, Y: 5}, {X: 60, Y: 5}}})
	}
	dodge(&p, func(Point) bool { return false })
	for _, s := range p.Points {
		if shift := math.Abs(s.At[0].Shift); shift > dodgeWidth/64/3.0 {
			t.Errorf("moved by %g, where the next level is %g away", shift, dodgeWidth/64.0)
		}
	}
	if p.Points[3].At[2].Shift != 14 {
		t.Errorf("alone at 60: the fourth is moved by %g, want 14", p.Points[3].At[2].Shift)
	}
}

// Laws that are one curve are one line with one entry in the legend.
func TestCoincide(t *testing.T) {
	a := analysis(curve("Strong/workload=spin/strategy=fixed", 1, 0.1, 0, 6, 1, 2, 4, 8), uslFit(1, 0.1, 1e-9), amdahlFit(1, 0.1))
	f := Scaling([]*laws.Analysis{a}, Options{})
	var texts []string
	for _, e := range f.Legend {
		texts = append(texts, e.Text)
	}
	want := []string{"measured", "Amdahl's law, σ = 0.1 (chosen); the same curve as usl", "ideal: n workers, n times as fast"}
	if !slices.Equal(texts, want) {
		t.Errorf("legend: got %q, want %q", texts, want)
	}
	if n := len(f.Panels[0].Lines); n != 1 {
		t.Errorf("%d lines, want 1", n)
	}
}

// What does not fit, and what is not sound, is faint, and the legend says so.
func TestFaintLegend(t *testing.T) {
	bad := analysis(curve("Strong/workload=hash/strategy=process", 1, 0.1, 0, 10, 1, 2, 4, 8), amdahlFit(1, 0.3), uslFit(1, 0.3, 0.1))
	bad.Closest, bad.Chosen, bad.Verdict = bad.Fits[0], nil, laws.NoneFits
	bad.Closest.Error = 0.15
	unsound := analysis(curve("Strong/workload=hash/strategy=spawn", 1.2, 0.2, 0, 10, 1, 2, 4, 8))
	unsound.Verdict = laws.TooFewSoundRounds
	unsound.Curve.Rounds = results.Rounds{Total: 10, Kept: 2}
	good := analysis(curve("Strong/workload=hash/strategy=fixed", 1, 0.1, 0, 10, 1, 2, 4, 8), amdahlFit(1, 0.1))
	two := analysis(curve("Strong/workload=hash/strategy=eventloop", 1, 0.1, 0, 10, 1, 2))
	f := Scaling([]*laws.Analysis{bad, unsound, good, two}, Options{})
	text := f.String()
	for _, want := range []string{
		`legend "process: no law fits; closest, off by 15 %: Amdahl's law, σ = 0.3" vermilion square real solid line faint`,
		`legend "spawn: not sound, 2 of 10 rounds got the processors" green triangle real faint`,
		`legend "fixed: Amdahl's law, σ = 0.1" blue circle real solid line` + "\n",
		`legend "eventloop: no law from 2 levels" purple diamond real` + "\n",
		`points "spawn" green triangle real faint`,
		"faint is what is not sound or does not fit",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, l := range f.Panels[1].Lines {
		if strings.HasPrefix(l.Name, "process") != l.Faint {
			t.Errorf("line %q is faint: %v", l.Name, l.Faint)
		}
	}
	// A law that is refuted beside the chosen one.
	good.Fits = append([]*laws.Fit{uslFit(1, 0.5, 0.1)}, good.Fits...)
	good.Fits[0].Refuted = true
	one := Scaling([]*laws.Analysis{good}, Options{}).String()
	if !strings.Contains(one, `legend "Universal scalability law, σ = 0.5, κ = 0.1, does not fit" vermilion dashed line faint`) || !strings.Contains(one, `legend "Amdahl's law, σ = 0.1 (chosen)" blue solid line`+"\n") {
		t.Errorf("got\n%s", one)
	}
	// Where nothing is sound, no time stands as a reference, and the bars are faint.
	alone := analysis(curve("Strong/workload=hash/strategy=serial", 1, 0, 0, 10, 1))
	alone.Verdict, alone.Curve.Rounds = laws.TooFewSoundRounds, results.Rounds{Total: 9}
	if text := Scaling([]*laws.Analysis{alone, good}, Options{}).String(); strings.Contains(text, "best serial time") || !strings.Contains(text, `"serial: not sound, 0 of 9 rounds got the processors"`) {
		t.Errorf("got\n%s", text)
	}
	if text := Scaling([]*laws.Analysis{alone, alone}, Options{}).String(); !strings.Contains(text, "box series") || !strings.Contains(text, "ink circle faint") {
		t.Errorf("bars: got\n%s", text)
	}
}

func TestOptions(t *testing.T) {
	as := strategies()
	tests := []struct {
		name string
		o    Options
		want []string // in the text of the figure
		not  []string
	}{
		{"time", Options{Only: Time}, []string{"title: hash: time of 4 strategies, the work is fixed", "time per task (ms), log2"}, []string{"speedup", "panel 2"}},
		{"speedup", Options{Only: Speedup}, []string{"title: hash: speedup of 3 strategies", "y: speedup T(1)/T(n) (×), log2"}, []string{"time per task", "panel 2", "serial:"}},
		{"efficiency", Options{Only: Efficiency}, []string{"title: hash: efficiency of", "y: efficiency T(1)/(n·T(n)) (%), linear, 0 to", `line "ideal" ink dotted: (1, 100)`, "\n    2  90.9"}, []string{"panel 2", "time per task"}},
		{"linear", Options{Linear: true}, []string{"x: workers, linear, 0 to", "time per task (ms), linear, 0 to", "speedup T(1)/T(n) (×), linear, 0 to"}, []string{"log2"}},
		{"no fit", Options{NoFit: true}, []string{`legend "fixed" blue circle real` + "\n"}, []string{"Amdahl", "lines are fitted laws", "1/σ"}},
		{"laws", Options{Laws: []string{"amdahl"}}, []string{`legend "fixed: Amdahl's law, σ = 0.12" blue dashed line`, `legend "spawn: Amdahl's law, σ = 0.1" green dashed line`}, []string{"Universal scalability law, σ = 0.1, κ = 0.001", "peak"}},
		{"all laws", Options{Laws: []string{"all"}}, []string{"fixed: Amdahl's law, σ = 0.12", "fixed: Universal scalability law"}, nil},
		{"title", Options{Title: "Mine"}, []string{"title: Mine\n"}, nil},
	}
	for _, tt := range tests {
		f := Scaling(as, tt.o)
		text := f.String()
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", tt.name, want, text)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: %q in\n%s", tt.name, not, text)
			}
		}
		drawn(t, f, Layout{}, "svg")
	}
	relative := analysis(curve("Published/law", 1, 0.1, 0, 1, 1, 2, 4, 8), amdahlFit(1, 0.1))
	relative.Curve.Relative = true
	if f := Scaling([]*laws.Analysis{relative}, Options{}); len(f.Panels) != 1 || strings.Contains(f.String(), "time per") {
		t.Errorf("speedups that were given have no time: got\n%s", f)
	}
}

// Series of several machines in one figure: each machine has a name, which tells
// the series apart, and its own line at its processors.
func TestOverlay(t *testing.T) {
	on := func(strategy, cpu string, procs int, sigma float64) *laws.Analysis {
		c := curve("Strong/workload=hash/strategy="+strategy+"/file="+cpu+".txt", 1, sigma, 0, 10, 1, 2, 4)
		c.Machine = results.Machine{OS: "linux", Arch: "amd64", CPU: cpu, Logical: procs}
		return analysis(c, amdahlFit(1, sigma))
	}
	f := Scaling([]*laws.Analysis{on("fixed", "Laptop(R) CPU @ 2 GHz", 2, 0.1), on("fixed", "Server", 4, 0.2), on("spawn", "Server", 4, 0.3)}, Options{Machines: true})
	text := f.String()
	for _, want := range []string{
		"title: hash: time and speedup of 2 strategies on 2 machines, the work is fixed",
		`legend "fixed on Laptop: Amdahl's law, σ = 0.1" blue circle real solid line`,
		`legend "fixed on Server: Amdahl's law, σ = 0.2" blue cross real dashed line`,
		`legend "spawn on Server: Amdahl's law, σ = 0.3" green triangle real solid line`,
		`reference "2 processors of Laptop"`, `reference "4 processors of Server"`,
		"caption: Laptop: Laptop(R) CPU @ 2 GHz · 2 logical processors · linux/amd64.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	same := Scaling([]*laws.Analysis{on("fixed", "CPU", 2, 0.1), on("fixed", "CPU", 4, 0.2)}, Options{Machines: true}).String()
	for _, want := range []string{`"CPU, 2 processors: Amdahl's law, σ = 0.1" blue circle`, `"CPU, 4 processors: Amdahl's law, σ = 0.2" vermilion square`} {
		if !strings.Contains(same, want) {
			t.Errorf("no %q in\n%s", want, same)
		}
	}
	if text := Scaling(strategies(), Options{Machines: true}).String(); strings.Contains(text, " on ") || strings.Contains(text, "machines") {
		t.Errorf("one machine is named:\n%s", text)
	}
}

// Titles say what was compared.
func TestTitles(t *testing.T) {
	weak := curve("Weak/workload=sleep/strategy=process", 1, 0.1, 0, 6, 1, 2)
	weak.Kind = results.Weak
	pair := func(a, b string) []*laws.Analysis {
		return []*laws.Analysis{analysis(curve(a, 1, 0.1, 0, 6, 1, 2)), analysis(curve(b, 1, 0.1, 0, 6, 1, 2))}
	}
	tests := []struct {
		as   []*laws.Analysis
		want string
	}{
		{strategies(), "hash: time and speedup of 4 strategies, the work is fixed"},
		{[]*laws.Analysis{analysis(weak)}, "sleep: time and speedup under process, the work grows with the workers"},
		{pools(), "Peers op=call: time per operation of 9 strategies"},
		{pair("Strong/workload=counter/variant=line/strategy=fixed", "Strong/workload=counter/variant=line/strategy=spawn"), "counter line: time and speedup of 2 strategies, the work is fixed"},
		{pair("Strong/workload=counter/variant=line/strategy=fixed", "Strong/workload=counter/variant=atomic/strategy=fixed"), "counter: time and speedup of 2 variants, the work is fixed"},
		{onCores(), "hash: time and speedup of 3 strategies and 4 kinds of cores, the work is fixed"},
		{pair("Sort/quick", "Sort/merge"), "Sort: time and speedup of quick and merge"},
		{pair("Sort/n=10", "Sort/n=1000"), "Sort: time and speedup of 2 values of n"},
		{pair("Map", "Sort"), "2 series: time and speedup of Map and Sort"},
		{pair("A/size=4/x", "A/size=4/y"), "A size=4: time and speedup of x and y"},
	}
	for _, tt := range tests {
		if got := Scaling(tt.as, Options{}).Title; got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
