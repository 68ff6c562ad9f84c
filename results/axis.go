package results

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// GOMAXPROCS is the name of the x axis that a benchmark name carries in its
// -N suffix. A missing suffix means 1.
const GOMAXPROCS = "gomaxprocs"

// usualKeys are looked for in this order where the user named none.
var usualKeys = []string{"workers", "threads", "procs", "n", "p", "goroutines"}

// A place is where a benchmark name puts a measurement.
type place struct {
	series string
	x      string  // name of the x axis
	n      float64 // level on it
	procs  int     // the -N suffix
}

// errNoKey says that a name lacks the key that the user asked for.
type errNoKey struct{ have []string }

func (e *errNoKey) Error() string { return "no such key in the benchmark name" }

// locate splits a benchmark name into its series and its level. The x axis
// is the key that the user named; else the first of the usual keys in the
// name; else the GOMAXPROCS suffix.
func locate(name benchfmt.Name, key string) (place, error) {
	base, parts := name.Parts()
	p := place{procs: 1}
	keys := make([]string, 0, len(parts))
	at := map[string]int{}
	suffix := -1
	for i, part := range parts {
		if part[0] == '-' {
			v, err := strconv.Atoi(string(part[1:]))
			if err != nil || v < 1 {
				return p, fmt.Errorf("GOMAXPROCS suffix %s is no number of processors: it starts at 1", part)
			}
			p.procs, suffix = v, i
			continue
		}
		k, _, ok := strings.Cut(string(part[1:]), "=")
		if !ok {
			continue
		}
		if _, twice := at[k]; !twice {
			keys = append(keys, k)
			at[k] = i
		}
	}
	x := -1
	switch {
	case key == GOMAXPROCS:
		p.x = GOMAXPROCS
	case key != "":
		i, ok := at[key]
		if !ok {
			return p, &errNoKey{append(keys, GOMAXPROCS)}
		}
		p.x, x = key, i
	default:
		p.x = GOMAXPROCS
		for _, k := range usualKeys {
			if i, ok := at[k]; ok {
				p.x, x = k, i
				break
			}
		}
	}
	if x < 0 {
		p.n = float64(p.procs)
	} else {
		_, value, _ := strings.Cut(string(parts[x]), "=")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || n != math.Trunc(n) || n < 1 || n > 1<<31 {
			return p, fmt.Errorf("%s=%s is no number of workers: write a whole number from 1", p.x, value)
		}
		p.n = n
	}
	var s strings.Builder
	s.Write(base)
	for i, part := range parts {
		if i != x && i != suffix {
			s.Write(part)
		}
	}
	p.series = s.String()
	return p, nil
}
