package charts

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"golang.org/x/perf/benchunit"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/timeline"
	"amdahl/results/why"
	"amdahl/results/words"
)

// GanttOptions steer the figure of one operation. The zero value is the
// default.
type GanttOptions struct {
	Title string   // "" is the workload's name
	Notes []string // further lines of the caption: the environment
}

const (
	mostLanes = 64     // that one figure can show and still be read
	finest    = 1400   // columns that a lane is divided into at most: half a point each
	mostBoxes = 14_000 // less than a megabyte of SVG
)

// Gantt makes the figure of one operation: a row for every lane, by process,
// and on it what was done when, in the colours of [Stacks]. At most 64 lanes are
// drawn, the first of them.
//
// Where a lane has slices too short to be seen, its time is cut into columns,
// and each has the colour of what lasted longest there; the caption says how
// long a column is. The legend gives the share of each colour as it was before.
func Gantt(o *timeline.Operation, opt GanttOptions) Figure {
	g := &gantt{o: o}
	g.lanes = o.Lanes[:min(len(o.Lanes), mostLanes)]
	for _, s := range o.Slices() {
		if s.Lane >= len(g.lanes) {
			break
		}
		g.slices = append(g.slices, s)
	}
	if len(g.slices) == 0 {
		return Figure{Title: opt.Title}
	}
	g.unit = benchunit.Scaler{Factor: 1}
	if t := o.Time.Seconds(); t < 1 {
		g.unit = benchunit.CommonScale([]float64{t}, benchunit.Decimal)
	}
	end := g.at(o.Time)
	p := Panel{
		X: Axis{Label: "time since the operation began", Unit: g.unit.Prefix + "s", Scale: Linear, Max: end, Ticks: linearTicks(0, end)},
		Y: g.rows(),
	}
	p.Boxes = g.boxes()
	if o.Serial > 0 && o.Serial < o.Time {
		p.Refs = []Ref{{Label: "end of the serial section", Dash: Dotted, Vertical: true, At: g.at(o.Serial)}}
	}
	f := Figure{Title: opt.Title, Subtitle: o.Case, Panels: []Panel{p}, Legend: g.legend()}
	if f.Title == "" {
		name := results.ParseName(o.Case)
		f.Title = cmp.Or(name.Value(contract.NameWorkload), name.Root()) + ": who did what when"
	}
	f.Height = 58 + max(60, g.height*min(16, max(7, 300/g.height)))
	f.Caption = append(g.caption(), opt.Notes...)
	return f
}

// gantt holds the figure while it is made.
type gantt struct {
	o      *timeline.Operation
	lanes  []timeline.Lane
	slices []timeline.Slice
	unit   benchunit.Scaler
	places []float64     // y of each lane, downward from 0
	height float64       // in lanes
	column time.Duration // what is drawn as one; 0 where all slices are
}

// at is a time on the x axis.
func (g *gantt) at(t time.Duration) float64 { return t.Seconds() / g.unit.Factor }

// rows is the y axis: the first lane at the top, and a space between
// processes that have several.
func (g *gantt) rows() Axis {
	several, processes := false, 1
	for i, l := range g.lanes[1:] {
		several = several || l.Process == g.lanes[i].Process
		if l.Process != g.lanes[i].Process {
			processes++
		}
	}
	y := 0.0
	for i, l := range g.lanes {
		if i > 0 && several && l.Process != g.lanes[i-1].Process {
			y += 0.6
		}
		g.places = append(g.places, -y)
		y++
	}
	g.height = y
	a := Axis{Label: "lane", Scale: Categories, Min: 0.4 - y, Max: 0.6}
	if processes > 1 {
		a.Label = "process"
		if several {
			a.Label = "process and lane"
		}
	}
	every := 1 + (len(g.lanes)-1)/32
	for i, l := range g.lanes {
		label := ""
		if i%every == 0 {
			label = laneName(l, processes > 1, several)
		}
		a.Ticks = append(a.Ticks, Tick{g.places[i], label})
	}
	slices.Reverse(a.Ticks)
	return a
}

func laneName(l timeline.Lane, processes, lanes bool) string {
	name := "main"
	switch {
	case !processes:
		return fmt.Sprint(l.Number + 1)
	case l.Process > 0:
		name = fmt.Sprint(l.Process)
	}
	if lanes {
		name += fmt.Sprintf(" · %d", l.Number+1)
	}
	return name
}

// boxes are the slices, merged where they are too short.
func (g *gantt) boxes() []Box {
	for columns := finest; ; columns /= 2 {
		boxes := g.merged(columns)
		if len(boxes) <= mostBoxes || columns < 50 {
			return boxes
		}
	}
}

// merged is the boxes with a lane's time cut into so many columns where it has
// slices shorter than one.
func (g *gantt) merged(columns int) []Box {
	var boxes []Box
	g.column = 0
	width := max(g.o.Time/time.Duration(columns), 1)
	for rest := g.slices; len(rest) > 0; {
		lane := rest[0].Lane
		n := slices.IndexFunc(rest, func(s timeline.Slice) bool { return s.Lane != lane })
		if n < 0 {
			n = len(rest)
		}
		mine := rest[:n]
		rest = rest[n:]
		if slices.ContainsFunc(mine, func(s timeline.Slice) bool { return s.To-s.From < width }) {
			g.column = width
			mine = longest(mine, g.o.Time, width)
		}
		for _, s := range mine {
			y := g.places[lane]
			boxes = append(boxes, Box{X0: g.at(s.From), X1: g.at(s.To), Y0: y - 0.42, Y1: y + 0.42, Fill: fillOf(s.Cause)})
		}
	}
	return boxes
}

// longest cuts the time of a lane into columns and gives each to the cause
// that lasted longest in it, or to none if nothing lasted longer.
func longest(mine []timeline.Slice, end, width time.Duration) []timeline.Slice {
	var out []timeline.Slice
	next := 0
	for from := time.Duration(0); from < end; from += width {
		to := min(from+width, end)
		for next < len(mine) && mine[next].To <= from {
			next++
		}
		if next == len(mine) {
			break
		}
		c := winner(mine[next:], from, to)
		if n := len(out); n > 0 && out[n-1].Cause == c && out[n-1].To == from {
			out[n-1].To = to
		} else if c != nil {
			out = append(out, timeline.Slice{Lane: mine[0].Lane, Cause: c, From: from, To: to})
		}
	}
	return out
}

// winner is the cause that lasted longest between two times; nil is none.
func winner(mine []timeline.Slice, from, to time.Duration) *why.Cause {
	lasted := map[*why.Cause]time.Duration{nil: to - from}
	var best *why.Cause
	for _, s := range mine {
		if s.From >= to {
			break
		}
		d := min(s.To, to) - max(s.From, from)
		lasted[s.Cause] += d
		lasted[nil] -= d
	}
	for _, c := range why.All { // in an order that does not change
		if lasted[c] > lasted[best] {
			best = c
		}
	}
	return best
}

// ganttTexts are what the causes are called in a timeline, where they differ
// from the parts of a stack.
var ganttTexts = map[*why.Cause]string{
	why.Useful:       "compute",
	why.Serial:       "idle: serial section",
	why.Dispatch:     "idle: dispatch",
	why.Imbalance:    "idle: no task left",
	why.Unattributed: "between two states",
}

// legend names the causes with their share of the time of the lanes.
func (g *gantt) legend() []Entry {
	lasted := map[*why.Cause]time.Duration{}
	total := time.Duration(0)
	for _, s := range g.slices {
		lasted[s.Cause] += s.To - s.From
		total += s.To - s.From
	}
	var entries []Entry
	for _, c := range why.All {
		if lasted[c] > 0 {
			text := cmp.Or(ganttTexts[c], c.Title)
			share := 100 * lasted[c].Seconds() / total.Seconds()
			entries = append(entries, Entry{Text: fmt.Sprintf("%s, %s %%", text, tenth(share)), Fill: fillOf(c)})
		}
	}
	return entries
}

// tenth prints a percentage: "12", "3.4", "< 0.1".
func tenth(v float64) string {
	switch {
	case v >= 9.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 0.05:
		return fmt.Sprintf("%.1f", v)
	}
	return "< 0.1"
}

// caption says how to read the figure and what is missing from it.
func (g *gantt) caption() []string {
	o := g.o
	read := fmt.Sprintf("%s, %s, %s.", words.Count(o.Workers, "worker"), words.Count(len(o.Tasks), "task"), words.Duration(o.Time))
	read += " A lane is a place where one task runs at a time. The shares are of the time of the lanes. Compute is as long as the clock says: waiting for a processor is in it."
	lines := []string{read}
	if !o.Idle() {
		lines = append(lines, "More tasks were under way at a time than there are workers, so the gaps of a lane are nobody's.")
	} else if missing := o.Workers - o.Working(); missing > 0 && len(o.Lanes) <= mostLanes {
		lines = append(lines, fmt.Sprintf("%d of the %d workers never had a task and have no lane.", missing, o.Workers))
	}
	if len(g.lanes) > 0 && len(o.Lanes) > len(g.lanes) {
		lines = append(lines, fmt.Sprintf("The first %d of %d lanes are drawn.", len(g.lanes), len(o.Lanes)))
	}
	if g.column > 0 {
		lines = append(lines, fmt.Sprintf("Where slices are shorter than %s, each %s has the colour of what lasted longest in it.", words.Duration(g.column), words.Duration(g.column)))
	}
	return lines
}
