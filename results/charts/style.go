package charts

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A hue is a colour with its name as a CSS variable and its value on light
// and on dark paper.
type hue struct {
	name        string
	light, dark color.RGBA
}

// inks is the number of colours before they repeat.
const inks = 6

// palette is the neutral ink and the colours of Okabe and Ito, which people
// with any kind of colour vision can tell apart, without the yellow that is
// lost on white.
//
// Source: Okabe, Ito: Color Universal Design (2008).
var palette = [1 + inks]hue{
	{"ink", rgb(0x222222), rgb(0xececec)},
	{"blue", rgb(0x0072b2), rgb(0x4ba9e6)},
	{"vermilion", rgb(0xd55e00), rgb(0xff8b4a)},
	{"green", rgb(0x009e73), rgb(0x2fcb9f)},
	{"purple", rgb(0xcc79a7), rgb(0xe8a3c9)},
	{"orange", rgb(0xe69f00), rgb(0xf3bd45)},
	{"sky", rgb(0x56b4e9), rgb(0x9ad6f8)},
}

var (
	paper = hue{"paper", rgb(0xffffff), rgb(0x16191d)}
	muted = hue{"muted", rgb(0x5f5f5f), rgb(0xa8adb4)} // secondary text
	faint = hue{"faint", rgb(0xb4b4b4), rgb(0x6a7078)} // extrapolations, axes
	grid  = hue{"grid", rgb(0xe7e7e7), rgb(0x2b3036)}
)

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }

func hues() []hue { return append([]hue{paper, muted, faint, grid}, palette[:]...) }

// Variables is the CSS that a page needs for drawings with Layout.Themed: the
// declarations of one variable a colour, for light or for dark paper.
func Variables(dark bool) string {
	var b strings.Builder
	for _, h := range hues() {
		c := h.light
		if dark {
			c = h.dark
		}
		fmt.Fprintf(&b, "--%s:%s;", h.name, hex(c))
	}
	return b.String()
}

// themed replaces the colours of an SVG by variables.
func themed(svg string) string {
	var pairs []string
	for _, h := range hues() {
		pairs = append(pairs, hex(h.light), "var(--"+h.name+")")
	}
	return strings.NewReplacer(pairs...).Replace(svg)
}

// hex is a colour as the SVG canvas writes it.
func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

func (i Ink) color() color.RGBA {
	if i <= 0 {
		return palette[0].light
	}
	return palette[1+int(i-1)%inks].light
}

// pattern is the dash pattern in points.
func (d Dash) pattern() []vg.Length {
	switch d {
	case Dashed:
		return []vg.Length{5, 3}
	case Dotted:
		return []vg.Length{1, 2.5}
	case LongDash:
		return []vg.Length{10, 4}
	case DashDot:
		return []vg.Length{6, 2.5, 1, 2.5}
	}
	return nil
}

// A marker is a regular polygon with a white rim; hollow from the second
// round of colours on. No corners is a disc.
type marker struct {
	corners int
	turn    float64 // radians
	size    float64 // relative radius, so that all look equally large
}

var markers = []marker{
	{0, 0, 1},               // disc
	{4, math.Pi / 4, 1.22},  // square
	{3, math.Pi / 2, 1.35},  // triangle
	{4, 0, 1.28},            // diamond
	{3, -math.Pi / 2, 1.35}, // triangle, point down
	{5, math.Pi / 2, 1.15},  // pentagon
	{6, 0, 1.1},             // hexagon
}

// drawMarker draws the marker of an ink at a place.
func drawMarker(c *draw.Canvas, ink Ink, at vg.Point, radius vg.Length) {
	m, hollow := marker{4, 0, 1.28}, false
	if ink > 0 {
		m, hollow = markers[int(ink-1)%len(markers)], int(ink-1)/inks%2 == 1
	}
	r := radius * vg.Length(m.size)
	c.SetColor(paper.light)
	c.Fill(m.path(at, r+0.9))
	c.SetColor(ink.color())
	c.Fill(m.path(at, r))
	if hollow {
		c.SetColor(paper.light)
		c.Fill(m.path(at, r*0.5))
	}
}

func (m marker) path(at vg.Point, r vg.Length) vg.Path {
	var p vg.Path
	if m.corners == 0 {
		p.Move(vg.Point{X: at.X + r, Y: at.Y})
		p.Arc(at, r, 0, 2*math.Pi)
		p.Close()
		return p
	}
	for i := range m.corners {
		sin, cos := math.Sincos(m.turn + 2*math.Pi*float64(i)/float64(m.corners))
		q := vg.Point{X: at.X + r*vg.Length(cos), Y: at.Y + r*vg.Length(sin)}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}
