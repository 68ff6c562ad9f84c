package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// oneLevel reports whether every series was measured at one level only, so that
// there is nothing to draw against the workers.
func (b *builder) oneLevel() bool {
	some := false
	for _, a := range b.group.Analyses {
		if len(a.Levels) > 1 {
			return false
		}
		some = some || len(a.Levels) == 1
	}
	return some
}

// overOne is what is drawn where speedups were given and there are no times.
const overOne = "time over T(1)"

// A barRow is one series of one level.
type barRow struct {
	name string
	time laws.Estimate
	n    float64
	look Look
	a    *laws.Analysis
}

// barFigure shows series of one level as bars by name, the fastest at the top.
// Times within a factor of 30 are on a linear axis from 0; else the axis is
// logarithmic, and the caption says so.
func (b *builder) barFigure() Figure {
	var rows []barRow
	for i, a := range b.group.Analyses {
		if len(a.Levels) == 1 {
			rows = append(rows, barRow{b.barName(i), a.Levels[0].Time, a.Levels[0].N, b.looks[i], a})
		}
	}
	slices.SortStableFunc(rows, func(x, y barRow) int { return cmp.Compare(y.time.Value, x.time.Value) })
	lo, hi := math.Inf(1), 0.0
	for _, r := range rows {
		lo, hi = math.Min(lo, r.time.Value), math.Max(hi, r.time.Value)
		if bounded(r.time.Interval) {
			lo, hi = math.Min(lo, r.time.Interval.Low), math.Max(hi, r.time.Interval.High)
			b.bars = true
		} else {
			b.noBar = append(b.noBar, r.name)
		}
	}
	unit := words.TimeUnit(math.Sqrt(lo) * math.Sqrt(hi))
	label, second := "time per "+b.work(), "s"
	if b.relative { // speedups were given, and no times
		unit, label, second = benchunit.Scaler{Factor: 1}, overOne, ""
	}
	x := b.barAxis(lo/unit.Factor, hi/unit.Factor)
	x.Label, x.Unit = label, unit.Prefix+second
	p := Panel{X: x}
	var names []string
	var whiskers []Point
	f := Figure{Subtitle: b.group.Common, Height: 46 + 19*float64(max(len(rows), 2))}
	for i, r := range rows {
		y, v := float64(i+1), r.time.Value/unit.Factor
		faint := unsound(r.a)
		names = append(names, r.name)
		p.Boxes = append(p.Boxes, Box{X0: x.Min, X1: v, Y0: y - 0.34, Y1: y + 0.34, Fill: SeriesFill, Ink: r.look.Ink, Faint: faint,
			Beside: strings.TrimSpace(words.Number(v) + " " + x.Unit)})
		if bounded(r.time.Interval) {
			whiskers = append(whiskers, Point{X: v, Y: y, Across: &Bar{r.time.Interval.Low / unit.Factor, r.time.Interval.High / unit.Factor}})
		}
		if faint {
			f.Legend = append(f.Legend, Entry{Text: r.name + verdict(r.a), Fill: SeriesFill, Ink: r.look.Ink, Faint: true})
		}
	}
	p.Y = categories(cmp.Or(b.group.Key, "series"), names)
	if len(whiskers) > 0 {
		p.Points = []Points{{Name: "interval", Bare: true, At: whiskers}}
	}
	f.Panels = []Panel{p}
	f.Title = cmp.Or(b.o.Title, b.title())
	f.Caption = b.barCaption(x.Scale)
	return f
}

// barName is the name of a bar: with its level, where these differ.
func (b *builder) barName(i int) string {
	name := b.group.Name(i)
	if len(b.group.Analyses) == 1 {
		name = workOf(b.group.Analyses[i].Curve.Name)
	} else if b.machines != nil {
		name = b.name(i)
	}
	if len(b.levels) > 1 {
		name += " @ " + words.Number(b.group.Analyses[i].Levels[0].N)
	}
	return name
}

// barAxis is an axis of times with room for a number to the right of the longest
// bar.
func (b *builder) barAxis(lo, hi float64) Axis {
	const room = 0.16
	if hi <= 30*lo || b.o.Linear {
		a := Axis{Scale: Linear, Max: hi * (1 + room)}
		a.Ticks = linearTicks(0, a.Max)
		return a
	}
	a := Axis{Min: lo / 1.8}
	a.Max = hi * math.Pow(hi/a.Min, room/(1-room))
	a.Ticks = niceTicks(a.Min, a.Max)
	return a
}

// barCaption says how to read the bars.
func (b *builder) barCaption(scale Scale) []string {
	read := "Bars are medians"
	if b.bars {
		read += fmt.Sprintf(" with %s %% intervals", words.Number(100*cmp.Or(b.o.Confidence, 0.95)))
	}
	read += ", the fastest at the top"
	if scale == Log2 {
		read += ", on a logarithmic axis: compare where they end, not how long they are"
	}
	if len(b.levels) == 1 {
		read += "; all with " + words.Workers(b.levels[0])
	}
	return slices.Concat([]string{read + "."}, notesOf(b.sources()...), b.environments(), b.withoutInterval())
}
