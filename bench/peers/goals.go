package main

import (
	"fmt"
	"os"
	"slices"
)

// goals prints how the pool stands to what it is to beat: the median over the
// rounds of the ratio of two samples of one round.
func goals(cases []*measured) {
	find := func(op, strategy string) (samples []float64) {
		most := 0 // the case with the most workers counts
		for _, c := range cases {
			if c.op == op && c.strategy == strategy && c.workers > most {
				samples, most = c.samples, c.workers
			}
		}
		return samples
	}
	for _, g := range []struct {
		what, op, ours, theirs string
		least                  float64 // of theirs ÷ ours
	}{
		{"a call against Pool.apply", "call", "procpool-ring", "python-pool", 50},
		{"a call against the floor of shared memory", "call", "procpool-ring", "floor-shm", 0.5},
		{"a call over pipes against the floor of pipes", "call", "procpool-pipe", "floor-pipe", 0.5},
		{"a call of pull against NATS's round trip", "call", "remote-pull", "floor-nats", 0.5},
		{"a call of request against NATS's round trip", "call", "remote-request", "floor-nats", 0.5},
		{"map at chunk size 1 against Pool.map", "map", "procpool-ring", "python-pool", 100},
		{"map at the default chunk size against Pool.map", "mapdefault", "procpool-ring", "python-pool", 12},
		{"1 MiB arguments against Pool.map", "args", "procpool-ring", "python-pool", 8},
		{"fixed against ants", "empty", "fixed", "ants", 1},
		{"fixed against pond", "empty", "fixed", "pond", 1},
		{"fixed against conc", "empty", "fixed", "conc", 1},
		{"fixed against errgroup", "empty", "fixed", "errgroup", 1},
		{"fixed against workerpool", "empty", "fixed", "workerpool", 1},
		{"fixed against a channel", "empty", "fixed", "channel", 8},
		{"spawn against the go statement", "empty", "spawn", "go-statement", 0.8},
	} {
		ours, theirs := find(g.op, g.ours), find(g.op, g.theirs)
		n := min(len(ours), len(theirs))
		if n == 0 {
			continue
		}
		ratios := make([]float64, n)
		for i := range ratios {
			ratios[i] = theirs[i] / ours[i]
		}
		m := median(ratios)
		verdict := "reached"
		if m < g.least {
			verdict = "NOT reached"
		}
		fmt.Fprintf(os.Stderr, "%-50s %8.3gx (goal %gx, %d rounds, %.3g to %.3g): %s\n", g.what, m, g.least, n, slices.Min(ratios), slices.Max(ratios), verdict)
	}
	for _, s := range []string{"procpool-ring", "procpool-pipe"} {
		if ns := find("args", s); len(ns) > 0 {
			fmt.Fprintf(os.Stderr, "%-50s %8.3g GB/s (goal 8)\n", "1 MiB arguments, "+s, float64(bigCount<<20)/median(ns))
		}
		if ns := find("start", s); len(ns) > 0 {
			fmt.Fprintf(os.Stderr, "%-50s %8.3g ms (goal 10)\n", "start of 4 workers, "+s, median(ns)/1e6)
		}
	}
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
