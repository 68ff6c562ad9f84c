package charts

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/results"
)

// outlines of the markers that are polygons: corners as multiples of the radius,
// so that all look equally large.
var polygons = map[Marker][]vg.Point{
	Square:       {{X: -0.86, Y: -0.86}, {X: 0.86, Y: -0.86}, {X: 0.86, Y: 0.86}, {X: -0.86, Y: 0.86}},
	Triangle:     {{X: -1.13, Y: -0.75}, {X: 1.13, Y: -0.75}, {X: 0, Y: 1.25}},
	TriangleDown: {{X: -1.13, Y: 0.75}, {X: 0, Y: -1.25}, {X: 1.13, Y: 0.75}},
	Diamond:      {{X: 0, Y: -1.3}, {X: 1.15, Y: 0}, {X: 0, Y: 1.3}, {X: -1.15, Y: 0}},
	Cross: {{X: -0.42, Y: -1.2}, {X: 0.42, Y: -1.2}, {X: 0.42, Y: -0.42}, {X: 1.2, Y: -0.42}, {X: 1.2, Y: 0.42}, {X: 0.42, Y: 0.42},
		{X: 0.42, Y: 1.2}, {X: -0.42, Y: 1.2}, {X: -0.42, Y: 0.42}, {X: -1.2, Y: 0.42}, {X: -1.2, Y: -0.42}, {X: -0.42, Y: -0.42}},
}

// A dot is one marker as it is drawn.
type dot struct {
	source results.Source
	ink    Ink
	faint  bool
}

// frame reports whether what is under the marker shows.
func (d dot) frame() bool { f := fillings[source(d.source)]; return !f.full && !f.half && f.size > 1 }

// draw draws the marker with its middle at a place.
func (d dot) draw(c *draw.Canvas, at vg.Point, radius vg.Length) {
	f, shape := fillings[source(d.source)], d.ink.Marker()
	r := radius * vg.Length(f.size)
	var ink color.Color = d.ink.color()
	if d.faint {
		ink = weak(ink)
	}
	if f.full {
		c.SetColor(paper.light)
		c.Fill(shape.path(at, r+0.9))
		c.SetColor(ink)
		c.Fill(shape.path(at, r))
	} else {
		width := vg.Length(1.2)
		if !d.frame() {
			c.SetColor(paper.light)
			c.Fill(shape.path(at, r+0.9))
		} else {
			c.SetLineStyle(draw.LineStyle{Color: paper.light, Width: 1.9})
			c.Stroke(shape.path(at, r))
		}
		if f.half {
			c.SetColor(ink)
			c.Fill(shape.lowerHalf(at, r))
		}
		c.SetLineStyle(draw.LineStyle{Color: ink, Width: width})
		c.Stroke(shape.path(at, r))
	}
}

// path is the outline of the marker.
func (m Marker) path(at vg.Point, r vg.Length) vg.Path {
	if corners, ok := polygons[m]; ok {
		return polygon(at, r, corners)
	}
	var p vg.Path
	p.Move(vg.Point{X: at.X + r, Y: at.Y})
	p.Arc(at, r, 0, 2*math.Pi)
	p.Close()
	return p
}

// lowerHalf is the part of the marker below its middle.
func (m Marker) lowerHalf(at vg.Point, r vg.Length) vg.Path {
	corners, ok := polygons[m]
	if !ok {
		var p vg.Path
		p.Move(vg.Point{X: at.X - r, Y: at.Y})
		p.Arc(at, r, math.Pi, math.Pi)
		p.Close()
		return p
	}
	var below []vg.Point // Sutherland and Hodgman, against one line
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		if a.Y <= 0 {
			below = append(below, a)
		}
		if (a.Y < 0) != (b.Y < 0) && a.Y != b.Y {
			below = append(below, vg.Point{X: a.X + (b.X-a.X)*(0-a.Y)/(b.Y-a.Y)})
		}
	}
	return polygon(at, r, below)
}

// polygon has its corners at multiples of the radius from its middle.
func polygon(at vg.Point, radius vg.Length, corners []vg.Point) vg.Path {
	var p vg.Path
	for i, corner := range corners {
		q := vg.Point{X: at.X + radius*corner.X, Y: at.Y + radius*corner.Y}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}
