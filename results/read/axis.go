package read

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"golang.org/x/perf/benchfmt"

	"amdahl/bench/contract"
	"amdahl/results"
)

// GOMAXPROCS is the name of the x axis that a benchmark name carries in its
// -N suffix. A missing suffix means 1.
const GOMAXPROCS = "gomaxprocs"

// A position is where a benchmark name puts a measurement.
type position struct {
	name    results.Name // of the series: without the level
	x       string       // name of the x axis
	workers float64      // level on it
	procs   int          // the -N suffix, 1 without one
}

// errNoKey says that a name lacks the key that the user asked for.
type errNoKey struct{ have []string }

func (e *errNoKey) Error() string { return "no such key in the benchmark name" }

// locate splits a benchmark name into its series and its level. The x axis
// is the key that the user named; else the first of [contract.WorkerKeys] in the
// name; else the GOMAXPROCS suffix.
func locate(full benchfmt.Name, key string) (position, error) {
	base, _ := full.Parts()
	p := position{procs: 1}
	text := string(full)
	if at := suffixAt(full); at < len(text) {
		v, err := strconv.Atoi(text[at+1:])
		if err != nil || v < 1 {
			return p, fmt.Errorf("GOMAXPROCS suffix %s is not a number of processors: it starts at 1", text[at:])
		}
		p.procs, text = v, text[:at]
	}
	p.name = results.ParseName(text)
	p.name.Base = string(base)
	if p.x = axis(p.name, key); p.x == "" {
		return p, &errNoKey{append(keys(p.name), GOMAXPROCS)}
	}
	if p.x == GOMAXPROCS {
		p.workers = float64(p.procs)
		return p, nil
	}
	value := p.name.Value(p.x)
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || n != math.Trunc(n) || n < 1 || n > 1<<31 {
		return p, fmt.Errorf("%s=%s is not a number of workers: write a whole number from 1", p.x, value)
	}
	p.workers, p.name = n, p.name.Without(p.x)
	return p, nil
}

// suffixAt is where the -N suffix of a name begins: its length if there is none.
func suffixAt(full benchfmt.Name) int {
	_, parts := full.Parts()
	if n := len(parts); n > 0 && parts[n-1][0] == '-' {
		return len(full) - len(parts[n-1])
	}
	return len(full)
}

// axis is the x axis of a name: the key that the user named, "" if the name
// does not have it; else the first of [contract.WorkerKeys]; else the -N suffix.
func axis(name results.Name, key string) string {
	switch {
	case key == GOMAXPROCS || key != "" && name.Has(key):
		return key
	case key != "":
		return ""
	}
	for _, k := range contract.WorkerKeys {
		if name.Has(k) {
			return k
		}
	}
	return GOMAXPROCS
}

// keys lists the keys of a name, each once.
func keys(name results.Name) []string {
	var all []string
	for _, p := range name.Parts {
		if p.Key != "" && !slices.Contains(all, p.Key) {
			all = append(all, p.Key)
		}
	}
	return all
}
