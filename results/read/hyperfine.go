package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"amdahl/results"
)

// Hyperfine is what hyperfine --export-json writes.
var Hyperfine = Format{
	Name: "hyperfine JSON",
	Doc:  "what `hyperfine --export-json` writes; the x axis is a numeric parameter",
	Sniff: func(head []byte, _ string) bool {
		text := bytes.TrimLeft(head, " \t\r\n")
		return len(text) > 0 && text[0] == '{'
	},
	Read: readHyperfine,
}

// hyperfineRun is one entry of "results" in what hyperfine --export-json
// writes; times are in seconds.
type hyperfineRun struct {
	Command    string            `json:"command"`
	Mean       float64           `json:"mean"`
	Times      []float64         `json:"times"`
	ExitCodes  []*int            `json:"exit_codes"`
	Parameters map[string]string `json:"parameters"`
}

// readHyperfine reads hyperfine's JSON export. The x axis is the parameter
// that the user names, or the only numeric one; the other parameters name the
// series.
func readHyperfine(in *input) error {
	file := in.name
	text, err := io.ReadAll(in.text.r)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	lineAt := func(offset int64) int { return 1 + bytes.Count(text[:min(offset, int64(len(text)))], []byte{'\n'}) }
	var doc struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		line := lineAt(int64(len(text)))
		if at := (*json.SyntaxError)(nil); errors.As(err, &at) {
			line = lineAt(at.Offset)
		}
		return &results.Complaint{File: file, Line: line, What: "this is not JSON of hyperfine --export-json: " + err.Error()}
	}
	if len(doc.Results) == 0 {
		return fmt.Errorf("%w in %s: JSON is read as hyperfine --export-json writes it, with a list of results", ErrNothing, file)
	}
	from := 0
	runs := make([]hyperfineRun, len(doc.Results))
	lines := make([]int, len(doc.Results))
	for i, raw := range doc.Results {
		at := from + bytes.Index(text[from:], raw)
		lines[i], from = lineAt(int64(at)), at+len(raw)
		if err := json.Unmarshal(raw, &runs[i]); err != nil {
			return &results.Complaint{File: file, Line: lines[i], What: err.Error()}
		}
	}
	x, err := parameter(runs, file, in.options.X)
	if err != nil {
		return err
	}
	for i, run := range runs {
		value, ok := run.Parameters[x]
		n, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil || !(n > 0) || math.IsInf(n, 0) {
			in.complain(lines[i], run.Command, "the parameter %s is %q: a number above 0 is needed", x, value)
			continue
		}
		times := run.Times
		if len(times) == 0 {
			times = []float64{run.Mean}
		}
		for k, t := range times {
			if k < len(run.ExitCodes) && (run.ExitCodes[k] == nil || *run.ExitCodes[k] != 0) {
				in.complain(lines[i], run.Command, "run %d failed, so its time was left out", k+1)
				continue
			}
			if !(t > 0) || math.IsInf(t, 0) {
				in.complain(lines[i], run.Command, "the time is %v: a number of seconds above 0 is needed", t)
				continue
			}
			in.builder.add(&Measurement{Name: results.ParseName(run.series(x)), X: x, Workers: n, Procs: 1, Time: t, Tasks: 1, File: file, Line: lines[i]})
		}
	}
	return nil
}

// parameter is the name of the x axis.
func parameter(runs []hyperfineRun, file, want string) (string, error) {
	var numeric, all []string
	for name := range runs[0].Parameters {
		all = append(all, name)
		if !slices.ContainsFunc(runs, func(r hyperfineRun) bool {
			_, err := strconv.ParseFloat(r.Parameters[name], 64)
			return err != nil
		}) {
			numeric = append(numeric, name)
		}
	}
	slices.Sort(all)
	slices.Sort(numeric)
	switch {
	case want != "" && !slices.Contains(all, want):
		return "", &ColumnError{fmt.Sprintf("%s:1: no parameter %q: the parameters are %s", file, want, strings.Join(all, ", "))}
	case want != "":
		return want, nil
	case len(numeric) == 1:
		return numeric[0], nil
	case len(numeric) == 0:
		return "", &ColumnError{fmt.Sprintf("%s:1: no numeric parameter: run hyperfine with one, as in --parameter-list threads 1,2,4", file)}
	}
	return "", &ColumnError{fmt.Sprintf("%s:1: several numeric parameters: choose the x axis with -x %s", file, strings.Join(numeric, " or -x "))}
}

// series is the program and its other parameters.
func (r hyperfineRun) series(x string) string {
	name, _, _ := strings.Cut(strings.TrimSpace(r.Command), " ")
	var keys []string
	for k := range r.Parameters {
		if k != x {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		name += "/" + k + "=" + r.Parameters[k]
	}
	return name
}
