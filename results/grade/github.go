package grade

import (
	"fmt"
	"os"
	"strings"

	"amdahl/results/words"
)

// GitHub writes Markdown for the summary of a job, appended to the file that
// GITHUB_STEP_SUMMARY names, and one annotation for each question that failed.
var GitHub = Format{
	Name: "github",
	Doc:  "a job summary (Markdown) and annotations for GitHub Actions",
	Make: func(r *Result, o Options) (Output, error) {
		var notes strings.Builder
		if r.State == NotGradable {
			fmt.Fprintf(&notes, "::notice title=Not gradable::%s\n", githubData(r.message()))
		}
		shown := 0
		for _, q := range r.Questions {
			if q.Passed || q.Unknown || r.State != Graded || shown == 10 { // more are not shown there
				continue
			}
			shown++
			place := ""
			if q.File != "" {
				place = fmt.Sprintf("file=%s,line=%d,", githubProperty(q.File), q.Line)
			}
			fmt.Fprintf(&notes, "::error %stitle=%s::%s\n", place, githubProperty(fmt.Sprintf("%s %d/%d", oneLine(q.Name), q.Points, q.Max)), githubData(clean(q.Text)))
		}
		out := Output{Main: []byte(words.UncommandedLines(r.markdown(""))), Print: []byte(notes.String())}
		if out.Status = status(r, o.FailUnder); out.Status == 3 {
			out.Status = 0 // a red cross would be a verdict
		}
		if summary := o.env("GITHUB_STEP_SUMMARY"); summary != "" && o.File == "" {
			f, err := os.OpenFile(summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
			if err != nil {
				return out, fmt.Errorf("grade: github: GITHUB_STEP_SUMMARY: %w", err)
			}
			if _, err = f.Write(out.Main); err != nil {
				f.Close()
				return out, fmt.Errorf("grade: github: GITHUB_STEP_SUMMARY: %w", err)
			}
			out.Main = nil
			return out, f.Close()
		}
		return out, nil
	},
}

func githubData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func githubProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// markdown is the result as a table. Text of students is indented as code, so that
// no Markdown and no command of a platform in it is obeyed. figure is the address of the
// picture, "" is a chart of text.
func (r *Result) markdown(figure string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", markdownText(r.heading()), markdownText(r.message()))
	if len(r.Questions) > 0 {
		b.WriteString("| | question | points |\n|---|---|---:|\n")
	}
	for _, q := range r.Questions {
		fmt.Fprintf(&b, "| %s | %s | %d/%d |\n", q.status(), markdownText(oneLine(q.Name)), q.Points, q.Max)
	}
	for _, q := range r.Questions {
		if q.Text != "" && !q.Passed {
			fmt.Fprintf(&b, "\n%s (%d/%d):\n\n", markdownText(oneLine(q.Name)), q.Points, q.Max)
			for line := range strings.Lines(clean(q.Text)) {
				fmt.Fprintf(&b, "    %s\n", strings.TrimRight(line, "\n"))
			}
		}
	}
	switch {
	case r.Figure == nil:
	case figure != "":
		fmt.Fprintf(&b, "\n![%s](%s)\n", markdownText(r.Figure.Title), figure)
	default:
		b.WriteString("\n")
		for line := range strings.Lines(r.Figure.Text()) {
			fmt.Fprintf(&b, "    %s", line)
		}
	}
	return b.String()
}

func markdownText(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", ">", "&gt;", "`", "'", "[", "\\[", "*", "\\*", "_", "\\_", "#", "\\#", "\n", " ").Replace(s)
}
