package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/whatif"
	"amdahl/results/words"
)

// WhatIfOptions steer the figure of a replayed run. The zero value is the
// default.
type WhatIfOptions struct {
	Title string   // "" is the workload's name
	Notes []string // further lines of the caption: the environment
}

// Colours of the two curves.
const (
	recordedInk Ink = 1
	askedInk    Ink = 2
)

// WhatIf makes the figure of a recorded run and what it would be: the speedup
// against the workers, as measured, as replayed and as asked. Lines are upper
// bounds in the colour of what they bound; the caption has those beyond the
// figure. If nothing took any time, the figure is [Figure.Empty].
func WhatIf(a *whatif.Answer, o WhatIfOptions) Figure {
	title := cmp.Or(o.Title, workOf(results.ParseName(a.Series))+": what if?")
	w := whatIf{a: a, f: Figure{Title: title, Subtitle: a.Series, Height: 320}}
	one, _ := a.Base()
	var measured []Point
	for _, m := range a.Measured {
		if s, ok := whatif.Ratio(one, m.Time); ok {
			measured = append(measured, Point{X: float64(m.Workers), Y: s})
		}
	}
	w.points(sourceTexts[source(a.Source)], recordedInk, a.Source, measured)
	w.points("simulated as recorded", recordedInk, results.Simulated, replayed(a.At, a.Recorded))
	if a.Asked != nil {
		w.points("simulated, if "+a.Question.String(), askedInk, results.Simulated, replayed(a.At, *a.Asked))
	}
	lo, hi, ok := w.p.span()
	if !ok {
		return Figure{Title: o.Title}
	}
	from, to := float64(a.At[0]), float64(a.At[len(a.At)-1])
	line, entry := ideal(from, to)
	w.p.Lines, w.f.Legend = append(w.p.Lines, line), append(w.f.Legend, entry)
	top := math.Max(hi, math.Min(to, 1.25*hi))
	top = math.Max(top, w.bounds(from, to, 2.5*hi))
	var levels []float64
	for _, n := range a.At {
		levels = append(levels, float64(n))
	}
	w.p.Y = Options{}.speedupAxis("speedup", math.Min(lo, 1), top)
	w.p.X = Options{}.workersAxis("workers", from, to, 0.04, levels)
	w.f.Panels = []Panel{w.p}
	w.f.Caption = append(w.caption(), o.Notes...)
	return w.f
}

// whatIf holds the figure while it is made.
type whatIf struct {
	a      *whatif.Answer
	f      Figure
	p      Panel
	beyond []string // bounds that are not drawn
}

// points adds those of one kind.
func (w *whatIf) points(name string, ink Ink, from results.Source, at []Point) {
	at = slices.DeleteFunc(at, func(p Point) bool { return !stats.Positive(p.Y) })
	if len(at) > 0 {
		w.p.Points = append(w.p.Points, Points{Name: name, Ink: ink, Source: from, At: at})
		w.f.Legend = append(w.f.Legend, Entry{Text: name, Ink: ink, Marker: true, Source: from})
	}
}

// bounds draws the bounds of what was recorded, and those of what is asked that
// differ, from where they are below the ideal. It returns the highest that is
// not above most.
func (w *whatIf) bounds(from, to, most float64) (highest float64) {
	dashes := map[string]Dash{}
	draw := func(ink Ink, of string, bounds []Bound) {
		for _, b := range bounds {
			limit := b.Speedup(math.Inf(1))
			if limit > most || limit >= to {
				w.beyond = append(w.beyond, fmt.Sprintf("%s = %s %s", b.Label, words.Number(limit), of))
				continue
			}
			highest = math.Max(highest, limit)
			dash, there := dashes[b.Label]
			if !there {
				dash = []Dash{LongDash, Dashed, DashDot}[len(dashes)%3]
				dashes[b.Label] = dash
				w.f.Legend = append(w.f.Legend, Entry{Text: "at most " + b.Label, Dash: dash})
			}
			w.p.Lines = append(w.p.Lines, Line{Name: b.Label, Ink: ink, Dash: dash, At: []XY{{math.Max(from, limit), limit}, {to, limit}}, Label: b.Label + " = " + words.Number(limit)})
		}
	}
	recorded := Limits(w.a.Recorded)
	draw(recordedInk, "as recorded", recorded)
	if w.a.Asked != nil {
		draw(askedInk, "as asked", slices.DeleteFunc(Limits(*w.a.Asked), func(b Bound) bool {
			return slices.ContainsFunc(recorded, func(o Bound) bool {
				return o.Label == b.Label && near(o.Speedup(math.Inf(1)), b.Speedup(math.Inf(1)))
			})
		}))
	}
	return highest
}

// Limits are the upper bounds of a replayed run for a figure of speedups over its
// own time at one worker: T(1)/span, T(1)/burdened span, and what else bounds it.
// Those within a thousandth of one that came before are left out.
//
// Source: He, Leiserson & Leiserson, The Cilkview Scalability Analyzer, SPAA 2010.
func Limits(c whatif.Curve) []Bound {
	var bounds []Bound
	for _, l := range c.Limits {
		most := c.Speedup(l, math.Inf(1))
		if !stats.Positive(most) || slices.ContainsFunc(bounds, func(b Bound) bool { return near(b.Speedup(math.Inf(1)), most) }) {
			continue
		}
		bounds = append(bounds, Bound{Label: "T(1)/" + l.Name, Speedup: func(n float64) float64 { return c.Speedup(l, n) }})
	}
	return bounds
}

// near says whether two numbers cannot be told apart in a figure.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.001*b }

// replayed are the points of a replayed curve.
func replayed(at []int, c whatif.Curve) []Point {
	var points []Point
	for i, n := range at {
		if s, ok := whatif.Ratio(c.One, c.Runs[i].Time); ok {
			points = append(points, Point{X: float64(n), Y: s})
		}
	}
	return points
}

// caption says how to read the figure.
func (w *whatIf) caption() []string {
	a := w.a
	base := "those of measured points over the measured one"
	if _, measured := a.Base(); !measured {
		base = "those of measured points over the simulated one, since none was measured"
	}
	read := fmt.Sprintf("Speedups are over the own time at one worker, %s. Lines are upper bounds, in the colour of what they bound.", base)
	if a.Asked != nil {
		read += " One that both have is drawn once."
	}
	if len(w.beyond) > 0 {
		read += " Beyond the figure: " + strings.Join(w.beyond, ", ") + "."
	}
	replayed := "Replayed: the tasks of the operation at " + words.Count(a.Workers, "worker")
	if a.HandOuts > 0 {
		replayed += "; handing out one cost " + words.Duration(a.Machine.Dispatch)
	}
	return append([]string{a.Sentence(), read, replayed + "."}, notesOf(a.Source, results.Simulated)...)
}
