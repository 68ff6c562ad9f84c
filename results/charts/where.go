package charts

import (
	"fmt"
	"path/filepath"
	"slices"

	"amdahl/results/where"
	"amdahl/results/words"
)

// mostPlaces is how many places a figure shows: the first ones.
const mostPlaces = 12

// Where makes the figure of which functions do not scale: a bar for every place, as long as
// its share of the loss, in the colour of its cause, with the interval, the largest at the
// top. Without a place it is [Figure.Empty].
func Where(a *where.Answer) Figure {
	f := Figure{Title: "What does not scale, and where", Subtitle: a.Series}
	places := a.Places[:min(len(a.Places), mostPlaces)]
	if len(places) == 0 {
		return f
	}
	f.Height = 60 + 24*float64(max(len(places), 2))
	var p Panel
	var names []string
	var whiskers []Point
	most := 0.0
	seen := map[Fill]bool{}
	for i, place := range slices.Backward(places) {
		y := float64(len(places) - i)
		share := 100 * place.Share.Value
		fill := fillOf(place.Cause)
		names = append(names, fmt.Sprintf("%s:%d", filepath.Base(place.File), place.Line))
		p.Boxes = append(p.Boxes, Box{X0: 0, X1: share, Y0: y - 0.34, Y1: y + 0.34, Fill: fill, Beside: words.Share(place.Share.Value)})
		most = max(most, share)
		if iv := place.Share.Interval; iv != nil {
			whiskers = append(whiskers, Point{X: share, Y: y, Across: &Bar{max(iv.Low*100, 0), iv.High * 100}})
			most = max(most, 100*iv.High)
		}
	}
	for _, place := range places {
		if fill := fillOf(place.Cause); !seen[fill] {
			seen[fill] = true
			f.Legend = append(f.Legend, Entry{Text: place.Cause.Title, Fill: fill})
		}
	}
	p.X = Axis{Label: fmt.Sprintf("share of what is lost at %s", words.Workers(a.N)), Unit: "%", Scale: Linear, Max: most * 1.2}
	p.X.Ticks = linearTicks(0, p.X.Max)
	p.Y = categories("line", names)
	if len(whiskers) > 0 {
		p.Points = []Points{{Name: "interval", Bare: true, At: whiskers}}
	}
	f.Panels = []Panel{p}
	f.Caption = []string{fmt.Sprintf("Bars are shares of the worker time that is lost at %s, with 95 %% intervals of %d rounds of profiles.", words.Workers(a.N), a.Rounds)}
	for i, place := range places {
		if i == 3 {
			break
		}
		f.Caption = append(f.Caption, fmt.Sprintf("%s:%d is %s: without it the speedup would be %s.", filepath.Base(place.File), place.Line, words.Clean(place.Function), words.Number(place.Without)))
	}
	return f
}
