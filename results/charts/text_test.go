package charts

import (
	"fmt"
	"strings"
)

// String prints the figure's data as text, one thing a line, numbers to four
// digits. Of a line it shows the ends and at most seven corners between.
func (f Figure) String() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	line("title: %s", f.Title)
	line("subtitle: %s", f.Subtitle)
	if f.Columns > 0 {
		line("panels side by side: %d", f.Columns)
	}
	for i, p := range f.Panels {
		line("panel %d", i+1)
		if p.Title != "" {
			line("  title: %s", p.Title)
		}
		line("  x: %s", p.X)
		line("  y: %s", p.Y)
		for _, b := range p.Bands {
			line("  band %q: y = %.4g to %.4g", b.Label, b.Low, b.High)
		}
		for _, b := range p.Boxes {
			label := ""
			if b.Label != "" {
				label = fmt.Sprintf(" labelled %q", b.Label)
			}
			if b.Beside != "" {
				label += fmt.Sprintf(" beside %q", b.Beside)
			}
			if b.Fill == SeriesFill {
				label += " " + b.Ink.String() + faintly(b.Faint)
			}
			line("  box %s: x = %.4g to %.4g, y = %.4g to %.4g%s", b.Fill, b.X0, b.X1, b.Y0, b.Y1, label)
		}
		for _, o := range p.Outlines {
			line("  outline: x = %.4g to %.4g, y = %.4g to %.4g", o.X0, o.X1, o.Y0, o.Y1)
		}
		for _, s := range p.Points {
			line("  points %q %s %s%s", s.Name, s.Ink, source(s.Source), faintly(s.Faint))
			for _, at := range s.At {
				bar := "no interval"
				if at.Bar != nil {
					bar = fmt.Sprintf("[%.4g, %.4g]", at.Bar.Low, at.Bar.High)
				}
				if at.Across != nil {
					bar = fmt.Sprintf("across [%.4g, %.4g]", at.Across.Low, at.Across.High)
				}
				if at.Shift != 0 {
					bar += fmt.Sprintf(" shifted by %.3g", at.Shift)
				}
				line("    %.4g  %.4g %s", at.X, at.Y, bar)
			}
		}
		for _, l := range p.Lines {
			grey := ""
			if l.Grey {
				grey = " grey"
			}
			label := ""
			if l.Label != "" {
				label = fmt.Sprintf(" labelled %q", l.Label)
			}
			line("  line %q %s %s%s%s%s:%s", l.Name, l.Ink.Colour(), l.Dash, grey, faintly(l.Faint), label, corners(l.At))
		}
		for _, r := range p.Refs {
			axis := "y"
			if r.Vertical {
				axis = "x"
			}
			line("  reference %q %s %s: %s = %.4g", r.Label, r.Ink.Colour(), r.Dash, axis, r.At)
		}
	}
	for _, e := range f.Legend {
		what := []string{}
		if e.Marker {
			what = append(what, e.Ink.String(), string(source(e.Source)))
		} else if e.Fill == "" || e.Fill == SeriesFill {
			what = append(what, e.Ink.Colour())
		}
		if e.Fill != "" {
			what = append(what, "fill "+string(e.Fill))
		}
		if e.Dash != "" {
			what = append(what, string(e.Dash)+" line"+faintly(e.FaintLine))
		}
		line("legend %q %s%s", e.Text, strings.Join(what, " "), faintly(e.Faint))
	}
	for _, c := range f.Caption {
		line("caption: %s", c)
	}
	return b.String()
}

func faintly(is bool) string {
	if is {
		return " faint"
	}
	return ""
}

// String prints the axis: label, unit, limits, ticks.
func (a Axis) String() string {
	var ticks []string
	for _, t := range a.Ticks {
		if t.Label == "" {
			ticks = append(ticks, fmt.Sprintf("(%.4g)", t.Value))
		} else {
			ticks = append(ticks, t.Label)
		}
	}
	scale, between := "log2", " "
	switch a.Scale {
	case Linear:
		scale = string(a.Scale)
	case Categories:
		scale, between = string(a.Scale), " | "
	}
	return fmt.Sprintf("%s, %s, %.4g to %.4g, ticks %s", a.Name(), scale, a.Min, a.Max, strings.Join(ticks, between))
}

// corners prints up to nine corners of a line, evenly spread.
func corners(at []XY) string {
	const most = 9
	var b strings.Builder
	step := max(1, (len(at)-1)/(most-1))
	for i := 0; i < len(at); i += step {
		if len(at)-1-i < step {
			i = len(at) - 1
		}
		fmt.Fprintf(&b, " (%.4g, %.4g)", at[i].X, at[i].Y)
	}
	return b.String()
}
