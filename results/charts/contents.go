package charts

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// contents draws what stands between the axes, and their labels: plot.Plot
// leaves room for a label in the wrong place of a logarithmic axis. It is a
// plot.Plotter.
type contents struct {
	Panel
	outer vg.Rectangle // the panel with its labels
	rows  nameRows
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
			m := dot{s.Source, s.Ink, s.Faint}
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

// labels draws the names of the axes, along their middle, and the title.
func (d contents) labels(c draw.Canvas) {
	size := c.Size()
	x := balanced(axisText, d.X.Name(), size.X, d.rows.x)
	for i, line := range x {
		c.FillText(axisText, vg.Point{X: c.Center().X, Y: d.outer.Min.Y + 2 + vg.Length(d.rows.x-1-i)*labelRow}, line)
	}
	style := axisText
	style.Rotation = math.Pi / 2
	for i, line := range balanced(axisText, d.Y.Name(), size.Y, d.rows.y) {
		c.FillText(style, vg.Point{X: d.outer.Min.X + vg.Length(i+1)*labelRow - 2, Y: c.Center().Y}, line)
	}
	_, above := d.labelRoom()
	title := foldTo(panelText, d.Title, d.outer.Max.X-c.Min.X, max(d.rows.title, 1))
	for i, line := range title {
		c.FillText(panelText, vg.Point{X: c.Min.X, Y: c.Max.Y + vg.Length(above)*refRow + 6 + vg.Length(len(title)-1-i)*labelRow}, line)
	}
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
