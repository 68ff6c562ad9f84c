package charts

import (
	"fmt"
	"math"

	"amdahl/results/words"
)

// Toy is the staircase of equal tasks that the workers cannot share evenly.
var Toy = &Picture{
	Name: "toy", Title: "A staircase", Doc: "so many equal tasks on n workers",
	Parameters: []Parameter{{Name: "tasks", Symbol: "m", Doc: "m is the number of tasks, 1 or more", Min: 1, Default: []float64{8, 12}}},
	Panels: func(v Values, o PictureOptions) (Drawn, error) {
		var d Drawn
		var lines []Line
		for i, m := range v["tasks"] {
			text := fmt.Sprintf("%s tasks", words.Number(m))
			steps := func(n float64) float64 { return math.Ceil(m/n) / m }
			lines = append(lines, Line{Name: text, Ink: Ink(i + 1), Dash: Solid, Label: text, At: sample(o.quantity(steps), 1, o.To)})
			d.Legend = append(d.Legend, Entry{Text: text, Ink: Ink(i + 1), Dash: Solid})
		}
		panel, ideal := o.panel(lines)
		d.Panels, d.Legend = []Panel{panel}, append(d.Legend, ideal)
		d.Notes = []string{"n workers take as long as the one with the most tasks, ⌈m/n⌉ of them."}
		return d, nil
	},
}
