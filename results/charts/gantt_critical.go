package charts

import (
	"amdahl/results/trace"
)

// criticalInk is the colour of the critical path.
const criticalInk Ink = 0

// critical draws the critical path of a run over its rows, as one line that goes from
// goroutine to goroutine. Steps too short to be seen are left out, and so are those in
// goroutines without a row, where the line is broken.
func (g *bars) critical(path *trace.CriticalPath, drawn []trace.Row) (lines []Line, complete bool) {
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
		y := g.places[row]
		at = append(at, XY{g.at(from), y}, XY{g.at(to), y})
	}
	flush()
	return lines, complete
}
