package read

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Cilkscale is the table of cilkscale.py.
var Cilkscale = Format{
	Name:  "Cilkscale CSV",
	Doc:   "the table of OpenCilk's `cilkscale.py`; x is the number of cores of the columns `4c time (seconds)`, a tag is a series",
	Sniff: func(head []byte, _ string) bool { return cilkscaleHeader.Match(head) },
	Read:  readCilkscale,
}

var (
	cilkscaleHeader = compile(`(?m)^"?tag"?,\s*"?(?:work|\d+c time)`)
	cilkscaleTime   = regexp.MustCompile(`^(\d+)c time(?: \((\w+)\))?`)
)

func readCilkscale(in *input) error {
	rows, at, err := csvBelow(in, "tag")
	if err != nil {
		return err
	}
	type level struct {
		at      int
		cores   float64
		seconds float64
	}
	var levels []level
	for i, name := range headerOf(at) {
		m := cilkscaleTime.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		n, _ := strconv.ParseFloat(m[1], 64)
		f, ok := secondsIn(m[2])
		if !ok {
			f = 1
		}
		levels = append(levels, level{i, n, f})
	}
	if len(levels) == 0 {
		return fmt.Errorf("%w in %s: Cilkscale gives work and span here, and no times: run cilkscale.py -b BENCHMARK, which adds the columns 1c time, 2c time …", ErrNothing, in.name)
	}
	for _, r := range rows {
		series := r.cells[at["tag"]]
		if series == "" {
			series = "program"
		}
		for _, l := range levels {
			if l.at >= len(r.cells) || r.cells[l.at] == "" {
				in.complain(r.line, series, "no time at %g cores", l.cores)
				continue
			}
			t, err := strconv.ParseFloat(r.cells[l.at], 64)
			if t *= l.seconds; err != nil || !(t > 0) || math.IsInf(t, 0) {
				in.complain(r.line, series, "the time at %g cores is %q: a number above 0 is needed", l.cores, r.cells[l.at])
				continue
			}
			in.add(label{series: series, x: "cores", workers: l.cores}, r.line, &Measurement{Time: t, Tasks: 1})
		}
	}
	return nil
}
