package charts

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"amdahl/results"
	"amdahl/results/laws"
)

// drawn draws a figure in the formats and checks that each can be read.
func drawn(t *testing.T, f Figure, l Layout, formats ...string) map[string][]byte {
	t.Helper()
	l.DPI = cmp.Or(l.DPI, drawnDPI)
	files := map[string][]byte{}
	for _, format := range formats {
		var b bytes.Buffer
		if err := Draw(&b, f, format, l); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		files[format] = b.Bytes()
	}
	for format, data := range files {
		switch format {
		case "png":
			img, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatalf("png: %v", err)
			}
			if got, want := img.Bounds().Dx(), int(math.Ceil(float64(laidOut(t, f, l).width)/72*float64(laidOut(t, f, l).dpi))); got < want-1 || got > want+1 {
				t.Errorf("png is %d pixels wide, want %d", got, want)
			}
		case "svg":
			for d := xml.NewDecoder(bytes.NewReader(data)); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("svg: %v", err)
				}
			}
		case "pdf":
			if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("%%EOF")) {
				t.Errorf("pdf starts with %.8q", data)
			}
		}
	}
	return files
}

func laidOut(t *testing.T, f Figure, l Layout) *page {
	t.Helper()
	p, err := newPage(f, l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDraw(t *testing.T) {
	f := Scaling(strategies(), Options{To: 128})
	one := drawn(t, f, Layout{Width: 5}, Formats...)
	two := drawn(t, f, Layout{Width: 5}, "svg", "png")
	for _, format := range []string{"svg", "png"} {
		if !bytes.Equal(one[format], two[format]) {
			t.Errorf("%s differs from one drawing to the next", format)
		}
	}
	for _, text := range []string{"hash: time and speedup of 4 strategies, the work is", "time per task (ms)", "speedup T(1)/T(n) (×)", "workers", "4 physical processors", "1/σ = 10", "best serial time, 5 ms", "Example CPU"} {
		if !bytes.Contains(one["svg"], []byte(text)) {
			t.Errorf("svg lacks the text %q", text)
		}
	}
	bare := drawn(t, f, Layout{Stacked: true, Bare: true, Themed: true}, "svg")
	for _, text := range []string{"hash: time", "#0072B2", "Example CPU"} {
		if bytes.Contains(bare["svg"], []byte(text)) {
			t.Errorf("bare, themed svg has %q", text)
		}
	}
	if !bytes.Contains(bare["svg"], []byte("var(--blue)")) {
		t.Error("themed svg has no var(--blue)")
	}
}

// Figures of any shape are drawn.
func TestDrawShapes(t *testing.T) {
	long := strings.Repeat("a very long name ", 30)
	levels := []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}
	equal := curve("Strong/strategy=equal", 1, 1, 0, 10, 1, 2, 4)
	tests := []struct {
		name     string
		as       []*laws.Analysis
		pictures []string // besides SVG
	}{
		{"one level", []*laws.Analysis{analysis(curve("A", 1e-9, 0, 0, 1, 1))}, []string{"png"}},
		{"one level not at 1", []*laws.Analysis{analysis(curve("A", 1e-9, 0, 0, 1, 7))}, nil},
		{"serial loops only", []*laws.Analysis{analysis(curve("A/strategy=x", 1, 0, 0, 9, 1)), analysis(curve("A/strategy=y", 2, 0, 0, 9, 1))}, nil},
		{"two levels", []*laws.Analysis{analysis(curve("A", 3600, 0.5, 0, 6, 1, 2))}, nil},
		{"twelve series", many(12, "alg="), []string{"png"}},
		{"forty series", many(40, "alg="), nil},
		{"long names", many(3, long), nil},
		{"no letters", many(2, "\x00\x1b[31m\xff<&\"'>\n语"), []string{"png", "pdf"}},
		{"no names", []*laws.Analysis{analysis(curve("", 1, 0.1, 0, 6, 1, 2)), analysis(curve("", 1, 0.1, 0, 6, 1, 2))}, nil},
		{"up to 1024", []*laws.Analysis{analysis(curve("A", 1, 1e-4, 0, 6, levels...), amdahlFit(1, 1e-4))}, nil},
		{"all equal", []*laws.Analysis{analysis(equal, amdahlFit(1, 1))}, nil},
		{"fractional load", []*laws.Analysis{analysis(curve("A", 1, 0.3, 0, 6, 0.25, 0.5, 1.5), amdahlFit(1, 0.3))}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := Scaling(tt.as, Options{})
			drawn(t, f, Layout{}, "svg")
			drawn(t, f, Layout{Stacked: true, Bare: true}, "svg")
			drawn(t, f, Layout{Width: 3}, tt.pictures...)
		})
	}
}

// Axes of every scale are drawn with what stands in them: negative numbers,
// names too long for their place, bands that reach out of the panel.
func TestDrawScales(t *testing.T) {
	low, high := -1e300, 0.5
	f := Figure{Panels: []Panel{{
		X:     categories("kind", []string{"", "a name that is long, of several words", strings.Repeat("long", 30), "語\x1b"}),
		Y:     Axis{Label: "loss", Unit: "ms", Scale: Linear, Min: -1, Max: 3, Ticks: linearTicks(-1, 3)},
		Bands: []Band{{"good", low, high}, {"", 2, 2.5}, {"out of sight", 4, 5}},
		Points: []Points{
			{Name: "a", Ink: 9, Source: results.Model, At: []Point{{X: 1, Y: -0.5, Bar: &Bar{-9, 0}}, {X: 2, Y: 0}}},
			{Name: "b", Ink: 16, Source: "unknown", At: []Point{{X: 3, Y: 2}, {X: 4, Y: 99}}},
			{Name: "c", Ink: -2, Source: results.Slow, At: []Point{{X: 3, Y: -1}}},
			{Name: "d", Ink: 17, Source: results.Simulated, At: []Point{{X: 2, Y: 1}}},
		},
		Lines: []Line{{Name: "l", Dash: Solid, Label: "trend", At: []XY{{1, -1}, {4, 9}}}, {Name: "m", Dash: Solid, Label: "never seen", At: []XY{{9, 9}}}},
		Refs:  []Ref{{Dash: Solid}, {Label: "two", Dash: Dotted, At: 2}},
	}}}
	for _, l := range []Layout{{}, {Stacked: true, Bare: true, Themed: true}, {Width: 3}} {
		svg := string(drawn(t, f, l, "svg")["svg"])
		for text, want := range map[string]bool{"loss (ms)": true, "good": true, "trend": true, "two": true, "out of sight": false, "never seen": false, "99": false} {
			if strings.Contains(svg, ">"+text+"<") != want {
				t.Errorf("%+v: svg has the text %q: %v, want %v", l, text, !want, want)
			}
		}
	}
	drawn(t, f, Layout{Width: 3}, "png", "pdf")
}

func TestDrawRefuses(t *testing.T) {
	axis := Axis{Min: 1, Max: 2}
	with := func(p Point) Figure {
		return Figure{Panels: []Panel{{X: axis, Y: axis, Points: []Points{{Name: "s", At: []Point{p}}}}}}
	}
	linear := Axis{Scale: Linear, Min: -2, Max: 2}
	on := func(x, y Axis, p Point, b ...Band) Figure {
		return Figure{Panels: []Panel{{X: x, Y: y, Bands: b, Points: []Points{{Name: "s", At: []Point{p}}}}}}
	}
	tests := []struct {
		name   string
		f      Figure
		format string
		want   string
	}{
		{"scale", on(axis, Axis{Label: "y", Scale: "cubic", Min: 1, Max: 2}, Point{X: 1, Y: 1}), "svg", `charts: panel 1: axis "y": unknown scale "cubic"`},
		{"linear nan", on(axis, linear, Point{X: 1, Y: math.NaN()}), "svg", `charts: panel 1: series "s": point (1, NaN): must be x above 0 and finite, y finite`},
		{"linear axis", on(axis, Axis{Label: "y", Scale: Linear, Min: 0, Max: math.Inf(1)}, Point{X: 1, Y: 1}), "svg", `charts: panel 1: axis "y": limits 0 to +Inf: must be finite and ascending`},
		{"band", on(axis, linear, Point{X: 1, Y: 1}, Band{"b", 1, -1}), "svg", `charts: panel 1: band "b": 1 to -1: must be finite and ascending`},
		{"band on a logarithmic axis", on(axis, axis, Point{X: 1, Y: 1}, Band{"b", 0, 1}), "svg", `charts: panel 1: band "b": 0 to 1: must be above 0, finite and ascending`},
		{"empty", Figure{}, "svg", "charts: nothing to draw: no point and no law"},
		{"format", with(Point{X: 1, Y: 1}), "gif", `charts: unknown format "gif": use one of svg, png, pdf, vega-lite`},
		{"nan", with(Point{X: 1, Y: math.NaN()}), "svg", `charts: panel 1: series "s": point (1, NaN): must be above 0 and finite`},
		{"infinite bar", with(Point{X: 1, Y: 1, Bar: &Bar{1, math.Inf(1)}}), "svg", `charts: panel 1: series "s": point (1, 1): must be above 0 and finite`},
		{"axis", Figure{Panels: []Panel{{X: axis, Y: Axis{Label: "y", Min: 2, Max: 2}, Points: with(Point{X: 1, Y: 1}).Panels[0].Points}}}, "svg",
			`charts: panel 1: axis "y": limits 2 to 2: must be above 0, finite and ascending`},
		{"line", Figure{Panels: []Panel{{X: axis, Y: axis, Lines: []Line{{Name: "l", At: []XY{{0, 1}}}}}}}, "svg",
			`charts: panel 1: line "l": corner (0, 1): must be above 0 and finite`},
	}
	for _, tt := range tests {
		err := Draw(io.Discard, tt.f, tt.format, Layout{})
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got error %q, want %q", tt.name, err, tt.want)
		}
	}
	if err := Draw(io.Discard, Scaling(nil, Options{}), "png", Layout{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("figure of nothing: got error %v, want ErrEmpty", err)
	}
	for _, format := range append(Formats[:len(Formats):len(Formats)], VegaLiteFormat) {
		if err := Draw(broken{errFull}, Scaling(strategies(), Options{}), format, Layout{Width: 3}); !errors.Is(err, errFull) {
			t.Errorf("%s to a broken writer: got error %v, want %v", format, err, errFull)
		}
	}
}

var errFull = errors.New("disk full")

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestSpread(t *testing.T) {
	tests := []struct{ in, want []vg.Length }{
		{nil, nil},
		{[]vg.Length{50}, []vg.Length{50}},
		{[]vg.Length{10, 50, 90}, []vg.Length{10, 50, 90}},
		{[]vg.Length{50, 51, 52}, []vg.Length{50, 60, 70}},
		{[]vg.Length{95, 96, 97}, []vg.Length{80, 90, 100}},
	}
	for _, tt := range tests {
		got := append([]vg.Length(nil), tt.in...)
		spread(got, 10, 0, 100)
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("spread(%v) = %v, want %v", tt.in, got, tt.want)
				break
			}
		}
	}
}

func TestFitAndWrap(t *testing.T) {
	const width = 100
	s := strings.Repeat("abcdefghij ", 20)
	if got := fit(captionText, s, width); captionText.Width(got) > width || !strings.Contains(got, "…") || !strings.HasPrefix(got, "abc") {
		t.Errorf("fit: got %q, %v wide", got, captionText.Width(got))
	}
	if got := fit(captionText, "short", width); got != "short" {
		t.Errorf("fit: got %q, want %q", got, "short")
	}
	lines := wrap(captionText, s+strings.Repeat("x", 200), width)
	for _, l := range lines {
		if captionText.Width(l) > width {
			t.Errorf("wrap: line %q is %v wide", l, captionText.Width(l))
		}
	}
	if got, want := strings.Count(strings.Join(lines, " "), "abcdefghij"), 20; got != want {
		t.Errorf("wrap kept %d words of %d", got, want)
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	f := Scaling(strategies(), Options{})
	for _, name := range []string{"a.svg", "b.PNG", "c.pdf"} {
		if err := Save(filepath.Join(dir, name), f, Layout{Width: 3}); err != nil {
			t.Error(err)
		}
	}
	tests := []struct{ path, want string }{
		{filepath.Join(dir, "d.gif"), `charts: unknown format "gif": use one of svg, png, pdf, vega-lite (` + filepath.Join(dir, "d.gif") + ")"},
		{filepath.Join(dir, "none", "e.svg"), "writing " + filepath.Join(dir, "none", "e.svg") + ": there is no folder " + filepath.Join(dir, "none") + ": make it with mkdir -p " + filepath.Join(dir, "none")},
	}
	for _, tt := range tests {
		if err := Save(tt.path, f, Layout{Width: 3}); err == nil || err.Error() != tt.want {
			t.Errorf("got error %q, want %q", err, tt.want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "a.svg b.PNG c.pdf"; got != want {
		t.Errorf("files: got %q, want %q", got, want)
	}
}
