package charts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchunit"

	"amdahl/bench/contract"
	"amdahl/results/words"
)

// GanttOptions steer the figure of one operation or run. The zero value is the
// default.
type GanttOptions struct {
	Title string   // "" is the workload's name, or that of the run
	Notes []string // further lines of the caption: the environment
}

const (
	finest    = 1400   // columns that a row is divided into at most: half a point each
	mostBoxes = 14_000 // less than a megabyte of SVG
	framable  = 240    // tasks of at least this part of the time have a border: 3 points
)

// A ganttRow is one lane, processor or goroutine.
type ganttRow struct {
	label string
	apart bool // a space stands above it
	aside bool // it shows what other rows show too, so it is not in the shares
}

// A stretch is a part of a row's time, of one colour.
type stretch struct {
	row      int
	fill     Fill
	from, to time.Duration
}

// bars is what a gantt figure shows: who did what when.
type bars struct {
	end   time.Duration
	rows  []ganttRow
	bars  []stretch // by row, then by time; those of a row do not overlap
	tasks []stretch // what gets a border, if it is long enough
	texts map[Fill]string
	total time.Duration          // that the shares are of; 0 is the time of the bars
	all   map[Fill]time.Duration // how long each lasted, also if it is not drawn

	unit   benchunit.Scaler
	places []float64     // y of each row, downward from 0
	height float64       // in rows
	column time.Duration // what is drawn as one; 0 where all bars are
	narrow time.Duration // tasks below this have no border; 0 where all have
}

// fillOrder is the order of the legend.
func fillOrder() (order []Fill) {
	for _, c := range contract.Causes {
		order = append(order, Fill(c))
		if c == contract.IO {
			order = append(order, syscallFill)
		}
	}
	return order
}

// panel draws the bars; label is that of the rows, and time that of the x axis.
func (g *bars) panel(label, time string) Panel {
	g.unit = words.TimeUnit(g.end.Seconds())
	end := g.at(g.end)
	p := Panel{
		Framed: true,
		X:      Axis{Label: time, Unit: g.unit.Prefix + "s", Scale: Linear, Max: end, Ticks: ticksTo(end)},
		Y:      g.axis(label),
	}
	g.dropFaint()
	p.Boxes = g.boxes()
	p.Outlines = g.outlines()
	return p
}

// dropFaint leaves out what takes less than 0.05 % of the time and would be seen
// as hardly more than a point anywhere. The caption names it.
func (g *bars) dropFaint() {
	lasted, total := g.lasted()
	most := map[Fill]time.Duration{}
	for _, b := range g.bars {
		most[b.fill] = max(most[b.fill], b.to-b.from)
	}
	g.all, g.total = lasted, total
	g.bars = slices.DeleteFunc(g.bars, func(b stretch) bool {
		return float64(lasted[b.fill]) < 0.0005*float64(total) && most[b.fill] < 2*g.end/finest
	})
}

// lasted is the time of each fill, before anything is merged or left out, and what
// shares are of.
func (g *bars) lasted() (lasted map[Fill]time.Duration, total time.Duration) {
	lasted = map[Fill]time.Duration{}
	for _, b := range g.bars {
		if !g.rows[b.row].aside {
			lasted[b.fill] += b.to - b.from
			total += b.to - b.from
		}
	}
	return lasted, cmp.Or(g.total, total)
}

// ticksTo are the ticks from 0 to end, with one at the end. A label that the last
// one would touch is left out.
func ticksTo(end float64) []Tick {
	ticks := linearTicks(0, end)
	last := Tick{end, words.Number(end)}
	if n := len(ticks); ticks[n-1].Value > end*(1-1e-9) {
		ticks = ticks[:n-1]
	}
	for i := range ticks {
		if ticks[i].Value > 0.9*end {
			ticks[i].Label = ""
		}
	}
	return append(ticks, last)
}

// figureHeight is the height of a figure of that many rows, in points.
func (g *bars) figureHeight() float64 { return 58 + max(60, g.height*min(16, max(7, 300/g.height))) }

// at is a time on the x axis.
func (g *bars) at(t time.Duration) float64 { return t.Seconds() / g.unit.Factor }

// axis is the y axis: the first row at the top.
func (g *bars) axis(label string) Axis {
	y := 0.0
	for i, r := range g.rows {
		if i > 0 && r.apart {
			y += 0.6
		}
		g.places = append(g.places, -y)
		y++
	}
	g.height = y
	a := Axis{Label: label, Scale: Categories, Min: 0.4 - y, Max: 0.6}
	every := 1 + (len(g.rows)-1)/32
	for i, r := range g.rows {
		text := ""
		if i%every == 0 {
			text = r.label
		}
		a.Ticks = append(a.Ticks, Tick{g.places[i], text})
	}
	slices.Reverse(a.Ticks)
	return a
}

// boxes are the bars, merged where they are too short.
func (g *bars) boxes() []Box {
	for columns := finest; ; columns /= 2 {
		boxes := g.merged(columns)
		if len(boxes) <= mostBoxes || columns < 50 {
			return boxes
		}
	}
}

// merged is the boxes with a row's time cut into this many columns where it has
// bars shorter than one.
func (g *bars) merged(columns int) []Box {
	var boxes []Box
	g.column = 0
	width := max(g.end/time.Duration(columns), 1)
	for rest := g.bars; len(rest) > 0; {
		row := rest[0].row
		n := slices.IndexFunc(rest, func(b stretch) bool { return b.row != row })
		if n < 0 {
			n = len(rest)
		}
		mine := rest[:n]
		rest = rest[n:]
		if slices.ContainsFunc(mine, func(b stretch) bool { return b.to-b.from < width }) {
			g.column = width
			mine = longest(mine, g.end, width)
		}
		for _, b := range mine {
			boxes = append(boxes, g.box(b))
		}
	}
	return boxes
}

func (g *bars) box(b stretch) Box {
	y := g.places[b.row]
	return Box{X0: g.at(b.from), X1: g.at(b.to), Y0: y - 0.42, Y1: y + 0.42, Fill: b.fill}
}

// outlines are the borders of the tasks that are wide enough to have one.
func (g *bars) outlines() []Outline {
	var out []Outline
	least := g.end / framable
	for _, t := range g.tasks {
		if t.to-t.from < least {
			g.narrow = least
			continue
		}
		b := g.box(t)
		out = append(out, Outline{b.X0, b.X1, b.Y0, b.Y1})
	}
	return out
}

// longest cuts the time of a row into columns and gives each to the fill that
// lasted longest in it, or to none if nothing lasted longer.
func longest(mine []stretch, end, width time.Duration) []stretch {
	var out []stretch
	next := 0
	for from := time.Duration(0); from < end; from += width {
		to := min(from+width, end)
		for next < len(mine) && mine[next].to <= from {
			next++
		}
		if next == len(mine) {
			break
		}
		f := winner(mine[next:], from, to)
		if n := len(out); n > 0 && out[n-1].fill == f && out[n-1].to == from {
			out[n-1].to = to
		} else if f != "" {
			out = append(out, stretch{mine[0].row, f, from, to})
		}
	}
	return out
}

// winner is the fill that lasted longest between two times; "" is none.
func winner(mine []stretch, from, to time.Duration) Fill {
	lasted := map[Fill]time.Duration{"": to - from}
	for _, b := range mine {
		if b.from >= to {
			break
		}
		d := min(b.to, to) - max(b.from, from)
		lasted[b.fill] += d
		lasted[""] -= d
	}
	best := Fill("")
	for _, f := range fillOrder() { // in an order that does not change
		if lasted[f] > lasted[best] {
			best = f
		}
	}
	return best
}

// legend names the fills of the boxes, with their share of the time that the bars
// took before they were merged. hidden are the texts of those that were too short
// to be drawn.
func (g *bars) legend(boxes []Box) (entries []Entry, hidden []string) {
	drawn := map[Fill]bool{}
	for _, b := range boxes {
		drawn[b.Fill] = true
	}
	lasted, total := g.all, g.total
	for _, f := range fillOrder() {
		switch {
		case drawn[f]:
			share := lasted[f].Seconds() / total.Seconds()
			entries = append(entries, Entry{Text: g.texts[f] + ", " + words.Share(share), Fill: f})
		case lasted[f] > 0:
			hidden = append(hidden, g.texts[f])
		}
	}
	return entries, hidden
}

// merging says what was merged, left without a border, or left out.
func (g *bars) merging(hidden []string) (lines []string) {
	var texts []string
	if g.column > 0 {
		texts = append(texts, fmt.Sprintf("Where slices are shorter than %[1]s, each %[1]s has the colour of what lasted longest in it.", words.Duration(g.column)))
	}
	if len(hidden) > 0 {
		texts = append(texts, "Too short to be seen: "+words.List(hidden)+".")
	}
	lines = known(strings.Join(texts, " "))
	if g.narrow > 0 {
		lines = append(lines, fmt.Sprintf("Tasks shorter than %s have no border.", words.Duration(g.narrow)))
	}
	return lines
}
