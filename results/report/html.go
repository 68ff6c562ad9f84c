package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/why"
	"amdahl/results/words"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// A page is what page.html shows.
type page struct {
	Title       string
	Light, Dark template.CSS // colours
	Confidence  string       // in percent
	Machines    []string
	Columns     []column
	Sections    []section
	Width       int // columns of the table
	Figures     []figure
	Notes       []note
	Skipped     []skip
	Causes      []*why.Cause // of which any figure speaks
	Laws        []*laws.Law
	Environment []setting
	Reproduce   []string
	Unsound     []string // why nothing is fitted to some series
	Provenance  []string // where the numbers come from
}

type setting struct{ Key, Value string }

type note struct {
	Number int
	Text   string
}

// A figure is one group: its drawing, its numbers, what limits its series.
type figure struct {
	ID       string
	Title    string
	Subtitle string
	Base     string
	pictures
	Findings []findings
	X        string
	Numbers  []numbers
	Lost     *lostTime    // where the worker time went; nil if nothing says so
	Iron     *ironSection // instructions, CPI and clock; nil if nobody asked
}

// pictures are one figure, twice: for wide and for narrow screens.
type pictures struct {
	File    string // beside the page, "" if there is none
	Caption []string
	Wide    template.HTML
	Narrow  template.HTML
}

// newPictures draws a figure for a page.
func newPictures(f charts.Figure, id, description, file string) (p pictures, err error) {
	p = pictures{File: file, Caption: f.Caption}
	if f.Empty() {
		return p, nil
	}
	if p.Wide, err = inline(f, charts.Layout{Bare: true, Themed: true, Width: 10}, id+"-wide", description); err != nil {
		return p, err
	}
	p.Narrow, err = inline(f, charts.Layout{Bare: true, Themed: true, Stacked: true}, id+"-narrow", description)
	return p, err
}

// findings is what limits one series, a sentence each.
type findings struct {
	Series  string
	Texts   []string
	heading string // in a text; a page has a section instead
}

// numbers is one measured level of one series.
type numbers struct {
	Series, N, Samples      string
	Time, Speedup, Fraction cell
	Efficiency              string
}

// A drawing is the figures of one group, and their files beside the page, ""
// where there are none.
type drawing struct {
	group                groups.Group
	scaling, stacks      charts.Figure
	scalingSVG, stackSVG string
}

// drawings are the figures of every group.
func drawings(as []*laws.Analysis, o Options) []drawing {
	var all []drawing
	slots := charts.SlotsOfAll(as)
	for _, g := range groups.Of(as) {
		all = append(all, drawing{
			group:   g,
			scaling: charts.Scaling(g.Analyses, charts.Options{Confidence: o.Confidence, Slots: slots}),
			stacks:  charts.Stacks(g.Analyses, charts.StacksOptions{Confidence: o.Confidence}),
		})
	}
	return all
}

// writePage writes one self-contained page: the table, a figure of every group
// with its series side by side, what limits each, the footnotes, how to read
// it, the environment, how to make it again. It fetches nothing, follows the
// reader's light or dark theme, and is readable on a phone. all are the figures.
func writePage(w io.Writer, as []*laws.Analysis, all []drawing, o Options) error {
	o.Wide, o.Verbose = true, true
	b := newTables(as, o)
	if len(b.Sections) == 0 {
		return fmt.Errorf("report: %w", ErrNoAnalysis)
	}
	p := page{
		Title: cmp.Or(o.Title, "How it scales"), Light: template.CSS(charts.Variables(false)), Dark: template.CSS(charts.Variables(true)),
		Columns: columns, Sections: b.Sections, Width: len(columns) + 2, Reproduce: o.Reproduce,
	}
	p.Confidence = words.Number(100 * cmp.Or(o.Confidence, 0.95))
	p.Skipped = skips(o.Skipped)
	p.Unsound, p.Provenance = unsound(as), Provenance(as)
	for i, r := range runsOf(as) {
		if r.run.Command != "" {
			p.Reproduce = slices.Insert(slices.Clone(p.Reproduce), i, words.Clean(r.run.Command))
		}
	}
	for i, n := range b.Notes {
		p.Notes = append(p.Notes, note{i + 1, n})
	}
	for _, s := range o.Environment {
		p.Environment = append(p.Environment, setting(s))
	}
	for i, d := range all {
		g, id := d.group, fmt.Sprintf("figure-%d", i+1)
		f, err := newFigure(id, d)
		if err == nil {
			f.Lost, err = newLostTime(id+"-why", d)
		}
		if err != nil {
			return err
		}
		f.Iron = newIronSection(g, o)
		p.Figures = append(p.Figures, f)
		if env := charts.Environment(g.Analyses[0].Curve.Machine); env != "" && !slices.Contains(p.Machines, env) {
			p.Machines = append(p.Machines, env)
		}
	}
	p.Causes = causesOf(as)
	for _, l := range laws.All {
		if slices.ContainsFunc(as, func(a *laws.Analysis) bool { return a != nil && a.Chosen != nil && a.Chosen.Law == l }) {
			p.Laws = append(p.Laws, l)
		}
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, p); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("report: writing the page: %w", err)
	}
	return nil
}

func newFigure(id string, d drawing) (f figure, err error) {
	g, c := d.group, d.scaling
	f.pictures, err = newPictures(c, id, describe(g), d.scalingSVG)
	f.ID, f.Title, f.Subtitle, f.Base, f.X = id, c.Title, c.Subtitle, base(g), "workers"
	for i, a := range g.Analyses {
		if a.Curve.X != "" {
			f.X = a.Curve.X
		}
		name := g.Short[i]
		if len(a.Diagnosis) > 0 {
			said := findings{Series: name}
			for _, d := range a.Diagnosis {
				said.Texts = append(said.Texts, d.Text)
			}
			f.Findings = append(f.Findings, said)
		}
		for _, l := range a.Levels {
			f.Numbers = append(f.Numbers, newNumbers(name, l, a))
		}
	}
	return f, err
}

func newNumbers(name string, l stats.Level, a *laws.Analysis) numbers {
	n := numbers{
		Series: name, N: words.Number(l.N), Samples: fmt.Sprint(l.Samples), Time: seconds(l.Time),
		Speedup: cell{Value: words.None}, Fraction: cell{Value: words.None}, Efficiency: words.None,
	}
	if l.Speedup != nil {
		n.Speedup = plain(*l.Speedup)
		n.Efficiency = words.Share(l.Speedup.Value / l.N)
	}
	for _, k := range a.KarpFlatt {
		if k.N == l.N {
			n.Fraction = plain(laws.Estimate{Value: k.Value, Interval: k.Interval})
		}
	}
	return n
}

// describe says in words what a figure shows, for those who cannot see it.
func describe(g groups.Group) string {
	var b strings.Builder
	b.WriteString("Two panels against the number of workers: time per task, and speedup with the ideal and the fitted laws.")
	for i, a := range g.Analyses {
		if len(a.Levels) < 2 {
			continue
		}
		if last := a.Levels[len(a.Levels)-1]; last.Speedup != nil {
			fmt.Fprintf(&b, " %s: speedup %s at %s.", g.Short[i], words.Number(last.Speedup.Value), words.Number(last.N))
		}
	}
	b.WriteString(" The numbers stand in the table below the figure.")
	return b.String()
}

// inline draws a figure as an SVG element for the middle of a page, with a
// title and a description under ids of its own.
func inline(f charts.Figure, l charts.Layout, id, description string) (template.HTML, error) {
	var b strings.Builder
	if err := charts.Draw(&b, f, "svg", l); err != nil {
		return "", fmt.Errorf("report: figure %q: %w", f.Title, err)
	}
	svg := b.String()
	_, svg, _ = strings.Cut(svg, "<svg ")
	attributes, body, _ := strings.Cut(svg, ">")
	_, box, _ := strings.Cut(attributes, `viewBox="`)
	box, _, _ = strings.Cut(box, `"`)
	escape := template.HTMLEscapeString
	return template.HTML(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s" role="img" aria-labelledby="%s-title %s-text"><title id="%s-title">%s</title><desc id="%s-text">%s</desc>%s`,
		box, id, id, id, escape(f.Title), id, escape(description), body)), nil
}
