package read

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results"
)

// GoogleJSON is what Google Benchmark writes with --benchmark_format=json.
var GoogleJSON = Format{
	Name: "Google Benchmark JSON",
	Doc:  "`--benchmark_format=json`; x is `threads:N` of the names, else the only number that varies; time is real_time, of repetitions without their single results the median",
	Sniff: func(head []byte, _ string) bool {
		return jsonHead(head, '{', "benchmarks", "(?:real_time|iterations)") && !isPytest(head) // whose stats have iterations too
	},
	Read: readGoogleJSON,
}

type googleRun struct {
	Name       string  `json:"name"`
	RunName    string  `json:"run_name"`
	RunType    string  `json:"run_type"`
	Aggregate  string  `json:"aggregate_name"`
	RealTime   float64 `json:"real_time"`
	TimeUnit   string  `json:"time_unit"`
	Error      bool    `json:"error_occurred"`
	Message    string  `json:"error_message"`
	Iterations float64 `json:"iterations"`
}

func readGoogleJSON(in *input) error {
	var doc struct {
		Benchmarks []json.RawMessage `json:"benchmarks"`
	}
	text, err := readJSON(in, "Google Benchmark", &doc, "benchmarks")
	if err != nil {
		return err
	}
	var rows googleRows
	for _, e := range elements(text, doc.Benchmarks) {
		var r googleRun
		if err := json.Unmarshal(e.RawMessage, &r); err != nil {
			return &results.Complaint{File: in.name, Line: e.line, What: err.Error()}
		}
		if r.Error {
			in.complain(e.line, r.Name, "the benchmark failed: %s", r.Message)
			continue
		}
		name, aggregate := r.Name, r.Aggregate
		if r.RunName != "" && aggregate != "" {
			name = r.RunName
		}
		rows.add(name, aggregate, r.RealTime, r.TimeUnit, e.line)
	}
	return rows.read(in)
}

// googleRows are the results of Google Benchmark in any of its formats.
type googleRows struct {
	rows []googleRow
}

type googleRow struct {
	name, aggregate string
	time            float64
	unit            string
	line            int
}

// aggregates are the ends of names of aggregates where nothing else says so. The first
// four are those of every repeated benchmark.
var aggregates = []string{"mean", "median", "stddev", "cv", "BigO", "RMS", "min", "max"}

func (g *googleRows) add(name, aggregate string, time float64, unit string, line int) {
	g.rows = append(g.rows, googleRow{name, aggregate, time, unit, line})
}

// findAggregates finds the rows whose names end as those of aggregates do: the name
// without that end has a result of its own, or another aggregate, or says that it was
// repeated.
func (g *googleRows) findAggregates() {
	names, ends := map[string]bool{}, map[string]int{}
	above := map[string]bool{} // names in front of a slash
	split := func(name string) (base, end string) {
		at := strings.LastIndexByte(name, '_')
		if at < 0 || !slices.Contains(aggregates, name[at+1:]) {
			return name, ""
		}
		return name[:at], name[at+1:]
	}
	for _, r := range g.rows {
		if r.aggregate == "" {
			names[r.name] = true
			if at := strings.LastIndexByte(r.name, '/'); at > 0 {
				above[r.name[:at]] = true
			}
			base, end := split(r.name)
			if end != "" && slices.Index(aggregates, end) < 4 {
				ends[base]++
			}
		}
	}
	for i, r := range g.rows {
		base, end := split(r.name)
		family := (end == "BigO" || end == "RMS") && above[base]
		if r.aggregate == "" && end != "" && (names[base] || ends[base] > 1 || family || strings.Contains(base, "/repeats:")) {
			g.rows[i].name, g.rows[i].aggregate = base, end
		}
	}
}

// read adds the single results, and the median of those that have only
// aggregates.
func (g *googleRows) read(in *input) error {
	g.findAggregates()
	single, medians := map[string]bool{}, map[string]bool{}
	for _, r := range g.rows {
		single[r.name] = single[r.name] || r.aggregate == ""
		medians[r.name] = medians[r.name] || r.aggregate == "median"
	}
	in.block.eachThread = "Google Benchmark since version 1.9 prints the time of an operation in each thread"
	for _, r := range g.rows {
		switch {
		case r.aggregate == "":
		case r.aggregate == "median" && !single[r.name], r.aggregate == "mean" && !single[r.name] && !medians[r.name]:
			in.note("%s: repetitions without their single results: the %s of each was taken", in.name, r.aggregate)
		default:
			continue
		}
		unit := r.unit
		if unit == "" {
			unit = "ns"
		}
		f, ok := secondsIn(unit)
		t := r.time * f
		if !ok || !(t > 0) || math.IsInf(t, 0) {
			in.complain(r.line, r.name, "the time is %v %s: a number above 0 is needed", r.time, r.unit)
			continue
		}
		in.add(label{kind: named, text: googleName(r.name)}, r.line, &Measurement{Time: t, Tasks: 1})
	}
	if len(g.rows) == 0 {
		return fmt.Errorf("%w in %s: it has no benchmark of Google Benchmark", ErrNothing, in.name)
	}
	return nil
}

// googleName writes a name of Google Benchmark, BM_X/64/real_time/threads:8, as
// benchmark names are written: BM_X/64/threads=8.
func googleName(name string) string {
	parts := strings.Split(name, "/")
	kept := parts[:0]
	for i, p := range parts {
		key, value, ok := strings.Cut(p, ":")
		switch {
		case i > 0 && (p == "real_time" || p == "process_time" || p == "manual_time"):
		case ok && (key == "iterations" || key == "repeats" || key == "min_time" || key == "min_warmup_time"):
		case ok && value != "" && !strings.HasPrefix(value, ":"):
			kept = append(kept, key+"="+value)
		default:
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "/")
}
