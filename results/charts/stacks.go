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
	"amdahl/results/why"
	"amdahl/results/words"
)

// StacksOptions steer a figure of stacks. The zero value is the default.
type StacksOptions struct {
	Title      string  // "" makes one from the names of the series
	Confidence float64 // of the points' intervals; 0 is 0.95
	Bounds     []Bound // drawn beside the speedup of a series that stands alone
}

// A Bound is a speedup that n workers cannot exceed, such as work over span.
type Bound struct {
	Label   string
	Speedup func(n float64) float64
}

// Stacks makes the figure of where the worker time went: bars of p·T(p) per
// task, split by cause, for every number of workers. The analyses are the
// series of one figure, as in [Scaling].
//
// A series of several levels has a panel of its own; those of one level share
// one. All have one y axis. Where there is one series only, its speedup stands
// beside it as in Scaling, with the bounds. A series that does not say where
// the time went is left out; if none does, the figure is [Figure.Empty].
func Stacks(as []*laws.Analysis, o StacksOptions) Figure {
	as = slices.DeleteFunc(slices.Clone(as), func(a *laws.Analysis) bool { return a == nil || a.Curve == nil })
	s := &stacks{o: o, group: groups.New(as)}
	for i, a := range as {
		st := a.Account
		if st == nil {
			continue
		}
		name := words.Clean(s.group.Name(i))
		for _, w := range st.Warnings {
			s.notes = append(s.notes, prefixed(name, len(as), w.Error())+".")
		}
		if len(st.Levels) > 0 {
			s.members = append(s.members, member{a, st, name})
		}
	}
	if len(s.members) == 0 {
		return Figure{Title: o.Title}
	}
	return s.figure()
}

// stacks holds the figure while it is made.
type stacks struct {
	o       StacksOptions
	group   groups.Group
	members []member
	notes   []string
	unit    benchunit.Scaler
	y       Axis
}

type member struct {
	*laws.Analysis
	stack *why.Stack
	name  string
}

// prefixed is a warning as a sentence, about one of so many series.
func prefixed(name string, of int, text string) string {
	if of > 1 {
		return name + ": " + text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func (s *stacks) figure() Figure {
	s.axis()
	f := Figure{Title: cmp.Or(s.o.Title, subject(s.group)+": where the worker time went"), Subtitle: s.group.Common}
	var single []member
	for _, m := range s.members {
		if len(m.stack.Levels) == 1 && len(s.members) > 1 {
			single = append(single, m)
			continue
		}
		f.Panels = append(f.Panels, s.bars(m))
	}
	if len(single) > 0 {
		f.Panels = append(f.Panels, s.ones(single))
	}
	f.Legend = s.legend()
	f.Caption = s.caption()
	if len(s.members) > 1 {
		f.Columns = min(2, len(f.Panels))
		return f
	}
	f.Panels[0].Title = ""
	if p, entries, ok := s.speedup(); ok {
		f.Panels, f.Legend = append(f.Panels, p), append(f.Legend, entries...)
		f.Caption[0] += " Speedup is against the own time at one worker; lines are models."
	}
	return f
}

// axis is the y axis that all panels share.
func (s *stacks) axis() {
	most, perOp := 0.0, true
	for _, m := range s.members {
		perOp = perOp && m.stack.PerOp
		for _, l := range m.stack.Levels {
			most = math.Max(most, l.Paid)
		}
	}
	s.unit = words.TimeUnit(most / 2)
	what := "task"
	if perOp {
		what = "operation"
	}
	s.y = Axis{Label: "paid per " + what + ", p·T(p)", Unit: "worker-" + s.unit.Prefix + "s", Scale: Linear, Max: 1.06 * most / s.unit.Factor}
	s.y.Ticks = linearTicks(0, s.y.Max)
}

// bars is the panel of one series.
func (s *stacks) bars(m member) Panel {
	var names []string
	for _, l := range m.stack.Levels {
		names = append(names, words.Number(l.Workers))
	}
	p := Panel{Title: m.name, X: categories(cmp.Or(m.Curve.X, "workers"), names), Y: s.y}
	for i, l := range m.stack.Levels {
		p.Boxes = append(p.Boxes, s.bar(float64(i+1), half(len(names)), l)...)
	}
	if l := m.stack.Levels[0]; l.Workers == 1 && len(m.stack.Levels) > 1 {
		p.Refs = []Ref{{Label: "ideal", Dash: Dotted, At: l.Paid / s.unit.Factor}}
	}
	return p
}

// ones is the panel of series of one level.
func (s *stacks) ones(ms []member) Panel {
	var names []string
	for _, m := range ms {
		names = append(names, m.name+" @ "+words.Number(m.stack.Levels[0].Workers))
	}
	p := Panel{Title: "at one level", X: categories("series @ workers", names), Y: s.y}
	for i, m := range ms {
		p.Boxes = append(p.Boxes, s.bar(float64(i+1), half(len(names)), m.stack.Levels[0])...)
	}
	return p
}

// half is half the width of a bar: few are no wider than many.
func half(bars int) float64 { return 0.4 * math.Min(1, float64(bars)/5) }

// bar is the boxes of one level, from below.
func (s *stacks) bar(x, half float64, l why.Level) []Box {
	var boxes []Box
	low := 0.0
	for i, part := range l.Parts {
		high := low + part.Share
		if i == len(l.Parts)-1 {
			high = 1
		}
		y0, y1 := low*l.Paid/s.unit.Factor, high*l.Paid/s.unit.Factor
		if low = high; y0 < y1 && part.Share > 0 {
			boxes = append(boxes, Box{X0: x - half, X1: x + half, Y0: y0, Y1: y1, Fill: fillOf(part.Cause), Label: fmt.Sprintf("%.0f %%", 100*part.Share)})
		}
	}
	return boxes
}

// legend names the causes that can be seen, in the order of the bars.
func (s *stacks) legend() []Entry {
	var entries []Entry
	for _, c := range why.All {
		for _, m := range s.members {
			if some, _ := m.stack.Causes(); slices.Contains(some, c) {
				entries = append(entries, Entry{Text: c.Title, Fill: fillOf(c)})
				break
			}
		}
	}
	return entries
}

// speedup is the right panel of a series that stands alone.
func (s *stacks) speedup() (Panel, []Entry, bool) {
	f := Scaling([]*laws.Analysis{s.members[0].Analysis}, Options{Confidence: s.o.Confidence})
	if len(f.Panels) < 2 {
		return Panel{}, nil, false
	}
	p := f.Panels[1]
	from, top := math.Max(p.X.Min, 1), p.Y.Max
	for _, b := range s.o.Bounds {
		at := sample(b.Speedup, from, p.X.Max)
		if len(at) == 0 {
			continue
		}
		p.Lines = append(p.Lines, Line{Name: b.Label, Dash: LongDash, At: at})
		f.Legend = append(f.Legend, Entry{Text: b.Label, Dash: LongDash})
		if most := at[len(at)-1].Y; most > top && most <= 2.5*p.Y.Max {
			top = most
		}
	}
	if top > p.Y.Max { // to where the bounds end
		_, p.Y.Max = margin(p.Y.Min, top, 0.06)
		p.Y.Ticks = speedupTicks(p.Y.Min, p.Y.Max)
	}
	return p, f.Legend, true
}

// caption says how to read the figure and what is missing from it.
func (s *stacks) caption() []string {
	split := "by the mean shares of the middle half of the samples"
	traced := func(m member) bool { return m.stack.Traced }
	if slices.ContainsFunc(s.members, traced) {
		split = "by the mean shares of the traced runs"
		if slices.ContainsFunc(s.members, func(m member) bool { return m.stack.Sampled }) {
			split = "by the mean shares of the traced runs, or of profiled ones where tracing costs too much"
		}
		if slices.ContainsFunc(s.members, func(m member) bool { return !traced(m) }) {
			split += ", where there are some, else of the middle half of the samples"
		}
	}
	lines := []string{"Bars are medians of the worker time that was paid for, the number of workers times the time, split " + split + "; from below in the order of the legend."}
	for _, m := range s.members {
		if len(m.stack.Levels) > 1 && m.stack.Levels[0].Workers == 1 {
			lines[0] += " Ideal scaling keeps them as high as at one worker."
			break
		}
	}
	var none []string
	for _, c := range why.All {
		known, seen := false, false
		for _, m := range s.members {
			some, less := m.stack.Causes()
			seen = seen || slices.Contains(some, c)
			known = known || slices.Contains(less, c)
		}
		if known && !seen {
			none = append(none, c.Title)
		}
	}
	if len(none) > 0 {
		lines = append(lines, "Measured and below 0.05 % everywhere: "+strings.Join(none, ", ")+".")
	}
	var found []results.Source
	for _, m := range s.members {
		if source := m.Curve.Name.Source(); !slices.Contains(found, source) {
			found = append(found, source)
		}
	}
	return slices.Concat(lines, notesOf(found...), known(Environment(s.members[0].Curve.Machine)), s.notes)
}
