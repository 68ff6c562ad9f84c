package charts

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/results"
)

// A written text is one string that was drawn, with the corners of its box on the
// page.
type written struct {
	text string
	box  vg.Rectangle
}

// A recorder is a canvas that keeps the texts that are drawn on it.
type recorder struct {
	at    []matrix // the last one holds
	texts []written
}

// A matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) then(n matrix) matrix { // n first
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(x, y vg.Length) (vg.Length, vg.Length) {
	return vg.Length(m.a*float64(x) + m.c*float64(y) + m.e), vg.Length(m.b*float64(x) + m.d*float64(y) + m.f)
}

func newRecorder() *recorder { return &recorder{at: []matrix{{a: 1, d: 1}}} }

func (r *recorder) now() *matrix                        { return &r.at[len(r.at)-1] }
func (r *recorder) SetLineWidth(vg.Length)              {}
func (r *recorder) SetLineDash([]vg.Length, vg.Length)  {}
func (r *recorder) SetColor(color.Color)                {}
func (r *recorder) Stroke(vg.Path)                      {}
func (r *recorder) Fill(vg.Path)                        {}
func (r *recorder) DrawImage(vg.Rectangle, image.Image) {}
func (r *recorder) Push()                               { r.at = append(r.at, *r.now()) }
func (r *recorder) Pop()                                { r.at = r.at[:len(r.at)-1] }
func (r *recorder) Scale(x, y float64)                  { *r.now() = r.now().then(matrix{a: x, d: y}) }
func (r *recorder) Translate(p vg.Point) {
	*r.now() = r.now().then(matrix{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}
func (r *recorder) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	*r.now() = r.now().then(matrix{cos, sin, -sin, cos, 0, 0})
}

// FillString keeps a text with the box of its letters: from what hangs below the line
// to the top of capitals.
func (r *recorder) FillString(face font.Face, at vg.Point, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	e := face.Extents()
	w := written{text: text, box: vg.Rectangle{Min: vg.Point{X: 1e9, Y: 1e9}, Max: vg.Point{X: -1e9, Y: -1e9}}}
	for _, corner := range []vg.Point{{X: 0, Y: -e.Descent}, {X: face.Width(text), Y: e.Ascent * 0.8}} {
		x, y := r.now().apply(at.X+corner.X, at.Y+corner.Y)
		w.box.Min.X, w.box.Max.X = min(w.box.Min.X, x), max(w.box.Max.X, x)
		w.box.Min.Y, w.box.Max.Y = min(w.box.Min.Y, y), max(w.box.Max.Y, y)
	}
	r.texts = append(r.texts, w)
}

// checkTexts reports what is wrong with the texts of a figure: two that overlap, or
// one that leaves the page.
func checkTexts(p *page) (wrong []string) {
	r := newRecorder()
	p.draw(draw.NewCanvas(r, p.width, p.height))
	return r.wrong(p.width, p.height)
}

func (r *recorder) wrong(width, height vg.Length) (wrong []string) {
	const slack = 0.9 // points: boxes have some air in them
	for i, a := range r.texts {
		if a.box.Min.X < -slack || a.box.Min.Y < -slack || a.box.Max.X > width+slack || a.box.Max.Y > height+slack {
			wrong = append(wrong, fmt.Sprintf("%q leaves the page of %.0f × %.0f: %.1f", a.text, width, height, a.box))
		}
		for _, b := range r.texts[:i] {
			if min(a.box.Max.X, b.box.Max.X)-max(a.box.Min.X, b.box.Min.X) > slack && min(a.box.Max.Y, b.box.Max.Y)-max(a.box.Min.Y, b.box.Min.Y) > slack {
				wrong = append(wrong, fmt.Sprintf("%q and %q overlap: %.1f, %.1f", a.text, b.text, a.box, b.box))
			}
		}
	}
	return wrong
}

// The check sees what it is there for: texts over each other, upright and turned, and
// outside of the page.
func TestTextsAreSeen(t *testing.T) {
	face := font.DefaultCache.Lookup(tickText.Font, tickText.Font.Size)
	for _, tt := range []struct {
		name  string
		draw  func(r *recorder)
		wrong int
	}{
		{"apart", func(r *recorder) {
			r.FillString(face, vg.Point{X: 10, Y: 10}, "one")
			r.FillString(face, vg.Point{X: 10, Y: 30}, "two")
		}, 0},
		{"over", func(r *recorder) {
			r.FillString(face, vg.Point{X: 10, Y: 10}, "one")
			r.FillString(face, vg.Point{X: 20, Y: 12}, "two")
		}, 1},
		{"turned", func(r *recorder) {
			r.FillString(face, vg.Point{X: 10, Y: 40}, "lying")
			r.Push()
			r.Translate(vg.Point{X: 25, Y: 30})
			r.Rotate(math.Pi / 2)
			r.FillString(face, vg.Point{}, "standing")
			r.Pop()
		}, 1},
		{"outside", func(r *recorder) { r.FillString(face, vg.Point{X: 90, Y: 10}, "a long text") }, 1},
	} {
		r := newRecorder()
		tt.draw(r)
		if wrong := r.wrong(100, 100); len(wrong) != tt.wrong {
			t.Errorf("%s: got %q, want %d", tt.name, wrong, tt.wrong)
		}
	}
}

// sweptFigures are figures of one to four panels, of laws and of measured series.
func sweptFigures(t *testing.T) map[string]Figure {
	long := many(3, "")
	for i, a := range long {
		c := *a.Curve
		c.Name = results.ParseName(fmt.Sprintf("BenchmarkIndex/corpus=a_rather_long_name_of_a_corpus/algorithm=merge_of_sorted_runs_%d", i))
		a.Curve = &c
	}
	return map[string]Figure{
		"one law":      picture(t, "amdahl", Values{"sigma": {0.5, 0.25, 0.1, 0.05}}, PictureOptions{}),
		"usl":          picture(t, "usl", nil, PictureOptions{To: 1 << 30}),
		"two laws":     picture(t, "amdahl,gustafson", nil, PictureOptions{Only: Efficiency}),
		"three laws":   picture(t, "bottleneck,convoy,log", nil, PictureOptions{Only: Time}),
		"three chips":  picture(t, "hill-marty", nil, PictureOptions{}),
		"four laws":    picture(t, "amdahl,usl,log,bottleneck", nil, PictureOptions{Linear: true}),
		"strategies":   Scaling(strategies(), Options{}),
		"on cores":     Scaling(onCores(), Options{}),
		"one series":   Scaling(strategies()[1:2], Options{Only: Speedup}),
		"nine series":  Scaling(many(9, "alg="), Options{}),
		"twenty":       Scaling(many(20, "alg="), Options{}),
		"long names":   Scaling(long, Options{}),
		"a long title": Scaling(strategies(), Options{Title: strings.Repeat("What a class of forty measured on a Tuesday, and why. ", 6)}),
		"one word":     Scaling(strategies()[:2], Options{Title: strings.Repeat("w", 500)}),
		"bars":         Scaling(pools(), Options{}),
	}
}

// In no figure, of any size and with letters of any size, do two texts overlap, or does
// one leave the page. What has no room is refused, and what is proposed instead has.
func TestNoTextOverlaps(t *testing.T) {
	sizes := map[string]Layout{
		"as it needs": {},
		"16:9":        {Width: 11, Height: 11.0 * 9 / 16}, "4:3": {Width: 11, Height: 11.0 * 3 / 4}, "1:1": {Width: 11, Height: 11},
		"360x640": {Width: 3.75, Height: 640.0 / 96}, "300x200": {Width: 300.0 / 96, Height: 200.0 / 96},
		"600x400": {Width: 6.25, Height: 400.0 / 96}, "1920x1080": {Width: 20, Height: 11.25},
	}
	fonts := []float64{0, 8, 16, 28}
	if testing.Short() {
		fonts = []float64{0, 16}
	}
	refused, combination := 0, 0
	figures := sweptFigures(t)
	for i, name := range slices.Sorted(maps.Keys(figures)) {
		f := figures[name]
		for _, size := range slices.Sorted(maps.Keys(sizes)) {
			l := sizes[size]
			for _, l.FontSize = range fonts {
				// Of each figure a part of the combinations, others of the next one.
				if combination++; (combination+i)%sweptPart != 0 {
					continue
				}
				p, err := newPage(f, l)
				if err != nil {
					refused++
					continue
				}
				if wrong := checkTexts(p); len(wrong) > 0 {
					t.Errorf("%s, %s, letters of %g: %s", name, size, l.FontSize, strings.Join(wrong[:min(len(wrong), 3)], "\n\t"))
				}
				if size != "as it needs" && math.Abs(float64(p.height*p.scale/vg.Inch)-l.Height) > 1e-6 {
					t.Errorf("%s, %s: %g inches high, want %g", name, size, float64(p.height*p.scale/vg.Inch), l.Height)
				}
			}
		}
	}
	if refused == 0 {
		t.Error("letters of 28 points have room on 300 × 200 pixels")
	}
}

// What a message proposes instead of a layout without room is a good figure: no text
// overlaps, the legend is whole, and the panels are no stripes.
func TestProposals(t *testing.T) {
	figures := sweptFigures(t)
	for i, name := range slices.Sorted(maps.Keys(figures)) {
		if i%((sweptPart+1)/2) != 0 {
			continue
		}
		f := figures[name]
		layouts := []Layout{{Width: 300.0 / 96, Height: 200.0 / 96, DPI: 96, FontSize: 16}}
		if name == "usl" || name == "strategies" || name == "bars" {
			layouts = append(layouts, Layout{Width: 11, Height: 11.0 / 4, FontSize: 28})
		}
		for _, l := range layouts {
			if _, err := newPage(f, l); err == nil {
				continue
			}
			larger, ok := Larger(f, l)
			if !ok {
				t.Errorf("%s: no larger layout than %+v", name, l)
				continue
			}
			p := laidOut(t, f, larger)
			if wrong := checkTexts(p); len(wrong) > 0 || p.bare {
				t.Errorf("%s: in %+v %v", name, larger, wrong)
			}
			for _, fr := range p.frames(draw.Canvas{}, p.edge, p.height-p.edge-p.header()) {
				if s := fr.plot.DataCanvas(fr.canvas).Size(); s.X > 5*s.Y && fr.Y.Scale != Categories || s.Y > 5*s.X {
					t.Errorf("%s: the area inside the axes is %.0f × %.0f in %+v", name, s.X, s.Y, larger)
				}
			}
		}
	}
}

// Every theme is the same drawing in other colours, so that the sweep of one holds for
// all.
func TestThemesHaveTheSameTexts(t *testing.T) {
	f := Scaling(strategies(), Options{})
	texts := func(theme Theme) string {
		p := laidOut(t, f, Layout{Theme: theme, Width: 8, Height: 5})
		r := newRecorder()
		p.draw(draw.NewCanvas(themedOn(r, theme), p.width, p.height))
		return fmt.Sprint(r.texts)
	}
	for _, theme := range []Theme{Dark, Print} {
		if texts(theme) != texts(Light) {
			t.Errorf("the texts of %s stand elsewhere", theme)
		}
	}
}
