package report

import (
	"fmt"
	"slices"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/why"
)

// lostTime is where the worker time of a group went.
type lostTime struct {
	ID string
	pictures
	Findings []findings
	Tables   []lostTable
}

// A lostTable is the numbers of one series; the first row heads the others.
type lostTable struct {
	Series string
	Head   []string
	Rows   [][]string
}

// newLostTime lays out the stacks of a group; nil if there are none.
func newLostTime(id string, d drawing) (*lostTime, error) {
	if d.stacks.Empty() {
		return nil, nil
	}
	g, l := d.group, &lostTime{ID: id}
	var told strings.Builder
	told.WriteString("Bars of the worker time that was paid for, split by cause, for every number of workers.")
	for i, a := range g.Analyses {
		s := stackOf(a)
		if s == nil || len(s.Levels) == 0 {
			continue
		}
		texts := s.Sentences()
		l.Findings = append(l.Findings, findings{Series: g.Short[i], Texts: texts})
		fmt.Fprintf(&told, " %s: %s", g.Short[i], texts[0])
		rows := s.rows(a.Curve.X)
		l.Tables = append(l.Tables, lostTable{g.Short[i], rows[0], rows[1:]})
	}
	told.WriteString(" The numbers stand in the table below the figure.")
	var err error
	l.pictures, err = newPictures(d.stacks, id, told.String(), d.stackSVG)
	return l, err
}

// causesOf are the causes that the stacks of the analyses have.
func causesOf(as []*laws.Analysis) []*why.Cause {
	known := map[*why.Cause]bool{}
	for _, a := range as {
		if s := stackOf(a); s != nil {
			some, less := s.Causes()
			for _, c := range append(some, less...) {
				known[c] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(why.All), func(c *why.Cause) bool { return !known[c] })
}
