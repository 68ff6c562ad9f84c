package grade

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// Autolab reads the last line of the output: {"scores": {problem: number}}. The
// names of the problems are the ids of the questions. It has no word for "does
// not count", and the status must be 0, else make prints a line of its own last.
var Autolab = Format{
	Name: "autolab",
	Doc:  "Autolab's last two lines: a presentation, and the scores by question id",
	Make: func(r *Result, _ Options) (Output, error) {
		scores := map[string]int{}
		tests := map[string]any{}
		for _, q := range r.Questions {
			scores[q.ID] = q.Points
			t := map[string]any{"passed": q.Passed}
			if !q.Passed && q.Text != "" {
				t["hint"] = autolabText(q.Text)
			}
			tests[q.ID] = t
		}
		stage := autolabText(r.Title)
		if r.State != Graded {
			stage = autolabText("Not gradable, hand in again - " + r.message())
		}
		shown, err := json.Marshal(map[string]any{"_presentation": "semantic", "stages": []string{stage}, stage: tests})
		if err != nil {
			return Output{}, err
		}
		last, err := json.Marshal(map[string]any{"scores": scores})
		return Output{Main: fmt.Appendf(nil, "%s\n%s\n", shown, last)}, err
	},
}

var autolabColon = regexp.MustCompile(`(\w):`)

// autolabText is a text on one line without a letter or digit directly before a colon:
// Autolab's server puts quotes around every word before a colon, and would break the JSON.
func autolabText(s string) string {
	return autolabColon.ReplaceAllString(oneLine(s), "$1 :")
}
