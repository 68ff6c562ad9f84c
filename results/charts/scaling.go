package charts

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/perf/benchunit"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
)

// A Quantity is what a panel shows against the workers.
type Quantity string

const (
	Time       Quantity = "time"       // seconds per task
	Speedup    Quantity = "speedup"    // T(1)/T(n)
	Efficiency Quantity = "efficiency" // T(1)/(n·T(n)), in percent
)

// Quantities lists them all.
var Quantities = []Quantity{Time, Speedup, Efficiency}

// Options steer a figure. The zero value is the default.
type Options struct {
	Title      string   // "" makes one from the names of the series
	To         float64  // the right end of the x axis; 0 is twice the largest level, or that level without any fit
	Confidence float64  // of the points' intervals; 0 is 0.95
	Only       Quantity // the one panel to draw; "" is time and speedup side by side
	Linear     bool     // axes with even steps; else logarithmic ones
	NoFit      bool     // points alone, without laws
	Laws       []string // names of the laws to draw of every series; nil is the chosen one, of a series that stands alone all
	Machines   bool     // the name of its machine is said of every series, where there are several
	Slots      Slots    // the inks of strategies; nil makes them of these series alone
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
// each. A law that does not fit is faint, and so are the points of a curve with
// too few sound rounds; the legend says why. A series that was measured at one
// worker only, such as a serial loop, is a point on the left; where other series
// start at one worker, the fastest such time is a reference line. Where every
// series has one level only, there are bars by name instead, sorted.
//
// The speedup of a series is T(1)/T(n) with its own time at one worker:
// measured at the points, fitted in the laws. A series without a measured
// level at 1 has its points drawn against the fitted T(1), and the caption
// says so. What cannot stand on a logarithmic axis is left out; without
// analyses the figure is [Figure.Empty].
func Scaling(as []*laws.Analysis, o Options) Figure {
	ratios := o.Only == Speedup || o.Only == Efficiency // one level alone has none
	as = slices.DeleteFunc(slices.Clone(as), func(a *laws.Analysis) bool {
		return a == nil || a.Curve == nil || ratios && len(a.Levels) < 2
	})
	if len(as) == 0 {
		return Figure{Title: o.Title}
	}
	b := newBuilder(as, o)
	if b.oneLevel() {
		return b.barFigure()
	}
	f := Figure{Subtitle: b.group.Common}
	b.series()
	b.linkLines()
	b.left.X, b.right.X = b.xAxis(), b.xAxis()
	b.timeAxis()
	b.speedupAxis()
	b.references()
	b.dodge()
	f.Panels = b.panels()
	f.Title = cmp.Or(o.Title, b.title())
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
	looks       []Look   // of each series
	machines    []string // of each series; nil where there is one, or nobody asked
	serial      []serial // series measured at one worker only
	bars        bool     // any point has an interval
	noBar       []string // series with levels that have too few samples
	fittedBase  []string // series whose speedup stands on the fitted T(1)
	several     bool     // more than one series with more than one level
	fitted      bool     // any series has a law
	relative    bool     // speedups were given: there are no times
	linked      []int    // series whose bound of the network is drawn
	shifted     bool     // points stand beside their place
	unit        benchunit.Scaler
}

type serial struct {
	name  string
	cores string // and machine: times on others have nothing to do with this one
	ink   Ink
	time  float64
	entry int // of the legend
}

func newBuilder(as []*laws.Analysis, o Options) *builder {
	b := &builder{group: groups.New(as), o: o, kind: as[0].Curve.Kind, relative: true}
	if o.Machines {
		b.machines = machineNames(as)
		b.group = groups.New(withoutFiles(as, b.machines))
	}
	curves := 0
	for _, a := range as {
		b.fitted = b.fitted || len(b.drawnFits(a)) > 0
		b.relative = b.relative && a.Curve.Relative
		if a.Curve.Kind != b.kind {
			b.kind = ""
		}
		for _, l := range a.Levels {
			b.levels = append(b.levels, l.N)
		}
		if len(a.Levels) > 1 {
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
	names := make([]results.Name, len(as))
	for i, a := range as {
		names[i] = a.Curve.Name
	}
	single := make([]bool, len(as))
	for i := range as {
		single[i] = b.single(i)
	}
	b.looks = Looks(names, single, o.Slots, b.machines)
	return b
}

// single reports whether series i is a time at one worker, beside others.
func (b *builder) single(i int) bool {
	a := b.group.Analyses[i]
	return len(a.Levels) == 1 && a.Levels[0].N == 1 && len(b.group.Analyses) > 1
}

// series adds the points and the laws of every series to both panels.
func (b *builder) series() {
	for i, a := range b.group.Analyses {
		levels, look := a.Levels, b.looks[i]
		if len(levels) == 0 {
			continue
		}
		name, fits := b.name(i), b.drawnFits(a)
		faint := unsound(a)
		if b.single(i) && !faint {
			b.serial = append(b.serial, serial{name, a.Curve.Name.Cores() + b.machine(i), look.Ink, levels[0].Time.Value, len(b.legend)})
		}
		source := a.Curve.Name.Source()
		b.points(Points{Name: name, Ink: look.Ink, Source: source, Faint: faint}, levels, b.base(a))
		entry := Entry{Text: name + b.verdict(a, fits), Short: name, Ink: look.Ink, Marker: true, Source: source, Faint: faint}
		last := levels[len(levels)-1].N
		if b.several && len(b.o.Laws) == 0 {
			if len(fits) > 0 {
				entry.Dash, entry.FaintLine, entry.Text = look.Dash, fits[0].faint, name+": "+fits[0].text
				b.law(entry.Text, look.Ink, look.Dash, fits[0], levels[0].N, last)
			}
			b.legend = append(b.legend, entry)
		} else {
			b.legend = append(b.legend, entry)
			b.allLaws(name, fits, look.Ink, levels[0].N, last)
		}
		if a.Chosen != nil && len(fits) > 0 && (len(b.o.Laws) == 0 || b.asked(a.Chosen.Law)) {
			b.ceiling(a.Chosen, look.Ink)
		}
	}
}

// verdict is what the legend says after the name of a series: why it is not sound
// or has no law, unless its lines say that.
func (b *builder) verdict(a *laws.Analysis, fits []drawnFit) string {
	if !unsound(a) && (b.o.NoFit || len(fits) > 0) {
		return ""
	}
	return verdict(a)
}

// asked reports whether a law is one of those that are asked for by name.
func (b *builder) asked(l *laws.Law) bool {
	return slices.Contains(b.o.Laws, l.Name) || slices.Contains(b.o.Laws, "all")
}

// base is the fit whose T(1) a speedup stands on where one worker was not
// measured; nil if there is none.
func (b *builder) base(a *laws.Analysis) *laws.Fit {
	if b.o.NoFit {
		return nil
	}
	return chosen(a)
}

// name is what series i is called in the legend.
func (b *builder) name(i int) string {
	source := b.group.Analyses[i].Curve.Name.Source()
	switch {
	case len(b.group.Analyses) == 1 && source == results.Real:
		return "measured"
	case len(b.group.Analyses) == 1:
		return sourceTexts[source]
	case b.machines == nil:
		return b.group.Name(i)
	}
	name := b.group.Name(i)
	for k, other := range b.group.Short {
		if k != i && other != b.group.Short[i] {
			return name + " on " + b.machines[i]
		}
	}
	return b.machines[i] // the names are all one
}

// points adds the measured levels of one series to the panels. fit is what a
// speedup stands on where one worker was not measured; it may be nil.
func (b *builder) points(like Points, levels []stats.Level, fit *laws.Fit) {
	time, speedup := like, like
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
		b.noBar = append(b.noBar, like.Name)
	}
	b.left.Points = append(b.left.Points, time)
	if len(speedup.At) > 0 {
		b.right.Points = append(b.right.Points, speedup)
		if levels[0].Speedup == nil {
			b.fittedBase = append(b.fittedBase, like.Name)
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
