package read

import (
	"cmp"
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
)

// inOrder sorts the curves of rounds, which are measured in a shuffled order: by
// package, by [contract.KeyOrder] where the text has it, and by name.
func inOrder(drafts []*draft, config []results.Setting) {
	order := strings.Fields(configured(config, contract.KeyOrder))
	slices.SortStableFunc(drafts, func(c, d *draft) int {
		return cmp.Or(cmp.Compare(c.records[0].pkg, d.records[0].pkg), cmp.Compare(place(order, c.curve.Name), place(order, d.curve.Name)),
			cmp.Compare(c.curve.Name.String(), d.curve.Name.String()))
	})
}

// configured is the value of a configuration line, "" without one.
func configured(config []results.Setting, key string) string {
	i := slices.IndexFunc(config, func(s results.Setting) bool { return s.Key == key })
	if i < 0 {
		return ""
	}
	return config[i].Value
}

// place is where a name stands in an order: the index of the first listed part
// that it has. Names without one come last.
func place(order []string, n results.Name) int {
	for i, part := range order {
		if slices.Contains(n.Elements(), part) {
			return i
		}
	}
	return len(order)
}
