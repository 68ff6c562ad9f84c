package charts

import (
	"amdahl/results/words"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A frame is a panel with its place. Labels of vertical lines stand above
// the axes, those of horizontal ones to their right, so that no text covers
// data.
type frame struct {
	plot   *plot.Plot
	canvas draw.Canvas
	outer  vg.Length // right end of the panel with its labels
}

func newFrame(c draw.Canvas, panel Panel) frame {
	right, rows := panel.labelRoom()
	p := plot.New()
	p.BackgroundColor = nil
	setAxis(&p.X, panel.X.named(c.Size().X-right-axisRoom))
	y := panel.Y
	if y.Scale == Categories {
		most := min(96, c.Size().X*0.3)
		y = y.relabelled(func(name string) string { return fit(tickText, name, most) })
	} else {
		y = y.named(0)
	}
	setAxis(&p.Y, y)
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = draw.XRight, draw.YCenter
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XCenter, draw.YTop
	p.Add(contents{panel, c.Min})
	return frame{p, draw.Crop(c, labelRow+3, -min(right, c.Size().X/3), labelRow+2, -vg.Length(rows)*refRow-6-panel.titleRoom()), c.Max.X}
}

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
			right = max(right, f.outer-in.Max.X)
		}
		for i := column; i < len(frames); i += abreast {
			f := &frames[i]
			in := f.plot.DataCanvas(f.canvas)
			f.canvas.Min.X += left - (in.Min.X - f.canvas.Min.X)
			f.canvas.Max.X -= right - (f.outer - in.Max.X)
		}
	}
}

func setAxis(a *plot.Axis, from Axis) {
	ticks := make([]plot.Tick, len(from.Ticks))
	for i, t := range from.Ticks {
		ticks[i] = plot.Tick{Value: t.Value, Label: t.Label}
	}
	a.Min, a.Max = from.Min, from.Max
	a.Scale = plot.LinearScale{}
	if from.Scale == Log2 {
		a.Scale = logScale{}
	}
	a.LineStyle = draw.LineStyle{Color: faint.light, Width: 0.8}
	a.Padding = 0
	a.Tick.Marker = plot.ConstantTicks(ticks)
	a.Tick.Label = tickText
	a.Tick.LineStyle = draw.LineStyle{Color: faint.light, Width: 0.8}
	a.Tick.Length = 4
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

// contents draws what stands between the axes, and their labels: plot.Plot
// leaves room for a label in the wrong place of a logarithmic axis. It is a
// plot.Plotter.
type contents struct {
	Panel
	corner vg.Point // lower left corner of the panel with its labels
}

const labelRow = vg.Length(12)

func (d contents) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	d.labels(c)
	d.bands(c, y)
	style := draw.LineStyle{Color: grid.light, Width: 0.6}
	for _, t := range d.X.Ticks {
		if t.Label != "" && d.X.Scale != Categories {
			c.StrokeLine2(style, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
		}
	}
	for _, t := range d.Y.Ticks {
		if t.Label != "" && d.Y.Scale != Categories {
			c.StrokeLine2(style, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
		}
	}
	d.boxes(c, x, y)
	d.outlined(c, x, y)
	d.vertical(c, x)
	d.horizontal(c, x, y)
	d.inBoxes(c, x, y)
	if d.Framed {
		c.StrokeLines(draw.LineStyle{Color: faint.light, Width: 0.8}, []vg.Point{{X: c.Min.X, Y: c.Max.Y}, c.Max, {X: c.Max.X, Y: c.Min.Y}})
	}
	for _, behind := range []bool{true, false} {
		for _, l := range d.Lines {
			if (l.Grey || l.Faint) != behind {
				continue
			}
			corners := make([]vg.Point, len(l.At))
			for i, at := range l.At {
				corners[i] = vg.Point{X: x(at.X), Y: y(at.Y)}
			}
			c.StrokeLines(lineStyle(l.Ink, l.Dash, l.Grey, l.Faint), c.ClipLinesXY(corners)...)
		}
	}
	d.points(c, x, y)
}

// points draws the intervals, and over them the markers.
func (d contents) points(c draw.Canvas, x, y func(float64) vg.Length) {
	for _, s := range d.Points {
		style := draw.LineStyle{Color: s.Ink.color(), Width: 1}
		if s.Bare {
			style.Color = palette[0].light
		}
		if s.Faint {
			style.Color = weak(style.Color)
		}
		for _, at := range s.At {
			if at.Bar != nil {
				bar(c, style, x(at.X)+vg.Length(at.Shift), y(at.Bar.Low), y(at.Bar.High))
			}
			if at.Across != nil {
				around := style
				around.Color, around.Width = paper.light, 2.6
				across(c, around, y(at.Y), x(at.Across.Low), x(at.Across.High))
				across(c, style, y(at.Y), x(at.Across.Low), x(at.Across.High))
			}
		}
	}
	for _, frames := range []bool{false, true} { // frames go around what is under them
		for _, s := range d.Points {
			m := dot{s.Source, s.Ink, s.Mark, s.Faint}
			if m.frame() != frames || s.Bare {
				continue
			}
			for _, at := range s.At {
				if q := (vg.Point{X: x(at.X), Y: y(at.Y)}); c.Contains(q) {
					m.draw(&c, vg.Point{X: q.X + vg.Length(at.Shift), Y: q.Y}, 3.2)
				}
			}
		}
	}
}

// labels draws the names of the axes, along their middle.
func (d contents) labels(c draw.Canvas) {
	size := c.Size()
	c.FillText(axisText, vg.Point{X: c.Center().X, Y: d.corner.Y + 2}, fit(axisText, d.X.Name(), size.X))
	style := axisText
	style.Rotation = math.Pi / 2
	c.FillText(style, vg.Point{X: d.corner.X + labelRow - 2, Y: c.Center().Y}, fit(axisText, d.Y.Name(), size.Y))
	if d.Title != "" {
		_, rows := d.labelRoom()
		c.FillText(panelText, vg.Point{X: c.Min.X, Y: c.Max.Y + vg.Length(rows)*refRow + 6}, fit(panelText, d.Title, size.X))
	}
}

// titleRoom is the height of the panel's title.
func (p Panel) titleRoom() vg.Length {
	if p.Title == "" {
		return 0
	}
	return 18
}

// bar draws an interval with caps, as far as it is inside the axes. One that
// is too short to be seen would look like a mark inside a hollow marker.
func bar(c draw.Canvas, style draw.LineStyle, x, low, high vg.Length) {
	const half = 2.6
	if !c.ContainsX(x) || high-low < 0.5 {
		return
	}
	c.StrokeLine2(style, x, max(low, c.Min.Y), x, min(high, c.Max.Y))
	for _, y := range []vg.Length{low, high} {
		if c.ContainsY(y) {
			c.StrokeLine2(style, x-half, y, x+half, y)
		}
	}
}

// across draws an interval along the x axis with caps.
func across(c draw.Canvas, style draw.LineStyle, y, low, high vg.Length) {
	const half = 3.2
	if !c.ContainsY(y) || high-low < 0.5 {
		return
	}
	c.StrokeLine2(style, max(low, c.Min.X), y, min(high, c.Max.X), y)
	for _, x := range []vg.Length{low, high} {
		if c.ContainsX(x) {
			c.StrokeLine2(style, x, y-half, x, y+half)
		}
	}
}

// lineStyle is how a line is drawn: an extrapolation is grey, a law that does not
// fit is faint and thin.
func lineStyle(ink Ink, d Dash, grey, faintly bool) draw.LineStyle {
	s := draw.LineStyle{Color: ink.color(), Width: 1.4, Dashes: d.pattern()}
	if ink <= 0 {
		s.Width, s.Color = 0.9, muted.light
	}
	if grey {
		s.Color = faint.light
	}
	if faintly {
		s.Width, s.Color = 0.9, weak(s.Color)
	}
	return s
}
