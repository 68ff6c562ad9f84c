package bench

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"
)

// costs are seconds per task in a run of bench/peers, a sample a round, by
// operation and strategy. Of several numbers of workers the largest counts.
type costs map[string]map[string]sampled

type sampled struct {
	workers string
	seconds []float64
}

// readCosts reads them from benchmark text.
func readCosts(peers io.Reader) (costs, error) {
	all := costs{}
	r := benchfmt.NewReader(peers, "peers")
	for r.Scan() {
		res, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		at := map[string]string{}
		_, parts := res.Name.Parts()
		for _, p := range parts {
			if key, value, ok := strings.Cut(strings.TrimPrefix(string(p), "/"), "="); ok {
				at[key] = value
			}
		}
		sec, ok := res.Value("sec/op")
		tasks, ok2 := res.Value("tasks/op")
		if !ok || !ok2 || !(tasks > 0) {
			continue
		}
		if all[at["op"]] == nil {
			all[at["op"]] = map[string]sampled{}
		}
		s := all[at["op"]][at["strategy"]]
		if at["workers"] > s.workers {
			s = sampled{workers: at["workers"]}
		}
		if at["workers"] == s.workers {
			s.seconds = append(s.seconds, sec/tasks)
		}
		all[at["op"]][at["strategy"]] = s
	}
	return all, r.Err()
}

// median is seconds per task, 0 where it was not measured.
func (c costs) median(op, strategy string) float64 {
	s := c[op][strategy].seconds
	if len(s) == 0 {
		return 0
	}
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(s, &benchmath.DefaultThresholds), 0.95).Center
}

// of is that with its unit.
func (c costs) of(op, strategy string) string {
	m := c.median(op, strategy)
	if m == 0 {
		return "not measured"
	}
	number := benchunit.Scale(m, benchunit.Decimal)
	digits := strings.TrimRight(number, "µnmkM")
	return digits + " " + strings.TrimPrefix(number, digits) + "s"
}

// WriteCosts writes what a task costs under every pool of a run of
// bench/peers as a Markdown table, the fastest at the first of the operations
// that it was measured for first.
func WriteCosts(w io.Writer, peers io.Reader, ops []string) error {
	all, err := readCosts(peers)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| pool | %s |\n|---%s|\n", strings.Join(ops, " | "), strings.Repeat("|---:", len(ops)))
	seen := map[string]bool{}
	for _, op := range ops {
		strategies := slices.SortedFunc(maps.Keys(all[op]), func(x, y string) int {
			return int(1e15*all.median(op, x)) - int(1e15*all.median(op, y))
		})
		for _, s := range strategies {
			if seen[s] {
				continue
			}
			seen[s] = true
			fmt.Fprintf(&b, "| %s |", s)
			for _, op := range ops {
				cell := ""
				if _, ok := all[op][s]; ok {
					cell = all.of(op, s)
				}
				fmt.Fprintf(&b, " %s |", cell)
			}
			b.WriteByte('\n')
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}
