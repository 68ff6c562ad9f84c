package read

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"amdahl/results"
)

// JMHJSON is what JMH writes with -rf json.
var JMHJSON = Format{
	Name:  "JMH JSON",
	Doc:   "`-rf json`; x is `threads` where it varies, else a parameter that counts threads; the modes of a benchmark are series of their own, each with the samples of rawData. The average time of n threads is divided by n (Little)",
	Sniff: func(head []byte, _ string) bool { return jsonHead(head, '[', "benchmark", "mode") },
	Read:  readJMHJSON,
}

func readJMHJSON(in *input) error {
	var doc []json.RawMessage
	text, err := readJSON(in, "JMH", &doc, "benchmark", "mode")
	if err != nil {
		return err
	}
	var all jmhRuns
	for _, e := range elements(text, doc) {
		var r struct {
			Benchmark string            `json:"benchmark"`
			Mode      string            `json:"mode"`
			Threads   float64           `json:"threads"`
			Params    map[string]string `json:"params"`
			Primary   struct {
				Score any           `json:"score"`
				Unit  string        `json:"scoreUnit"`
				Raw   [][]jsonFloat `json:"rawData"`
			} `json:"primaryMetric"`
		}
		if err := json.Unmarshal(e.RawMessage, &r); err != nil {
			return &results.Complaint{File: in.name, Line: e.line, What: err.Error()}
		}
		run := jmhRun{name: r.Benchmark, mode: r.Mode, threads: r.Threads, unit: r.Primary.Unit, line: e.line}
		for k, v := range r.Params {
			run.params = append(run.params, results.Part{Key: k, Value: v})
		}
		slices.SortFunc(run.params, func(a, b results.Part) int { return strings.Compare(a.Key, b.Key) })
		for _, fork := range r.Primary.Raw {
			for _, v := range fork {
				run.scores = append(run.scores, float64(v))
			}
		}
		if v, ok := r.Primary.Score.(float64); ok && len(run.scores) == 0 {
			run.scores = []float64{v}
		}
		all = append(all, run)
	}
	return all.read(in)
}

// A jsonFloat is a number that JMH writes as a text where it is not finite.
type jsonFloat float64

func (f *jsonFloat) UnmarshalJSON(b []byte) error {
	*f = jsonFloat(math.NaN())
	if len(b) > 0 && b[0] != '"' {
		return json.Unmarshal(b, (*float64)(f))
	}
	return nil
}

// A jmhRun is one benchmark at one set of parameters, in any format of JMH.
type jmhRun struct {
	name    string
	mode    string // thrpt, avgt, sample, ss
	threads float64
	params  []results.Part
	unit    string // "ops/us", "us/op"
	scores  []float64
	line    int
}

type jmhRuns []jmhRun

// label is the name with its threads and parameters.
func (r jmhRun) label() string {
	var b strings.Builder
	b.WriteString(r.name)
	for _, p := range r.params {
		b.WriteString("/" + p.Key + "=" + strings.ReplaceAll(p.Value, "/", "∕"))
	}
	if r.threads > 0 {
		fmt.Fprintf(&b, "/threads=%g", r.threads)
	}
	return b.String()
}

// read adds the runs. An average time is what one of the threads waits for an
// operation: n threads do n in it. Where it falls as threads are added, it cannot
// be that and is taken as it is.
func (all jmhRuns) read(in *input) error {
	type span struct{ low, high, atLow, atHigh float64 }
	spans := map[string]*span{}
	key := func(r jmhRun) string { t := r; t.threads = 0; return t.label() + r.mode }
	for _, r := range all {
		if len(r.scores) == 0 || r.mode == "thrpt" {
			continue
		}
		s := spans[key(r)]
		if s == nil {
			spans[key(r)] = &span{r.threads, r.threads, r.scores[0], r.scores[0]}
			continue
		}
		if r.threads < s.low {
			s.low, s.atLow = r.threads, r.scores[0]
		}
		if r.threads > s.high {
			s.high, s.atHigh = r.threads, r.scores[0]
		}
	}
	for _, r := range all {
		factor, rate, ok := jmhUnit(r.unit)
		if !ok && strings.Contains(r.name, ":") {
			continue // what a profiler of JMH adds
		}
		if !ok {
			in.complain(r.line, r.name, "%q is not a unit of JMH: ops/s or s/op with n, u or m in front is needed", r.unit)
			continue
		}
		divide := 1.0
		if r.threads == 0 && !rate {
			in.block.eachThread = "an average time of JMH is what one thread waits for an operation"
		}
		if s := spans[key(r)]; !rate && s != nil && s.high > s.low && r.threads > 1 {
			if s.atHigh > 0.8*s.atLow {
				divide = r.threads
				in.note("%s: an average time of JMH is what one thread waits for an operation, so it was divided by the threads", in.name)
			} else {
				in.note("%s: the average times fall as threads are added, so they are taken as times of the whole, not of one thread", in.name)
			}
		}
		for _, v := range r.scores {
			t := v * factor / divide
			if rate {
				t = factor / v
			}
			if !(t > 0) || math.IsInf(t, 0) {
				in.complain(r.line, r.name, "the score is %v: a number above 0 is needed", v)
				continue
			}
			in.add(label{kind: named, text: r.label(), mode: r.mode}, r.line, &Measurement{Time: t, Tasks: 1})
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("%w in %s: it has no result of JMH", ErrNothing, in.name)
	}
	return nil
}

// jmhSecondary reports whether a name is of what JMH adds to a result: a
// percentile, or a number of a profiler.
func jmhSecondary(name string) bool {
	_, added, ok := strings.Cut(name, ":")
	return ok && (strings.HasPrefix(added, "·") || strings.HasPrefix(added, "gc.") || jmhPercentile.MatchString(added))
}

var jmhPercentile = regexp.MustCompile(`(?:^|[:·])p\d+(?:\.\d+)?$`)

// jmhUnit is the time in the unit of a score, and whether the score is a rate.
func jmhUnit(unit string) (seconds float64, rate, ok bool) {
	a, b, _ := strings.Cut(unit, "/")
	time := a
	if rate = a == "ops"; rate {
		time = b
	}
	seconds, ok = secondsIn(cmp.Or(time, "?"))
	return seconds, rate, ok && strings.Contains(unit, "/")
}
