package grade

import "encoding/base64"

// PrairieLearn reads /grade/results/results.json, of at most 1 MiB
// (docs/externalGrading.md). "gradable": false costs no attempt.
var PrairieLearn = Format{
	Name: "prairielearn",
	Doc:  "PrairieLearn's results.json",
	File: "/grade/results/results.json",
	Make: func(r *Result, _ Options) (Output, error) {
		j := prairieResult{Gradable: r.State == Graded, Message: r.message(), Tests: []prairieTest{}}
		if r.State == Graded {
			points, most := r.Score()
			score := 0.0
			if most > 0 {
				score = float64(points) / float64(most)
			}
			j.Score = &score
		} else {
			j.FormatErrors = []string{r.message()}
		}
		for _, q := range r.Questions {
			text := clean(q.Text)
			if q.Unknown {
				text = "Cannot tell: " + text
			}
			j.Tests = append(j.Tests, prairieTest{Name: oneLine(q.Name), Points: q.Points, MaxPoints: q.Max, Message: text})
		}
		if r.Figure != nil {
			j.Images = append(j.Images, prairieImage{"data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(r.Figure.SVG()), r.Figure.Title})
			j.Output = r.Figure.Text()
		}
		main, err := encode(j)
		return Output{Main: main, Print: []byte(notesText(r))}, err
	},
}

type prairieResult struct {
	Gradable     bool           `json:"gradable"`
	Score        *float64       `json:"score,omitempty"`
	Message      string         `json:"message"`
	Output       string         `json:"output,omitempty"`
	FormatErrors []string       `json:"format_errors,omitempty"`
	Images       []prairieImage `json:"images,omitempty"`
	Tests        []prairieTest  `json:"tests"`
}

type prairieImage struct {
	URL   string `json:"url"`
	Label string `json:"label"`
}

type prairieTest struct {
	Name      string `json:"name"`
	Points    int    `json:"points"`
	MaxPoints int    `json:"max_points"`
	Message   string `json:"message"`
}
