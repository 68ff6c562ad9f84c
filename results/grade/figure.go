package grade

import (
	"fmt"
	"html"
	"math"
	"strings"
	"unicode/utf8"
)

// A Figure is the student's own data: speedups against workers, as plain data. It
// draws itself without fonts and libraries, because a grader must stay small.
type Figure struct {
	Title  string
	Series []Series
}

// A Series is one line of a figure.
type Series struct {
	Name   string
	Points []FigurePoint // ascending workers
}

// A FigurePoint is a speedup at a number of workers, with the range of its samples.
type FigurePoint struct{ Workers, Speedup, Low, High float64 }

// largest returns the most workers and the largest speedup, at least 1.
func (f *Figure) largest() (workers, speedup float64) {
	workers, speedup = 1, 1
	for _, s := range f.Series {
		for _, p := range s.Points {
			workers, speedup = max(workers, p.Workers), max(speedup, p.Speedup)
		}
	}
	return workers, speedup
}

// longestName is how many letters the longest name of a series has, at most 30.
func (f *Figure) longestName() int {
	most := 0
	for _, s := range f.Series {
		most = max(most, utf8.RuneCountInString(oneLine(s.Name)))
	}
	return min(most, 30)
}

// inks are the colours of Okabe and Ito, which people with colour blindness can tell apart.
var inks = []string{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"}

// SVG draws the figure, 480 by 300. The axis ends a little above the largest speedup; a
// range that goes on is cut there.
func (f *Figure) SVG() []byte {
	const left, top, bottom, width, height = 46, 34, 40, 480, 300
	right := max(110, 20+7*f.longestName()) // names stand there
	workers, most := f.largest()
	most = math.Ceil(1.1 * most)
	x := func(v float64) float64 { return left + (v-1)/max(workers-1, 1)*float64(width-left-right) }
	y := func(v float64) float64 { return height - bottom - v/most*(height-top-bottom) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/><text x="%d" y="20" font-size="14">%s</text>`+"\n", width, height, left, html.EscapeString(oneLine(f.Title)))
	step := math.Ceil(most / 6)
	for v := 0.0; v <= most; v += step {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end" fill="#444">%g</text>`+"\n", left, y(v), width-right, left-6, y(v)+4, v)
	}
	every := math.Ceil(workers / 12)
	for v := 1.0; v <= workers; v += every {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#444">%g</text>`+"\n", x(v), height-bottom+18, v)
	}
	fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#444">workers</text><text transform="translate(14 %d) rotate(-90)" text-anchor="middle" fill="#444">times faster than one</text>`+"\n", float64(left+width-right)/2, height-6, (height-bottom+top)/2)
	ends := make([]float64, len(f.Series)) // where the names stand
	for i, s := range f.Series {
		if len(s.Points) > 0 {
			ends[i] = y(s.Points[len(s.Points)-1].Speedup)
		}
	}
	spread(ends, 15)
	for i, s := range f.Series {
		ink := inks[i%len(inks)]
		var line strings.Builder
		for k, p := range s.Points {
			fmt.Fprintf(&line, "%c%.1f %.1f", "ML"[min(k, 1)], x(p.Workers), y(p.Speedup))
			if p.High > p.Low {
				fmt.Fprintf(&b, `<path d="M%.1f %.1fV%.1f" stroke="%s"/>`, x(p.Workers), y(p.Low), y(min(p.High, most)), ink)
			}
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, x(p.Workers), y(p.Speedup), ink)
		}
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="%s" stroke-width="1.5"/><text x="%d" y="%.1f" fill="%s">%s</text>`+"\n", line.String(), ink, width-right+10, ends[i]+4, ink, html.EscapeString(oneLine(s.Name)))
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// spread moves heights apart until each two differ by gap, in their order.
func spread(heights []float64, gap float64) {
	for range 50 {
		for i := range heights {
			for j := range heights {
				if d := heights[j] - heights[i]; i != j && math.Abs(d) < gap && (d > 0 || d == 0 && j > i) {
					heights[i] -= (gap - d) / 2
					heights[j] += (gap - d) / 2
				}
			}
		}
	}
}

// Text draws the figure as bars of characters.
func (f *Figure) Text() string {
	const width = 40
	_, most := f.largest()
	names := max(10, 1+f.longestName())
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", oneLine(f.Title))
	for _, s := range f.Series {
		for i, p := range s.Points {
			name := ""
			if i == 0 {
				name = oneLine(s.Name)
			}
			fmt.Fprintf(&b, "%s%s %3g  %-*s %.2f\n", name, strings.Repeat(" ", max(names-utf8.RuneCountInString(name), 0)), p.Workers, width, strings.Repeat("#", int(math.Round(p.Speedup/most*width))), p.Speedup)
		}
	}
	return b.String()
}
