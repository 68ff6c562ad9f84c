package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// The small picture of a card, in units of its box.
const (
	cardWidth  = 240.0
	cardHeight = 84.0
	cardLabel  = 84.0 // room for the names of bars
	cardRow    = 17.0
	cardBars   = 5 // at most
)

// cardPicture draws a group in a few strokes: the speedups of its series as curves,
// or, of fewer than three levels, as bars. It is an SVG for the page, with colours as
// CSS variables; "" where there is nothing sound to draw. Its sentence says what it
// shows, so it is hidden from those who cannot see it.
func cardPicture(g groups.Group, looks []charts.Look) template.HTML {
	var body strings.Builder
	height := cardHeight
	curves := slices.ContainsFunc(g.Analyses, func(a *laws.Analysis) bool {
		return len(a.Levels) > 2 && a.Levels[0].Speedup != nil && a.Verdict != laws.TooFewSoundRounds
	})
	if curves {
		cardCurves(&body, g, looks)
	} else if height = cardBarsOf(&body, g, looks); height == 0 {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %g %g" aria-hidden="true">%s</svg>`, cardWidth, height, body.String()))
}

// cardCurves draws speedups against workers, both logarithmic: a dot a level, and the
// law where there is one.
func cardCurves(b *strings.Builder, g groups.Group, looks []charts.Look) {
	levels := levelsIn(g)
	most, least := 1.0, 1.0
	for _, a := range g.Analyses {
		for _, l := range a.Levels {
			if l.Speedup != nil && stats.Positive(l.Speedup.Value) && a.Verdict != laws.TooFewSoundRounds {
				most, least = max(most, l.Speedup.Value), min(least, l.Speedup.Value)
			}
		}
	}
	last := levels[len(levels)-1]
	first := levels[0]
	most = max(most, math.Sqrt(last))
	const pad, right = 5.0, 44.0
	x := func(n float64) float64 { return pad + (cardWidth-pad-right)*math.Log(n/first)/math.Log(last/first) }
	y := func(s float64) float64 {
		return cardHeight - pad - (cardHeight-2*pad)*math.Log(s/least)/math.Log(most/least)
	}
	top := min(last, most)
	fmt.Fprintf(b, `<path d="M%.1f %.1fL%.1f %.1f" fill="none" stroke="var(--faint)" stroke-dasharray="1 3"/>`, x(first), y(max(first, least)), x(top), y(top))
	var free []float64 // where labels stand
	for i, a := range g.Analyses {
		if len(a.Levels) < 2 || a.Levels[0].Speedup == nil || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		color := looks[i].Ink.Colour()
		if f := a.Chosen; f != nil {
			var line strings.Builder
			for k := range 25 {
				n := first * math.Pow(last/first, float64(k)/24)
				if s := f.Speedup(n); stats.Positive(s) {
					fmt.Fprintf(&line, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[line.Len() == 0], x(n), y(min(max(s, least), most)))
				}
			}
			fmt.Fprintf(b, `<path d="%s" fill="none" stroke="var(--%s)" stroke-width="1.5"/>`, line.String(), color)
		}
		for _, l := range a.Levels {
			if stats.Positive(l.Speedup.Value) {
				fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="2.6" fill="var(--%s)"/>`, x(l.N), y(l.Speedup.Value), color)
			}
		}
		end := a.Levels[len(a.Levels)-1]
		at := y(end.Speedup.Value) + 4
		for slices.ContainsFunc(free, func(v float64) bool { return math.Abs(v-at) < 11 }) {
			at += 11
		}
		free = append(free, at)
		if at < cardHeight {
			fmt.Fprintf(b, `<text x="%.1f" y="%.1f" class="small">%s×</text>`, x(end.N)+6, at, words.Number(end.Speedup.Value))
		}
	}
}

// cardBarsOf draws a bar a series: its best speedup, or its time where there is none.
// It returns the height of the picture; 0 where there is nothing to draw.
func cardBarsOf(b *strings.Builder, g groups.Group, looks []charts.Look) float64 {
	type bar struct {
		name, color, text string
		value             float64
	}
	var bars []bar
	speedups := slices.ContainsFunc(g.Analyses, func(a *laws.Analysis) bool { _, ok := choiceOf(a); return ok })
	for i, a := range g.Analyses {
		if len(a.Levels) == 0 || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		l := a.Levels[len(a.Levels)-1]
		x := bar{name: words.Clean(g.Short[i]), color: looks[i].Ink.Colour()}
		switch {
		case speedups && len(a.Levels) > 1 && l.Speedup != nil && stats.Positive(l.Speedup.Value):
			x.value, x.text = l.Speedup.Value, words.Number(l.Speedup.Value)+"×"
		case !speedups && stats.Positive(l.Time.Value) && !a.Curve.Relative:
			x.value, x.text = l.Time.Value, words.Seconds(l.Time.Value)
		default:
			continue
		}
		bars = append(bars, x)
	}
	slices.SortStableFunc(bars, func(a, b bar) int {
		if speedups {
			a, b = b, a
		}
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	most := 0.0
	for _, x := range bars[:min(len(bars), cardBars)] {
		most = max(most, x.value)
	}
	const room = cardWidth - cardLabel - 54
	for i, x := range bars[:min(len(bars), cardBars)] {
		top := float64(i) * cardRow
		w := max(room*x.value/most, 1)
		name := words.Shorten(x.name, func(t string) bool { return words.Width(t) <= 13 })
		fmt.Fprintf(b, `<text x="%g" y="%.1f" text-anchor="end" class="small">%s</text><rect x="%g" y="%.1f" width="%.1f" height="11" rx="2" fill="var(--%s)"/><text x="%.1f" y="%.1f" class="small">%s</text>`,
			cardLabel-6, top+11.5, template.HTMLEscapeString(name), cardLabel, top+2, w, x.color, cardLabel+w+5, top+11.5, template.HTMLEscapeString(x.text))
	}
	if speedups && most > 1 {
		at := cardLabel + room/most
		fmt.Fprintf(b, `<path d="M%.1f 0V%.1f" stroke="var(--muted)" stroke-dasharray="2 2"/>`, at, float64(min(len(bars), cardBars))*cardRow)
	}
	return float64(min(len(bars), cardBars)) * cardRow
}
