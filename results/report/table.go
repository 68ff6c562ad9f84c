package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

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
	grids, out := p.layout(b)
	for i, s := range b.Sections {
		if i > 0 {
			p.line("")
		}
		p.heading(s)
		p.grid(grids[i])
	}
	p.leftOut(out)
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
	return p.flush()
}

func (p *printer) heading(s section) {
	if s.Heading != "" {
		p.line(p.style(bold, s.Heading))
	}
	for _, text := range []string{s.Base, s.Points} {
		if text == "" {
			continue
		}
		for _, l := range words.Fold(text, p.o.Width) {
			p.line(p.style(dim, l))
		}
	}
}

// layout makes the cells of every section, all equally wide. Where a terminal is
// too narrow for all columns, some are left out; out are their heads.
func (p *printer) layout(b *tables) (grids [][][]string, out []string) {
	which := shown(p.o)
	for {
		grids, wide := p.columns(b, which)
		if !wide || !p.o.Narrow {
			return grids, out
		}
		next := slices.IndexFunc(givingWay, func(head string) bool {
			return slices.ContainsFunc(which, func(i int) bool { return columns[i].Head == head })
		})
		if next < 0 {
			return grids, out
		}
		out = append(out, givingWay[next])
		which = slices.DeleteFunc(which, func(i int) bool { return columns[i].Head == givingWay[next] })
	}
}

// givingWay are the heads of the columns in the order in which they give way on a
// narrow terminal. σ stays.
var givingWay = []string{"error", "κ", "peak", "max", "T(1)", "law", "use", "speedup"}

// columns makes the cells of every section in some columns, all equally wide, with
// as many intervals as the width allows. wide says that the rows are wider than
// that even without any.
func (p *printer) columns(b *tables, which []int) (grids [][][]string, wide bool) {
	for drop := 0; ; drop++ {
		grids = nil
		intervals := false
		for _, s := range b.Sections {
			g, more := cells(s, which, drop)
			intervals = intervals || more
			grids = append(grids, g)
		}
		widths := widest(grids)
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
			wide = min(widths[0], shortName) > room
			widths[0] = min(widths[0], max(room, shortName))
			pad(grids, widths)
			return grids, wide
		}
	}
}

const (
	between   = 2  // spaces between columns
	shortName = 16 // the least room for the series' names
)

// cells are the texts of a section with its header; more says whether any
// interval is left that can still be dropped.
func cells(s section, which []int, drop int) (grid [][]string, more bool) {
	head := []string{s.Key}
	for _, i := range which {
		head = append(head, columns[i].Head)
	}
	grid = append(grid, append(head, "notes"))
	for _, r := range s.Rows {
		line := []string{r.Name}
		for _, i := range which {
			c := r.Cells[i]
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
