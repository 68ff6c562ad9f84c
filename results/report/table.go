package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// Table prints the analyses as a table for people: one row a series, the
// series of one workload under a heading with what they have in common and
// the base case in seconds, then what limits each and where
// its worker time went, then the footnotes, then what was skipped. Where
// the table is wider than Options.Width, intervals give way one column at a
// time, then the middle of long names, and the intervals of σ last.
func Table(w io.Writer, as []*laws.Analysis, o Options) error {
	b := newTables(as, o)
	if len(b.Sections) == 0 {
		return fmt.Errorf("report: %w", ErrNoAnalysis)
	}
	p := newPrinter(w, o)
	for _, text := range unsound(as) {
		p.hanging("", text)
	}
	grids := p.layout(b)
	for i, s := range b.Sections {
		if i > 0 {
			p.line("")
		}
		p.heading(s)
		if err := p.grid(grids[i]); err != nil {
			return err
		}
	}
	if !o.Brief {
		p.diagnosis(b)
	}
	p.notes(b)
	p.skipped()
	if lines := Provenance(as); len(lines) > 0 {
		p.line("")
		for _, text := range lines {
			p.hanging("", text)
		}
	}
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("report: printing the table: %w", err)
	}
	return nil
}

type printer struct {
	w *bufio.Writer
	o Options
}

// line prints a line; what goes wrong is kept by the writer until Flush.
func (p *printer) line(s string) { fmt.Fprintln(p.w, strings.TrimRight(s, " ")) }

const (
	bold = "1"
	dim  = "2"
)

func (p *printer) style(code, s string) string {
	if !p.o.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *printer) heading(s section) {
	if s.Heading != "" {
		p.line(p.style(bold, s.Heading))
	}
	if s.Base != "" {
		for _, l := range words.Fold(s.Base, p.o.Width) {
			p.line(p.style(dim, l))
		}
	}
}

// layout makes the cells of every section, all equally wide, with as many
// intervals as the width allows.
func (p *printer) layout(b *tables) [][][]string {
	var grids [][][]string
	for drop := 0; ; drop++ {
		grids = nil
		widths := make([]int, len(columns)+2)
		intervals := false
		for _, s := range b.Sections {
			g, more := cells(s, drop)
			intervals = intervals || more
			grids = append(grids, g)
			for _, r := range g {
				for i, c := range r {
					widths[i] = max(widths[i], words.Width(c))
				}
			}
		}
		rest := between * (len(widths) - 1)
		for _, w := range widths[1:] {
			rest += w
		}
		room := p.o.Width - rest // for the names
		need := max(p.o.Width/3, 2*shortName)
		if drop == mostKeep-2 {
			need = shortName // rather a shorter name than no interval of σ
		}
		if min(widths[0], need) <= room || !intervals {
			widths[0] = min(widths[0], max(room, shortName))
			pad(grids, widths)
			return grids
		}
	}
}

const (
	between   = 2  // spaces between columns
	shortName = 16 // the least room for the series' names
)

// cells are the texts of a section with its header; more says whether any
// interval is left that can still be dropped.
func cells(s section, drop int) (grid [][]string, more bool) {
	head := []string{s.Key}
	for _, c := range columns {
		head = append(head, c.Head)
	}
	grid = append(grid, append(head, "notes"))
	for _, r := range s.Rows {
		line := []string{r.Name}
		for i, c := range r.Cells {
			if columns[i].Keep > drop+1 {
				more = more || c.Interval != ""
				line = append(line, c.String())
			} else {
				line = append(line, c.Value)
			}
		}
		var notes []string
		for _, n := range r.Notes {
			notes = append(notes, strconv.Itoa(n))
		}
		grid = append(grid, append(line, strings.Join(notes, " ")))
	}
	return grid, more
}

// pad makes every cell as wide as its column and the space after it.
func pad(grids [][][]string, widths []int) {
	for _, g := range grids {
		for _, r := range g {
			for i, c := range r {
				c = words.Shorten(c, func(t string) bool { return words.Width(t) <= widths[i] })
				w := widths[i]
				if i < len(r)-1 {
					w += between
				}
				r[i] = words.Pad(c, w)
			}
		}
	}
}

// grid prints one table: no frame, a rule under the header.
func (p *printer) grid(rows [][]string) error {
	rows = slices.Clone(rows)
	rows[0] = slices.Clone(rows[0])
	for i := range rows[0] {
		head := strings.TrimRight(rows[0][i], " ")
		rows[0][i] = p.style(bold, head) + rows[0][i][len(head):]
	}
	var b strings.Builder
	t := tablewriter.NewTable(&b,
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.PaddingNone),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.Lines{ShowHeaderLine: tw.On}},
		})),
	)
	t.Header(rows[0])
	if err := t.Bulk(rows[1:]); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	for l := range strings.Lines(b.String()) {
		p.line(strings.TrimSuffix(l, "\n"))
	}
	return nil
}

// diagnosis prints what limits each series.
func (p *printer) diagnosis(b *tables) {
	for _, s := range b.Sections {
		said := false
		for _, r := range s.Rows {
			label := r.Name + ": "
			for _, text := range sayings(r.analysis) {
				if !said {
					p.line("")
					if len(b.Sections) > 1 && s.Heading != "" {
						p.line(p.style(bold, s.Heading))
					}
					said = true
				}
				p.hanging(label, words.Clean(text))
				label = strings.Repeat(" ", min(words.Width(label), most))
			}
		}
	}
}

// sayings are the sentences about a series: what limits it, and where its
// worker time went.
func sayings(a *laws.Analysis) []string {
	var texts []string
	for _, f := range a.Diagnosis {
		texts = append(texts, f.Text)
	}
	if s := stackOf(a); s != nil {
		texts = append(texts, s.Sentences()...)
	}
	return texts
}

// most is how far a text after a label is indented at most.
const most = 24

// notes prints the footnotes.
func (p *printer) notes(b *tables) {
	if len(b.Notes) > 0 {
		p.line("")
	}
	for i, n := range b.Notes {
		p.hanging(fmt.Sprintf("%*d  ", len(strconv.Itoa(len(b.Notes))), i+1), n)
	}
}

// hanging prints a text after a label, folded, with the rest indented.
func (p *printer) hanging(label, text string) {
	indent := min(words.Width(label), most)
	for i, l := range words.Fold(text, max(p.o.Width-indent, 40)) {
		if i == 0 {
			p.line(label + l)
		} else {
			p.line(strings.Repeat(" ", indent) + l)
		}
	}
}
