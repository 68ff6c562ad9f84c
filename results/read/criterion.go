package read

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// CriterionJSON is what criterion and cargo-criterion write.
var CriterionJSON = Format{
	Name: "criterion JSON",
	Doc:  "`cargo criterion --message-format=json`, `critcmp --export`, and `new/sample.json` or `new/estimates.json` below target/criterion, whose folders name the benchmark; x is the only number of the names that varies",
	Sniff: func(head []byte, _ string) bool {
		return criterionMessage.Match(head) || jsonHead(head, '{', "iters", "times") || jsonHead(head, '{', "mean", "point_estimate") || jsonHead(head, '{', "benchmarks", "criterion_estimates_v1")
	},
	Read: readCriterion,
}

var criterionMessage = regexp.MustCompile(`"reason"\s*:\s*"(?:benchmark|group)-complete"`)

// criterionRun is any of the documents of criterion: a message of cargo
// criterion, a sample.json, an estimates.json.
type criterionRun struct {
	Reason  string    `json:"reason"`
	ID      string    `json:"id"`
	Counts  []float64 `json:"iteration_count"`
	Values  []float64 `json:"measured_values"`
	Unit    string    `json:"unit"`
	Typical *estimate `json:"typical"`
	Iters   []float64 `json:"iters"`
	Times   []float64 `json:"times"`
	Mean    *estimate `json:"mean"`
	Slope   *estimate `json:"slope"`
}

// criterionExport is what critcmp --export writes.
type criterionExport struct {
	Benchmarks map[string]struct {
		Estimates struct {
			Mean  *estimate `json:"mean"`
			Slope *estimate `json:"slope"`
		} `json:"criterion_estimates_v1"`
	} `json:"benchmarks"`
}

type estimate struct {
	Estimate float64 `json:"estimate"`
	Point    float64 `json:"point_estimate"`
	Unit     string  `json:"unit"`
}

func readCriterion(in *input) error {
	head := in.peek()
	if criterionMessage.Match(head) {
		return readCriterionMessages(in)
	}
	var export criterionExport
	text, err := readJSON(in, "criterion", &export)
	if err != nil {
		return err
	}
	if len(export.Benchmarks) > 0 {
		ids := make([]string, 0, len(export.Benchmarks))
		for id := range export.Benchmarks {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			e := export.Benchmarks[id].Estimates
			in.criterion(id, 1, criterionRun{Mean: e.Mean, Slope: e.Slope})
		}
		return nil
	}
	var run criterionRun
	if err := json.Unmarshal(text, &run); err != nil {
		return fmt.Errorf("%s: this is not JSON of criterion: %w", in.name, err)
	}
	id := criterionPath(in.name)
	if id == "" {
		return fmt.Errorf("%s: the name of the benchmark is that of the folders: name the file as it is below target/criterion, as in target/criterion/sum/8/new/sample.json", in.name)
	}
	in.criterion(id, 1, run)
	return nil
}

// readCriterionMessages reads one message a line.
func readCriterionMessages(in *input) error {
	for {
		line, ok := in.text.next()
		if !ok {
			return in.text.failure(in.name)
		}
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] != '{' {
			continue
		}
		var run criterionRun
		if in.text.tooLong {
			in.complain(in.text.number, string(line), "this line is longer than 64 KiB, and was left out")
		} else if !bytes.Contains(line, []byte("benchmark-complete")) {
			continue
		} else if err := json.Unmarshal(line, &run); err != nil {
			in.complain(in.text.number, string(line), "this is not a message of cargo criterion, and was left out")
		} else if run.Reason == "benchmark-complete" {
			in.criterion(run.ID, in.text.number, run)
		}
	}
}

// criterion takes one benchmark: each of its samples, or its estimate.
func (in *input) criterion(id string, line int, run criterionRun) {
	unit := run.Unit
	if unit == "" {
		unit = "ns"
	}
	f, ok := secondsIn(unit)
	if !ok {
		in.complain(line, id, "%q is not a unit of time", unit)
		return
	}
	counts, values := run.Counts, run.Values
	if len(values) == 0 {
		counts, values = run.Iters, run.Times
	}
	if len(values) == 0 || len(counts) != len(values) {
		counts, values = nil, nil
		for _, e := range []*estimate{run.Typical, run.Slope, run.Mean} {
			if e != nil {
				if u, ok := secondsIn(e.Unit); ok {
					f = u
				}
				values = []float64{e.Estimate + e.Point}
				break
			}
		}
	}
	for i, v := range values {
		if counts != nil {
			v /= counts[i]
		}
		if v *= f; !(v > 0) || math.IsInf(v, 0) {
			in.complain(line, id, "the time is %v: a number above 0 is needed", v)
			continue
		}
		in.add(label{kind: named, text: id}, line, &Measurement{Time: v, Tasks: 1})
	}
}

// criterionPath is the name of a benchmark in target/criterion/NAME/new/sample.json.
func criterionPath(file string) string {
	parts := strings.Split(filepath.ToSlash(file), "/")
	end := len(parts) - 2
	if end < 1 || parts[end] != "new" && parts[end] != "base" {
		return ""
	}
	begin := max(0, end-2)
	if i := slices.Index(parts, "criterion"); i >= 0 && i < end {
		begin = i + 1
	}
	return strings.Join(parts[begin:end], "/")
}
