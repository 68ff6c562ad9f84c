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
	pkg     string
	round   int
	machine Machine
	config  []Setting
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
		}
		if err != nil {
			return nil, err
		}
		if c.Key != "round" && c.Key != "pkg" {
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
