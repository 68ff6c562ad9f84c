package charts

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// verified is a figure's worth of cases: six planted fractions and a lock, on
// real and slow cores and in a simulator. Found is off by as much as noise
// would make it.
func verified() (cases []Case, curves []Curve) {
	for i, sigma := range []float64{0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.1} {
		name := fmt.Sprintf("σ %g", sigma)
		truth := func(n float64) float64 { return 1 / laws.Amdahl.Ratio(n, []float64{sigma}) }
		if i == 6 {
			name = "lock 0.1"
			truth = func(n float64) float64 { return n / math.Sqrt(math.Sqrt(1+math.Pow(n/10, 4))) }
		}
		for k, s := range []results.Source{results.Simulated, results.Slow, results.Real} {
			off := []float64{0, 0.002 + 0.0006*float64(i), -0.006 + 0.002*float64(i)}[k]
			half := []float64{0, 0.004, 0.012}[k]
			c := Case{Name: name, Source: s, Planted: sigma, Found: laws.Estimate{Value: max(sigma+off, 0)}}
			if half > 0 {
				c.Found.Interval = &laws.Interval{Low: max(c.Found.Value-half, 0), High: c.Found.Value + half}
			}
			cases = append(cases, c)
			cv := Curve{Name: name, Source: s, Truth: truth}
			for n := 1.0; n <= 32 && (s != results.Real || n <= 2); n *= 2 {
				p := Point{X: n, Y: truth(n) * (1 - off*math.Log2(n))}
				if half > 0 && n > 1 {
					p.Bar = &Bar{p.Y * (1 - half), p.Y * (1 + half)}
				}
				cv.Points = append(cv.Points, p)
			}
			curves = append(curves, cv)
		}
	}
	return cases, curves
}

func TestVerification(t *testing.T) {
	cases, curves := verified()
	f := Verification(cases, curves, VerificationOptions{Subtitle: "compute/strategy=fixed", Notes: []string{"Example CPU · 2 logical processors"}})
	goldenFigure(t, "verification", f)
	drawn(t, f, Layout{}, "svg", "png")
	drawn(t, f, Layout{Stacked: true, Bare: true}, "svg")
}

// What is no number is left out, and an end without a bound reaches the edge.
func TestVerificationSurvives(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := func(n float64) float64 { return 1 }
	tests := []struct {
		name   string
		cases  []Case
		curves []Curve
		panels int
		want   []string // in the text of the figure
	}{
		{"nothing", nil, nil, 0, []string{"title: Planted and found again\n"}},
		{"no number", []Case{{Name: "lost", Planted: 0.1, Found: laws.Estimate{Value: nan}}, {Name: "kept", Planted: 0.1, Found: laws.Estimate{Value: 0.13}}}, nil, 1,
			[]string{"0 of 1 within ±0.01", "Left out, since nothing was found: lost.", "Farthest off: kept, by +0.03 (measured on the processors as they are)."}},
		{"one end", []Case{{Name: "a", Planted: 0.05, Found: laws.Estimate{Value: 0.05, Interval: &laws.Interval{Low: 0.04, High: inf}}}}, nil, 1, []string{"1  0 [-0.01, 0.03", "1 of 1 hold the planted one"}},
		{"two infinite ends", []Case{{Name: "a", Found: laws.Estimate{Interval: &laws.Interval{Low: nan, High: inf}}}}, nil, 1, []string{"1  0 no interval"}},
		{"far off", []Case{{Name: "a", Planted: 0.5, Found: laws.Estimate{Value: -40}}}, nil, 1, []string{"linear, -43.74"}},
		{"curves only", nil, []Curve{{Name: "a", Points: []Point{{X: 1, Y: 1}, {X: 2, Y: nan}, {X: 4, Y: 3, Bar: &Bar{0, 4}}, {X: 2, Y: 1.9}}}}, 1, []string{"2  1.9 no interval", `line "ideal"`}},
		{"truth that is no number", nil, []Curve{{Name: "a", Points: []Point{{X: 1, Y: 1}, {X: 4, Y: 3}}, Truth: func(float64) float64 { return nan }}}, 1, []string{`line "ideal"`}},
		{"one level", nil, []Curve{{Name: "a", Points: []Point{{X: 1, Y: 1}}, Truth: one}}, 1, []string{"ticks 1"}},
		{"no curve left", []Case{{Name: "a"}}, []Curve{{Name: "a", Truth: one}}, 1, []string{"1 of 1 within"}},
	}
	for _, tt := range tests {
		f := Verification(tt.cases, tt.curves, VerificationOptions{})
		if err := f.check(); err != nil && tt.panels > 0 {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.panels > 0 {
			drawn(t, f, Layout{Width: 4}, "svg")
		}
		text := f.String()
		if len(f.Panels) != tt.panels || strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("%s: %d panels, want %d, in\n%s", tt.name, len(f.Panels), tt.panels, text)
		}
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: lacks %q in\n%s", tt.name, want, text)
			}
		}
	}
}

// Of many curves those with the most levels are drawn, and the colours of
// equal names are equal.
func TestVerificationMany(t *testing.T) {
	var cases []Case
	var curves []Curve
	for i := range 12 {
		name := strings.Repeat("n", i+1)
		cases = append(cases, Case{Name: name, Planted: 0.1, Found: laws.Estimate{Value: 0.1}})
		c := Curve{Name: name}
		for n := range 1 + i%6 {
			c.Points = append(c.Points, Point{X: float64(n + 1), Y: 1})
		}
		curves = append(curves, c)
	}
	f := Verification(cases, curves, VerificationOptions{})
	inks := map[string]Ink{}
	for _, s := range f.Panels[0].Points {
		inks[s.Name] = s.Ink
	}
	var got []string
	for _, s := range f.Panels[1].Points {
		got = append(got, fmt.Sprint(len(s.Name), "×", len(s.At)))
		if s.Ink != inks[s.Name] {
			t.Errorf("%s: ink %d on the right, %d on the left", s.Name, s.Ink, inks[s.Name])
		}
	}
	if got, want := strings.Join(got, " "), "3×3 4×4 5×5 6×6 10×4 11×5 12×6"; got != want {
		t.Errorf("got curves of %s levels, want %s", got, want)
	}
	drawn(t, f, Layout{}, "svg")
}
