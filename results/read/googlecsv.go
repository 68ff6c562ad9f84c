package read

import (
	"fmt"
	"slices"
	"strconv"
)

// GoogleCSV is what Google Benchmark writes with --benchmark_format=csv.
var GoogleCSV = Format{
	Name:  "Google Benchmark CSV",
	Doc:   "`--benchmark_format=csv`, with the context in front or without; x and time as in its JSON",
	Sniff: func(head []byte, _ string) bool { return googleCSVHeader.Match(head) },
	Read:  readGoogleCSV,
}

var googleCSVHeader = compile(`(?m)^"?name"?,"?iterations"?,"?real_time"?,"?cpu_time"?,"?time_unit"?`)

func readGoogleCSV(in *input) error {
	rows, at, err := csvBelow(in, "name", "real_time", "time_unit")
	if err != nil {
		return err
	}
	var g googleRows
	for _, r := range rows {
		v, err := strconv.ParseFloat(r.cells[at["real_time"]], 64)
		if err != nil {
			if i, ok := at["error_message"]; ok && i < len(r.cells) && r.cells[i] != "" {
				in.complain(r.line, r.cells[0], "the benchmark failed: %s", r.cells[i])
			} else {
				in.complain(r.line, r.cells[0], "real_time is %q: a number is needed", r.cells[at["real_time"]])
			}
			continue
		}
		g.add(r.cells[at["name"]], "", v, r.cells[at["time_unit"]], r.line)
	}
	return g.read(in)
}

// csvBelow gives the rows below the header that has these columns, and where
// each column of the header is.
func csvBelow(in *input, need ...string) ([]row, map[string]int, error) {
	rows, err := allRows(in, splitCSV)
	if err != nil {
		return nil, nil, err
	}
	header := slices.IndexFunc(rows, func(r row) bool {
		return !slices.ContainsFunc(need, func(n string) bool { return !slices.Contains(r.cells, n) })
	})
	if header < 0 {
		return nil, nil, fmt.Errorf("%w in %s: no header with %s", ErrNothing, in.name, quoted(need))
	}
	at := map[string]int{}
	for i, n := range rows[header].cells {
		if _, twice := at[n]; !twice {
			at[n] = i
		}
	}
	last := 0
	for _, n := range need {
		last = max(last, at[n])
	}
	var below []row
	for _, r := range rows[header+1:] {
		switch {
		case len(r.cells) <= last:
			in.complain(r.line, "", "%d fields, the header has %d", len(r.cells), len(rows[header].cells))
		case slices.Equal(r.cells[:last+1], rows[header].cells[:last+1]): // the header again, of another run
		default:
			below = append(below, r)
		}
	}
	return below, at, nil
}
