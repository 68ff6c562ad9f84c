package class

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// An Outlier is a run of which one speedup is far from those of the others.
type Outlier struct {
	Run     *Run
	Series  string
	Workers float64
	Speedup float64
	Usual   float64 // the median of the runs that it is compared with
	With    string  // whom it is compared with: "18 runs on such machines"
	Reasons []string

	with []*Run
}

// A speedup is an outlier if it is off by more than a fifth, and by more than five times
// the usual distance from the median (the median absolute deviation, scaled to a
// standard deviation).
const (
	mostOff    = 1.2
	mostScaled = 5
	toSigma    = 1.4826 // of the normal distribution: 1/Φ⁻¹(3/4)
)

// speedupAt is a measured speedup; ok is false where there is none that can be believed.
func speedupAt(a *laws.Analysis, n float64) (s float64, ok bool) {
	if busy(a) {
		return 0, false
	}
	return measuredAt(a, n)
}

// busy reports whether too few rounds of a curve are sound to believe it.
func busy(a *laws.Analysis) bool { return a != nil && a.Verdict == laws.TooFewSoundRounds }

// measuredAt is a measured speedup, whether it can be believed or not.
func measuredAt(a *laws.Analysis, n float64) (s float64, ok bool) {
	if a == nil {
		return 0, false
	}
	for _, l := range a.Levels {
		if l.N == n && l.Speedup != nil && stats.Positive(l.Speedup.Value) {
			return l.Speedup.Value, true
		}
	}
	return 0, false
}

// levelsOf are the numbers of workers above 1 of a series in all runs.
func (c *Class) levelsOf(series string) []float64 {
	var list []float64
	for _, r := range c.Runs {
		if a := r.Series[series]; a != nil {
			for _, l := range a.Levels {
				if l.N > 1 && !slices.Contains(list, l.N) {
					list = append(list, l.N)
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

// findOutliers compares every run with those of its kind of machine, or with all where
// these are too few. Of each run and series the speedup that is furthest off counts.
func (c *Class) findOutliers() {
	for _, series := range c.Series {
		worst := map[*Run]Outlier{}
		far := map[*Run]float64{}
		for _, n := range c.levelsOf(series) {
			for _, k := range c.Kinds {
				with, text := k.Runs, "%s on such machines"
				if len(values(with, series, n)) < Enough {
					with, text = c.Runs, "all %s (too few are on such machines)"
				}
				logs := values(with, series, n)
				if len(logs) < Enough {
					continue
				}
				middle := stats.Median(logs)
				apart := make([]float64, len(logs))
				for i, v := range logs {
					apart[i] = math.Abs(v - middle)
				}
				limit := max(math.Log(mostOff), mostScaled*toSigma*stats.Median(apart))
				for _, r := range k.Runs {
					s, ok := speedupAt(r.Series[series], n)
					if d := math.Abs(math.Log(s) - middle); ok && d > limit && d > far[r] {
						far[r] = d
						worst[r] = Outlier{r, series, n, s, math.Exp(middle), fmt.Sprintf(text, words.Count(len(logs), "run")), nil, with}
					}
				}
			}
		}
		for _, r := range c.Runs {
			if o, ok := worst[r]; ok {
				o.Reasons = r.reasons(series, o.with)
				c.Outliers = append(c.Outliers, o)
			}
		}
	}
	slices.SortStableFunc(c.Outliers, func(a, b Outlier) int { return a.Run.Number - b.Run.Number })
}

// values are the logarithms of speedups.
func values(runs []*Run, series string, n float64) []float64 {
	var list []float64
	for _, r := range runs {
		if s, ok := speedupAt(r.Series[series], n); ok {
			list = append(list, math.Log(s))
		}
	}
	return list
}

// reasons are what in the environment of a run may explain that it stands out: what it
// was given of the processors, rounds that were left out, heat, a quota, and then what is
// otherwise than in most of the runs that it is compared with. It is empty where nothing
// is known.
func (r *Run) reasons(series string, with []*Run) []string {
	var list []string
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	of := r.Series[series].Curve
	if len(of.Rounds.LeftOut) > 0 {
		for _, w := range of.Warnings { // how many rounds, and why
			if text := w.Error(); strings.Contains(text, " left out: ") {
				say("%s", words.Clean(text))
			}
		}
	}
	if g := of.Gave; g != nil && g.Busy() {
		say("of %s it got %s", words.Count(g.Threads, "processor"), g.Processors(g.Least))
	}
	e := r.environment
	if load := e.largest("load"); of.Machine.Logical > 0 && load > 1.5*float64(of.Machine.Logical) {
		say("the load was up to %s on %s", words.Number(load), words.Count(of.Machine.Logical, "processor"))
	}
	if steal := e.largest("steal"); steal >= 5 {
		say("the host took up to %s %% of the processor time", words.Number(steal))
	}
	if e.largest("throttled") > 0 {
		say("its quota was used up")
	}
	if e.largest("thermal") > 0 {
		say("it was slowed down for heat")
	}
	if of.Machine.Quota > 0 {
		say("a quota allows %s processors' worth of time", words.Number(of.Machine.Quota))
	}
	for _, k := range compared {
		usual, share := mostFrequent(with, k.key)
		if v := e.first(k.key); v != "" && usual != "" && v != usual && share > 0.5 {
			say("%s %s, most have %s", k.text, v, usual)
		}
	}
	return list
}

// compared are the lines of the environment in which a run may differ from most.
var compared = []struct{ key, text string }{
	{"go", "Go is"}, {"goos", "the system is"}, {"goarch", "the architecture is"},
	{"cpu-count", "the number of processors is"}, {"cpu-governor", "the governor of the clock is"},
	{"cpu-turbo", "turbo is"}, {"vm", "the virtual machine is"}, {"container", "the container is"},
}

// mostFrequent is the value of a line that most runs have, and the share of them with it.
func mostFrequent(runs []*Run, key string) (value string, share float64) {
	counts := map[string]int{}
	for _, r := range runs {
		counts[r.environment.first(key)]++
	}
	best := 0
	for v, n := range counts {
		if n > best || n == best && v < value {
			value, best = v, n
		}
	}
	return value, float64(best) / float64(len(runs))
}

// environment is the configuration lines of a run by key, in their order.
type environment map[string][]string

// environmentOf reads configuration lines. The plan and the command are left out: they
// are long and may hold names.
func environmentOf(text []byte) environment {
	e := environment{}
	for line := range strings.Lines(string(text)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || key == "" || len(key) > 40 || strings.ContainsAny(key, " \t/") || strings.HasPrefix(key, "run-") {
			continue
		}
		if value = strings.TrimSpace(value); value != "" {
			e[key] = append(e[key], words.Clean(value))
		}
	}
	return e
}

func (e environment) first(key string) string {
	if len(e[key]) == 0 {
		return ""
	}
	return e[key][0]
}

// largest is the largest number of a key, 0 where there is none.
func (e environment) largest(key string) float64 {
	most := 0.0
	for _, v := range e[key] {
		var x float64
		if _, err := fmt.Sscan(v, &x); err == nil && stats.Finite(x) {
			most = max(most, x)
		}
	}
	return most
}
