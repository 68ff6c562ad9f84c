package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"amdahl/results"
	"amdahl/results/charts"
)

// A skip is benchmarks that were not measured for one reason.
type skip struct {
	Name string // what their names have in common, and how they differ
	Why  string
}

// skips puts those of one reason together, in the order in which the reasons
// first appear.
func skips(all []results.Skip) []skip {
	var order []string
	names := map[string][]string{}
	for _, s := range all {
		if names[s.Why] == nil {
			order = append(order, s.Why)
		}
		names[s.Why] = append(names[s.Why], s.Name)
	}
	var out []skip
	for _, why := range order {
		for _, name := range together(names[why]) {
			s := skip{charts.Clean(name), charts.Clean(why)}
			if s.Why == "" {
				s.Why = "it gave no reason"
			}
			out = append(out, s)
		}
	}
	return out
}

// together writes names that are every combination of some values as one:
// "Strong/workload=database (strategy=fixed, spawn; workers=1, 2, 4)". Others
// stay as they are.
func together(names []string) []string {
	common, _, _ := charts.Split(names)
	if len(names) == 1 || common == "" {
		return names
	}
	shared := strings.Split(common, "/")
	var keys []string
	values := map[string][]string{}
	for i, n := range names {
		rest := slices.DeleteFunc(strings.Split(n, "/"), func(p string) bool { return slices.Contains(shared, p) })
		if i > 0 && len(rest) != len(keys) {
			return names
		}
		for k, part := range rest {
			key, value, ok := strings.Cut(part, "=")
			if i == 0 {
				keys = append(keys, key)
			}
			if !ok || keys[k] != key {
				return names
			}
			if !slices.Contains(values[key], value) {
				values[key] = append(values[key], value)
			}
		}
	}
	all := 1
	texts := make([]string, len(keys))
	for i, k := range keys {
		all *= len(values[k])
		slices.SortStableFunc(values[k], byNumber)
		texts[i] = k + "=" + strings.Join(values[k], ", ")
	}
	if all != len(names) {
		return names
	}
	return []string{common + " (" + strings.Join(texts, "; ") + ")"}
}

// byNumber orders numbers by size and leaves all else as it is.
func byNumber(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return 0
	}
	return cmp.Compare(x, y)
}

// skipped prints what was not measured, and why. Long names give way in their
// middle.
func (p *printer) skipped() {
	for i, s := range skips(p.o.Skipped) {
		if i == 0 {
			p.line("")
		}
		const mark = "skipped: "
		room := max(p.o.Width-len(mark)-1, 2*shortName)
		name := charts.Shorten(s.Name, func(t string) bool { return width(t) <= room })
		p.hanging(mark, name+": "+s.Why)
	}
}
