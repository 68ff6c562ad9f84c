package class

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"

	"amdahl/results/words"
)

// colors is how many colours the style sheet has for series; further ones begin anew.
const colors = 6

// color is the class of the style sheet for a series.
func color(i int) string { return fmt.Sprintf("s%d", i%colors) }

// A frame is the axes that all figures of the page share, so that they can be
// compared: the numbers of workers and the speedups, both logarithmic.
type frame struct{ workers, low, high float64 }

// Sizes of a figure, in its own units.
const (
	width, height            = 340.0, 250.0
	left, right, top, bottom = 34.0, 26.0, 10.0, 36.0
)

// frame spans all curves.
func (c *Class) frame() frame {
	f := frame{2, 1, 1.5}
	for _, r := range c.Runs {
		for _, a := range r.Series {
			if a == nil {
				continue
			}
			for _, l := range a.Levels {
				if s, ok := measuredAt(a, l.N); ok {
					f.workers, f.low, f.high = max(f.workers, l.N), min(f.low, s), max(f.high, s)
				}
			}
		}
	}
	f.high = min(f.high*1.1, max(f.workers, f.high))
	f.low *= 0.95
	return f
}

func (f frame) x(n float64) float64 {
	return left + math.Log(n)/math.Log(f.workers)*(width-left-right)
}

func (f frame) y(s float64) float64 {
	return height - bottom - math.Log(s/f.low)/math.Log(f.high/f.low)*(height-top-bottom)
}

// draw draws the runs of some series as an SVG whose colours are classes of the style
// sheet. Curves that stand out are drawn last, and carry the number of the run.
func (f frame) draw(runs []*Run, series, all []string, odd map[curve]bool, title string) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, width, height, html.EscapeString("speedup against workers: "+title))
	for _, v := range ticks(f.low, f.high) {
		fmt.Fprintf(&b, `<path class="grid" d="M%g %.1fH%g"/><text class="end" x="%g" y="%.1f">%s</text>`, left, f.y(v), width-right, left-5, f.y(v)+4, words.Number(v))
	}
	for _, v := range ticks(1, f.workers) {
		fmt.Fprintf(&b, `<text class="mid" x="%.1f" y="%g">%s</text>`, f.x(v), height-bottom+15, words.Number(v))
	}
	fmt.Fprintf(&b, `<text class="mid" x="%g" y="%g">workers</text>`, (left+width-right)/2, height-5)
	most := min(f.workers, f.high)
	fmt.Fprintf(&b, `<path class="ideal" d="M%.1f %.1fL%.1f %.1f"/>`, f.x(1), f.y(1), f.x(most), f.y(most))
	for _, late := range []bool{false, true} {
		for _, r := range runs {
			for _, s := range series {
				if odd[curve{r, s}] == late {
					b.WriteString(f.line(r, s, color(slices.Index(all, s)), late))
				}
			}
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // numbers, and words that are escaped
}

// line is one curve.
func (f frame) line(r *Run, series, class string, odd bool) string {
	a := r.Series[series]
	if a == nil {
		return ""
	}
	var d strings.Builder
	x, y := 0.0, 0.0
	for _, l := range a.Levels {
		if s, ok := measuredAt(a, l.N); ok {
			x, y = f.x(l.N), f.y(s)
			fmt.Fprintf(&d, "%c%.1f %.1f", "ML"[min(d.Len(), 1)], x, y)
		}
	}
	if d.Len() == 0 {
		return ""
	}
	if odd {
		class += " odd"
	}
	if busy(a) {
		class += " busy"
	}
	text := fmt.Sprintf(`<path class="%s" d="%s"><title>run %d, %s</title></path>`, class, d.String(), r.Number, html.EscapeString(r.Kind.Text))
	if odd {
		text += fmt.Sprintf(`<text class="number" x="%.1f" y="%.1f">%d</text>`, x+3, y+4, r.Number)
	}
	return text
}

// ticks are powers of two from low to high, at most eight.
func ticks(low, high float64) []float64 {
	var list []float64
	for v := math.Exp2(math.Ceil(math.Log2(low))); v <= high*1.0001; v *= 2 {
		list = append(list, v)
	}
	for len(list) > 8 {
		for i := len(list) - 2; i > 0; i -= 2 {
			list = slices.Delete(list, i, i+1)
		}
	}
	return list
}
