// Package catalog writes Markdown tables of what the benchmarks measure, from
// the lists that they run, and of what a task costs under each pool, from a
// stored run of bench/peers. README has both.
package catalog

import (
	"fmt"
	"io"
	"strings"

	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// Write writes the workloads, the strategies and the cores. peers is benchmark
// text of bench/peers, from which the cost of an empty task comes; why is text
// of "bench -why", which shows whether a workload ends where it is meant to.
func Write(w io.Writer, peers io.Reader, strategies []pools.Strategy, why ...io.Reader) error {
	costs, err := readCosts(peers)
	if err != nil {
		return err
	}
	accounts, err := readAccounts(why...)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("| workload | bound by | what a task does | size | meant to end at | seen |\n|---|---|---|---|---|---|\n")
	for _, x := range workloads.All {
		bound := "processors"
		if x.Bound == workloads.IO {
			bound = "waiting"
		}
		doc := x.Doc
		if len(x.Variants) > 0 {
			doc += "; variants `" + strings.Join(x.Variants, "`, `") + "`"
		}
		seen, _ := accounts.seen(x)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %d %s | %s | %s |\n", x.Name, bound, doc, x.Size, x.SizeUnit, x.Ends, seen)
	}
	fmt.Fprintf(&b, "\n| strategy | tasks at a time | how it runs them | an empty task costs, with %d workers |\n|---|---|---|---|\n", costs.workers("empty"))
	for _, x := range strategies {
		at := map[pools.Concurrency]string{pools.One: "1", pools.Workers: "`workers`", pools.Tasks: "all"}[x.Concurrency]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", x.Name, at, x.Doc, costs.formatted("empty", x.Name))
	}
	b.WriteString("\n| cores | what compute runs on |\n|---|---|\n")
	for _, x := range cores.All {
		fmt.Fprintf(&b, "| `%s` | %s |\n", x.Name, x.Doc)
	}
	_, err = io.WriteString(w, b.String())
	return err
}
