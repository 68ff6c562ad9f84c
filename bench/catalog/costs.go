package catalog

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"
)

// costs are the times of a task in a run of bench/peers, by operation and
// strategy. Where one was measured with several numbers of workers, only the
// results of the largest are kept.
type costs map[string]map[string]samples

type samples struct {
	workers int
	seconds []float64 // per task, one a round
}

// readCosts reads benchmark text of bench/peers.
func readCosts(peers io.Reader) (costs, error) {
	all := costs{}
	r := benchfmt.NewReader(peers, "peers")
	for r.Scan() {
		res, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		keys := keysOf(res.Name)
		workers, err := strconv.Atoi(keys["workers"])
		sec, ok := res.Value("sec/op")
		tasks, ok2 := res.Value("tasks/op")
		if err != nil || !ok || !ok2 || !(tasks > 0) {
			continue
		}
		byStrategy := all[keys["op"]]
		if byStrategy == nil {
			byStrategy = map[string]samples{}
			all[keys["op"]] = byStrategy
		}
		s := byStrategy[keys["strategy"]]
		if workers > s.workers {
			s = samples{workers: workers}
		}
		if workers == s.workers {
			s.seconds = append(s.seconds, sec/tasks)
		}
		byStrategy[keys["strategy"]] = s
	}
	return all, r.Err()
}

// workers is the largest number of workers that an operation was measured with.
func (c costs) workers(op string) int {
	most := 0
	for _, s := range c[op] {
		most = max(most, s.workers)
	}
	return most
}

// median returns the median time of an operation in seconds per task, 0 if it
// was not measured.
func (c costs) median(op, strategy string) float64 {
	s := c[op][strategy].seconds
	if len(s) == 0 {
		return 0
	}
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(s, &benchmath.DefaultThresholds), 0.95).Center
}

// formatted returns the median time of an operation with its unit, "not
// measured" if it was not.
func (c costs) formatted(op, strategy string) string {
	m := c.median(op, strategy)
	if m == 0 {
		return "not measured"
	}
	number := benchunit.Scale(m, benchunit.Decimal)
	digits := strings.TrimRight(number, "µnmkM")
	return digits + " " + strings.TrimPrefix(number, digits) + "s"
}

// WriteCosts writes what a task costs under every pool in the run of
// bench/peers, a column for each operation. Pools stand in the order of their
// medians at the first of the operations that they were measured at.
func WriteCosts(w io.Writer, peers io.Reader, ops []string) error {
	all, err := readCosts(peers)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| pool | %s |\n|---%s|\n", strings.Join(ops, " | "), strings.Repeat("|---:", len(ops)))
	written := map[string]bool{}
	for _, op := range ops {
		strategies := slices.SortedFunc(maps.Keys(all[op]), func(x, y string) int {
			return cmp.Or(cmp.Compare(all.median(op, x), all.median(op, y)), cmp.Compare(x, y))
		})
		for _, s := range strategies {
			if written[s] {
				continue
			}
			written[s] = true
			fmt.Fprintf(&b, "| %s |", s)
			for _, op := range ops {
				cell := ""
				if _, ok := all[op][s]; ok {
					cell = all.formatted(op, s)
				}
				fmt.Fprintf(&b, " %s |", cell)
			}
			b.WriteByte('\n')
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}
