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
// [VegaLite] writes the same data for Jupyter and Observable. [Pictures] are
// figures of laws, without any measurement.
//
// Points are never joined; lines are models. A line beyond twice the largest
// level that was measured is grey. Colour and shape of a point, always the same
// pair, say which series it belongs to ([Ink]); a strategy has one in all
// figures ([Slots]). The filling says where the point comes from: full is
// measured on the machine as it is, half full on slow cores, a frame is
// simulated, open is worked out from a law. What must not be taken for sound is
// faint, and the legend says why: points of a curve with too few sound rounds,
// and laws that do not fit.
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
	Faint  bool           // not sound: the legend says why
	Bare   bool           // only the intervals are drawn, no markers
	At     []Point
}

// A Point is one level. Bar is nil where the samples are too few
// for an interval.
type Point struct {
	X, Y   float64
	Bar    *Bar    // along the y axis
	Across *Bar    // along the x axis
	Shift  float64 // points of 1/72 inch to the right of X, beside a point that it would hide
}

// A Bar is the interval of a point along an axis; both ends are finite.
type Bar struct{ Low, High float64 }

// A Line is one model, as corners to be joined in ascending x.
type Line struct {
	Name  string
	Ink   Ink
	Dash  Dash
	Grey  bool // an extrapolation that the data hardly supports
	Faint bool // a law that does not fit
	At    []XY

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
	Ink            Ink    // its colour where Fill is SeriesFill
	Faint          bool   // not sound
	Label          string // in its middle, if there is room
	Beside         string // to the right of it, where the panel leaves room
}

// An Outline is a thin border, X0 ≤ X1 and Y0 ≤ Y1, over the boxes.
type Outline struct{ X0, X1, Y0, Y1 float64 }

// An Entry is one line of the legend: a marker, a piece of line, or both, or
// the colour of boxes.
type Entry struct {
	Text      string
	Short     string // the same where there is little room; "" is Text
	Fill      Fill   // "" is none
	Ink       Ink
	Marker    bool
	Source    results.Source // of the marker
	Dash      Dash           // "" is no line
	Faint     bool           // marker and line
	FaintLine bool           // the line alone
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
