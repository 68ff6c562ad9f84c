// Package report prints what analyses say: as a table, as JSON, as figures,
// and as one HTML page that holds all of it.
package report

import (
	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/where"
)

// Options steer what is printed. The zero value is the default.
type Options struct {
	Title      string  // of the page; "" is "How it scales"
	Width      int     // columns of the terminal; 0 is 120. A table never gets narrower than its numbers.
	Narrow     bool    // columns that have no room in Width are left out, and named below the table; else rows get as wide as they are
	Color      bool    // with ANSI colours; the caller knows the terminal and NO_COLOR
	Brief      bool    // without the diagnosis under a table
	Wide       bool    // with all columns; else with those that a first reading needs, seven at most
	Verbose    bool    // with the footnotes about how numbers were made, beside those that change their meaning
	Confidence float64 // of the intervals of measured times, the same as for the laws; 0 is 0.95

	// Environment is printed beside the numbers; [results.Set] has it.
	Environment []results.Setting

	// Skipped is what was not measured, and why; [results.Set] has it.
	Skipped []results.Skip

	// Where says of series, by their names, which places do not scale; nil if nobody asked.
	Where map[string]*where.Answer

	// Reproduce is the commands that make the same report again.
	Reproduce []string

	// Recorded is operations that were traced: a page plays those of its series.
	Recorded []*contract.Operation

	// Live is the version of the files of a page that is served and follows them; see
	// [amdahl/results/report/view.Options]. "" is a page that stands by itself.
	Live string
}
