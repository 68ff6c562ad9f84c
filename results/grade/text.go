package grade

import (
	"fmt"
	"strings"

	"amdahl/results/words"
)

// Text is for people.
var Text = Format{
	Name: "text",
	Doc:  "for people: a table on standard output",
	Make: func(r *Result, o Options) (Output, error) {
		return Output{Main: []byte(words.UncommandedLines(r.text())), Status: status(r, o.FailUnder)}, nil
	},
}

// text is the whole result as plain text.
func (r *Result) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.heading())
	if m := r.message(); m != "" {
		fmt.Fprintf(&b, "%s\n", m)
	}
	b.WriteString("\n")
	for _, q := range r.Questions {
		fmt.Fprintf(&b, "%-11s %d/%d  %s\n", q.status(), q.Points, q.Max, oneLine(q.Name))
		for line := range strings.Lines(clean(q.Text)) {
			fmt.Fprintf(&b, "                 %s\n", strings.TrimRight(line, "\n"))
		}
	}
	if r.Figure != nil {
		fmt.Fprintf(&b, "\n%s", r.Figure.Text())
	}
	for i, n := range r.Notes {
		if i == 0 {
			b.WriteString("\nFor the lecturer, without points:\n")
		}
		fmt.Fprintf(&b, "- %s\n", oneLine(n))
	}
	return b.String()
}

// heading is the title and the score.
func (r *Result) heading() string {
	points, most := r.Score()
	title := r.Title
	if title == "" {
		title = r.Lab
	}
	switch r.State {
	case NotGradable:
		return fmt.Sprintf("%s: cannot tell", oneLine(title))
	case GraderError:
		return fmt.Sprintf("%s: the grader failed", oneLine(title))
	}
	return fmt.Sprintf("%s: %d of %s", oneLine(title), points, words.Count(most, "point"))
}
