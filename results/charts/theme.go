package charts

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
)

// A Theme says which paper a figure is drawn on.
type Theme string

const (
	Light Theme = ""      // white paper, for a screen
	Dark  Theme = "dark"  // nearly black paper
	Print Theme = "print" // white paper, with darker colours and text for a printer
)

// Themes are the names of the themes.
var Themes = []string{"light", string(Dark), string(Print)}

// ParseTheme returns the theme of that name; "" is light.
func ParseTheme(name string) (Theme, error) {
	switch name {
	case "", "light":
		return Light, nil
	case string(Dark), string(Print):
		return Theme(name), nil
	}
	return Light, fmt.Errorf("unknown theme %q: use one of %s", name, strings.Join(Themes, ", "))
}

// of is the value of the hue under the theme.
func (t Theme) of(h hue) color.RGBA {
	switch t {
	case Dark:
		return h.dark
	case Print:
		return h.print
	}
	return h.light
}

// A themedCanvas replaces the colours for light paper by those of its theme. It
// leaves other colours, as those of boxes, and how much of the paper shows
// through.
type themedCanvas struct {
	vg.Canvas
	colours map[color.RGBA]color.RGBA
}

// themedOn returns a canvas that draws on c under the theme.
func themedOn(c vg.Canvas, t Theme) vg.Canvas {
	if t == Light {
		return c
	}
	colours := map[color.RGBA]color.RGBA{}
	for _, h := range hues() {
		colours[h.light] = t.of(h)
	}
	return themedCanvas{c, colours}
}

func (c themedCanvas) SetColor(col color.Color) {
	n := color.NRGBAModel.Convert(col).(color.NRGBA)
	if to, ok := c.colours[color.RGBA{n.R, n.G, n.B, 0xff}]; ok {
		n.R, n.G, n.B = to.R, to.G, to.B
	}
	c.Canvas.SetColor(n)
}
