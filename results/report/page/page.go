// Package page makes the HTML page of a report: one template, one style sheet and
// one script, joined from plain modules. It knows no law and no curve; package
// report fills in what a page shows.
//
// Everything is on the page without its script, which only adds to it. The page
// fetches nothing: its content security policy names the hashes of its style and of
// its script, and allows nothing else.
package page

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
)

// A Page is what the template shows. Texts are plain; the package escapes them.
type Page struct {
	Title      string
	Light      string // CSS variables of the colours, for light and for dark paper
	Dark       string
	Confidence string // of the intervals, in percent

	Runs     []Run
	Machines []string // where no run says where it was measured
	Unsound  []string // why nothing is fitted to some series

	Cards []Card // by gain, the largest first
	Works []Work // in the order of the cards
	Full  Table  // all series
	Left  string // that some workloads have no room; "" if all are here
	// FullText says that Full has not all rows; "" if it has.
	FullText string
	Notes    []string
	Terms    []Term // what the words and the laws mean
	Colors   map[string]string

	Skipped     []Setting
	Environment []Setting
	Reproduce   []string

	// Live is the version of the files of a served page, which then follows them; see
	// [Waiting]. It is "" for a page that stands by itself.
	Live string

	Data Data // what the script reads
}

// A Run is one measurement: when and where, what the machine gave, and its command.
type Run struct{ Text, Command string }

// A Setting is a key with its value.
type Setting struct{ Key, Value string }

// A Term is a word with what it means.
type Term struct{ Name, Doc, Formula, Source string }

// A Card is the answer for one workload.
type Card struct {
	Work    string // id of its section
	Title   string
	Pool    string // how many workers to use; "" where that is not known
	Unit    string // "workers"
	Text    string // the answer in a sentence
	Grade   string // one letter; "" if unknown
	Belief  string // what speaks for it and against it
	Sound   bool
	Growing string        // the same for work that grows with the workers; "" if there is none
	Picture template.HTML // made by [Styles.Drawing] or of numbers alone
}

// A Work is the section of one workload.
type Work struct {
	ID, Title string
	Parts     []Part // the work that is fixed, and the work that grows
}

// A Part is one group of series: its figure, its sentences, its tables.
type Part struct {
	ID       string
	Heading  string
	Subtitle string
	Base     string
	Points   string // the series of one level, which have no row; "" if there are none
	Figure   Figure
	Findings []Finding
	Lost     *Lost
	Table    Table
	Numbers  Table
	Details  []Detail
	Index    int // of its group in Data.Groups
}

// A Figure is one drawing a panel, with a legend beside them.
type Figure struct {
	Panels  []template.HTML // made by [Styles.Drawing]
	Legend  []Key
	Caption []string
	File    string // beside the page; "" if there is none
}

// A Key is an entry of a legend.
type Key struct {
	Sample template.HTML // made by [Styles.Key]
	Text   string
}

// A Finding is the sentences about one series.
type Finding struct {
	Series string
	Texts  []string
}

// Lost is where the worker time of a group went.
type Lost struct {
	ID string
	Figure
	Findings []Finding
	Details  []Detail
	Flames   []Flame
}

// A Flame is the flame graph of the difference between two levels of a series.
type Flame struct {
	Heading string
	Figure  Figure
}

// A Detail is folded until somebody opens it.
type Detail struct {
	Summary  string
	Table    Table
	Findings []Finding
	Notes    []string
}

// A Table has rows of cells under heads. A section of it has a heading of its own.
type Table struct {
	Label    string // for those who cannot see where it stands
	Head     []Head // the first heads the names of the rows
	Sections []Section
	Noted    bool // the last column links to the notes of the page
}

// A Head is what stands above a column, and what it means.
type Head struct{ Text, Doc string }

// A Section of a table is rows under a heading; "" is none.
type Section struct {
	Heading, Base string
	Points        string // the series of one level, which have no row; "" if there are none
	Rows          []Row
}

// A Row has a name and a cell for each further head.
type Row struct {
	Name  string
	Cells []Cell
	Notes []int // numbers of notes of the page, from 1
}

// A Cell is a number as text, and its interval where it has one.
type Cell struct{ Value, Interval string }

//go:embed *.html *.css *.js
var files embed.FS

var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{"inc": func(i int) int { return i + 1 }}).ParseFS(files, "page.html"))

// Write writes a page. The styles are those that its drawings were made with.
func Write(w io.Writer, p Page, styles *Styles) error {
	data, err := json.Marshal(p.Data) // it escapes <, > and &
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	style, early, script := styleSheet(p, styles), earlyScript(), Script()
	security, follow := policy(style, early, script), ""
	if p.Live != "" {
		security, follow = livePolicy(style, early, script), `<script type="module">`+liveScript()+"</script>"
	}
	view := struct {
		Page
		Policy                             string
		Style, Early, JSON, Script, Follow template.HTML
	}{
		Page:   p,
		Policy: security,
		Follow: template.HTML(follow),
		Style:  template.HTML("<style>" + style + "</style>"),
		Early:  template.HTML("<script>" + early + "</script>"),
		JSON:   template.HTML(`<script type="application/json" id="data">` + string(data) + "</script>"),
		Script: template.HTML(`<script type="module">` + script + "</script>"),
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, view); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if _, err := w.Write(bytes.TrimLeft(out.Bytes(), "\n")); err != nil { // between definitions of the template
		return fmt.Errorf("page: writing it: %w", err)
	}
	return nil
}

// Width is the number of columns.
func (t Table) Width() int {
	if t.Noted {
		return len(t.Head) + 1
	}
	return len(t.Head)
}

// Trimmed is the table without the columns that are empty in all rows: those whose
// cells hold nothing or the mark for it. The column of notes goes where no row has
// one.
func (t Table) Trimmed(none string) Table {
	kept := make([]bool, len(t.Head))
	noted := false
	for i := range kept {
		kept[i] = i == 0
	}
	for _, s := range t.Sections {
		for _, r := range s.Rows {
			noted = noted || len(r.Notes) > 0
			for i, c := range r.Cells {
				kept[i+1] = kept[i+1] || c.Interval != "" || c.Value != "" && c.Value != none
			}
		}
	}
	out := Table{Label: t.Label, Noted: t.Noted && noted}
	for i, h := range t.Head {
		if kept[i] {
			out.Head = append(out.Head, h)
		}
	}
	for _, s := range t.Sections {
		section := Section{Heading: s.Heading, Base: s.Base, Points: s.Points}
		for _, r := range s.Rows {
			row := Row{Name: r.Name, Notes: r.Notes}
			for i, c := range r.Cells {
				if kept[i+1] {
					row.Cells = append(row.Cells, c)
				}
			}
			section.Rows = append(section.Rows, row)
		}
		out.Sections = append(out.Sections, section)
	}
	return out
}
