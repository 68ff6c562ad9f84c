package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/words"
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
			s := skip{words.Clean(name), words.Clean(why)}
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
	common, _, _ := groups.Split(groups.ParseAll(names))
	if len(names) == 1 || common == "" {
		return names
	}
	shared := results.ParseName(common).Elements()
	var keys []string
	values := map[string][]string{}
	for i, n := range names {
		rest := slices.DeleteFunc(results.ParseParts(n), func(p results.Part) bool { return slices.Contains(shared, p.String()) })
		if i > 0 && len(rest) != len(keys) {
			return names
		}
		for k, part := range rest {
			if i == 0 {
				keys = append(keys, part.Key)
			}
			if part.Key == "" || keys[k] != part.Key {
				return names
			}
			if !slices.Contains(values[part.Key], part.Value) {
				values[part.Key] = append(values[part.Key], part.Value)
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
		name := words.Shorten(s.Name, func(t string) bool { return words.Width(t) <= room })
		p.hanging(mark, name+": "+s.Why)
	}
}
