package charts

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// A hue is a colour with its name as a CSS variable and its value on light
// and on dark paper.
type hue struct {
	name        string
	light, dark color.RGBA
}

// inks is the number of colours before they repeat.
const inks = 7

// palette is the neutral ink and the colours of Okabe and Ito, which people
// with any kind of colour vision can tell apart, with a dark red in place of
// the yellow that is lost on white.
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
	{"wine", rgb(0x882255), rgb(0xd6588f)},
}

var (
	paper = hue{"paper", rgb(0xffffff), rgb(0x16191d)}
	muted = hue{"muted", rgb(0x5f5f5f), rgb(0xa8adb4)} // secondary text
	faint = hue{"faint", rgb(0xb4b4b4), rgb(0x6a7078)} // extrapolations, axes
	grid  = hue{"grid", rgb(0xe7e7e7), rgb(0x2b3036)}
	shade = hue{"shade", rgb(0xe4f1ea), rgb(0x1c3027)} // bands
)

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }

// linear is the light of one channel, from 0 to 1.
func linear(v uint8) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

func hues() []hue { return append([]hue{paper, muted, faint, grid, shade}, palette[:]...) }

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

func (i Ink) color() color.RGBA { return palette[i.baseColour()].light }

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
