package read

import (
	"fmt"
	"math"
)

// A loadRun is one run of a load generator: how many clients and threads, and
// what throughput they saw together.
type loadRun struct {
	series           string
	clients, threads float64 // 0 where the summary does not say
	rate             float64 // per second
	line             int
}

// A loadSummary collects the runs of one file.
type loadSummary struct {
	runs    []loadRun
	clients string // what the clients are called: "connections"
}

// read adds the runs. The x axis is the clients; where they are the same in all
// runs of the file and the threads are not, it is the threads.
func (s *loadSummary) read(in *input, what string) error {
	varies := func(of func(loadRun) float64) bool {
		for _, r := range s.runs {
			if of(r) != of(s.runs[0]) {
				return true
			}
		}
		return false
	}
	if len(s.runs) == 0 {
		return fmt.Errorf("%w in %s: no complete summary of %s: it ends with the throughput", ErrNothing, in.name, what)
	}
	clients := func(r loadRun) float64 { return r.clients }
	threads := func(r loadRun) float64 { return r.threads }
	level, x := clients, s.clients
	if s.runs[0].clients == 0 || !varies(clients) && varies(threads) || in.options.X == "threads" {
		level, x = threads, "threads"
	}
	for _, r := range s.runs {
		n := level(r)
		t := 1 / r.rate
		if !(n > 0) || !(t > 0) || math.IsInf(t, 0) {
			in.complain(r.line, what, "%s is %g and the throughput %g/s: numbers above 0 are needed", x, n, r.rate)
			continue
		}
		in.add(label{series: r.series, x: x, workers: n}, r.line, &Measurement{Time: t, Tasks: 1})
	}
	if len(s.runs) == 1 || !varies(level) {
		return nil
	}
	return nil
}
