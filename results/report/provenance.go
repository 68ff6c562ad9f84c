package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// unsound are the first lines of a table: which series nothing is fitted to because
// the machine did not give what they need.
func unsound(as []*laws.Analysis) []string {
	var texts []string
	series := map[string][]string{}
	for _, a := range as {
		if a == nil || a.Curve == nil || a.Verdict != laws.TooFewSoundRounds {
			continue
		}
		text := laws.Unsound(a.Curve)
		if series[text] == nil {
			texts = append(texts, text)
		}
		series[text] = append(series[text], words.Clean(a.Curve.Name.String()))
	}
	for i, text := range texts {
		names := series[text]
		who := names[0]
		if len(names) > 1 {
			who += fmt.Sprintf(" and %d more", len(names)-1)
		}
		texts[i] = who + ": " + text
	}
	return texts
}

// Provenance says where the numbers come from, a line for each run of a driver
// that made them: when, on what machine, what that gave, which rounds count, and
// the command. There are none for results of other origin.
func Provenance(as []*laws.Analysis) []string {
	var lines []string
	for _, r := range runsOf(as) {
		line := provenance(r)
		if r.run.Command != "" {
			line += ": " + r.run.Command
		}
		lines = append(lines, words.Clean(line))
	}
	return lines
}

// provenance is the line of one run without its command.
func provenance(r runOf) string {
	var parts []string
	when := "measured"
	if t, err := time.Parse(time.RFC3339, r.run.Date); err == nil {
		when += " " + t.UTC().Format("2006-01-02 15:04 UTC")
	}
	if env := charts.Environment(r.curves[0].Machine); env != "" {
		when += " on " + env
	}
	parts = append(parts, when)
	if r.run.Grade != "" {
		parts = append(parts, r.run.Grade)
	}
	if g := r.curves[0].Gave; g != nil {
		parts = append(parts, fmt.Sprintf("%s gave %s at the start, %s at the end, %s at least", words.Count(g.Threads, "processor"), g.Processors(g.First), g.Processors(g.Last), g.Processors(g.Least)))
	}
	parts = append(parts, kept(r.curves))
	if r.run.Judged != "" {
		parts = append(parts, "judged by "+r.run.Judged)
	}
	return words.Clean(strings.Join(parts, "; "))
}

// A runOf is one run with the curves that it made.
type runOf struct {
	run    *results.Run
	curves []*results.Curve
}

// runsOf are the runs that say when, or by which command, they were made.
func runsOf(as []*laws.Analysis) []runOf {
	return runsThat(as, func(r *results.Run) bool { return r.Command != "" || r.Date != "" })
}

func runsThat(as []*laws.Analysis, say func(*results.Run) bool) []runOf {
	var all []runOf
	for _, a := range as {
		if a == nil || a.Curve == nil || a.Curve.Run == nil || !say(a.Curve.Run) {
			continue
		}
		i := slices.IndexFunc(all, func(r runOf) bool { return r.run == a.Curve.Run })
		if i < 0 {
			i = len(all)
			all = append(all, runOf{run: a.Curve.Run})
		}
		all[i].curves = append(all[i].curves, a.Curve)
	}
	return all
}

// LeftOut says of curves of one run how many rounds count and why the others do not,
// and why nothing is fitted to a curve with too few sound rounds, in a line each;
// nil where no round was left out.
func LeftOut(as []*laws.Analysis) (lines []string) {
	var curves []*results.Curve
	for _, a := range as {
		if len(a.Curve.Rounds.LeftOut) > 0 {
			curves = append(curves, a.Curve)
		}
		if a.Verdict == laws.TooFewSoundRounds {
			lines = append(lines, words.Clean(a.Curve.Name.String()+": "+laws.Unsound(a.Curve)))
		}
	}
	if len(curves) > 0 {
		lines = append([]string{kept(curves)}, lines...)
	}
	return lines
}

// kept says how many rounds count, and why the others do not.
func kept(curves []*results.Curve) string {
	least, most, total := curves[0].Rounds.Kept, 0, 0
	gone := map[results.Reason][]int{}
	var order []results.Reason
	for _, c := range curves {
		least, most, total = min(least, c.Rounds.Kept), max(most, c.Rounds.Kept), max(total, c.Rounds.Total)
		for _, l := range c.Rounds.LeftOut {
			if gone[l.Why] == nil {
				order = append(order, l.Why)
			}
			gone[l.Why] = append(gone[l.Why], l.Rounds...)
		}
	}
	text := fmt.Sprintf("%d of %s kept", most, words.Count(total, "round"))
	if least < most {
		text = fmt.Sprintf("%d to %d of %s kept", least, most, words.Count(total, "round"))
	}
	for i, why := range order {
		slices.Sort(gone[why])
		sep := ", "
		if i == 0 {
			sep = ", left out for "
		}
		text += fmt.Sprintf("%s%s: %s", sep, why, words.Numbers(slices.Compact(gone[why])))
	}
	return text
}

// The parts of the JSON schema that say where the numbers come from.
type (
	jsonRun struct {
		File     string   `json:"file"`
		Date     string   `json:"date"`
		Machine  string   `json:"machine"`
		Grade    string   `json:"grade"`
		JudgedBy string   `json:"judged_by"`
		Command  string   `json:"command"`
		Series   []string `json:"series"`
	}
	jsonRounds struct {
		Total   int           `json:"total"`
		Kept    int           `json:"kept"`
		LeftOut []jsonLeftOut `json:"left_out"`
	}
	jsonLeftOut struct {
		File   string         `json:"file"`
		Rounds []int          `json:"rounds"`
		Why    results.Reason `json:"why"`
	}
	jsonGave struct {
		Threads int      `json:"threads"` // that asked for them
		First   *float64 `json:"first"`
		Last    *float64 `json:"last"`
		Least   *float64 `json:"least"`
	}
)

func newRuns(as []*laws.Analysis) []jsonRun {
	all := []jsonRun{}
	for _, r := range runsOf(as) {
		j := jsonRun{
			File: r.run.File, Date: r.run.Date, Machine: charts.Environment(r.curves[0].Machine),
			Grade: r.run.Grade, JudgedBy: r.run.Judged, Command: r.run.Command,
		}
		for _, c := range r.curves {
			j.Series = append(j.Series, c.Name.String())
		}
		all = append(all, j)
	}
	return all
}

func newRounds(c *results.Curve) *jsonRounds {
	if c.Rounds.Total == 0 {
		return nil
	}
	j := &jsonRounds{Total: c.Rounds.Total, Kept: c.Rounds.Kept, LeftOut: []jsonLeftOut{}}
	for _, l := range c.Rounds.LeftOut {
		j.LeftOut = append(j.LeftOut, jsonLeftOut(l))
	}
	return j
}

func newGave(g *results.Gave) *jsonGave {
	if g == nil {
		return nil
	}
	return &jsonGave{Threads: g.Threads, First: number(g.First), Last: number(g.Last), Least: number(g.Least)}
}
