package read

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"amdahl/results"
	"amdahl/results/stats"
)

// Hyperfine is what hyperfine --export-json writes.
var Hyperfine = Format{
	Name:  "hyperfine JSON",
	Doc:   "what `hyperfine --export-json` writes; x is the only numeric parameter, or the one that names workers (`threads`, `jobs`), else the only number that varies in the commands or their names (`OMP_NUM_THREADS=8 ./a.out`), time each of its times",
	Sniff: func(head []byte, _ string) bool { return jsonHead(head, '{', "results", "command") },
	Read:  readHyperfine,
}

// hyperfineRun is one entry of "results" in what hyperfine --export-json
// writes; times are in seconds.
type hyperfineRun struct {
	Command    string         `json:"command"`
	Mean       float64        `json:"mean"`
	Times      []float64      `json:"times"`
	ExitCodes  []*int         `json:"exit_codes"`
	Parameters map[string]any `json:"parameters"`
}

// parameter is the value of a parameter, which hyperfine writes as a text.
func (r hyperfineRun) parameter(name string) (string, bool) {
	v, ok := r.Parameters[name]
	if !ok {
		return "", false
	}
	return scalar(v)
}

// readHyperfine reads hyperfine's JSON export. The x axis is the parameter
// that the user names, or the only numeric one; the other parameters name the
// series.
func readHyperfine(in *input) error {
	var doc struct {
		Results []json.RawMessage `json:"results"`
	}
	text, err := readJSON(in, "hyperfine --export-json", &doc, "results")
	if err != nil {
		return err
	}
	if len(doc.Results) == 0 {
		return fmt.Errorf("%w in %s: the list of results of hyperfine --export-json is empty", ErrNothing, in.name)
	}
	all := elements(text, doc.Results)
	runs := make([]hyperfineRun, len(all))
	for i, e := range all {
		if err := json.Unmarshal(e.RawMessage, &runs[i]); err != nil {
			return &results.Complaint{File: in.name, Line: e.line, What: err.Error()}
		}
	}
	x, err := in.parameter(runs)
	if err != nil {
		return err
	}
	programs := sameProgram(runs, x)
	for i, run := range runs {
		l := label{kind: command, text: run.Command}
		if x != "" {
			value, _ := run.parameter(x)
			n, err := strconv.ParseFloat(value, 64)
			if err != nil || !(n > 0) || math.IsInf(n, 0) {
				in.complain(all[i].line, run.Command, "the parameter %s is %q: a number above 0 is needed", x, value)
				continue
			}
			l = label{series: run.series(x, programs), x: x, workers: n}
		}
		in.addHyperfine(run, l, all[i].line)
	}
	return nil
}

// addHyperfine takes the times of one command.
func (in *input) addHyperfine(run hyperfineRun, l label, line int) {
	times := run.Times
	if len(times) == 0 {
		times = []float64{run.Mean}
	}
	for k, t := range times {
		if k < len(run.ExitCodes) && (run.ExitCodes[k] == nil || *run.ExitCodes[k] != 0) {
			in.complain(line, run.Command, "run %d failed, so its time was left out", k+1)
			continue
		}
		if !(t > 0) || math.IsInf(t, 0) {
			in.complain(line, run.Command, "the time is %v: a number of seconds above 0 is needed", t)
			continue
		}
		in.add(l, line, &Measurement{Time: t, Tasks: 1})
	}
}

// parameter is the name of the x axis; "" where the number stands in the
// commands. Of several numeric parameters that vary, the one that names workers is
// taken, if it is the only one; a single letter such as t or n names none.
func (in *input) parameter(runs []hyperfineRun) (string, error) {
	var numeric, all, likely []string
	for name := range runs[0].Parameters {
		all = append(all, name)
		first, _ := runs[0].parameter(name)
		varies := false
		if !slices.ContainsFunc(runs, func(r hyperfineRun) bool {
			v, _ := r.parameter(name)
			varies = varies || v != first
			_, err := strconv.ParseFloat(v, 64)
			return err != nil
		}) && (varies || len(runs) == 1) {
			numeric = append(numeric, name)
			if isWorkerWord(name) && len(plainWord(name)) > 1 {
				likely = append(likely, name)
			}
		}
	}
	slices.Sort(all)
	slices.Sort(numeric)
	want := in.options.X
	switch {
	case want != "" && slices.Contains(all, want):
		return want, nil
	case want != "" && len(all) > 0:
		return "", &ColumnError{fmt.Sprintf("%s:1: no parameter %q: the parameters are %s: %s", in.name, want, quoted(all), strings.Join(in.choose(numeric), ", or "))}
	case len(numeric) == 1 && isSizeWord(numeric[0]) && len(runs) > 1:
		return "", &ColumnError{fmt.Sprintf("%s:1: the parameter %q looks like a size, and no other number varies: if it counts workers: %s", in.name, numeric[0], in.choose(numeric)[0])}
	case len(numeric) == 1 && len(likely) == 0 && slower(runs, numeric[0]):
		return "", &ColumnError{fmt.Sprintf("%s:1: the time grows with the parameter %q, and no other number varies: is it a size? if it counts workers: %s", in.name, numeric[0], in.choose(numeric)[0])}
	case len(numeric) == 1 && len(likely) == 0 && len(runs) > 1:
		in.note("%s: x is the parameter %q", in.name, numeric[0])
		return numeric[0], nil
	case len(numeric) == 1:
		return numeric[0], nil
	case len(likely) == 1:
		in.note("%s: x is the parameter %q", in.name, likely[0])
		return likely[0], nil
	case len(numeric) > 1:
		return "", &ColumnError{fmt.Sprintf("%s:1: several numeric parameters: %s: choose the x axis: %s", in.name, quoted(numeric), strings.Join(in.choose(numeric), ", or "))}
	case len(runs) == 1 && len(all) == 0 && len(numbersIn(runs[0].Command, command, "")) == 0:
		return "", &ColumnError{fmt.Sprintf("%s:1: no numeric parameter, and no number in the command: run hyperfine with one, as in hyperfine --parameter-list threads 1,2,4 --export-json FILE 'COMMAND {threads}'", in.name)}
	}
	return "", nil
}

// slower reports whether the run with the largest value of a parameter takes longer than the one
// with the smallest, by more than a tenth.
func slower(runs []hyperfineRun, name string) bool {
	value := func(r hyperfineRun) float64 {
		text, _ := r.parameter(name)
		v, _ := strconv.ParseFloat(text, 64)
		return v
	}
	time := func(r hyperfineRun) float64 {
		if len(r.Times) > 0 {
			return stats.Median(slices.Clone(r.Times))
		}
		return r.Mean
	}
	low, high := runs[0], runs[0]
	for _, r := range runs {
		if value(r) < value(low) {
			low = r
		}
		if value(r) > value(high) {
			high = r
		}
	}
	return time(high) > 1.1*time(low)
}

func (in *input) choose(names []string) (list []string) {
	for _, n := range names {
		list = append(list, in.options.command(func(o *Options) { o.X = n }))
	}
	return list
}

// sameProgram reports whether the commands are one program with one set of
// arguments beside the parameters.
func sameProgram(runs []hyperfineRun, x string) bool {
	first := ""
	for i, r := range runs {
		t := r.template(x)
		if i == 0 {
			first = t
		}
		if t != first {
			return false
		}
	}
	return true
}

// template is the command without the values of its parameters.
func (r hyperfineRun) template(x string) string {
	words := strings.Fields(r.Command)
	for name := range r.Parameters {
		v, _ := r.parameter(name)
		if v == "" {
			continue
		}
		for i, w := range words {
			if strings.HasSuffix(w, v) {
				words[i] = strings.TrimSuffix(w, v)
			}
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// series is the program, its arguments where these tell series apart, and its
// other parameters.
func (r hyperfineRun) series(x string, program bool) string {
	name, _, _ := strings.Cut(strings.TrimSpace(r.Command), " ")
	if !program {
		name = strings.ReplaceAll(r.template(x), "/", "∕")
	}
	var keys []string
	for k := range r.Parameters {
		if k != x {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		v, _ := r.parameter(k)
		name += "/" + k + "=" + v
	}
	return name
}
