package class

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// Options steer the page. The zero value is the default.
type Options struct {
	Title string // "" is "What the class measured"
	Names bool   // show the names of the files beside the numbers
}

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("class").Parse(pageText))

// The data of the template.
type (
	pageData struct {
		Title    string
		Lead     string
		Style    template.CSS
		Policy   string
		Series   []pageSeries
		Outliers []pageOutlier
		Busy     string
		Copies   []string
		Kinds    []pageKind
		Names    bool
		Runs     []pageRun
	}
	pageSeries struct {
		Name   string
		Color  string
		Figure template.HTML
	}
	pageOutlier struct {
		Run            string
		Texts, Reasons []string
	}
	pageKind struct {
		Text   string
		Count  string
		Cells  []string
		Figure template.HTML
	}
	pageRun struct {
		Number        int
		Name, Machine string
		Rounds        string
		Cells         []string
		Odd           bool
	}
)

// Write writes one self-contained page: all curves, by series and by kind of machine, what
// stands out and why, and a table of all runs. It fetches nothing and has no script.
func (c *Class) Write(w io.Writer, o Options) error {
	hash := sha256.Sum256([]byte(pageStyle))
	d := pageData{
		Title: cmp.Or(o.Title, "What the class measured"), Lead: c.lead(), Names: o.Names,
		Style:  template.CSS(pageStyle),
		Policy: "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'",
	}
	names := c.shortNames()
	odd := map[curve]bool{}
	for i, x := range c.Outliers {
		odd[curve{x.Run, x.Series}] = true
		text := fmt.Sprintf("%s: %s times as fast with %s; the middle of %s is %s",
			names[x.Series], words.Even(x.Speedup), words.Workers(x.Workers), x.With, words.Even(x.Usual))
		reason := cmp.Or(strings.Join(x.Reasons, "; "), "nothing in its environment says why")
		if i > 0 && c.Outliers[i-1].Run == x.Run {
			last := &d.Outliers[len(d.Outliers)-1]
			last.Texts = append(last.Texts, text)
			if !slices.Contains(last.Reasons, reason) {
				last.Reasons = append(last.Reasons, reason)
			}
			continue
		}
		d.Outliers = append(d.Outliers, pageOutlier{x.Run.label(o.Names), []string{text}, []string{reason}})
	}
	var crowded []string
	for _, r := range c.Runs {
		if r.Busy {
			crowded = append(crowded, r.label(o.Names))
		}
	}
	if len(crowded) > 0 {
		d.Busy = fmt.Sprintf("Of %s too few rounds are sound, because the machine was busy: %s. Their lines are dashed, and they are compared with no others.", words.Count(len(crowded), "run"), strings.Join(crowded, ", "))
	}
	for _, x := range c.Copies {
		d.Copies = append(d.Copies, fmt.Sprintf("Runs %d and %d have %d equal times, to the nanosecond, which two measurements have not: one is a copy of the other, or of a part of it.", x.A, x.B, x.Equal))
	}
	frame := c.frame()
	for i, s := range c.Series {
		d.Series = append(d.Series, pageSeries{names[s], color(i), frame.draw(c.Runs, []string{s}, c.Series, odd, names[s])})
	}
	for _, k := range c.Kinds {
		row := pageKind{Text: k.Text, Count: words.Count(len(k.Runs), "run"), Figure: frame.draw(k.Runs, c.Series, c.Series, odd, k.Text)}
		for _, s := range c.Series {
			row.Cells = append(row.Cells, rangeOf(k.Runs, s))
		}
		d.Kinds = append(d.Kinds, row)
	}
	for _, r := range c.Runs {
		row := pageRun{Number: r.Number, Machine: r.Kind.Text, Rounds: words.None}
		if o.Names {
			row.Name = r.Name
		}
		for _, s := range c.Series {
			row.Cells = append(row.Cells, cellOf(r.Series[s]))
			row.Odd = row.Odd || odd[curve{r, s}]
			if a := r.Series[s]; a != nil && a.Curve.Rounds.Total > 0 {
				row.Rounds = fmt.Sprintf("%d of %d", a.Curve.Rounds.Kept, a.Curve.Rounds.Total)
			}
		}
		d.Runs = append(d.Runs, row)
	}
	if err := pageTemplate.Execute(w, d); err != nil {
		return fmt.Errorf("class: %w", err)
	}
	return nil
}

// A curve is one series of one run.
type curve struct {
	run    *Run
	series string
}

// label is how a run is called.
func (r *Run) label(names bool) string {
	if names {
		return fmt.Sprintf("%d (%s)", r.Number, words.Clean(r.Name))
	}
	return fmt.Sprint(r.Number)
}

// lead is the first sentence.
func (c *Class) lead() string {
	text := fmt.Sprintf("%s on %s of machine.", words.Count(len(c.Runs), "run"), words.Count(len(c.Kinds), "kind"))
	odd, known := map[int]bool{}, map[int]bool{}
	for _, o := range c.Outliers {
		odd[o.Run.Number] = true
		if len(o.Reasons) > 0 {
			known[o.Run.Number] = true
		}
	}
	switch {
	case len(odd) == 0:
		text += " None stands out."
	case len(odd) == 1:
		text += fmt.Sprintf(" One stands out; the environment of %d says why it may.", len(known))
	default:
		text += fmt.Sprintf(" %d stand out; the environment of %d says why they may.", len(odd), len(known))
	}
	return text + " Every line is one run on one machine; samples of two machines are never put together."
}

// shortNames are what tells the series apart.
func (c *Class) shortNames() map[string]string {
	names := map[string]string{}
	if len(c.Series) == 1 {
		names[c.Series[0]] = words.Clean(c.Series[0])
		return names
	}
	_, _, short := groups.Split(groups.ParseAll(c.Series))
	for i, s := range c.Series {
		names[s] = words.Clean(cmp.Or(short[i], s))
	}
	return names
}

// rangeOf is the speedups of runs at their largest level: the middle one and the range.
func rangeOf(runs []*Run, series string) string {
	var list []float64
	most := 0.0
	for _, r := range runs {
		if a := r.Series[series]; a != nil && a.Curve.Kind != results.Weak && len(a.Levels) > 0 {
			most = max(most, a.Levels[len(a.Levels)-1].N)
		}
	}
	for _, r := range runs {
		if s, ok := speedupAt(r.Series[series], most); ok {
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return words.None
	}
	slices.Sort(list)
	text := words.Even(list[len(list)/2])
	if len(list) > 1 {
		text += fmt.Sprintf(" (%s to %s)", words.Even(list[0]), words.Even(list[len(list)-1]))
	}
	return text + " @ " + words.Number(most)
}

// cellOf is the speedup of one run at its largest level, and its serial part.
func cellOf(a *laws.Analysis) string {
	if a == nil || len(a.Levels) == 0 {
		return words.None
	}
	last := a.Levels[len(a.Levels)-1]
	s, ok := measuredAt(a, last.N)
	if !ok {
		return words.None
	}
	text := words.Even(s) + " @ " + words.Number(last.N)
	switch {
	case busy(a):
		text += ", too busy to believe"
	case a.Verdict == laws.NoneFits:
		text += ", no law fits"
	case a.Sigma != nil:
		text += ", σ " + words.Percent(a.Sigma.Value)
	}
	return text
}
