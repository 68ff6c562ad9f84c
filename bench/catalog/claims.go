package catalog

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"

	"amdahl/bench/contract"
	"amdahl/workloads"
)

// Least is the share of worker time that a part must have before the end that a
// workload is meant to show counts as seen.
const Least = 0.05

// accounts are the accounts of worker time in benchmark text of "bench -why": the
// share of each cause in the paid time, one a result, by workload, strategy and
// number of workers.
type accounts map[account]map[contract.Cause][]float64

type account struct {
	workload, strategy string
	workers            int
}

// readAccounts reads the results that have a paid time.
func readAccounts(files ...io.Reader) (accounts, error) {
	all := accounts{}
	for _, r := range files {
		in := benchfmt.NewReader(r, "accounts")
		for in.Scan() {
			if res, ok := in.Result().(*benchfmt.Result); ok && res.GetConfig(contract.KeyCanary)+res.GetConfig(contract.KeySentinel) == "" {
				all.add(res)
			}
		}
		if err := in.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// add adds a result, if it has an account.
func (a accounts) add(res *benchfmt.Result) {
	paid, ok := res.Value(contract.InSeconds(contract.UnitPaid))
	at, named := accountOf(res.Name)
	if !ok || !named || !(paid > 0) {
		return
	}
	if a[at] == nil {
		a[at] = map[contract.Cause][]float64{}
	}
	for _, c := range contract.Causes {
		v, _ := res.Value(contract.InSeconds(c.Unit()))
		a[at][c] = append(a[at][c], v/paid)
	}
}

// accountOf reads the name of a result. Of several variants the first counts.
func accountOf(name benchfmt.Name) (at account, ok bool) {
	keys := keysOf(name)
	at = account{workload: keys[contract.NameWorkload], strategy: keys[contract.NameStrategy]}
	i := slices.IndexFunc(workloads.All, func(w workloads.Workload) bool { return w.Name == at.workload })
	if i < 0 {
		return at, false
	}
	if v := keys[contract.NameVariant]; v != "" && v != workloads.All[i].Variants[0] {
		return at, false
	}
	_, err := fmt.Sscan(keys[contract.NameWorkers], &at.workers)
	return at, err == nil
}

// seen says whether the account of the workload shows the end that it is meant to
// have, at the most workers that it was measured with: its part of the worker time
// is at least Least and the largest of those that one worker does not have. The
// text is for a cell of a table; shown is false where it is withheld, with the
// reason.
func (a accounts) seen(w workloads.Workload) (text string, shown bool) {
	if w.Loss == "" {
		return "—", false
	}
	strategy := w.LossUnder
	if strategy == "" {
		strategy = "fixed"
	}
	most := account{workload: w.Name, strategy: strategy}
	for at := range a {
		if at.workload == most.workload && at.strategy == strategy {
			most.workers = max(most.workers, at.workers)
		}
	}
	parts := a[most]
	if len(parts) == 0 || most.workers < 2 {
		return "not measured", false
	}
	share := func(c contract.Cause) float64 {
		return benchmath.AssumeNothing.Summary(benchmath.NewSample(parts[c], &benchmath.DefaultThresholds), 0.95).Center
	}
	claimed, largest := contract.Cause(w.Loss), contract.Cause(w.Loss)
	for _, c := range contract.Causes {
		if c != contract.Useful && c != contract.IO && c != contract.Unattributed && share(c) > share(largest) {
			largest = c
		}
	}
	under := fmt.Sprintf("%d workers", most.workers)
	if strategy != "fixed" {
		under += " under `" + strategy + "`"
	}
	switch {
	case share(largest) < Least:
		return fmt.Sprintf("no: %s lose less than %.0f %% to anything", under, 100*Least), false
	case largest != claimed:
		return fmt.Sprintf("no: %s lose %.0f %% to `%s`, %.0f %% to `%s`", under, 100*share(largest), largest, 100*share(claimed), claimed), false
	}
	return fmt.Sprintf("yes: %s lose %.0f %% to `%s`", under, 100*share(claimed), claimed), true
}

// keysOf are the keys of a benchmark's name, with the number of GOMAXPROCS left
// aside.
func keysOf(name benchfmt.Name) map[string]string {
	keys := map[string]string{}
	_, parts := name.Parts()
	for _, p := range parts {
		if key, value, ok := strings.Cut(strings.TrimPrefix(string(p), "/"), "="); ok {
			keys[key] = value
		}
	}
	return keys
}
