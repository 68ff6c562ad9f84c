package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"amdahl/results/words"
)

// A printer lays text out. What goes wrong is kept until flush, which returns it.
type printer struct {
	w   *bufio.Writer
	o   Options
	err error // of a table
}

func newPrinter(w io.Writer, o Options) *printer {
	if o.Width <= 0 {
		o.Width = 120
	}
	return &printer{w: bufio.NewWriter(w), o: o}
}

func (p *printer) flush() error {
	if err := cmp.Or(p.w.Flush(), p.err); err != nil {
		return fmt.Errorf("report: printing the table: %w", err)
	}
	return nil
}

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

// common prints what the names of several series have in common.
func (p *printer) common(name string, series int) {
	if name != "" && series > 1 {
		p.line(p.style(bold, name))
	}
}

// table prints rows of texts under their heads, in columns as wide as they need.
// On a terminal that is too narrow the columns of giving are left out, the first
// of them first.
func (p *printer) table(rows [][]string, giving ...int) {
	gone := map[int]bool{}
	var out []string
	for _, i := range giving {
		width := -between
		for k, w := range widest([][][]string{rows}) {
			if !gone[k] {
				width += w + between
			}
		}
		if !p.o.Narrow || width <= p.o.Width {
			break
		}
		gone[i] = true
		if rows[0][i] != "" {
			out = append(out, rows[0][i])
		}
	}
	kept := make([][]string, len(rows))
	for r, row := range rows {
		for i, c := range row {
			if !gone[i] {
				kept[r] = append(kept[r], c)
			}
		}
	}
	p.shortenNames(kept)
	p.grid(aligned(kept))
	p.leftOut(out)
}

// shortenNames shortens the first column on a terminal that is too narrow for it.
func (p *printer) shortenNames(rows [][]string) {
	width := -between
	widths := widest([][][]string{rows})
	for _, w := range widths {
		width += w + between
	}
	if !p.o.Narrow || width <= p.o.Width {
		return
	}
	room := max(widths[0]-(width-p.o.Width), shortName)
	for _, r := range rows {
		r[0] = words.Shorten(r[0], func(t string) bool { return words.Width(t) <= room })
	}
}

// leftOut says which columns had no room, and how to see them.
func (p *printer) leftOut(heads []string) {
	if len(heads) > 0 {
		p.hanging("", fmt.Sprintf("Left out, for %d columns of the terminal are too few: %s. To see all: a wider terminal, or the same command with | less -S behind it.", p.o.Width, strings.Join(heads, ", ")))
	}
}

// aligned makes the columns of one table equally wide.
func aligned(rows [][]string) [][]string {
	grid := [][][]string{rows}
	pad(grid, widest(grid))
	return rows
}

// widest is the width of each column of grids that have the same columns.
func widest(grids [][][]string) []int {
	widths := make([]int, len(grids[0][0]))
	for _, g := range grids {
		for _, r := range g {
			for i, c := range r {
				widths[i] = max(widths[i], words.Width(c))
			}
		}
	}
	return widths
}

// grid prints one table of cells that are padded: no frame, a rule under the
// header.
func (p *printer) grid(rows [][]string) {
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
	p.err = cmp.Or(p.err, t.Bulk(rows[1:]), t.Render())
	for l := range strings.Lines(b.String()) {
		p.line(strings.TrimSuffix(l, "\n"))
	}
}
