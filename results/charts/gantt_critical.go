package charts

import (
	"amdahl/results/trace"
)

// criticalInk is the colour of the critical path.
const criticalInk Ink = 7

// critical lights the critical path of a run in its rows: a strip along the lower edge of
// each row that it is in, and a line from strip to strip. Steps too short to be seen are left out, and so are those in
// goroutines without a row, where the line is broken.
func (g *bars) critical(path *trace.CriticalPath, drawn []trace.Row) (lines []Line, strips []Box, complete bool) {
	rows := map[int64][]int{}
	for i, r := range drawn {
		rows[r.Number()] = append(rows[r.Number()], i)
	}
	var at []XY
	flush := func() {
		if len(at) > 1 {
			lines = append(lines, Line{Name: "critical path", Ink: criticalInk, Dash: Solid, At: at})
		}
		at = nil
	}
	complete = path.Dropped == 0
	for _, s := range path.Steps {
		from, to := max(s.From, 0), min(s.To, g.end)
		if to-from < g.end/finest {
			continue
		}
		row := -1
		for _, i := range rows[s.Goroutine] {
			spans := drawn[i].Spans
			if len(spans) > 0 && spans[0].From < to && spans[len(spans)-1].To > from {
				row = i
			}
		}
		if row < 0 {
			complete = false
			flush()
			continue
		}
		y := g.places[row] - 0.3
		at = append(at, XY{g.at(from), y}, XY{g.at(to), y})
		strips = append(strips, Box{X0: g.at(from), X1: g.at(to), Y0: y - 0.14, Y1: y + 0.14, Fill: SeriesFill, Ink: criticalInk})
	}
	flush()
	return lines, strips, complete
}
