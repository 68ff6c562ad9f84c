package charts

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/why"
)

// accounted adds to a curve where its time went: part gives seconds per task
// of a cause, below 0 if it was not measured. What the parts do not take is
// unattributed.
func accounted(c *results.Curve, part func(cause *why.Cause, n float64) float64) *results.Curve {
	for i := range c.Points {
		p := &c.Points[i]
		p.Extra = map[string][]float64{}
		add := func(name string, v float64) {
			p.Extra[name+"-sec/op"] = append(p.Extra[name+"-sec/op"], v)
		}
		for _, s := range p.Samples {
			rest := p.Workers * s.Time * p.Tasks
			add("paid", rest)
			for _, cause := range why.All {
				if v := part(cause, p.Workers) * p.Tasks; v >= 0 && cause != why.Unattributed {
					add(string(cause.Name), v)
					rest -= v
				}
			}
			add("unattributed", max(rest, 0))
		}
	}
	return c
}

// lossy is a series of 5 ms tasks, a tenth of them serial, with a lock and
// some cost of dispatch; wait is the share of a task that waits for I/O.
func lossy(series string, samples int, wait float64, levels ...float64) *laws.Analysis {
	const t = 5e-3
	c := accounted(curve(series, t, 0.15, 0.004, samples, levels...), func(cause *why.Cause, n float64) float64 {
		switch cause {
		case why.Useful:
			return (1 - wait) * t * 0.94
		case why.IO:
			return wait * t * 0.94
		case why.Serial:
			return 0.1 * t * (n - 1)
		case why.Lock:
			return 0.05 * t * (n - 1)
		case why.Dispatch:
			return 0.002 * t * (n - 1) * n
		case why.Imbalance:
			return 0.0007 * t * n * (n - 1)
		case why.Runnable, why.GC:
			return 0
		}
		return -1
	})
	return analysis(c, amdahlFit(5.1e-3, 0.2), uslFit(5e-3, 0.15, 0.004))
}

func TestStacks(t *testing.T) {
	name := func(strategy string) string {
		return "Strong/workload=hash/strategy=" + strategy + "/serial=0.1/cores=real"
	}
	long := name("fixed") + "/variant=" + strings.Repeat("very-long-", 12)
	twelve := []float64{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64}
	span := StacksOptions{Bounds: []Bound{{"work over span", func(n float64) float64 { return min(n, 7.2) }}}}
	silent := analysis(curve(name("silent"), 5e-3, 0.1, 0, 7, 1, 2, 4), amdahlFit(5e-3, 0.1))
	broken := lossy(name("broken"), 3, 0, 1, 2)
	broken.Curve.Points[1].Extra["lock-sec/op"][1] = -1
	broken.Account = why.Of(broken.Curve)
	tests := []struct {
		name string
		as   []*laws.Analysis
		o    StacksOptions

		pictures []string
	}{
		{"stack1", []*laws.Analysis{lossy(name("fixed"), 1, 0, 1)}, StacksOptions{}, []string{"png", "pdf"}},
		{"stack6", []*laws.Analysis{lossy(name("fixed"), 7, 0.2, 1, 2, 4, 8, 16, 32)}, span, []string{"svg"}},
		{"stack12", []*laws.Analysis{lossy(long, 7, 0.2, twelve...)}, StacksOptions{}, []string{"svg"}},
		{"stacks", []*laws.Analysis{
			nil, lossy(name("fixed"), 7, 0.2, 1, 2, 4, 8), lossy(name("process"), 7, 0, twelve...), lossy(name("serial"), 3, 0.2, 1),
			lossy(name("spawn"), 3, 0.2, 63), silent, broken,
		}, span, []string{"svg"}},
		{"slowstack", []*laws.Analysis{lossy("Strong/workload=spin/strategy=fixed/cores=slow32", 7, 0, 1, 2, 4)}, StacksOptions{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := Stacks(tt.as, tt.o)
			goldenFigure(t, tt.name, f)
			drawn(t, f, Layout{Stacked: true, Bare: true, Themed: true}, "svg")
			drawn(t, f, Layout{Width: 3}, tt.pictures...)
		})
	}
	for name, as := range map[string][]*laws.Analysis{"nobody": nil, "nil": {nil}, "silent": {silent}} {
		if f := Stacks(as, StacksOptions{}); !f.Empty() {
			t.Errorf("%s: got\n%s\nwant an empty figure", name, f)
		}
	}
}

// The bars stand on one another from 0 to what was paid.
func TestStacksAddUp(t *testing.T) {
	a := lossy("A", 7, 0.3, 1, 2, 4, 8)
	f := Stacks([]*laws.Analysis{a}, StacksOptions{})
	at := map[float64]float64{} // how high the bar is, by its middle
	for _, b := range f.Panels[0].Boxes {
		x := (b.X0 + b.X1) / 2
		if math.Abs(b.Y0-at[x]) > 1e-9 {
			t.Errorf("bar %g: %s begins at %g, want %g", x, b.Fill, b.Y0, at[x])
		}
		at[x] = b.Y1
	}
	for i, l := range a.Account.Levels {
		if got, want := at[float64(i+1)], 1e3*l.Paid; math.Abs(got-want) > 1e-9 {
			t.Errorf("at %g workers: the bar ends at %g ms, want %g", l.Workers, got, want)
		}
	}
}

// oklab is a colour where distances are as they are seen. Source: Ottosson,
// A perceptual color space for image processing (2020).
func oklab(r, g, b float64) [3]float64 {
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// visions turn linear RGB into what people see who have all receptors, no red,
// no green or no blue ones. Source: Machado, Oliveira & Fernandes, IEEE TVCG
// 15(6), 2009, severity 1.
var visions = map[string][9]float64{
	"full":      {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"no red":    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"no green":  {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"no blue":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
	"no colour": {0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722},
}

// Every cause has a colour, any two can be told apart by everybody who sees
// two kinds of colour, both papers and the text on them too.
func TestFills(t *testing.T) {
	var names []string
	for _, c := range contract.Causes {
		if _, ok := fills[Fill(c)]; !ok {
			t.Errorf("no colour for %s", c)
		}
		names = append(names, string(c))
	}
	names = append(names, string(syscallFill))
	if len(fills) != len(names) {
		t.Errorf("%d colours for %d causes and system calls", len(fills), len(contract.Causes))
	}
	seen := func(name, vision string) [3]float64 {
		c, ok := fills[Fill(name)]
		if !ok {
			c = map[string]hue{"light paper": paper, "dark paper": {light: paper.dark}}[name].light
		}
		r, g, b := linear(c.R), linear(c.G), linear(c.B)
		m, in := visions[vision], func(v float64) float64 { return min(max(v, 0), 1) }
		return oklab(in(m[0]*r+m[1]*g+m[2]*b), in(m[3]*r+m[4]*g+m[5]*b), in(m[6]*r+m[7]*g+m[8]*b))
	}
	distance := func(a, b [3]float64) float64 { return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]) }
	for i, a := range names {
		for _, vision := range []string{"full", "no red", "no green", "no blue"} {
			least := 0.1
			if vision == "no blue" {
				least = 0.08 // one in ten thousand people
			}
			for _, b := range names[:i] {
				if d := distance(seen(a, vision), seen(b, vision)); d < least {
					t.Errorf("%s and %s, %s: %.3f apart, want %g", a, b, vision, d, least)
				}
			}
		}
		for _, b := range []string{"light paper", "dark paper"} {
			if d := distance(seen(a, "no colour"), seen(b, "no colour")); d < 0.06 {
				t.Errorf("%s on %s: %.3f apart in lightness, want 0.06", a, b, d)
			}
		}
		if c := contrast(Fill(a)); c < 4.5 {
			t.Errorf("text on %s: contrast %.1f, want 4.5", a, c)
		}
	}
	svg := fmt.Sprint(themed(hex(onLight) + hex(onDark)))
	for _, f := range fills {
		svg += themed(hex(f))
	}
	if strings.Contains(svg, "var(") {
		t.Errorf("a colour of boxes or the text on them is a variable: %s", svg)
	}
}

// contrast is the WCAG contrast ratio of a fill and the text on it.
func contrast(f Fill) float64 { return contrastOf(fills[f], f.over()) }

// contrastOf is the WCAG contrast ratio of two colours.
func contrastOf(a, b color.RGBA) float64 {
	light := func(c color.RGBA) float64 { return 0.05 + 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B) }
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}

// The caption says by what the bars are split: by traced runs only where there were some.
func TestStacksTraced(t *testing.T) {
	of := func(strategy string, traced bool) *laws.Analysis {
		a := lossy("Strong/workload=hash/strategy="+strategy, 7, 0.2, 1, 2, 4)
		a.Account.Traced = traced
		return a
	}
	const samples, runs = "split by the mean shares of the middle half of the samples", "split by the mean shares of the traced runs"
	for _, tt := range []struct {
		as   []*laws.Analysis
		want string
	}{
		{[]*laws.Analysis{of("fixed", false)}, samples},
		{[]*laws.Analysis{of("fixed", true)}, runs + "; "},
		{[]*laws.Analysis{of("fixed", true), of("spawn", false)}, runs + ", where there are some, else of the middle half of the samples"},
	} {
		if got := Stacks(tt.as, StacksOptions{}).Caption[0]; !strings.Contains(got, tt.want) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
