package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// Options steer a figure. The zero value is the default.
type Options struct {
	Title      string  // "" makes one from the names of the series
	To         float64 // the right end of the x axis; 0 is twice the largest level, or that level without any fit
	Confidence float64 // of the points' intervals; 0 is 0.95
}

const (
	// reach is how far beyond the largest measured level a model may be
	// drawn as if it were known; farther out it is grey.
	reach = 2
	// corner is the number of corners of a drawn model.
	corner = 65
)

// Scaling makes the figure of one workload: on the left the time per task
// against the workers, on the right the speedup. The analyses are its
// series, side by side in the same axes; see [groups.Of].
//
// Of one series every fitted law is drawn, of several the chosen one of
// each. A series that was measured at one worker only, such as a serial
// loop, is a point on the left; where other series start at one worker, the
// fastest such time is a reference line.
//
// The speedup of a series is T(1)/T(n) with its own time at one worker:
// measured at the points, fitted in the laws. A series without a measured
// level at 1 has its points drawn against the fitted T(1), and the caption
// says so. What cannot stand on a logarithmic axis is left out; without
// analyses the figure is [Figure.Empty].
func Scaling(as []*laws.Analysis, o Options) Figure {
	as = slices.DeleteFunc(slices.Clone(as), func(a *laws.Analysis) bool { return a == nil || a.Curve == nil })
	if len(as) == 0 {
		return Figure{Title: o.Title}
	}
	b := newBuilder(as, o)
	f := Figure{Title: cmp.Or(o.Title, b.title()), Subtitle: b.group.Common}
	b.series()
	b.left.X, b.right.X = b.xAxis(), b.xAxis()
	b.timeAxis()
	b.speedupAxis()
	b.references()
	if !b.fitted {
		b.left.Apart, b.right.Apart = len(b.left.Points) > 1, len(b.right.Points) > 1
	}
	f.Panels = []Panel{b.left}
	if len(b.right.Points) > 0 {
		f.Panels = append(f.Panels, b.right)
	}
	kinds, notes := explain(sourcesOf(f.Panels...))
	if f.Legend = b.legend; len(as) > 1 { // else its only entry says it
		f.Legend = append(f.Legend, kinds...)
	}
	f.Caption = slices.Insert(b.caption(), 1, notes...)
	return f
}

// builder holds a figure while it is made. Times are in seconds until
// timeAxis has chosen a unit.
type builder struct {
	group       groups.Group
	o           Options
	kind        results.Kind // "" if the series are of both kinds
	xlo, xhi    float64
	levels      []float64 // every measured level, ascending
	left, right Panel
	legend      []Entry
	ceilings    []Ref
	styles      []style  // of each series
	serial      []serial // series measured at one worker only
	bars        bool     // any point has an interval
	noBar       []string // series with levels that have too few samples
	fittedBase  []string // series whose speedup stands on the fitted T(1)
	several     bool     // more than one series with more than one level
	fitted      bool     // any series has a law
	unit        benchunit.Scaler
}

type serial struct {
	name  string
	cores string
	ink   Ink
	time  float64
	entry int // of the legend
}

func newBuilder(as []*laws.Analysis, o Options) *builder {
	b := &builder{group: groups.New(as), o: o, kind: as[0].Curve.Kind}
	curves := 0
	for _, a := range as {
		b.fitted = b.fitted || chosen(a) != nil
		if a.Curve.Kind != b.kind {
			b.kind = ""
		}
		for _, p := range a.Curve.Points {
			if stats.Positive(p.Workers) {
				b.levels = append(b.levels, p.Workers)
			}
		}
		if len(a.Curve.Points) > 1 {
			curves++
		}
	}
	b.several = curves > 1
	slices.Sort(b.levels)
	b.levels = slices.Compact(b.levels)
	b.xlo, b.xhi = 1, 2
	if n := len(b.levels); n > 0 {
		b.xlo, b.xhi = b.levels[0], b.levels[n-1]
		if b.fitted {
			b.xhi *= reach
		}
		if stats.Positive(o.To) {
			b.xhi = math.Max(o.To, b.levels[n-1])
		}
	}
	return b
}

// series adds the points and the laws of every series to both panels.
func (b *builder) series() {
	all := b.group.Analyses
	names := make([]results.Name, len(all))
	single := make([]bool, len(all))
	for i, a := range all {
		names[i] = a.Curve.Name
		single[i] = len(a.Levels) == 1 && a.Levels[0].N == 1 && len(all) > 1
	}
	b.styles = styles(names, single)
	for i, a := range all {
		levels, mine := a.Levels, b.styles[i].ink
		if len(levels) == 0 {
			continue
		}
		name, fit := b.name(i), chosen(a)
		if single[i] {
			b.serial = append(b.serial, serial{name, a.Curve.Name.Cores(), mine, levels[0].Time.Value, len(b.legend)})
		}
		b.points(name, a.Curve.Name.Source(), mine, levels, fit)
		entry := Entry{Text: name, Ink: mine, Marker: true, Source: a.Curve.Name.Source()}
		if b.several && fit != nil {
			entry.Dash, entry.Text = b.styles[i].dash, name+": "+summary(fit)
		}
		b.legend = append(b.legend, entry)
		last := levels[len(levels)-1].N
		switch {
		case b.several && fit != nil:
			b.law(entry.Text, mine, entry.Dash, fit, levels[0].N, last)
		case !b.several:
			b.allLaws(a, mine, levels[0].N, last)
		}
		if fit != nil {
			b.ceiling(fit, mine)
		}
	}
}

// name is what series i is called in the legend.
func (b *builder) name(i int) string {
	switch {
	case len(b.group.Analyses) == 1 && b.group.Analyses[i].Curve.Name.Source() == results.Real:
		return "measured"
	case len(b.group.Analyses) == 1:
		return sourceTexts[b.group.Analyses[i].Curve.Name.Source()]
	}
	return b.group.Name(i)
}

// chosen is the law to draw for an analysis; nil if there is none.
func chosen(a *laws.Analysis) *laws.Fit {
	if a.Chosen == nil || !sound(a.Chosen) {
		return nil
	}
	return a.Chosen
}

// sound says whether a fit has numbers that can be drawn.
func sound(f *laws.Fit) bool {
	return stats.Positive(f.T1.Value) && !slices.ContainsFunc(f.Params, func(p laws.Param) bool {
		return !stats.Finite(p.Value)
	})
}

// allLaws draws every fitted law of a series that stands alone: the chosen
// one solid, in the colour of the points. The ideal law is the ideal line.
func (b *builder) allLaws(a *laws.Analysis, mine Ink, first, last float64) {
	other := []Dash{Dashed, DashDot, LongDash}
	next, more := Ink(0), 0
	for _, f := range a.Fits {
		if !sound(f) || len(f.Params) == 0 && f != a.Chosen {
			continue
		}
		e := Entry{Text: summary(f), Ink: mine, Dash: Solid}
		if f != a.Chosen {
			if next++; next == mine.baseColour() {
				next++
			}
			e.Ink, e.Dash = next, other[more%len(other)]
			more++
		}
		if f == a.Chosen {
			e.Text += " (chosen)"
		}
		b.legend = append(b.legend, e)
		b.law(e.Text, e.Ink, e.Dash, f, first, last)
	}
}

// points adds the measured levels of one series to the panels.
func (b *builder) points(name string, from results.Source, ink Ink, levels []stats.Level, fit *laws.Fit) {
	time, speedup := Points{Name: name, Ink: ink, Source: from}, Points{Name: name, Ink: ink, Source: from}
	few := false
	for _, l := range levels {
		time.At = append(time.At, point(l.N, l.Time))
		if l.Time.Interval == nil {
			few = true
		} else {
			b.bars = true
		}
		s := l.Speedup
		if s == nil && fit != nil && stats.Positive(fit.T1.Value) {
			v := stats.Quotient(fit.T1, l.Time)
			s = &v
		}
		if s != nil && stats.Positive(s.Value) && len(levels) > 1 {
			speedup.At = append(speedup.At, point(l.N, *s))
		}
	}
	if few {
		b.noBar = append(b.noBar, name)
	}
	b.left.Points = append(b.left.Points, time)
	if len(speedup.At) > 0 {
		b.right.Points = append(b.right.Points, speedup)
		if levels[0].Speedup == nil {
			b.fittedBase = append(b.fittedBase, name)
		}
	}
}

func point(n float64, e laws.Estimate) Point {
	p := Point{X: n, Y: e.Value}
	if bounded(e.Interval) {
		p.Bar = &Bar{e.Interval.Low, e.Interval.High}
	}
	return p
}

// law adds one fitted law to both panels, in two pieces where it goes on
// beyond its reach.
func (b *builder) law(name string, ink Ink, d Dash, f *laws.Fit, first, last float64) {
	far := math.Min(reach*last, b.xhi)
	for _, piece := range []struct {
		from, to float64
		grey     bool
	}{{first, far, false}, {far, b.xhi, true}} {
		if piece.from >= piece.to {
			continue
		}
		b.left.Lines = append(b.left.Lines, Line{Name: name, Ink: ink, Dash: d, Grey: piece.grey, At: sample(f.Time, piece.from, piece.to)})
		b.right.Lines = append(b.right.Lines, Line{Name: name, Ink: ink, Dash: d, Grey: piece.grey, At: sample(f.Speedup, piece.from, piece.to)})
	}
}

// sample evaluates f at corners evenly spread on a logarithmic axis.
func sample(f func(float64) float64, from, to float64) []XY {
	at := make([]XY, 0, corner)
	for i := range corner {
		x := from * math.Pow(to/from, float64(i)/(corner-1))
		if y := f(x); stats.Positive(y) {
			at = append(at, XY{x, y})
		}
	}
	return at
}

// summary names a fit and its parameters: "Amdahl's law, σ = 0.103".
func summary(f *laws.Fit) string {
	var b strings.Builder
	b.WriteString(f.Law.Title)
	for _, p := range f.Params {
		fmt.Fprintf(&b, ", %s = %s", p.Symbol, words.Number(p.Value))
	}
	return b.String()
}
