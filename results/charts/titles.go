package charts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/words"
)

// title says what was compared: "sleep: time and speedup of 5 strategies, fixed
// work".
func (b *builder) title() string {
	what := map[Quantity]string{Time: "time", Speedup: "speedup", Efficiency: "efficiency"}[b.o.Only]
	switch {
	case b.oneLevel() && b.relative:
		what = overOne
	case b.oneLevel():
		what = "time per " + b.work()
	case len(b.right.Points) == 0:
		what = "time"
	case what == "" && b.relative:
		what = "speedup"
	case what == "":
		what = "time and speedup"
	}
	text := subject(b.group) + ": " + what
	if c := compared(b.group); c != "" {
		text += " of " + c
	} else if s := b.group.Analyses[0].Curve.Name.Value(contract.NameStrategy); s != "" && len(b.group.Analyses) == 1 {
		text += " under " + s
	}
	if n := len(distinct(b.machines)); n > 1 {
		text += fmt.Sprintf(" on %d machines", n)
	}
	if b.oneLevel() {
		return text
	}
	switch b.kind {
	case results.Weak:
		text += ", the work grows with the workers"
	case results.Strong:
		if b.group.Analyses[0].Curve.Name.Has(contract.NameWorkload) {
			text += ", the work is fixed"
		}
	}
	return text
}

// compared is what the series of a group differ in: "5 strategies", "quick and
// merge"; "" for one series.
func compared(g groups.Group) string {
	n := len(distinct(g.Short))
	switch key, ok := plurals[g.Key]; {
	case n < 2:
		return ""
	case ok:
		return fmt.Sprintf("%d %s", n, key)
	case strings.Contains(g.Key, keySeparator):
		var all []string
		for _, k := range strings.Split(g.Key, keySeparator) {
			values := make([]string, len(g.Analyses))
			for i, a := range g.Analyses {
				if values[i] = a.Curve.Name.Value(k); k == contract.NameCores {
					values[i] = a.Curve.Name.Cores()
				}
			}
			if n := len(distinct(values)); n > 1 {
				all = append(all, fmt.Sprintf("%d %s", n, plurals[k]))
			}
		}
		return words.List(all)
	case g.Key == "" || strings.Contains(g.Key, " "):
		if list := words.List(g.Short); n <= 3 && len(list) <= 40 {
			return list
		}
		return fmt.Sprintf("%d series", n)
	}
	return fmt.Sprintf("%d values of %s", n, words.Clean(g.Key))
}

// keySeparator stands between the keys of a group that differs in several.
const keySeparator = " · "

// plurals are the keys that have a word of their own.
var plurals = map[string]string{
	contract.NameStrategy: "strategies", contract.NameVariant: "variants", contract.NameCores: "kinds of cores", "file": "files",
}

// distinct are the texts without repeats.
func distinct(texts []string) []string {
	texts = slices.Clone(texts)
	slices.Sort(texts)
	return slices.Compact(texts)
}

// subject is what the group is about: the workload with its variant or, for other
// people's benchmarks, what all their names have in common.
func subject(g groups.Group) string {
	name := ""
	for i, a := range g.Analyses {
		n := workOf(a.Curve.Name)
		if i > 0 && n != name {
			return fmt.Sprintf("%d series", len(g.Analyses))
		}
		name = n
	}
	var also []string
	for _, p := range results.ParseParts(g.Common) {
		if p.Key == contract.NameVariant || p.Key != "" && !g.Analyses[0].Curve.Name.Has(contract.NameWorkload) && !slices.Contains(notSubject, p.Key) {
			also = append(also, p.Value)
			if p.Key != contract.NameVariant {
				also[len(also)-1] = p.String()
			}
		}
	}
	return strings.Join(append([]string{name}, also...), " ")
}

// notSubject are keys that say how work was run, not which work.
var notSubject = []string{contract.NameStrategy, contract.NameCores, "file"}

// workOf is what a series does: its workload or, for other people's benchmarks, the
// benchmark's name.
func workOf(n results.Name) string { return cmp.Or(n.Value(contract.NameWorkload), n.Root()) }
