package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A column of the table. Keep says how long its intervals stay when the
// table is too wide: the lowest go first; 0 has none.
type column struct {
	Head, Doc string
	Keep      int
	Wide      bool // only in a wide table
}

// columns after the series' name and before the notes.
var columns = []column{
	{"T(1)", "fitted seconds per task at one worker", 3, false},
	{"speedup", "measured, at the largest number of workers", 0, false},
	{"law", "the law chosen", 0, false},
	{"σ", "serial fraction", mostKeep, false},
	{"max", "the most that any number of workers gives, by the law", 4, true},
	{"κ", "the overhead that each further worker adds (by the log law each doubling of them), as a share of T(1)", 2, true},
	{"peak", "best speedup @ workers", 0, true},
	{"use", "the fewest workers within 5 % of the best in the measured range", 0, false},
	{"error", "typical misfit of the law", 0, true},
}

// shown are the indices of the columns of a table.
func shown(o Options) []int {
	var list []int
	for i, c := range columns {
		if o.Wide || !c.Wide {
			list = append(list, i)
		}
	}
	return list
}

// mostKeep is the Keep of σ: the column that loses its intervals last.
const mostKeep = 5

// A row is one series.
type row struct {
	Name  string
	Cells []cell // one for each of columns
	Notes []int  // numbers of footnotes, ascending

	analysis *laws.Analysis
}

// A section is the rows that stand under one heading.
type section struct {
	Heading string // what all names have in common; "" if nothing
	Key     string // heads the column of names: "strategy", "series"
	Base    string // the base case in absolute seconds; "" if not known
	Rows    []row
	Points  string // the series of one level, which have no row; "" if there are none
	lone    []row  // those series, without cells
}

// longestLone is how many letters tell series apart before they are divided by their workloads.
const longestLone = 40

// tables is everything that a table or page prints.
type tables struct {
	Sections []section
	Notes    []string // footnote i has number i+1
	verbose  bool     // with notes about how numbers were made
}

// newTables lays out the analyses: one section a group, but groups of one
// series that follow one another share a section, or, where what tells them
// apart is too long for a column, those of one benchmark or workload do.
func newTables(as []*laws.Analysis, o Options) *tables {
	b := &tables{verbose: o.Verbose}
	var lone []*laws.Analysis
	flush := func() {
		if len(lone) == 0 {
			return
		}
		for _, g := range groups.Lone(lone, longestLone) {
			b.add(g, false, o)
		}
		lone = nil
	}
	for _, g := range groups.Of(as) {
		if len(g.Analyses) == 1 {
			lone = append(lone, g.Analyses[0])
			continue
		}
		flush()
		b.add(g, true, o)
	}
	flush()
	return b
}

// add adds a section; alike says that its series do the same work, so that
// the best of them is the base case of all.
func (b *tables) add(g groups.Group, alike bool, o Options) {
	s := section{Heading: words.Clean(g.Common), Key: words.Clean(orSeries(g.Key))}
	if len(g.Analyses) == 1 {
		s.Heading = ""
	}
	if alike {
		s.Base = base(g)
	}
	var points map[*laws.Analysis]bool
	if alike {
		points, s.Points = pointsOf(g)
	}
	for i, a := range g.Analyses {
		name := rowName(g.Short[i], a.Curve)
		if points[a] {
			s.lone = append(s.lone, row{Name: words.Clean(name), analysis: a})
			continue
		}
		s.Rows = append(s.Rows, b.row(name, a))
	}
	b.Sections = append(b.Sections, s)
}

// pointsOf finds the series of a group that have one level where others have several:
// they are points in the figure and need no row of dashes. The text says what they took.
func pointsOf(g groups.Group) (points map[*laws.Analysis]bool, text string) {
	if !slices.ContainsFunc(g.Analyses, func(a *laws.Analysis) bool { return len(a.Levels) > 1 }) {
		return nil, ""
	}
	points = map[*laws.Analysis]bool{}
	var list []string
	for i, a := range g.Analyses {
		if len(a.Levels) != 1 || a.Curve.Relative || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		points[a] = true
		l := a.Levels[0]
		if l.N == 1 && strings.Contains(base(g), "("+words.Clean(g.Short[i])+")") {
			continue // it is the base case
		}
		list = append(list, fmt.Sprintf("%s %s at %s", words.Clean(rowName(g.Short[i], a.Curve)), seconds(l.Time).Value, words.Workers(l.N)))
	}
	if len(list) > 0 {
		text = "at one level only, for a task: " + strings.Join(list, ", ")
	}
	return points, text
}

// rowName is a short name that always says what a series ran on if that is not
// the machine as it is.
func rowName(short string, c *results.Curve) string {
	cores := c.Name.Value("cores")
	if c.Name.Source() == results.Real || strings.Contains(short, cores) {
		return short
	}
	return short + " · " + cores
}

func (b *tables) row(name string, a *laws.Analysis) row {
	levels := a.Levels
	r := row{Name: words.Clean(name), analysis: a, Cells: make([]cell, len(columns))}
	for i := range r.Cells {
		r.Cells[i] = cell{Value: words.None}
	}
	notes := warnings(a)
	if n := charts.Note(a.Curve.Name.Source()); n != "" {
		notes = append(notes, n)
	}
	if a.Method != "" && b.verbose {
		method := "intervals: " + a.Method
		if a.Chosen != nil {
			method = map[laws.Loss]string{laws.LogTime: "fitted to log time", laws.Throughput: "fitted to throughput"}[a.Chosen.Loss] + "; " + method
		}
		notes = append(notes, method)
	}
	if a.Verdict == laws.TooFewSoundRounds {
		for _, n := range append(notes, "not sound: no number of this row can be believed, so none is shown") {
			r.Notes = append(r.Notes, b.note(n))
		}
		return r
	}
	if a.Curve.Relative {
		notes = append(notes, "speedups were given: S(1) = 1 is fixed, and there is no T(1) in seconds")
	}
	set := func(head string, c cell) {
		r.Cells[slices.IndexFunc(columns, func(c column) bool { return c.Head == head })] = c
	}
	hasOne := len(levels) > 0 && levels[0].N == 1 && !a.Curve.Relative // T(1) was measured
	if f := a.Chosen; f != nil {
		if !a.Curve.Relative {
			set("T(1)", seconds(f.T1))
		}
		set("law", cell{Value: f.Law.Name})
		set("peak", peak(f))
		if f.MaxSpeedup != nil {
			set("max", ceiling(*f.MaxSpeedup))
		} else if c := a.IdealCeiling(); c != nil {
			set("max", ceiling(*c))
		}
		if kappa := f.Param("kappa"); kappa != nil {
			set("κ", plain(kappa.Estimate))
		} else if k := a.DetectableKappa; k != nil && stats.Finite(*k) {
			set("κ", cell{Value: "< " + rough(*k)})
		}
		if f.Param("sigma") == nil && a.Sigma != nil && a.Curve.Kind != results.Weak && b.verbose {
			notes = append(notes, "the law chosen has no σ: the one shown is that of Amdahl's law")
		}
		if stats.Finite(f.Error) {
			set("error", cell{Value: words.Share(f.Error)})
		}
	} else if a.Verdict == laws.NoneFits {
		set("law", cell{Value: "none fits"})
		set("error", cell{Value: words.Share(a.Closest.Error)})
		which := ""
		if hasOne {
			set("T(1)", seconds(levels[0].Time))
			which = "T(1) is the measured median, and "
		}
		notes = append(notes, fmt.Sprintf("no law fits: %sthe closest law is %s", which, a.Closest.Law.Name))
	} else {
		notes = append(without(notes, a.Warnings, laws.ErrOneLevel), unfitted(a.Curve, levels))
		if hasOne {
			set("T(1)", seconds(levels[0].Time))
		}
	}
	if a.Sigma != nil {
		set("σ", plain(*a.Sigma))
	}
	if a.PoolSize != nil {
		set("use", poolSize(a.PoolSize))
	}
	if n := len(levels); n > 1 {
		if s := levels[n-1].Speedup; s != nil {
			set("speedup", cell{Value: words.Even(s.Value) + " @ " + words.Number(levels[n-1].N)})
		} else if a.Chosen != nil {
			notes = append(notes, "no level at 1 worker: a measured speedup has nothing to stand on")
		}
	}
	for _, n := range notes {
		r.Notes = append(r.Notes, b.note(n))
	}
	slices.Sort(r.Notes)
	r.Notes = slices.Compact(r.Notes)
	return r
}

// unfitted says what a row without a law shows instead.
func unfitted(c *results.Curve, levels []stats.Level) string {
	switch {
	case len(levels) == 0:
		return "no measurement that can be used"
	case c.Relative:
		return "no law fitted"
	case len(levels) == 1 && levels[0].N == 1:
		return "measured at one worker only: T(1) is the median, and there is no law to fit"
	case len(levels) == 1:
		return "measured at " + words.Number(levels[0].N) + " workers only: there is no T(1), no speedup and no law to fit"
	case levels[0].N == 1:
		return "no law fitted: T(1) is the measured median"
	}
	return "no law fitted, and no level at 1 worker: there is no T(1) and no speedup"
}

// note gives a footnote its number; equal ones share it.
func (b *tables) note(text string) int {
	text = words.Clean(text)
	if i := slices.Index(b.Notes, text); i >= 0 {
		return i + 1
	}
	b.Notes = append(b.Notes, text)
	return len(b.Notes)
}

// warnings are what a reader of an analysis should know, each once: those of
// the curve, of the analysis, and of the chosen fit.
func warnings(a *laws.Analysis) []string {
	var list []error
	if a.Curve != nil {
		list = append(list, a.Curve.Warnings...)
	}
	list = append(list, a.Warnings...)
	if a.Chosen != nil {
		list = append(list, a.Chosen.Warnings...)
	}
	if s := stackOf(a); s != nil {
		list = append(list, s.Warnings...)
	}
	var texts []string
	for _, err := range list {
		if t := strings.TrimSpace(err.Error()); t != "" && !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	return texts
}

// without takes from the texts those of the errors that are the target.
func without(texts []string, errs []error, target error) []string {
	return slices.DeleteFunc(texts, func(t string) bool {
		return slices.ContainsFunc(errs, func(e error) bool { return errors.Is(e, target) && e.Error() == t })
	})
}

// ErrNoAnalysis says that there is nothing to report.
var ErrNoAnalysis = errors.New("nothing to report: no curve was analysed")
