package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report/page"
	"amdahl/results/words"
)

// A drawing is the figures of one group, for files and for the page, and their files
// beside the page, "" where there are none. In a file a series that is not sound is
// faint, with its verdict in the legend; on the page it has its verdict in words and
// no point.
type drawing struct {
	group                 groups.Group
	left                  bool // for want of room: it has no figures, and no place on the page
	scaling, stacks       charts.Figure
	scalingSVG, stackSVG  string
	pageScaling, pageLost charts.Figure
	looks                 []charts.Look // of the series
}

// drawings are the figures of every group.
func drawings(as []*laws.Analysis, o Options) []drawing {
	var all []drawing
	slots := charts.SlotsOfAll(as)
	scaling := func(as []*laws.Analysis) charts.Figure {
		return charts.Scaling(as, charts.Options{Confidence: o.Confidence, Slots: slots})
	}
	stacks := func(as []*laws.Analysis) charts.Figure {
		return charts.Stacks(as, charts.StacksOptions{Confidence: o.Confidence})
	}
	gs := groups.Of(as)
	left := leftOut(gs)
	for i, g := range gs {
		if left[i] {
			all = append(all, drawing{group: g, left: true})
			continue
		}
		d := drawing{group: g, scaling: scaling(g.Analyses), stacks: stacks(g.Analyses), looks: charts.LooksOf(g.Analyses, slots)}
		d.pageScaling, d.pageLost = d.scaling, d.stacks
		if sound := soundOf(g); len(sound) < len(g.Analyses) {
			d.pageScaling, d.pageLost = scaling(sound), stacks(sound)
		}
		all = append(all, d)
	}
	return all
}

// soundOf are the analyses of a group that may be drawn: a series without enough
// sound rounds shows its verdict and no point.
func soundOf(g groups.Group) []*laws.Analysis {
	return slices.DeleteFunc(slices.Clone(g.Analyses), func(a *laws.Analysis) bool { return a.Verdict == laws.TooFewSoundRounds })
}

// A pageMaker fills in a page.
type pageMaker struct {
	o      Options
	page   page.Page
	styles page.Styles
	tables *tables // of all series; its footnotes are those of the page
	row    map[*laws.Analysis]row

	samples  int // in the data so far
	recorded int // operations likewise
}

// mostSamples bounds what the script of a page reads. The figures of further groups
// are the drawings of Go.
const mostSamples = 50_000

// samplesIn counts the samples of a group.
func samplesIn(g page.Group) int {
	n := 0
	for _, s := range g.Series {
		for _, l := range s.Levels {
			n += len(l.Samples)
		}
	}
	return n
}

// writePage writes one self-contained page: what each workload answers, a section of
// each with its figures, sentences and tables, the table of all series, the
// footnotes, how to read it, the environment, how to make it again. It fetches
// nothing, follows the reader's light or dark theme, and is readable on a phone. all
// are the figures.
func writePage(w io.Writer, as []*laws.Analysis, all []drawing, o Options) error {
	o.Wide, o.Verbose = true, true
	m := &pageMaker{o: o, tables: newTables(as, o), row: map[*laws.Analysis]row{}}
	if len(m.tables.Sections) == 0 {
		return fmt.Errorf("report: %w", ErrNoAnalysis)
	}
	for _, s := range m.tables.Sections {
		for _, r := range s.Rows {
			m.row[r.analysis] = r
		}
	}
	m.page = page.Page{
		Title: cmp.Or(o.Title, "How it scales"), Light: charts.Variables(false), Dark: charts.Variables(true),
		Confidence: words.Number(100 * cmp.Or(o.Confidence, 0.95)), Colors: charts.Colors(),
		Runs: pageRuns(as), Unsound: unsound(as), Reproduce: o.Reproduce, Live: o.Live,
		Notes: m.tables.Notes, Terms: terms(as), Data: newData(as, o),
	}
	m.page.Full = m.full()
	m.head(as)
	names := fileNames(all)
	shown := slices.DeleteFunc(slices.Clone(all), func(d drawing) bool { return d.left })
	if n := len(all) - len(shown); n > 0 {
		m.page.Left = leftText(len(shown), len(all))
	}
	for _, t := range topicsOf(groupsOf(shown)) {
		if err := m.topic(t, all, names); err != nil {
			return err
		}
	}
	if err := page.Write(w, m.page, &m.styles); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// head fills in what stands at the top and at the end of a page.
func (m *pageMaker) head(as []*laws.Analysis) {
	for _, s := range m.o.Environment {
		m.page.Environment = append(m.page.Environment, page.Setting(s))
	}
	for _, s := range skips(m.o.Skipped) {
		m.page.Skipped = append(m.page.Skipped, page.Setting{Key: s.Name, Value: s.Why})
	}
	var commands []string
	for _, r := range m.page.Runs {
		if r.Command != "" {
			commands = append(commands, r.Command)
		}
	}
	m.page.Reproduce = append(commands, m.page.Reproduce...)
	for _, a := range as {
		if a == nil || a.Curve == nil || len(m.page.Runs) > 0 {
			continue
		}
		if env := charts.Environment(a.Curve.Machine); env != "" && !slices.Contains(m.page.Machines, env) {
			m.page.Machines = append(m.page.Machines, env)
		}
	}
}

// pageRuns are the runs that made the curves. One that does not say its command line
// says its plan.
func pageRuns(as []*laws.Analysis) []page.Run {
	var all []page.Run
	for _, r := range runsThat(as, func(r *results.Run) bool { return r.Command != "" || r.Date != "" || r.Plan != "" }) {
		out := page.Run{Text: upper(provenance(r)), Command: words.Clean(r.run.Command)}
		if r.run.Date == "" {
			out.Text += "; the date is not in the file"
		}
		var plan []string
		if out.Command == "" && json.Unmarshal([]byte(r.run.Plan), &plan) == nil && len(plan) > 0 {
			out.Command = "amdahl run"
			for _, arg := range plan {
				out.Command += " " + read.Quote(words.Clean(arg))
			}
		}
		all = append(all, out)
	}
	return all
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func groupsOf(all []drawing) []groups.Group {
	var gs []groups.Group
	for _, d := range all {
		gs = append(gs, d.group)
	}
	return gs
}

// topic adds the card and the section of one workload.
func (m *pageMaker) topic(t topic, all []drawing, names []string) error {
	w := page.Work{Title: t.Title}
	var looks []charts.Look // of the answer that the card begins with
	for _, a := range t.Answers {
		i := slices.IndexFunc(all, func(d drawing) bool { return &d.group.Analyses[0] == &a.Group.Analyses[0] })
		part, err := m.part(all[i], "fig-"+names[i], len(m.page.Data.Groups))
		if err != nil {
			return err
		}
		if &a.Group.Analyses[0] == &t.main().Group.Analyses[0] {
			looks = all[i].looks
		}
		if w.ID == "" {
			w.ID = "work-" + names[i]
		}
		g := m.group(all[i], names[i], t.Title)
		if m.samples += samplesIn(g); m.samples > mostSamples {
			g.Series = []page.Series{}
		}
		m.page.Data.Groups = append(m.page.Data.Groups, g)
		w.Parts = append(w.Parts, part)
	}
	m.page.Works = append(m.page.Works, w)
	m.page.Cards = append(m.page.Cards, m.card(t, w.ID, looks))
	return nil
}

// card is the answer for one workload.
func (m *pageMaker) card(t topic, id string, looks []charts.Look) page.Card {
	main := t.main()
	c := page.Card{Work: id, Title: t.Title, Text: words.Clean(main.Text), Sound: main.Sound, Unit: "workers",
		Grade: grade(main.Group.Analyses[0].Curve.Run), Belief: belief(main.Group), Picture: cardPicture(main.Group, looks)}
	if main.Pool > 0 {
		c.Pool, c.Unit = fmt.Sprint(main.Pool), strings.TrimPrefix(words.Workers(float64(main.Pool)), fmt.Sprintf("%d ", main.Pool))
	}
	for _, a := range t.Answers {
		if a.Kind == results.Weak && main.Kind != results.Weak {
			c.Growing = words.Clean(a.Text)
		}
	}
	return c
}

// Page writes the page alone, without the files that [Write] puts beside it.
func Page(w io.Writer, as []*laws.Analysis, o Options) error {
	return writePage(w, as, drawings(as, o), o)
}
