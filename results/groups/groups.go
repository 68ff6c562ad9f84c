// Package groups says which series belong together in one figure and one table,
// and what to call them there.
package groups

import (
	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
)

// A Group is the analyses that belong in one figure: series that differ in
// their strategy, cores or variant only or, for other people's benchmarks,
// that have the same top-level benchmark. A group has one x axis, one kind,
// one machine.
type Group struct {
	Common   string   // what all names have in common: "Strong/workload=hash/serial=0.1"
	Key      string   // the keys that tell the series apart: "strategy", "strategy · cores"; "" if it is not one key, nor these
	Short    []string // of each series, what differs; values alone where Key is set
	Analyses []*laws.Analysis
}

// mostTogether is how many series one figure can hold and still be read. A
// larger group is split by what the series run on, then by their variant.
const mostTogether = 8

// Of sorts analyses into groups, in the order in which each first appears.
// Analyses without a curve are left out.
func Of(as []*laws.Analysis) []Group {
	type id struct {
		name    string
		x       string
		kind    results.Kind
		machine results.Machine
	}
	var all []Group
	for _, members := range split(as, func(a *laws.Analysis) id {
		return id{groupName(a.Curve.Name), a.Curve.X, a.Curve.Kind, a.Curve.Machine}
	}) {
		for _, some := range fewer(members, func(a *laws.Analysis) string { return a.Curve.Name.Cores() }) {
			for _, few := range fewer(some, func(a *laws.Analysis) string { return a.Curve.Name.Value(contract.NameVariant) }) {
				all = append(all, New(few))
			}
		}
	}
	return all
}

// Lone makes groups of analyses of which each would be a group of its own: one for all, or, if
// a short name has more than longest letters, one for each benchmark or workload, if that
// makes them shorter.
func Lone(as []*laws.Analysis, longest int) []Group {
	all := New(as)
	length := func(g Group) int {
		most := 0
		for _, s := range g.Short {
			most = max(most, len(s))
		}
		return most
	}
	if length(all) <= longest {
		return []Group{all}
	}
	var parts []Group
	for _, some := range split(as, func(a *laws.Analysis) [2]string {
		return [2]string{a.Curve.Name.Root(), a.Curve.Name.Value(contract.NameWorkload)}
	}) {
		parts = append(parts, New(some))
	}
	if 2*len(parts) > len(as) {
		return []Group{all}
	}
	return parts
}

// fewer splits what is too much for one figure.
func fewer(as []*laws.Analysis, by func(*laws.Analysis) string) [][]*laws.Analysis {
	if len(as) <= mostTogether {
		return [][]*laws.Analysis{as}
	}
	return split(as, by)
}

// split puts analyses with equal keys together, in the order in which each
// key first appears.
func split[K comparable](as []*laws.Analysis, by func(*laws.Analysis) K) [][]*laws.Analysis {
	at := map[K]int{}
	var parts [][]*laws.Analysis
	for _, a := range as {
		if a == nil || a.Curve == nil {
			continue
		}
		k := by(a)
		i, ok := at[k]
		if !ok {
			i = len(parts)
			at[k] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], a)
	}
	return parts
}

// New makes one group of the analyses as they are given.
func New(as []*laws.Analysis) Group {
	g := Group{Analyses: as}
	names := make([]results.Name, len(as))
	for i, a := range as {
		names[i] = a.Curve.Name
	}
	g.Common, g.Key, g.Short = Split(names)
	return g
}

// Name is a short name of series i that can stand alone.
func (g Group) Name(i int) string {
	if g.Key != "" && !standsAlone(g.Key) {
		return g.Key + "=" + g.Short[i]
	}
	return g.Short[i]
}
