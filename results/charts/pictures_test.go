package charts

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

func picture(t *testing.T, names string, v Values, o PictureOptions) Figure {
	t.Helper()
	var ps []*Picture
	for _, n := range strings.Split(names, ",") {
		p := FindPicture(n)
		if p == nil {
			t.Fatalf("no picture %q", n)
		}
		ps = append(ps, p)
	}
	f, err := DrawPictures(ps, v, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPictures(t *testing.T) {
	tests := []struct {
		name, pictures string
		v              Values
		o              PictureOptions
	}{
		{"drawamdahl", "amdahl", Values{"sigma": {0.5, 0.25, 0.1, 0.05}}, PictureOptions{}},
		{"drawbeside", "amdahl,gustafson", Values{"sigma": {0.5, 0.1}}, PictureOptions{To: 64, Title: "Two laws"}},
		{"drawusl", "usl", Values{"kappa": {0, 0.001}}, PictureOptions{Linear: true, To: 100}},
		{"drawlock", "bottleneck,convoy", Values{"nstar": {8}, "c": {1.5}}, PictureOptions{Only: Time, To: 32}},
		{"drawefficiency", "amdahl", nil, PictureOptions{Only: Efficiency}},
		{"drawhillmarty", "hill-marty", Values{"sigma": {0.5, 0.025}}, PictureOptions{To: 64}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := picture(t, tt.pictures, tt.v, tt.o)
			goldenFigure(t, tt.name, f)
			drawn(t, f, Layout{}, "svg")
			drawn(t, f, Layout{Width: 3, Stacked: true}, "png")
		})
	}
}

// Every picture of the list is drawn as it is without any flag, in every quantity
// and on both kinds of axes, and says what its parameters are and where it comes
// from.
func TestEveryPicture(t *testing.T) {
	for _, p := range Pictures {
		if FindPicture(p.Name) != p || p.Title == "" || p.Doc == "" {
			t.Errorf("%q: no name of its own, no title, or no line about it", p.Name)
		}
		for _, q := range p.Parameters {
			if q.Name == "" || q.Doc == "" || len(q.Default) == 0 {
				t.Errorf("%s: parameter %q needs a name, a line and default values", p.Name, q.Name)
			}
		}
		for _, only := range append([]Quantity{""}, Quantities...) {
			for _, linear := range []bool{false, true} {
				f := picture(t, p.Name, nil, PictureOptions{Only: only, Linear: linear})
				text := f.String()
				if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || len(f.Caption) == 0 {
					t.Errorf("%s, %s: no number, or no caption, in\n%s", p.Name, only, text)
				}
				drawn(t, f, Layout{}, "svg")
			}
		}
	}
}

// The lines are the laws: at 4 workers with σ = 0.25 Amdahl's speedup is 16/7, and
// Gustafson's 3.25.
func TestPictureNumbers(t *testing.T) {
	at := func(f Figure, panel int, n float64) float64 {
		l := f.Panels[panel].Lines[0]
		i := slices.IndexFunc(l.At, func(p XY) bool { return math.Abs(p.X-n) < 1e-9 })
		if i < 0 {
			t.Fatalf("no corner at %g in %v", n, l.At)
		}
		return l.At[i].Y
	}
	v := Values{"sigma": {0.25}}
	f := picture(t, "amdahl,gustafson", v, PictureOptions{To: 16})
	for panel, want := range []float64{16.0 / 7, 3.25} {
		if got := at(f, panel, 4); math.Abs(got-want) > 1e-9 {
			t.Errorf("panel %d: speedup at 4 is %g, want %g", panel+1, got, want)
		}
	}
	if f.Panels[0].Y.Max != f.Panels[1].Y.Max || f.Panels[0].Y.Min != f.Panels[1].Y.Min {
		t.Errorf("panels side by side have axes to %g and %g: want one", f.Panels[0].Y.Max, f.Panels[1].Y.Max)
	}
	if got := at(picture(t, "amdahl", v, PictureOptions{To: 16, Only: Efficiency}), 0, 4); math.Abs(got-400.0/7) > 1e-9 {
		t.Errorf("efficiency at 4 is %g %%, want %g", got, 400.0/7)
	}
	if got := at(picture(t, "amdahl", v, PictureOptions{To: 16, Only: Time}), 0, 4); math.Abs(got-43.75) > 1e-9 {
		t.Errorf("time at 4 is %g %%, want 43.75", got)
	}
	// The bottleneck law bends at n*, which is none of the even corners.
	if got := at(picture(t, "bottleneck", Values{"nstar": {5.3}}, PictureOptions{To: 16}), 0, 5.3); got != 5.3 {
		t.Errorf("bottleneck at n* = 5.3: %g", got)
	}
}

// A value that is given twice is one line, and the lines have their names.
func TestRepeatedValues(t *testing.T) {
	f := picture(t, "amdahl", Values{"sigma": {0.1, 0.1}}, PictureOptions{})
	if n := len(f.Panels[0].Lines); n != 2 || f.Panels[0].Lines[0].Label != "σ = 0.1" || !strings.HasPrefix(f.Legend[0].Text, "σ = 0.1: ") {
		t.Errorf("σ = 0.1 twice: %d lines, %q, legend %q; want one law and the ideal, with names", n, f.Panels[0].Lines[0].Label, f.Legend[0].Text)
	}
	f = picture(t, "usl", Values{"sigma": {0.1, 0.1, 0.1}, "kappa": {0.01, 0.01, 0.02}}, PictureOptions{})
	for _, l := range f.Panels[0].Lines[:2] {
		if l.Label == "" || strings.HasPrefix(l.Label, ",") {
			t.Errorf("a line is called %q", l.Label)
		}
	}
	if n := len(f.Panels[0].Lines); n != 3 {
		t.Errorf("%d lines, want two laws and the ideal", n)
	}
	if f := picture(t, "hill-marty", Values{"sigma": {0.1, 0.1}}, PictureOptions{}); len(f.Legend) != 1 {
		t.Errorf("a chip twice: %d entries of the legend", len(f.Legend))
	}
}

func TestPictureErrors(t *testing.T) {
	amdahl, usl := FindPicture("amdahl"), FindPicture("usl")
	many := make([]float64, mostLines+1)
	tests := []struct {
		ps   []*Picture
		v    Values
		o    PictureOptions
		want string
	}{
		{[]*Picture{amdahl}, Values{"sigma": {1.5}}, PictureOptions{}, "sigma 1.5 is out of range: σ is the serial fraction (contention): share of T(1), 0 to 1, no unit"},
		{[]*Picture{amdahl}, Values{"sigma": {math.NaN()}}, PictureOptions{}, "sigma NaN is out of range"},
		{[]*Picture{amdahl}, Values{"kappa": {0.1}}, PictureOptions{}, "kappa is no parameter of Amdahl's law"},
		{[]*Picture{amdahl}, Values{"sigma": many}, PictureOptions{}, "sigma: 21 values are too many for one figure: give 20 at most"},
		{[]*Picture{usl}, Values{"sigma": {0.1, 0.2}, "kappa": {1, 2, 3}}, PictureOptions{}, "2 of sigma, 3 of kappa: give as many values of each, or one that holds for all lines"},
		{[]*Picture{amdahl}, nil, PictureOptions{To: 1}, "up to 1 workers: write a number from 2 to 1073741824"},
		{[]*Picture{FindPicture("convoy")}, Values{"c": {0.5}}, PictureOptions{}, "c 0.5 is out of range"},
		{[]*Picture{FindPicture("convoy")}, Values{"c": {1}}, PictureOptions{}, "c 1 is out of range: c is the cost of a contended operation over that of one alone, above 1"},
		{[]*Picture{FindPicture("convoy")}, Values{"c": {1e300}}, PictureOptions{}, "c 1e+300 is too large for a figure: write 1000000 at most"},
		{[]*Picture{usl}, Values{"kappa": {1e300}}, PictureOptions{}, "kappa 1e+300 is too large for a figure: write 1000000 at most"},
	}
	for _, tt := range tests {
		if _, err := DrawPictures(tt.ps, tt.v, tt.o); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	if FindPicture("hill") != nil {
		t.Error("found a picture that there is not")
	}
}

// vegaSpec is what the check reads of a specification.
type vegaSpec struct {
	Schema string `json:"$schema"`
	Title  any
	Width  float64
	Height float64
	Layer  []vegaLayer
	Concat []vegaSpec
}

type vegaLayer struct {
	Data     struct{ Values []map[string]any }
	Mark     map[string]any
	Encoding map[string]map[string]any
}

// checkVega holds a specification to the structure of Vega-Lite 5: known marks,
// every field in the data, scales that can show what stands on them, as many looks
// as names.
func checkVega(t *testing.T, data []byte) vegaSpec {
	t.Helper()
	var spec vegaSpec
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	if spec.Schema != vegaSchema || spec.Title == nil {
		t.Errorf("schema %q, title %v", spec.Schema, spec.Title)
	}
	panels := spec.Concat
	if len(panels) == 0 {
		panels = []vegaSpec{spec}
	}
	marks := []string{"point", "line", "rule", "rect", "text"}
	channels := []string{"x", "x2", "y", "y2", "color", "shape", "fill", "stroke", "strokeDash", "detail", "text", "opacity"}
	for i, p := range panels {
		if p.Width < 50 || p.Height < 50 || len(p.Layer) == 0 {
			t.Errorf("panel %d: %g × %g with %d layers", i, p.Width, p.Height, len(p.Layer))
		}
		for k, l := range p.Layer {
			mark, _ := l.Mark["type"].(string)
			if !slices.Contains(marks, mark) || len(l.Data.Values) == 0 {
				t.Errorf("panel %d, layer %d: mark %q with %d rows", i, k, mark, len(l.Data.Values))
			}
			for channel, e := range l.Encoding {
				if !slices.Contains(channels, channel) {
					t.Errorf("panel %d, layer %d: unknown channel %q", i, k, channel)
				}
				field, _ := e["field"].(string)
				scale, _ := e["scale"].(map[string]any)
				domain, _ := scale["domain"].([]any)
				looks, named := scale["range"].([]any)
				if named && len(looks) != len(domain) {
					t.Errorf("panel %d, layer %d, %s: %d names, %d looks", i, k, channel, len(domain), len(looks))
				}
				for _, row := range l.Data.Values {
					v, ok := row[field]
					if !ok {
						t.Errorf("panel %d, layer %d: no field %q for %s in %v", i, k, field, channel, row)
						break
					}
					if named && !slices.Contains(domain, v) {
						t.Errorf("panel %d, layer %d: %v is not among the names %v", i, k, v, domain)
					}
					if n, isNumber := v.(float64); scale["type"] == "log" && (!isNumber || n <= 0) {
						t.Errorf("panel %d, layer %d: %v on a logarithmic %s axis", i, k, v, channel)
					}
				}
				if scale["type"] == "log" && domain[0].(float64) <= 0 {
					t.Errorf("panel %d: logarithmic %s from %v", i, channel, domain)
				}
			}
		}
	}
	return spec
}

func vegaLite(t *testing.T, f Figure, l Layout) []byte {
	t.Helper()
	var b strings.Builder
	if err := Draw(&b, f, VegaLiteFormat, l); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

func TestVegaLite(t *testing.T) {
	cases, curves := verified()
	figures := map[string]Figure{
		"strategies":   Scaling(strategies(), Options{To: 128}),
		"cores":        Scaling(onCores(), Options{}),
		"linear":       Scaling(strategies(), Options{Linear: true}),
		"only":         Scaling(strategies(), Options{Only: Efficiency}),
		"bars":         Scaling(pools(), Options{}),
		"gantt":        Gantt(handedOut(3, 8, false, 10*ms, ms), GanttOptions{}),
		"verification": Verification(cases, curves, VerificationOptions{}),
		"pictures":     picture(t, "amdahl,gustafson", nil, PictureOptions{}),
		"hostile":      Scaling(many(2, "\x00\x1b[31m</script>\"'`${x}|語"), Options{}),
	}
	for name, f := range figures {
		for _, l := range []Layout{{}, {Width: 6, Height: 4, FontSize: 14, Theme: Dark}, {Stacked: true}} {
			spec := checkVega(t, vegaLite(t, f, l))
			if t.Failed() {
				t.Fatal(name)
			}
			if len(f.Panels) > 1 && len(spec.Concat) != len(f.Panels) {
				t.Errorf("%s: %d views, want %d", name, len(spec.Concat), len(f.Panels))
			}
		}
	}
	// It is the same figure: each point with its interval, each corner of a law.
	f := figures["strategies"]
	text := string(vegaLite(t, f, Layout{}))
	if text != string(vegaLite(t, f, Layout{})) {
		t.Error("differs from one writing to the next")
	}
	spec := checkVega(t, []byte(text))
	count := map[string]int{}
	for _, l := range spec.Concat[0].Layer {
		count[l.Mark["type"].(string)] += len(l.Data.Values)
	}
	points, bars, corners := 0, 0, 0
	for _, s := range f.Panels[0].Points {
		points += len(s.At)
		for _, at := range s.At {
			if at.Bar != nil {
				bars++
			}
		}
	}
	for _, l := range f.Panels[0].Lines {
		corners += len(l.At)
	}
	if count["point"] != points || count["line"] != corners || count["rule"] != bars+len(f.Panels[0].Refs) {
		t.Errorf("got %v, want %d points, %d corners, %d intervals and %d references", count, points, corners, bars, len(f.Panels[0].Refs))
	}
	for _, want := range []string{`"time per task (ms)"`, `"speedup T(1)/T(n) (×)"`, `"type": "log"`, `"blue`, "Example CPU"} {
		if want == `"blue` {
			want = hex(palette[1].light)
		}
		if !strings.Contains(text, want) {
			t.Errorf("no %s in it", want)
		}
	}
	if err := VegaLite(broken{errFull}, f, Layout{}); err == nil {
		t.Error("a broken writer is no error")
	}
	if err := VegaLite(&strings.Builder{}, Figure{}, Layout{}); err == nil {
		t.Error("an empty figure is no error")
	}
}
