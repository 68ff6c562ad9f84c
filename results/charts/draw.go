package charts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"amdahl/results/save"
)

// Formats are the kinds of picture that [Draw] knows; they are also the
// extensions of [Save].
var Formats = []string{"svg", "png", "pdf"}

// VegaLiteFormat is the one format of [Draw] that is no picture: a specification
// for Vega-Lite, see [VegaLite]. [Save] writes it to files that end in .json.
const VegaLiteFormat = "vega-lite"

// FormatOf is the format of a file by its ending; ok says whether there is one.
func FormatOf(path string) (format string, ok bool) {
	format = strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if format == "json" {
		return VegaLiteFormat, true
	}
	return format, slices.Contains(Formats, format)
}

// A Layout says how large a figure is and how it looks. The zero value is 11
// inches wide with the panels side by side, about 4.6 inches high; a longer
// legend makes it higher.
type Layout struct {
	Width    float64 // inches; 0 is 11, or 3.9 if stacked; at least 3
	Height   float64 // inches; 0 is as high as its contents need. What has no room is left out, see [RoomFor].
	DPI      float64 // pixels an inch of a PNG; 0 is 144
	FontSize float64 // points of the names of axes, and all else in proportion; 0 is 9.5, in proportion to Width where Height is given
	Theme    Theme
	Stacked  bool // panels below one another, for narrow screens
	Bare     bool // without title, subtitle and caption: they stand around it
	Themed   bool // SVG only: colours are CSS variables, see [Variables]; Theme does not matter
}

const (
	dpi       = 144 // of a PNG
	usualFont = 9.5 // points
	usualSize = 11  // inches
	// handyFont and leastFont are the smallest proportions to usualFont that are
	// chosen where nobody asks for a size of letters: one where there is room, the
	// other where there is not.
	handyFont, leastFont = 0.9, 0.75
)

// ErrEmpty says that a figure holds no data.
var ErrEmpty = errors.New("nothing to draw: no point and no law")

// Draw draws the figure in one of the [Formats], or writes it as
// [VegaLiteFormat]. Equal figures give equal SVG and PNG bytes on any machine. A
// figure that has no room in Layout.Height is an error.
func Draw(w io.Writer, f Figure, format string, l Layout) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	if format == VegaLiteFormat {
		return VegaLite(w, f, l)
	}
	p, err := newPage(f, l)
	if err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	switch format {
	case "svg":
		c := vgsvg.New(p.width, p.height)
		if l.Themed {
			l.Theme = Light
		}
		p.draw(draw.NewCanvas(themedOn(c, l.Theme), p.width, p.height))
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return fmt.Errorf("charts: %w", err)
		}
		svg := fontStack.Replace(b.String())
		if l.Themed {
			svg = themed(svg)
		}
		return to(w, strings.NewReader(p.sized(svg)))
	case "png":
		c := vgimg.NewWith(vgimg.UseWH(p.width, p.height), vgimg.UseDPI(p.dpi), vgimg.UseBackgroundColor(l.Theme.of(paper)))
		p.draw(draw.NewCanvas(outlines{themedOn(c, l.Theme), true}, p.width, p.height))
		return to(w, vgimg.PngCanvas{Canvas: c})
	case "pdf":
		c := vgpdf.New(p.width*p.scale, p.height*p.scale)
		c.Scale(float64(p.scale), float64(p.scale))
		p.draw(draw.NewCanvas(outlines{themedOn(c, l.Theme), false}, p.width, p.height))
		return to(w, c)
	}
	return fmt.Errorf("charts: unknown format %q: use one of %s", format, strings.Join(append(slices.Clone(Formats), VegaLiteFormat), ", "))
}

// fontStack names fonts of the same widths for readers without Liberation
// Sans.
var fontStack = strings.NewReplacer("font-family:Liberation Sans;",
	"font-family:'Liberation Sans',Arimo,Arial,Helvetica,sans-serif;")

func to(w io.Writer, c io.WriterTo) error {
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	return nil
}

// Save draws the figure into a file, in the format that its extension names.
// The file is either complete or untouched.
func Save(path string, f Figure, l Layout) error {
	format, _ := FormatOf(path)
	return SaveAs(path, format, f, l)
}

// SaveAs is as [Save], in a format that is given.
func SaveAs(path, format string, f Figure, l Layout) error {
	var b bytes.Buffer
	if err := Draw(&b, f, format, l); err != nil {
		return fmt.Errorf("%w (%s)", err, path)
	}
	return save.File(path, b.Bytes())
}
