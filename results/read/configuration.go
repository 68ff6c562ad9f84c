package read

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"

	"amdahl/bench/contract"
	"amdahl/results"
)

// environment is what the configuration lines say at one line.
type environment struct {
	pkg     string
	round   int
	machine results.Machine
	config  []results.Setting // without what changes from round to round

	// The results below the line are not samples of a curve:
	sentinel bool // they repeat a level, at the end of a round
	profiled bool // they were traced, and say where the time went
	sampled  bool // they were profiled without a trace, likewise
	canary   bool // they time a fixed piece of work, to watch the machine with
	threads  int  // of a canary

	run results.Run // without File
}

// newEnvironment takes what is needed from a configuration.
func newEnvironment(config []benchfmt.Config) (environment, error) {
	var e environment
	for _, c := range config {
		var err error
		v := string(c.Value)
		switch c.Key {
		case contract.KeyPkg:
			e.pkg = v
		case contract.KeyOS:
			e.machine.OS = v
		case contract.KeyArch:
			e.machine.Arch = v
		case contract.KeyCPU:
			e.machine.CPU = v
		case contract.KeyCPUCount:
			e.machine.Logical, err = count(c.Key, v)
		case contract.KeyCPUPhysical:
			e.machine.Physical, err = count(c.Key, v)
		case contract.KeyCPUQuota:
			e.machine.Quota, err = quota(v)
		case contract.KeyRound:
			e.round, err = count(c.Key, v)
		case contract.KeySentinel:
			e.sentinel, err = mark(c.Key, v)
		case contract.KeyCanary:
			e.canary, err = mark(c.Key, v)
		case contract.KeyProfiled:
			if e.sampled = strings.TrimSpace(v) == contract.ProfiledSampled; !e.sampled {
				e.profiled, err = mark(c.Key, v)
			}
		case contract.KeyCanaryThreads:
			e.threads, err = count(c.Key, v)
		case contract.KeyPlan:
			e.run.Plan = v
		case contract.KeyX:
			e.run.X = v
		case contract.KeyCommand:
			e.run.Command = v
		case contract.KeyDate:
			e.run.Date = v
		case contract.KeyGrade:
			e.run.Grade = v
		case contract.KeyJudged:
			e.run.Judged = v
		case contract.KeyBaseline:
			e.run.Baseline = v
		}
		if err != nil {
			return e, err
		}
		switch c.Key {
		case contract.KeyPkg, contract.KeyRound, contract.KeySentinel, contract.KeyCanary, contract.KeyProfiled, contract.KeySpoiltRounds, contract.KeyX, contract.KeyCommand, contract.KeyDate, contract.KeyGrade, contract.KeyJudged, contract.KeyBaseline:
		default:
			e.config = append(e.config, results.Setting{Key: c.Key, Value: v})
		}
	}
	return e, nil
}

// badConfig is the error for a configuration line with a wrong value.
func badConfig(key, value, want string) error {
	return fmt.Errorf("the configuration line %q above this line is wrong: %s", key+": "+value, want)
}

func count(key, value string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 1 {
		return 0, badConfig(key, value, "a whole number from 1 is needed")
	}
	return n, nil
}

// mark reads a mark that holds until the key is named again without a value.
func mark(key, value string) (bool, error) {
	b, err := strconv.ParseBool(strings.TrimSpace(value))
	if err != nil {
		return false, badConfig(key, value, fmt.Sprintf("write %s: true, and %s: where that ends", key, key))
	}
	return b, nil
}

// quota reads a number of processors, which need not be whole; 0 is none.
func quota(value string) (float64, error) {
	if strings.TrimSpace(value) == contract.NoQuota {
		return 0, nil
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q > 0) || math.IsInf(q, 0) {
		return 0, badConfig(contract.KeyCPUQuota, strings.TrimSpace(value), "a number of processors or none is needed")
	}
	return q, nil
}

// axisOfPlan is the x axis of a plan that amdahl run wrote before it wrote the
// axis too: the last -x whose values are all numbers; "" for GOMAXPROCS, and
// where there is none.
func axisOfPlan(plan string) string {
	var args []string
	if json.Unmarshal([]byte(plan), &args) != nil {
		return ""
	}
	x := ""
	for i, a := range args {
		if a == "--" {
			break
		}
		axis, ok := strings.CutPrefix(a, "--x=")
		if !ok && (a == "-x" || a == "--x") && i+1 < len(args) {
			axis, ok = args[i+1], true
		}
		name, values, _ := strings.Cut(axis, "=")
		notNumber := func(v string) bool { n, err := strconv.Atoi(v); return err != nil || n < 1 }
		if ok && x != "cpu" && !slices.ContainsFunc(strings.Split(values, ","), notNumber) {
			x = name
		}
	}
	if x == "cpu" {
		return ""
	}
	return x
}
