package read

import (
	"encoding/csv"
	"strings"
)

// CSV is a table whose columns commas, semicolons or tabs separate.
var CSV = Format{
	Name:  "CSV and TSV",
	Table: true,
	Doc: "a table separated by commas, semicolons or tabs, with or without a header; x is a column called threads, cores, procs, ranks, workers, clients, users, p or n, " +
		"the time one called time, seconds, elapsed, wall, ms …, else a throughput, a latency or a speedup; other columns tell series apart; `-x`, `--time`, `--throughput`, `--latency`, `--speedup`, `--series` name columns, `--unit` the unit, `--comma` what a comma is; rows of runs that failed (`timeout`, an exit code) are left out",
	Sniff: func(head []byte, file string) bool {
		if commasInNumbers(string(head)) {
			return false
		}
		return strings.HasSuffix(strings.TrimSuffix(file, ".gz"), ".csv") && !hasGoText(head) || isTable(head, headCSV)
	},
	Read: func(in *input) error { return readTable(in, splitCSV) },
}

// headCSV splits the beginning of a file into rows.
func headCSV(text string) []row {
	comma := separator(text)
	var rows []row
	number := 0
	for line := range strings.Lines(text) {
		number++
		if line = strings.TrimSpace(line); line == "" || !strings.ContainsRune(line, comma) {
			continue
		}
		c := csv.NewReader(strings.NewReader(line))
		c.Comma, c.LazyQuotes, c.TrimLeadingSpace = comma, true, comma != '\t'
		if cells, err := c.Read(); err == nil {
			rows = append(rows, newRow(cells, number))
		}
	}
	return rows
}

// commasInNumbers reports whether spaces separate the columns of a text and commas
// stand only inside of its numbers.
func commasInNumbers(text string) bool {
	if separator(text) != ',' {
		return false
	}
	found := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.Contains(line, ",") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.Contains(line, `"`) {
			return false
		}
		for _, f := range fields {
			if strings.Contains(f, ",") && !isNumber(f) && !isList(f) {
				return false
			}
		}
		found = true
	}
	return found
}
