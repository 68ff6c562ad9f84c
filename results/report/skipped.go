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
	var names gathered
	for _, s := range all {
		names.add(s.Why, s.Name)
	}
	var out []skip
	for _, g := range names {
		for _, name := range together(g.values) {
			out = append(out, skip{words.Clean(name), cmp.Or(words.Clean(g.key), "it gave no reason")})
		}
	}
	return out
}

// gathered is values by their keys, in the order in which the keys came.
type gathered []keyed

type keyed struct {
	key    string
	values []string
}

func (g *gathered) add(key, value string) {
	i := slices.IndexFunc(*g, func(k keyed) bool { return k.key == key })
	if i < 0 {
		i = len(*g)
		*g = append(*g, keyed{key: key})
	}
	(*g)[i].values = append((*g)[i].values, value)
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
