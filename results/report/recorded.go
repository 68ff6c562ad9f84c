package report

import (
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/report/page"
	"amdahl/results/why"
	"amdahl/results/words"
)

// recordedColumns is how fine the lanes of a recorded operation are on a page.
// mostRecorded bounds how many operations a page has: each is about 10 KB.
const (
	recordedColumns = 500
	mostRecorded    = 60
)

// recordedOf reports whether an operation is one of a curve: of its series, at one of
// its levels.
func recordedOf(o *contract.Operation, c *results.Curve) bool {
	name := func(n results.Name) string {
		n = n.Without(contract.NameWorkers, c.X)
		n.Package = ""
		return n.String()
	}
	return name(results.ParseName(o.Case)) == name(c.Name) &&
		slices.ContainsFunc(c.Points, func(p results.Point) bool { return p.Workers == float64(o.Workers) })
}

// Belongs reports whether an operation that was recorded is of one of the curves, so that
// a page of theirs plays it.
func Belongs(o *contract.Operation, curves []*results.Curve) bool {
	return slices.ContainsFunc(curves, func(c *results.Curve) bool { return recordedOf(o, c) })
}

// recordings are the operations of a curve that were recorded: of several at one level
// the one of median time.
func (m *pageMaker) recordings(c *results.Curve) []page.Recording {
	var all []page.Recording
	for _, o := range recordedAt(c, m.o.Recorded) {
		if m.recorded < mostRecorded {
			m.recorded++
			all = append(all, m.recording(o))
		}
	}
	return all
}

// recordedAt are the operations of the levels of a curve, ascending.
func recordedAt(c *results.Curve, recorded []*contract.Operation) (all []*contract.Operation) {
	levels := map[int][]*contract.Operation{}
	for _, o := range recorded {
		if recordedOf(o, c) {
			levels[o.Workers] = append(levels[o.Workers], o)
		}
	}
	for _, p := range c.Points {
		if ops := levels[int(p.Workers)]; len(ops) > 0 {
			slices.SortStableFunc(ops, func(a, b *contract.Operation) int { return int(a.Time - b.Time) })
			all = append(all, ops[(len(ops)-1)/2])
		}
	}
	return all
}

// recording is one operation for the script: its lanes as runs of columns.
func (m *pageMaker) recording(o *contract.Operation) page.Recording {
	out := page.Recording{N: page.Number(o.Workers), Time: page.Number(o.Time.Seconds()), Columns: recordedColumns, Lanes: len(o.Lanes), Shares: map[int]page.Number{}}
	tracks, share := charts.Tracks(o, recordedColumns)
	index := func(c contract.Cause) int { return m.cause(string(c)) }
	for _, c := range contract.Causes {
		if share[c] > 0 {
			out.Shares[index(c)] = page.Number(share[c])
		}
	}
	for _, t := range tracks {
		row := page.RecordedRow{Name: words.Clean(t.Name), Runs: []int{}}
		for i := 0; i < len(t.Causes); {
			k := i
			for k < len(t.Causes) && t.Causes[k] == t.Causes[i] {
				k++
			}
			cause := -1
			if t.Causes[i] != "" {
				cause = index(t.Causes[i])
			}
			row.Runs = append(row.Runs, cause, k-i)
			i = k
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// cause is the index of a cause in the data of the page, which gets it if it has it not.
func (m *pageMaker) cause(name string) int {
	all := &m.page.Data.Causes
	if i := slices.IndexFunc(*all, func(c page.Cause) bool { return c.Name == name }); i >= 0 {
		return i
	}
	title := name
	for _, c := range why.All {
		if string(c.Name) == name {
			title = c.Title
		}
	}
	*all = append(*all, page.Cause{Name: name, Title: title})
	return len(*all) - 1
}
