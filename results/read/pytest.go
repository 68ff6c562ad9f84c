package read

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results"
)

// PytestJSON is what pytest-benchmark writes with --benchmark-json.
var PytestJSON = Format{
	Name:  "pytest-benchmark JSON",
	Doc:   "`--benchmark-json`; x is a parameter that counts workers, else the only number of the names that varies; time is each of the data, else the mean",
	Sniff: func(head []byte, _ string) bool { return isPytest(head) },
	Read:  readPytest,
}

// isPytest reports whether JSON begins as pytest-benchmark writes it.
func isPytest(head []byte) bool {
	return jsonHead(head, '{', "benchmarks") && (jsonHead(head, '{', "stats") || jsonHead(head, '{', "machine_info") || jsonHead(head, '{', "commit_info"))
}

func readPytest(in *input) error {
	var doc struct {
		Benchmarks []json.RawMessage `json:"benchmarks"`
	}
	text, err := readJSON(in, "pytest-benchmark", &doc, "benchmarks")
	if err != nil {
		return err
	}
	for _, e := range elements(text, doc.Benchmarks) {
		var r struct {
			Name   string         `json:"name"`
			Params map[string]any `json:"params"`
			Extra  map[string]any `json:"extra_info"`
			Stats  struct {
				Data []float64 `json:"data"`
				Mean float64   `json:"mean"`
			} `json:"stats"`
		}
		if err := json.Unmarshal(e.RawMessage, &r); err != nil {
			return &results.Complaint{File: in.name, Line: e.line, What: err.Error()}
		}
		times := r.Stats.Data
		if len(times) == 0 {
			times = []float64{r.Stats.Mean}
		}
		l := label{kind: named, text: pytestName(r.Name, r.Params, r.Extra)}
		for _, t := range times {
			if !(t > 0) || math.IsInf(t, 0) {
				in.complain(e.line, r.Name, "the time is %v: a number of seconds above 0 is needed", t)
				continue
			}
			in.add(l, e.line, &Measurement{Time: t, Tasks: 1})
		}
	}
	if len(doc.Benchmarks) == 0 {
		return fmt.Errorf("%w in %s: the list of benchmarks of pytest-benchmark is empty", ErrNothing, in.name)
	}
	return nil
}

// pytestName writes test_x[8-fast] with its parameters as benchmark names are
// written: test_x/mode=fast/workers=8, or test_x/8/fast where they have no names.
func pytestName(name string, params, extra map[string]any) string {
	base, ids, _ := strings.Cut(name, "[")
	var b strings.Builder
	b.WriteString(base)
	values := map[string]any{}
	for k, v := range extra {
		if isWorkerWord(k) {
			values[k] = v
		}
	}
	for k, v := range params {
		values[k] = v
	}
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if text, ok := scalar(values[k]); ok {
			b.WriteString("/" + k + "=" + strings.ReplaceAll(text, "/", "∕"))
		}
	}
	if ids = strings.TrimSuffix(ids, "]"); len(params) == 0 && ids != "" {
		b.WriteString("/" + strings.ReplaceAll(strings.ReplaceAll(ids, "/", "∕"), "-", "/"))
	}
	return b.String()
}
