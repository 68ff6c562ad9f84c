package charts

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/results/words"
)

// A frame is a panel with its place. Labels of vertical lines stand above
// the axes, those of horizontal ones to their right, so that no text covers
// data.
type frame struct {
	*contents
	plot   *plot.Plot
	canvas draw.Canvas
}

// nameRows is how many lines the names around a panel take.
type nameRows struct{ title, x, y int }

// mostName is the most lines of a name.
const mostName = 3

// newFrame places a panel. How many lines its names take, and which ticks have room
// for their labels, depends on the area inside the axes, and that on them, so it is
// found in a few steps.
func newFrame(c draw.Canvas, panel Panel) frame {
	panel = panel.withRoom(c.Size().X)
	rows := nameRows{min(len(panel.Title), 1), 1, 1}
	var f frame
	for range 5 {
		f = placed(c, panel, rows)
		area := f.plot.DataCanvas(f.canvas).Rectangle
		x, y := panel.X.thinned(area.Size().X, false), panel.Y.thinned(area.Size().Y, true)
		need := f.nameRows(area)
		if need == rows && x.labels() == panel.X.labels() && y.labels() == panel.Y.labels() {
			break
		}
		panel.X, panel.Y = x, y
		rows = nameRows{max(rows.title, need.title), max(rows.x, need.x), max(rows.y, need.y)}
	}
	return f
}

// nameRows are the lines of the names beside an area.
func (f frame) nameRows(area vg.Rectangle) nameRows {
	size := area.Size()
	return nameRows{
		len(foldTo(panelText, f.Title, f.outer.Max.X-area.Min.X, mostName)),
		max(1, len(foldTo(axisText, f.X.Name(), size.X, mostName))),
		max(1, len(foldTo(axisText, f.Y.Name(), size.Y, mostName))),
	}
}

// thin takes away labels of ticks that have no room in the place that the frame has
// now.
func (f frame) thin() {
	size := f.plot.DataCanvas(f.canvas).Size()
	f.X, f.Y = f.X.thinned(size.X, false), f.Y.thinned(size.Y, true)
	if f.X.Scale != Categories {
		f.plot.X.Tick.Marker = f.X.named(0).marker()
	}
	if f.Y.Scale != Categories {
		f.plot.Y.Tick.Marker = f.Y.named(0).marker()
	}
}

// placed is the panel with names of so many lines.
func placed(c draw.Canvas, panel Panel, rows nameRows) frame {
	right, above := panel.labelRoom()
	p := plot.New()
	p.BackgroundColor = nil
	setAxis(&p.X, panel.X.named(c.Size().X-right-axisRoom))
	y := panel.Y
	if y.Scale == Categories {
		most := min(max(96, c.Size().X*0.28), 170)
		y = y.relabelled(func(name string) string { return fit(tickText, name, most) })
	} else {
		y = y.named(0)
	}
	setAxis(&p.Y, y)
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = draw.XRight, draw.YCenter
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XCenter, draw.YTop
	inside := &contents{panel, c.Rectangle, rows}
	p.Add(inside)
	title := vg.Length(0)
	if rows.title > 0 {
		title = vg.Length(rows.title-1)*labelRow + 18
	}
	return frame{inside, p, draw.Crop(c, vg.Length(rows.y)*labelRow+3, -right, vg.Length(rows.x)*labelRow+2, -vg.Length(above)*refRow-6-title)}
}

// withRoom is the panel as wide as it may be: labels to the right of the axes that
// would take more than a third of it are left out where they are of lines, which the
// legend names, and else shortened. Labels above the axes are as wide as the panel at
// most.
func (p Panel) withRoom(width vg.Length) Panel {
	most := width*0.36 - tagRoom
	wide := func(label string) bool { return refText.Width(words.Clean(label)) > most }
	if slices.ContainsFunc(p.Lines, func(l Line) bool { return wide(l.Label) }) {
		p.Lines = slices.Clone(p.Lines)
		for i := range p.Lines {
			p.Lines[i].Label = ""
		}
	}
	p.Refs, p.Bands = slices.Clone(p.Refs), slices.Clone(p.Bands)
	for i, r := range p.Refs {
		if p.Refs[i].Label = fit(refText, r.Label, most); r.Vertical {
			p.Refs[i].Label = fit(refText, r.Label, width-axisRoom)
		}
	}
	for i, b := range p.Bands {
		p.Bands[i].Label = fit(refText, b.Label, most)
	}
	return p
}

// tagRoom is what a label to the right of the axes takes beside its text.
const tagRoom = vg.Length(12)

// align makes the axes of panels side by side equally high, and those of
// panels below one another equally wide.
func align(frames []frame, abreast int) {
	for i := 0; i < len(frames); i += max(abreast, 1) {
		var top, bottom vg.Length
		row := frames[i:min(i+abreast, len(frames))]
		for _, f := range row {
			in := f.plot.DataCanvas(f.canvas)
			top = max(top, f.canvas.Max.Y-in.Max.Y)
			bottom = max(bottom, in.Min.Y-f.canvas.Min.Y)
		}
		for i := range row {
			f := &row[i]
			in := f.plot.DataCanvas(f.canvas)
			f.canvas.Max.Y -= top - (f.canvas.Max.Y - in.Max.Y)
			f.canvas.Min.Y += bottom - (in.Min.Y - f.canvas.Min.Y)
		}
	}
	for column := range min(abreast, len(frames)-abreast) {
		var left, right vg.Length
		for i := column; i < len(frames); i += abreast {
			f := frames[i]
			in := f.plot.DataCanvas(f.canvas)
			left = max(left, in.Min.X-f.canvas.Min.X)
			right = max(right, f.outer.Max.X-in.Max.X)
		}
		for i := column; i < len(frames); i += abreast {
			f := &frames[i]
			in := f.plot.DataCanvas(f.canvas)
			f.canvas.Min.X += left - (in.Min.X - f.canvas.Min.X)
			f.canvas.Max.X -= right - (f.outer.Max.X - in.Max.X)
		}
	}
}

func setAxis(a *plot.Axis, from Axis) {
	a.Min, a.Max = from.Min, from.Max
	a.Scale = plot.LinearScale{}
	if from.Scale == Log2 {
		a.Scale = logScale{}
	}
	a.LineStyle = draw.LineStyle{Color: faint.light, Width: 0.8}
	a.Padding = 0
	a.Tick.Marker = from.marker()
	a.Tick.Label = tickText
	a.Tick.LineStyle = draw.LineStyle{Color: faint.light, Width: 0.8}
	a.Tick.Length = 4
}

// marker gives the ticks of the axis as they are.
func (a Axis) marker() plot.ConstantTicks {
	ticks := make([]plot.Tick, len(a.Ticks))
	for i, t := range a.Ticks {
		ticks[i] = plot.Tick{Value: t.Value, Label: t.Label}
	}
	return ticks
}

type logScale struct{}

func (logScale) Normalize(lo, hi, x float64) float64 { return math.Log(x/lo) / math.Log(hi/lo) }

// axisRoom is about what the y axis takes with its name and ticks.
const axisRoom = vg.Length(48)

// named is the axis with clean labels; the names of categories are folded to
// stand side by side on an axis of that length.
func (a Axis) named(length vg.Length) Axis {
	if a.Scale != Categories {
		return a.relabelled(words.Clean)
	}
	each := length * vg.Length(1/math.Max(a.Max-a.Min, 1))
	folded := func(label string) []string { return wrap(tickText, label, each-3) }
	rows := 1
	for _, t := range a.Ticks {
		rows = max(rows, len(folded(t.Label)))
	}
	return a.relabelled(func(label string) string {
		lines := folded(label)
		if len(lines) == 0 {
			return ""
		}
		return strings.Join(lines, "\n") + strings.Repeat("\n ", rows-len(lines)) // or labels of different heights would not stand level
	})
}

// relabelled is the axis with other labels at its ticks.
func (a Axis) relabelled(label func(string) string) Axis {
	a.Ticks = slices.Clone(a.Ticks)
	for i := range a.Ticks {
		a.Ticks[i].Label = label(a.Ticks[i].Label)
	}
	return a
}
