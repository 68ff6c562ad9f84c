package read

import (
	"strings"

	"amdahl/results"
)

// JMHCSV is what JMH writes with -rf csv.
var JMHCSV = Format{
	Name:  "JMH CSV",
	Doc:   "`-rf csv`; x and time as in its JSON",
	Sniff: func(head []byte, _ string) bool { return jmhCSVHeader.Match(head) },
	Read:  readJMHCSV,
}

var jmhCSVHeader = compile(`(?m)^"?Benchmark"?[,;\t]"?Mode"?[,;\t]"?Threads"?[,;\t]`)

func readJMHCSV(in *input) error {
	rows, at, err := csvBelow(in, "Benchmark", "Mode", "Threads", "Score", "Unit")
	if err != nil {
		return err
	}
	var all jmhRuns
	for _, r := range rows {
		threads, ok := parseQuantity(r.cells[at["Threads"]], false)
		score, fine := jmhScore(r.cells[at["Score"]])
		if !ok || !fine {
			in.complain(r.line, strings.Join(r.cells, ","), "Threads and Score are %q and %q: numbers are needed", r.cells[at["Threads"]], r.cells[at["Score"]])
			continue
		}
		run := jmhRun{name: r.cells[at["Benchmark"]], mode: r.cells[at["Mode"]], threads: threads.value, unit: r.cells[at["Unit"]], scores: []float64{score}, line: r.line}
		if jmhSecondary(run.name) {
			continue
		}
		for i, n := range headerOf(at) {
			if key, ok := strings.CutPrefix(n, "Param: "); ok && i < len(r.cells) && r.cells[i] != "" {
				run.params = append(run.params, results.Part{Key: key, Value: r.cells[i]})
			}
		}
		all = append(all, run)
	}
	return all.read(in)
}

// headerOf lists the names of the columns in their order.
func headerOf(at map[string]int) []string {
	n := 0
	for _, i := range at {
		n = max(n, i+1)
	}
	names := make([]string, n)
	for name, i := range at {
		names[i] = name
	}
	return names
}

// jmhScore reads a score, in which a comma is a decimal point where the locale
// has one.
func jmhScore(s string) (float64, bool) {
	q, ok := parseQuantity(s, strings.Contains(s, ",") && !strings.Contains(s, "."))
	return q.value, ok
}
