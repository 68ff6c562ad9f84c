package results

import (
	"fmt"
	"slices"
	"strings"
)

// A Filter keeps the curves whose series has every part that it names, in
// the notation of benchmark names: "Strong/workload=hash/strategy=fixed,spawn".
// A comma separates alternatives. The zero value keeps everything.
type Filter []filterPart

type filterPart struct {
	key    string // "" for a part without =
	values []string
}

// ParseFilter reads a filter; it says which part is wrong.
func ParseFilter(s string) (Filter, error) {
	var f Filter
	if s == "" {
		return nil, nil
	}
	for _, part := range strings.Split(s, "/") {
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

// Keeps says whether the filter keeps a curve.
func (f Filter) Keeps(c *Curve) bool {
	parts := strings.Split(c.Series, "/")
	for _, want := range f {
		if !slices.ContainsFunc(parts, want.matches) {
			return false
		}
	}
	return true
}

func (p filterPart) matches(part string) bool {
	key, value, ok := strings.Cut(part, "=")
	if !ok {
		key, value = "", part
	}
	return key == p.key && slices.Contains(p.values, value)
}
