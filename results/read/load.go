package read

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A loadRun is one run of a load generator: how many clients and threads, and
// what throughput they saw together.
type loadRun struct {
	series           string
	clients, threads float64 // 0 where the summary does not say
	rate             float64 // per second
	scale            string  // the size of what was asked, where the summary says it; "" if not
	failed           string  // what the summary says of requests that failed; "" if nothing
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
	if len(s.runs) == 0 {
		return fmt.Errorf("%w in %s: no complete summary of %s: it ends with the throughput", ErrNothing, in.name, what)
	}
	level, x, err := s.axis(in)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(s.runs, func(r loadRun) bool { return r.scale != s.runs[0].scale }) {
		for i, r := range s.runs {
			if r.scale != "" {
				s.runs[i].series += "/scale=" + r.scale
			}
		}
	}
	for _, r := range s.runs {
		n := level(r)
		t := 1 / r.rate
		if !(n > 0) || !(t > 0) || math.IsInf(t, 0) {
			in.complain(r.line, what, "%s is %g and the throughput %g/s: numbers above 0 are needed", x, n, r.rate)
			continue
		}
		if r.failed != "" {
			in.note("%s:%d: %s=%g: some requests failed, and count as well: %s", in.name, r.line, x, n, r.failed)
		}
		in.add(label{series: r.series, x: x, workers: n}, r.line, &Measurement{Time: t, Tasks: 1})
	}
	return nil
}

// axis chooses the x axis.
func (s *loadSummary) axis(in *input) (level func(loadRun) float64, x string, err error) {
	clients := func(r loadRun) float64 { return r.clients }
	threads := func(r loadRun) float64 { return r.threads }
	varies := func(of func(loadRun) float64) bool {
		return slices.ContainsFunc(s.runs, func(r loadRun) bool { return of(r) != of(s.runs[0]) })
	}
	has := func(of func(loadRun) float64) bool {
		return !slices.ContainsFunc(s.runs, func(r loadRun) bool { return of(r) == 0 })
	}
	switch want := in.options.X; {
	case want == "threads" && has(threads):
		return threads, "threads", nil
	case want != "" && want == s.clients:
		return clients, s.clients, nil
	case want != "":
		var names []string
		if s.clients != "" && has(clients) {
			names = append(names, s.clients)
		}
		if has(threads) {
			names = append(names, "threads")
		}
		return nil, "", &ColumnError{fmt.Sprintf("%s:%d: no %q in the summaries: choose the x axis: %s", in.name, s.runs[0].line, want, strings.Join(in.choose(names), ", or "))}
	case s.runs[0].clients == 0 || !varies(clients) && varies(threads):
		return threads, "threads", nil
	}
	return clients, s.clients, nil
}
