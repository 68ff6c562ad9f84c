package read

import (
	"bytes"
	"slices"
)

// A Format is one way in which measurements are written down.
type Format struct {
	Name string // "Go benchmark text"
	Doc  string // one line for the table of formats: what is read, what is taken for x and for time

	// Table says that the names of columns decide what is what.
	Table bool

	// Metrics says that a result has several numbers, of which [Options.Metric]
	// names one.
	Metrics bool

	// Sniff reports whether a file is of this format, from some of its text, at most
	// [sniffed] bytes, unpacked and in UTF-8, and its name. Where the text at its beginning
	// is of no format, lines behind it are tried.
	Sniff func(head []byte, file string) bool

	// Read reads the file into the session of in. A line that cannot be used
	// is a complaint of in; an error means that the file is of no use.
	Read func(in *input) error
}

// All lists the formats. The first that recognises a file reads it, tables after
// the others; Go benchmark text, the last, takes every file.
var All = []Format{
	GoTestJSON, Hyperfine, GoogleJSON, JMHJSON, PytestJSON, CriterionJSON, K6JSON,
	GoogleText, GoogleCSV, JMHText, JMHCSV, Cilkscale, Pgbench, Sysbench, Wrk, K6,
	Benchstat, BenchstatCSV, Benchcmp,
	HyperfineText, CriterionText, PerfStat, ShellTime, Printed,
	Records, LaTeX, DataFrame, Wide, Markdown, CSV, Columns,
	GoText,
}

// sniffed is how many bytes [Format.Sniff] sees at most.
const sniffed = 64 << 10

// formatOf chooses the format of a file by its contents.
func formatOf(head []byte, file string, o Options) Format {
	head = sniffable(head)
	if o.namesColumn() && !hasGoText(head) && !bytes.ContainsAny(head[:min(1, len(head))], "{[") {
		tables := []Format{Records, LaTeX, Markdown, CSV}
		for _, f := range append(slices.Clone(tables), Columns) {
			if f.Sniff(head, file) && f.isSure(head, o) {
				return f
			}
		}
		for _, f := range tables {
			if f.Sniff(head, file) {
				return f
			}
		}
		if bytes.ContainsAny(head, ",;\t") {
			return CSV
		}
		return Columns
	}
	last := len(All) - 1
	for _, table := range []bool{false, true} {
		if i := slices.IndexFunc(All[:last], func(f Format) bool { return f.Table == table && f.Sniff(head, file) }); i >= 0 {
			return All[i]
		}
	}
	return All[last]
}

// namesColumn reports whether the user named a column, which only tables have.
func (o Options) namesColumn() bool {
	return len(o.Time) > 0 || o.Throughput != "" || o.Latency != "" || o.Speedup != ""
}
