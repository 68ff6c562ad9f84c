package results

import (
	"fmt"
	"slices"
	"strings"
)

// A Filter keeps the curves whose name has every part that the filter names,
// in the notation of benchmark names: "Strong/workload=hash/strategy=fixed,spawn".
// A comma separates alternatives. The zero value keeps everything.
type Filter []filterPart

type filterPart struct {
	key    string // "" for a part without =
	values []string
}

// ParseFilter reads a filter. The error says which part is wrong.
func ParseFilter(s string) (Filter, error) {
	if s == "" {
		return nil, nil
	}
	var f Filter
	for part := range strings.SplitSeq(s, "/") {
		key, values, ok := strings.Cut(part, "=")
		if !ok {
			key, values = "", part
		}
		alternatives := strings.Split(values, ",")
		if slices.Contains(alternatives, "") {
			return nil, fmt.Errorf("filter %q: the part %q has no value: write key=value or key=one,other", s, part)
		}
		f = append(f, filterPart{key, alternatives})
	}
	return f, nil
}

// Keeps reports whether the filter keeps a curve.
func (f Filter) Keeps(c *Curve) bool {
	parts := append(ParseParts(c.Name.Root()), c.Name.Parts...)
	return !slices.ContainsFunc(f, func(want filterPart) bool {
		return !slices.ContainsFunc(parts, func(p Part) bool { return p.Key == want.key && slices.Contains(want.values, p.Value) })
	})
}
