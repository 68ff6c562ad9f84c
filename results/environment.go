package results

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// environment is what the configuration lines say at one line.
type environment struct {
	pkg   string
	round int
	asides
	machine Machine
	config  []Setting
}

// asides say that results are no samples of a curve.
type asides struct {
	sentinel bool // repeats of a level, at the end of a round
	canary   bool // a fixed piece of work, to watch the machine with
}

// newEnvironment takes what is needed from a configuration.
func newEnvironment(config []benchfmt.Config) (*environment, error) {
	e := &environment{}
	for _, c := range config {
		var err error
		v := string(c.Value)
		switch c.Key {
		case "pkg":
			e.pkg = v
		case "goos":
			e.machine.OS = v
		case "goarch":
			e.machine.Arch = v
		case "cpu":
			e.machine.CPU = v
		case "cpu-count":
			e.machine.Logical, err = count(c.Key, v)
		case "cpu-physical-count":
			e.machine.Physical, err = count(c.Key, v)
		case "cpu-quota":
			e.machine.Quota, err = quota(v)
		case "round":
			e.round, err = count(c.Key, v)
		case "sentinel":
			e.sentinel, err = yes(c.Key, v)
		case "canary":
			e.canary, err = yes(c.Key, v)
		}
		if err != nil {
			return nil, err
		}
		switch c.Key {
		case "pkg", "round", "sentinel", "canary", spoiltKey: // of some results, not of the machine
		default:
			e.config = append(e.config, Setting{c.Key, v})
		}
	}
	return e, nil
}

func count(key, value string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("the configuration line %q above this line is wrong: a whole number from 1 is needed", key+": "+value)
	}
	return n, nil
}

// yes reads a mark that holds until the key is named again without a value.
func yes(key, value string) (bool, error) {
	b, err := strconv.ParseBool(strings.TrimSpace(value))
	if err != nil {
		return false, fmt.Errorf("the configuration line %q above this line is wrong: write %s: true, and %s: where that ends", key+": "+value, key, key)
	}
	return b, nil
}

// quota reads a number of processors, which need not be whole; 0 is none.
func quota(value string) (float64, error) {
	value = strings.TrimSpace(value)
	if value == "none" {
		return 0, nil
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || !(q > 0) || math.IsInf(q, 0) {
		return 0, fmt.Errorf("the configuration line %q above this line is wrong: a number of processors or none is needed", "cpu-quota: "+value)
	}
	return q, nil
}
