package grade

import (
	"fmt"
	"strings"
	"time"
)

// Classroom50 reads result.json in the folder of the submission (schema
// classroom50/result/v1). A result that cannot tell has no file and a status that is
// not 0: then the platform keeps the score that was there.
var Classroom50 = Format{
	Name: "classroom50",
	Doc:  "Classroom 50's result.json, release-body.md and figure.svg",
	File: "result.json",
	Make: func(r *Result, o Options) (Output, error) {
		out := Output{Beside: map[string][]byte{"release-body.md": []byte(r.markdown(""))}}
		if r.Figure != nil {
			out.Beside["figure.svg"] = r.Figure.SVG()
		}
		if r.State != Graded {
			out.Status = 3
			return out, nil
		}
		points, most := r.Score()
		j := classroomResult{Schema: "classroom50/result/v1", DateTime: time.Now().UTC().Format(time.RFC3339), Score: points, MaxScore: most, Tests: []classroomTest{}}
		for _, field := range []struct {
			to       *string
			variable string
		}{{&j.Classroom, "CLASSROOM"}, {&j.Assignment, "ASSIGNMENT"}, {&j.Submission, "SUBMISSION_TAG"}, {&j.Commit, "COMMIT_URL"}, {&j.Release, "RELEASE_URL"}, {&j.Review, "REVIEW_URL"}} {
			if *field.to = o.env(field.variable); *field.to == "" {
				return out, fmt.Errorf("grade: classroom50: the variable %s is empty: the runner of Classroom 50 sets it", field.variable)
			}
		}
		if !strings.HasPrefix(j.Submission, "submit/") {
			return out, fmt.Errorf("grade: classroom50: SUBMISSION_TAG is %q: it must begin with submit/", j.Submission)
		}
		for _, q := range r.Questions {
			j.Tests = append(j.Tests, classroomTest{oneLine(q.Name), q.Passed, q.Points, q.Max, clean(q.Text)})
		}
		var err error
		out.Main, err = encode(j)
		return out, err
	},
}

type classroomResult struct {
	Schema     string          `json:"schema"`
	Classroom  string          `json:"classroom"`
	Assignment string          `json:"assignment"`
	Submission string          `json:"submission"`
	Commit     string          `json:"commit"`
	Release    string          `json:"release"`
	Review     string          `json:"review"`
	DateTime   string          `json:"datetime"`
	Score      int             `json:"score"`
	MaxScore   int             `json:"max-score"`
	Tests      []classroomTest `json:"tests"`
}

type classroomTest struct {
	Name     string `json:"test-name"`
	Passed   bool   `json:"passed"`
	Score    int    `json:"score"`
	MaxScore int    `json:"max-score"`
	Message  string `json:"message"`
}
