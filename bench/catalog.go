package bench

import (
	"fmt"
	"io"
	"strings"

	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// WriteCatalog writes the workloads, the strategies and the cores as Markdown tables,
// made from the lists that the benchmarks run. What an empty task costs under
// each strategy comes from a stored run of bench/peers.
func WriteCatalog(w io.Writer, peers io.Reader) error {
	costs, err := readCosts(peers)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("| workload | bound by | what a task does | size |\n|---|---|---|---|\n")
	for _, x := range workloads.All {
		bound := "processors"
		if x.Bound == workloads.IO {
			bound = "waiting"
		}
		doc := x.Doc
		if len(x.Variants) > 0 {
			doc += "; variants `" + strings.Join(x.Variants, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %d %s |\n", x.Name, bound, doc, x.Size, x.SizeUnit)
	}
	b.WriteString("\n| strategy | tasks at a time | how it runs them | an empty task costs, with 2 workers |\n|---|---|---|---|\n")
	for _, x := range pools.All {
		at := map[pools.Concurrency]string{pools.One: "1", pools.Workers: "`workers`", pools.Tasks: "all"}[x.Concurrency]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", x.Name, at, x.Doc, costs.of("empty", x.Name))
	}
	b.WriteString("\n| cores | what compute runs on |\n|---|---|\n")
	for _, x := range cores.All {
		fmt.Fprintf(&b, "| `%s` | %s |\n", x.Name, x.Doc)
	}
	_, err = io.WriteString(w, b.String())
	return err
}
