package charts

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// A hue is a colour with its name as a CSS variable and its value on light
// and on dark paper, and on paper that goes through a printer.
type hue struct {
	name               string
	light, dark, print color.RGBA
}

// colours is the number of colours before they repeat.
const colours = 7

// palette is the neutral ink and the colours of Okabe and Ito, which people
// with any kind of colour vision can tell apart, with a dark red in place of
// the yellow that is lost on white. Purple, orange and sky are darker than theirs
// on light paper: a thin line needs a contrast of 3 to 1. A test computes it.
//
// Sources: Okabe, Ito: Color Universal Design (2008); WCAG 2.2, 1.4.11.
var palette = [1 + colours]hue{
	{"ink", rgb(0x222222), rgb(0xececec), rgb(0x000000)},
	{"blue", rgb(0x0072b2), rgb(0x4ba9e6), rgb(0x005a8e)},
	{"vermilion", rgb(0xd55e00), rgb(0xff8b4a), rgb(0xb54400)},
	{"green", rgb(0x009e73), rgb(0x2fcb9f), rgb(0x00704f)},
	{"purple", rgb(0xbf5f97), rgb(0xe8a3c9), rgb(0x9c3f77)},
	{"orange", rgb(0xb87d00), rgb(0xf3bd45), rgb(0x8a5c00)},
	{"sky", rgb(0x3398d4), rgb(0x9ad6f8), rgb(0x2174a8)},
	{"wine", rgb(0x882255), rgb(0xd6588f), rgb(0x6a1440)},
}

var (
	paper = hue{"paper", rgb(0xffffff), rgb(0x16191d), rgb(0xffffff)}
	muted = hue{"muted", rgb(0x5f5f5f), rgb(0xa8adb4), rgb(0x2a2a2a)} // secondary text
	faint = hue{"faint", rgb(0x8f8f8f), rgb(0x7d848d), rgb(0x6b6b6b)} // extrapolations, axes
	grid  = hue{"grid", rgb(0xe7e7e7), rgb(0x2b3036), rgb(0xd0d0d0)}
	shade = hue{"shade", rgb(0xe4f1ea), rgb(0x1c3027), rgb(0xececec)} // bands
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

// color is the colour of the ink on light paper: what is drawn on a canvas, which
// replaces it by that of its theme.
func (i Ink) color() color.Color { return palette[i.Index()].light }

// weak is a colour that lets half of the paper through, for what must not be
// taken for sound.
func weak(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0x80}
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
