package charts

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/bench/contract"
	"amdahl/results/why"
	"amdahl/results/words"
)

// A Fill is the colour of boxes: the name of the [contract.Cause] whose time they
// are, or [syscallFill].
type Fill string

// syscallFill is the colour of system calls of goroutines, which no account of a
// benchmark knows.
const syscallFill Fill = "syscall"

// SeriesFill is the fill of a box that has the ink of its series.
const SeriesFill Fill = "series"

// fillOf is the colour of a cause.
func fillOf(c *why.Cause) Fill { return Fill(c.Name) }

// fills are the colours of causes. Any two can stand next to each other: they
// are at least 0.1 apart in OKLab for full colour vision, and without the red
// or the green receptors, and 0.08 without the blue ones. They can be seen on
// both papers, so they are the same in light and dark. A test holds them to
// it.
//
// Sources: Ottosson, A perceptual color space for image processing (2020);
// Machado, Oliveira & Fernandes, IEEE TVCG 15(6), 2009.
var fills = map[Fill]color.RGBA{
	Fill(contract.Useful):       rgb(0x81b38a), // green
	Fill(contract.IO):           rgb(0x81bffe), // sky
	Fill(contract.Serial):       rgb(0x2e3591), // indigo
	Fill(contract.Lock):         rgb(0xde5924), // vermilion
	Fill(contract.Channel):      rgb(0xffbe00), // amber
	Fill(contract.Interpreter):  rgb(0x791728), // wine
	Fill(contract.Queued):       rgb(0xb284c3), // lilac
	Fill(contract.Runnable):     rgb(0xf4ec87), // yellow
	Fill(contract.Inflation):    rgb(0x8e491c), // brown
	Fill(contract.Dispatch):     rgb(0xfb8719), // orange
	Fill(contract.Network):      rgb(0x50014e), // plum
	Fill(contract.TaskQueue):    rgb(0x14051e), // night
	Fill(contract.Imbalance):    rgb(0xc8dde9), // pale blue
	Fill(contract.GC):           rgb(0x016070), // petrol
	Fill(contract.Unattributed): rgb(0x808080), // grey
	syscallFill:                 rgb(0xa838d8), // violet
}

// Text on boxes, near black and near white: colours of their own, since they
// stay as they are on dark paper.
var onLight, onDark = rgb(0x111111), rgb(0xfefefe)

// over is the colour of text on a fill: the one with more contrast.
func (f Fill) over() color.RGBA {
	c := fills[f]
	if 0.2126*linear(c.R)+0.7152*linear(c.G)+0.0722*linear(c.B) > 0.179 {
		return onLight
	}
	return onDark
}

func rectangle(left, bottom, right, top vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: right, Y: top}}
}

// boxes draws the boxes. Those of one colour are one path, which keeps a
// drawing of thousands small. On an axis of categories they stand on one
// another, with a line of paper between them.
func (d contents) boxes(c draw.Canvas, x, y func(float64) vg.Length) {
	type paint struct {
		fill  Fill
		ink   Ink
		faint bool
	}
	paths := map[paint]vg.Path{}
	var order []paint
	for _, b := range d.Boxes {
		r := rectangle(x(b.X0), y(b.Y0), x(b.X1), y(b.Y1))
		r.Min.X, r.Max.X = max(r.Min.X, c.Min.X), min(r.Max.X, c.Max.X)
		r.Min.Y, r.Max.Y = max(r.Min.Y, c.Min.Y), min(r.Max.Y, c.Max.Y)
		if r.Min.X >= r.Max.X || r.Min.Y >= r.Max.Y {
			continue
		}
		p := paint{b.Fill, b.Ink, b.Faint}
		if paths[p] == nil {
			order = append(order, p)
		}
		paths[p] = append(paths[p], r.Path()...)
	}
	for _, p := range order {
		var colour color.Color = fills[p.fill]
		if p.fill == SeriesFill {
			colour = p.ink.color()
		}
		if p.faint {
			colour = weak(colour)
		}
		c.SetColor(colour)
		c.Fill(paths[p])
	}
	for _, b := range d.Boxes {
		if y0 := y(b.Y0); d.X.Scale == Categories && b.Y0 > d.Y.Min && y(b.Y1)-y0 > 1 {
			c.StrokeLine2(draw.LineStyle{Color: paper.light, Width: 0.6}, x(b.X0), y0, x(b.X1), y0)
		}
	}
}

// outlined draws the outlines, in the dark colour of text on boxes.
func (d contents) outlined(c draw.Canvas, x, y func(float64) vg.Length) {
	if len(d.Outlines) == 0 {
		return
	}
	var path vg.Path
	for _, o := range d.Outlines {
		path = append(path, rectangle(x(o.X0), y(o.Y0), x(o.X1), y(o.Y1)).Path()...)
	}
	c.SetColor(onLight)
	c.SetLineWidth(0.5)
	c.SetLineDash(nil, 0)
	c.Stroke(path)
}

// inBoxes draws the labels of boxes that have room for them.
func (d contents) inBoxes(c draw.Canvas, x, y func(float64) vg.Length) {
	style := refText
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	for _, b := range d.Boxes {
		x0, x1, y0, y1 := x(b.X0), x(b.X1), y(b.Y0), y(b.Y1)
		label := words.Clean(b.Label)
		if label == "" || y1-y0 < 9 || style.Width(label)+3 > x1-x0 {
			continue
		}
		style.Color = b.Fill.over()
		c.FillText(style, vg.Point{X: (x0 + x1) / 2, Y: (y0 + y1) / 2}, label)
	}
	d.besideBoxes(c, x, y)
}

// besideBoxes draws the labels to the right of boxes, or of their intervals where
// these are longer, as far as the panel has room.
func (d contents) besideBoxes(c draw.Canvas, x, y func(float64) vg.Length) {
	style := refText
	style.Color = palette[0].light
	for _, b := range d.Boxes {
		if b.Beside == "" {
			continue
		}
		at := vg.Point{X: x(b.X1), Y: (y(b.Y0) + y(b.Y1)) / 2}
		for _, s := range d.Points {
			for _, p := range s.At {
				if p.Across != nil && p.Y > b.Y0 && p.Y < b.Y1 {
					at.X = max(at.X, x(p.Across.High))
				}
			}
		}
		at.X += 6
		c.FillText(style, at, fit(style, b.Beside, max(c.Max.X-at.X, 0)))
	}
}
