// Package charts turns analyses into figures.
//
// A [Figure] is plain data: panels, axes, points, lines and labels, with
// nothing in it of how it is drawn. [Scaling] makes one from the analyses of
// one workload, and [Draw] draws it with gonum/plot. Tests compare its data as
// text.
//
// [Stacks] makes one of where the worker time went, and [Gantt] one of a single
// operation. A cause has one colour in both.
//
// Points are never joined; lines are models. A line beyond twice the largest
// level that was measured is grey. The shape of a point says where it comes
// from, in every figure: a disc is measured on the machine as it is, a square
// on slow cores, a diamond is simulated, a triangle is worked out from a law.
// Its colour says which series it belongs to.
package charts

import (
	"amdahl/results"

	"amdahl/results/stats"
)

// A Figure is one picture: panels side by side that share a legend.
type Figure struct {
	Title    string
	Subtitle string
	Panels   []Panel
	Legend   []Entry
	Caption  []string // what the reader must know: how to read it, environment, notes

	Columns int     // panels side by side; 0 is all of them
	Height  float64 // of a panel with its labels, in points; 0 is 222
}

// A Panel is one pair of axes and what stands in it.
type Panel struct {
	Title    string // above the axes; "" is none
	X, Y     Axis
	Bands    []Band
	Boxes    []Box
	Outlines []Outline // drawn over the boxes
	Framed   bool      // lines around the whole plot area, not only along the axes
	Points   []Points
	Lines    []Line
	Refs     []Ref
	Apart    bool // points of several series at one x are drawn side by side, not over one another
}

// A Scale says how the values of an axis are spread along it.
type Scale string

const (
	Log2       Scale = ""           // by their logarithm: all are above 0
	Linear     Scale = "linear"     // evenly: all are finite
	Categories Scale = "categories" // evenly, with names at 1, 2, …
)

// An Axis has limits that its scale can show, and Min < Max.
type Axis struct {
	Label    string
	Scale    Scale
	Unit     string // unit of every value on this axis: "ms"; "" for a plain number
	Min, Max float64
	Ticks    []Tick // ascending, inside the limits
}

// Name is the axis label with its unit: "time per task (ms)".
func (a Axis) Name() string {
	if a.Unit == "" {
		return a.Label
	}
	return a.Label + " (" + a.Unit + ")"
}

// A Tick is a mark on an axis. One without a label is a minor tick.
type Tick struct {
	Value float64
	Label string
}

// An Ink says which colour something has: 0 is the neutral ink (black), 1 to 7
// are colours. The same again with a mark inside the marker are 8 to 14, and
// so on; for the neutral ink -1, -2, ….
type Ink int

// A Dash is the pattern of a line.
type Dash string

const (
	Solid    Dash = "solid"
	Dashed   Dash = "dashed"
	Dotted   Dash = "dotted"
	DashDot  Dash = "dash-dot"
	LongDash Dash = "long dashes"
)

// Points are the levels of one series, of one source.
type Points struct {
	Name   string
	Ink    Ink
	Source results.Source // "" is results.Real
	At     []Point
}

// A Point is one level. Bar is nil where the samples are too few
// for an interval.
type Point struct {
	X, Y float64
	Bar  *Bar
}

// A Bar is the interval of a point along the y axis; both ends are finite.
type Bar struct{ Low, High float64 }

// A Line is one model, as corners to be joined in ascending x.
type Line struct {
	Name string
	Ink  Ink
	Dash Dash
	Grey bool // an extrapolation that the data hardly supports
	At   []XY

	Label string // at its right end, outside the panel; "" is none
}

// XY is a corner of a [Line].
type XY struct{ X, Y float64 }

// A Ref is a straight reference line across the panel, labelled outside it.
type Ref struct {
	Label    string
	Ink      Ink
	Dash     Dash
	Vertical bool    // at x = At; else at y = At
	At       float64 // inside the limits of its axis
}

// A Band is a shaded range of y across the panel, labelled outside it.
type Band struct {
	Label     string
	Low, High float64 // Low < High
}

// A Box is a filled rectangle, X0 < X1 and Y0 < Y1.
type Box struct {
	X0, X1, Y0, Y1 float64
	Fill           Fill
	Label          string // in its middle, if there is room
}

// An Outline is a thin border, X0 ≤ X1 and Y0 ≤ Y1, over the boxes.
type Outline struct{ X0, X1, Y0, Y1 float64 }

// An Entry is one line of the legend: a marker, a piece of line, or both, or
// the colour of boxes.
type Entry struct {
	Text   string
	Fill   Fill // "" is none
	Ink    Ink
	Marker bool
	Source results.Source // of the marker
	Dash   Dash           // "" is no line
}

// Empty says whether the figure holds no data at all.
func (f Figure) Empty() bool {
	for _, p := range f.Panels {
		if len(p.Boxes) > 0 {
			return false
		}
		for _, s := range p.Points {
			if len(s.At) > 0 {
				return false
			}
		}
		for _, l := range p.Lines {
			if len(l.At) > 0 {
				return false
			}
		}
	}
	return true
}

// bounded reports whether an interval of times has two ends that can be drawn.
func bounded(i *stats.Interval) bool {
	return i != nil && stats.Positive(i.Low) && stats.Positive(i.High)
}
