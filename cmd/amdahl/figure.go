package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"amdahl/results/charts"
)

// figureFlags are the flags of the commands that draw a figure against workers.
type figureFlags struct {
	file, format string
	title        string
	size         string
	fontSize     float64
	theme        string
	linear       bool
	only         string

	fewer string // flags that leave fewer panels; "" if there are none
}

func (g *figureFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&g.file, "output", "o", "", "file to draw to; its ending chooses svg, png, pdf, or json for Vega-Lite")
	f.StringVar(&g.format, "format", "", "svg, png, pdf or vega-lite, whatever the file is called; without -o to standard output")
	f.StringVar(&g.title, "title", "", "title of the figure, instead of one that says what was compared")
	f.StringVar(&g.size, "size", "", `size: a ratio as in 16:9, or pixels as in 1280x720; without it as high as it needs`)
	f.Float64Var(&g.fontSize, "font-size", 0, "size of the letters of axes in points, 4 to 72; lines and markers grow with them")
	f.StringVar(&g.theme, "theme", "light", "light, dark or print")
	f.BoolVar(&g.linear, "linear", false, "linear axes instead of logarithmic ones")
	f.StringVar(&g.only, "only", "", "one panel: time, speedup or efficiency")
}

// check refuses what cannot be drawn, before anything is read.
func (g *figureFlags) check(cmd *cobra.Command) (charts.Layout, error) {
	var l charts.Layout
	formats := append(slices.Clone(charts.Formats), charts.VegaLiteFormat)
	switch {
	case g.format != "" && !slices.Contains(formats, g.format):
		return l, usageError{fmt.Errorf("--format %q: write one of %s", g.format, strings.Join(formats, ", "))}
	case g.format == "" && g.file == standardOutput:
		return l, usageError{errors.New("-o -: say the format, as in --format svg: there is no ending that says it")}
	case g.format == "" && g.file == "":
		return l, usageError{errors.New("no file to draw to: add -o FILE, as in -o scaling.svg, or --format vega-lite for standard output")}
	case g.format == "":
		if err := drawable(g.file); err != nil {
			return l, err
		}
	}
	if g.file == standardOutput {
		g.file = ""
	}
	if err := inFolder(g.file); err != nil {
		return l, err
	}
	if out := file(cmd.OutOrStdout()); g.file == "" && (g.format == "png" || g.format == "pdf") && out != nil && isatty.IsTerminal(out.Fd()) {
		return l, usageError{fmt.Errorf("--format %s writes no text, and standard output is a terminal: add -o FILE", g.format)}
	}
	if g.only != "" && !slices.Contains(charts.Quantities, charts.Quantity(g.only)) {
		return l, usageError{fmt.Errorf("--only %s: write --only time, --only speedup or --only efficiency", g.only)}
	}
	theme, err := charts.ParseTheme(g.theme)
	if err != nil {
		return l, usageError{fmt.Errorf("--theme: %w", err)}
	}
	if l, err = parseSize(g.size); err != nil {
		return l, usageError{err}
	}
	if cmd.Flags().Changed("font-size") && !(g.fontSize >= 4 && g.fontSize <= 72) {
		return l, usageError{fmt.Errorf("--font-size %g: write points from 4 to 72, as in --font-size 14", g.fontSize)}
	}
	l.FontSize, l.Theme = g.fontSize, theme
	return l, nil
}

// cssPixels are those of an inch on the web.
const cssPixels = 96

// parseSize reads --size. A ratio has the usual width.
func parseSize(size string) (charts.Layout, error) {
	bad := fmt.Errorf("--size %q: write a ratio from 1:4 to 4:1, as in 16:9, or pixels from 300x200 to 8000x8000, as in 1280x720", size)
	if size == "" {
		return charts.Layout{}, nil
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) {
			return 0
		}
		return v
	}
	if w, h, ok := strings.Cut(size, ":"); ok {
		ratio := number(w) / number(h)
		if !(ratio >= 0.25 && ratio <= 4) {
			return charts.Layout{}, bad
		}
		return charts.Layout{Width: 11, Height: 11 / ratio}, nil
	}
	a, b, ok := strings.Cut(strings.ToLower(size), "x")
	w, h := number(a), number(b)
	if !ok || w < 300 || h < 200 || w > 8000 || h > 8000 {
		return charts.Layout{}, bad
	}
	return charts.Layout{Width: w / cssPixels, Height: h / cssPixels, DPI: cssPixels}, nil
}

// draw writes the figure to the file, or to standard output.
func (g *figureFlags) draw(cmd *cobra.Command, f charts.Figure, l charts.Layout) error {
	format := g.format
	if format == "" {
		format, _ = charts.FormatOf(g.file)
	}
	if format != charts.VegaLiteFormat && !f.Empty() {
		room, err := charts.RoomFor(f, l)
		if errors.As(err, new(*charts.SizeError)) {
			return g.noRoom(f, l)
		} else if err != nil {
			return err
		}
		for _, text := range room.Dropped {
			cmd.PrintErrln("amdahl: note: no room in the figure for:", text)
		}
		if larger, ok := charts.Larger(f, l); room.Crowded && ok {
			cmd.PrintErrf("amdahl: note: so many series are hard to tell apart in a figure of this size: write --size %s, or choose fewer with --filter\n", pixels(larger))
		}
	}
	var err error
	if g.file == "" {
		err = charts.Draw(cmd.OutOrStdout(), f, format, l)
	} else {
		err = charts.SaveAs(g.file, format, f, l)
	}
	if err != nil {
		return err
	}
	if g.file != "" {
		cmd.PrintErrln("amdahl: wrote", g.file)
	}
	return nil
}

// noRoom says what to write instead of a size or letters that leave no room.
func (g *figureFlags) noRoom(f charts.Figure, l charts.Layout) error {
	what := ""
	if g.size != "" {
		what = "--size " + g.size
	}
	if g.fontSize > 0 {
		what = strings.TrimSpace(fmt.Sprintf("%s --font-size %g", what, g.fontSize))
	}
	var ways []string
	if larger, ok := charts.Larger(f, l); ok {
		ways = append(ways, "--size "+pixels(larger))
	}
	if smaller, ok := charts.Smaller(f, l); ok {
		ways = append(ways, fmt.Sprintf("--font-size %g", smaller))
	}
	one := f
	one.Panels = f.Panels[:min(len(f.Panels), 1)]
	if _, err := charts.RoomFor(one, l); len(f.Panels) > 1 && g.fewer != "" && err == nil {
		ways = append(ways, g.fewer)
	}
	if len(ways) == 0 {
		return usageError{fmt.Errorf("%s: no room for the figure and its texts: choose fewer series", what)}
	}
	return usageError{fmt.Errorf("%s: no room for the figure and its texts: write %s", what, strings.Join(ways, ", or "))}
}

// pixels is a layout as --size takes it.
func pixels(l charts.Layout) string {
	return fmt.Sprintf("%.0fx%.0f", l.Width*cssPixels, l.Height*cssPixels)
}
