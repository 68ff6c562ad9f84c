package grade

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Gradescope reads one JSON file: gradescope-autograders.readthedocs.io, "Output
// format". It has no word for "does not count": where a result cannot tell, the
// score of the student's previous submission is kept if there is one, else the points
// that are sure are given; extra_data says so.
var Gradescope = Format{
	Name: "gradescope",
	Doc:  "Gradescope's results.json",
	File: "/autograder/results/results.json",
	Make: func(r *Result, _ Options) (Output, error) {
		points, _ := r.Score()
		j := gradescopeResult{Score: &points, Output: r.message(), OutputFormat: "text", StdoutVisibility: "hidden", Extra: gradescopeExtra{Gradable: r.State == Graded, State: r.State, Lab: r.Lab}, Tests: []gradescopeTest{}}
		if r.State != Graded {
			j.Output = "This does not count as an attempt: " + j.Output
		}
		for i, q := range r.Questions {
			test := gradescopeTest{Name: clean(q.Name), NameFormat: "text", Number: fmt.Sprint(i + 1), Score: &q.Points, MaxScore: &q.Max, Status: "failed", Output: clean(q.Text), OutputFormat: "text", Visibility: "visible"}
			switch {
			case q.Unknown:
				test.Score, test.MaxScore, test.Status = nil, nil, "failed"
				test.Output = "Cannot tell: " + test.Output
			case q.Passed:
				test.Status = "passed"
			}
			j.Tests = append(j.Tests, test)
		}
		if r.Figure != nil {
			j.Tests = append(j.Tests, gradescopeTest{Name: "Your own run", NameFormat: "text", Status: "passed", Output: "```\n" + r.Figure.Text() + "```\n", OutputFormat: "md", Visibility: "visible"})
		}
		if len(r.Notes) > 0 {
			// Hidden tests would hide the student's total; standard output is staff's.
			j.Extra.Notes = len(r.Notes)
		}
		main, err := encode(j)
		return Output{Main: main, Print: []byte(notesText(r))}, err
	},
}

type gradescopeResult struct {
	Score            *int             `json:"score"`
	Output           string           `json:"output"`
	OutputFormat     string           `json:"output_format"`
	StdoutVisibility string           `json:"stdout_visibility"`
	Extra            gradescopeExtra  `json:"extra_data"`
	Tests            []gradescopeTest `json:"tests"`
}

type gradescopeExtra struct {
	Gradable bool   `json:"gradable"`
	State    State  `json:"state"`
	Lab      string `json:"lab"`
	Notes    int    `json:"notes"`
}

type gradescopeTest struct {
	Score        *int   `json:"score,omitempty"`
	MaxScore     *int   `json:"max_score,omitempty"`
	Status       string `json:"status"`
	Name         string `json:"name"`
	NameFormat   string `json:"name_format"`
	Number       string `json:"number,omitempty"`
	Output       string `json:"output"`
	OutputFormat string `json:"output_format"`
	Visibility   string `json:"visibility"`
}

// notesText is the notes for the lecturer, one a line.
func notesText(r *Result) string {
	var b strings.Builder
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", oneLine(n))
	}
	return b.String()
}

// KeepPrevious puts the score of the newest previous submission that was graded into a
// Gradescope result that cannot tell. metadata is submission_metadata.json; without such
// a submission the result stays as it is.
func KeepPrevious(result, metadata []byte) ([]byte, error) {
	var now gradescopeResult
	if err := json.Unmarshal(result, &now); err != nil {
		return nil, fmt.Errorf("grade: %w", err)
	}
	var meta struct {
		Previous []struct {
			Results *gradescopeResult `json:"results"`
		} `json:"previous_submissions"`
	}
	if err := json.Unmarshal(metadata, &meta); err != nil {
		return nil, fmt.Errorf("grade: submission_metadata.json: %w", err)
	}
	if now.Extra.Gradable {
		return result, nil
	}
	for i := len(meta.Previous) - 1; i >= 0; i-- {
		if old := meta.Previous[i].Results; old != nil && old.Score != nil {
			now.Score = old.Score
			now.Output += fmt.Sprintf("\nThe %d points of your previous submission stay.", *old.Score)
			return encode(now)
		}
	}
	return result, nil
}
