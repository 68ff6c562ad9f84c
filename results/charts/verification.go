package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A Case is one planted serial fraction, and what a fit found of it.
type Case struct {
	Name    string         // of what was planted: "σ 0.05"; cases of one name stand side by side
	Source  results.Source // of the times that were fitted; "" is results.Real
	Planted float64        // a share of the one-worker time, 0 to 1
	Found   stats.Estimate // of it; an end that the data did not bound is infinite or NaN
}

// A Curve is speedups of one case.
type Curve struct {
	Name   string         // as that of its Case
	Source results.Source // "" is results.Real
	Points []Point        // workers and speedup, both above 0

	// Truth is the exact speedup of what was planted; nil where it is not
	// known. Curves of one name share the first.
	Truth func(n float64) float64
}

// VerificationOptions steer the figure. The zero value is the default.
type VerificationOptions struct {
	Title      string   // "" says how many were found within the goal
	Subtitle   string   // what was measured
	Goal       float64  // the largest |found − planted| to aim at; 0 is 0.01
	Confidence float64  // of the intervals; 0 is 0.95
	Notes      []string // further lines of the caption: the environment, what was skipped
}

// Verification makes the figure that holds what was found against what was
// planted: on the left found − planted with its interval for every case,
// against a band of the goal; on the right the speedups of up to seven cases,
// those with the most levels, with their exact speedups as lines. Either panel
// is left out where there is nothing for it.
//
// Case and curve of one name have one colour, and the marker tells the source.
// What is no number is left out, and the caption says so.
func Verification(cases []Case, curves []Curve, o VerificationOptions) Figure {
	v := &verification{o: o, inks: map[string]Ink{}}
	v.o.Goal = cmp.Or(o.Goal, 0.01)
	for _, c := range cases {
		if stats.Finite(c.Error()) {
			v.cases = append(v.cases, c)
		} else {
			v.lost = append(v.lost, c.Name)
		}
	}
	v.curves = legible(curves)
	for _, c := range v.cases {
		v.ink(c.Name)
	}
	f := Figure{Title: cmp.Or(o.Title, v.title()), Subtitle: o.Subtitle}
	if len(v.cases) > 0 {
		f.Panels = append(f.Panels, v.errors())
	}
	if len(v.curves) > 0 {
		f.Panels = append(f.Panels, v.speedups())
	}
	entries, notes := explain(sourcesOf(f.Panels...))
	f.Legend = append(entries, v.legend...)
	f.Caption = known(slices.Concat(v.caption(), notes, o.Notes)...)
	return f
}

// verification holds the figure while it is made.
type verification struct {
	o      VerificationOptions
	cases  []Case
	curves []Curve
	lost   []string // names of cases without a number
	names  []string // in the order in which they came
	inks   map[string]Ink
	legend []Entry // of the lines
}

// ink is the colour of a name.
func (v *verification) ink(name string) Ink {
	if _, ok := v.inks[name]; !ok {
		v.names = append(v.names, name)
		v.inks[name] = Ink(len(v.names))
	}
	return v.inks[name]
}

// legible keeps what a logarithmic panel can show, of the seven names with the
// most levels.
func legible(curves []Curve) []Curve {
	var kept []Curve
	levels := map[string]int{}
	var names []string
	for _, c := range curves {
		c.Points = slices.DeleteFunc(slices.Clone(c.Points), func(p Point) bool {
			return !stats.Positive(p.X) || !stats.Positive(p.Y) || p.Bar != nil && !(stats.Positive(p.Bar.Low) && stats.Positive(p.Bar.High))
		})
		if len(c.Points) == 0 {
			continue
		}
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
		levels[c.Name] = max(levels[c.Name], len(c.Points))
		kept = append(kept, c)
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(levels[b], levels[a]) })
	names = names[:min(len(names), colours)]
	return slices.DeleteFunc(kept, func(c Curve) bool { return !slices.Contains(names, c.Name) })
}

// errors is the left panel.
func (v *verification) errors() Panel {
	p := Panel{
		X:     categories("planted", v.names),
		Bands: []Band{{fmt.Sprintf("goal ±%s", words.Number(v.o.Goal)), -v.o.Goal, v.o.Goal}},
		Refs:  []Ref{{Dash: Solid, At: 0}},
	}
	lo, hi := -v.o.Goal, v.o.Goal
	see := func(y float64) {
		if stats.Finite(y) {
			lo, hi = math.Min(lo, y), math.Max(hi, y)
		}
	}
	for _, c := range v.cases {
		low, high := c.ends()
		see(c.Error())
		see(low - c.Planted)
		see(high - c.Planted)
	}
	air := 0.08 * (hi - lo)
	p.Y = Axis{Label: "serial fraction: found − planted", Scale: Linear, Min: lo - air, Max: hi + air}
	p.Y.Ticks = linearTicks(p.Y.Min, p.Y.Max)
	beyond := hi - lo // an end without a bound is drawn off the panel
	for i, name := range v.names {
		var mine []Case
		for _, c := range v.cases {
			if c.Name == name {
				mine = append(mine, c)
			}
		}
		slices.SortStableFunc(mine, func(a, b Case) int { return bySource(a.Source, b.Source) })
		step := math.Min(0.26, 0.8/float64(len(mine)))
		for k, c := range mine {
			at := Point{X: float64(i+1) + step*(float64(k)-float64(len(mine)-1)/2), Y: c.Error()}
			if low, high := c.ends(); stats.Finite(low) || stats.Finite(high) {
				at.Bar = &Bar{math.Max(low-c.Planted, p.Y.Min-beyond), math.Min(high-c.Planted, p.Y.Max+beyond)}
			}
			p.Points = append(p.Points, Points{Name: name, Ink: v.inks[name], Source: c.Source, At: []Point{at}})
		}
	}
	return p
}

// Error is by how much the fit missed what was planted.
func (c Case) Error() float64 { return c.Found.Value - c.Planted }

// ends are those of the interval of Found, infinite where there is none.
func (c Case) ends() (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if i := c.Found.Interval; i != nil && !math.IsNaN(i.Low) {
		low = i.Low
	}
	if i := c.Found.Interval; i != nil && !math.IsNaN(i.High) {
		high = i.High
	}
	return low, high
}

// speedups is the right panel.
func (v *verification) speedups() Panel {
	var p Panel
	var levels []float64
	for _, c := range v.curves {
		p.Points = append(p.Points, Points{Name: c.Name, Ink: v.ink(c.Name), Source: c.Source, At: c.Points})
		for _, at := range c.Points {
			levels = append(levels, at.X)
		}
	}
	slices.Sort(levels)
	levels = slices.Compact(levels)
	xlo, xhi := levels[0], levels[len(levels)-1]
	drawn := map[string]bool{}
	for _, c := range v.curves {
		if c.Truth == nil || drawn[c.Name] {
			continue
		}
		drawn[c.Name] = true
		p.Lines = append(p.Lines, Line{Name: c.Name, Ink: v.ink(c.Name), Dash: Solid, At: sample(c.Truth, xlo, xhi), Label: c.Name})
	}
	lo, hi, _ := p.span()
	p.Y = Options{}.speedupAxis("speedup", math.Min(lo, 1), hi)
	p.X = Options{}.workersAxis("workers", xlo, xhi, 0.04, levels)
	if len(p.Lines) > 0 {
		v.legend = append(v.legend, Entry{Text: "exact speedup of what was planted", Dash: Solid})
	}
	planted := func(l Line) bool { return len(l.At) > 0 && l.At[len(l.At)-1].Y > 0.999*xhi }
	if !slices.ContainsFunc(p.Lines, planted) { // else it is there already
		line, entry := ideal(xlo, xhi)
		p.Lines, v.legend = append(p.Lines, line), append(v.legend, entry)
	}
	return p
}

// within counts the cases whose error is at most the goal, and finds the one
// that is farthest off.
func (v *verification) within() (n int, worst Case) {
	for i, c := range v.cases {
		e := math.Abs(c.Error())
		if e <= v.o.Goal {
			n++
		}
		if i == 0 || e > math.Abs(worst.Error()) {
			worst = c
		}
	}
	return n, worst
}

func (v *verification) title() string {
	const what = "Planted and found again"
	if len(v.cases) == 0 {
		return what
	}
	n, _ := v.within()
	return fmt.Sprintf("%s: %d of %d within ±%s", what, n, len(v.cases), words.Number(v.o.Goal))
}

// caption says how to read the figure, and what it comes to.
func (v *verification) caption() []string {
	var lines []string
	if len(v.cases) > 0 {
		read := "Left: the serial fraction that the fit found, less the one that was planted"
		intervals, hold := 0, 0
		for _, c := range v.cases {
			if low, high := c.ends(); stats.Finite(low) || stats.Finite(high) {
				intervals++
				if low <= c.Planted && c.Planted <= high {
					hold++
				}
			}
		}
		if intervals > 0 {
			read += fmt.Sprintf(", with %s %% intervals; %d of %d hold the planted one", words.Number(100*cmp.Or(v.o.Confidence, 0.95)), hold, intervals)
		}
		_, worst := v.within()
		lines = append(lines, fmt.Sprintf("%s. Farthest off: %s, by %+.2g (%s).", read, worst.Name, worst.Error(), sourceTexts[source(worst.Source)]))
	}
	if len(v.curves) > 0 {
		lines = append(lines, "Right: points are speedups, each against its own time at one worker; lines are no fits, but what the planted fraction gives exactly.")
	}
	if len(v.lost) > 0 {
		lines = append(lines, "Left out, since nothing was found: "+strings.Join(v.lost, ", ")+".")
	}
	return lines
}
