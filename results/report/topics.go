package report

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

// A topic is the groups that are one workload: fixed work, and the same work growing
// with the workers.
type topic struct {
	Title   string
	Answers []answer // in the order of their groups
}

// main is the answer that a card begins with: of fixed work, where there is some.
func (t topic) main() answer {
	if i := slices.IndexFunc(t.Answers, func(a answer) bool { return a.Kind == results.Strong }); i >= 0 {
		return t.Answers[i]
	}
	return t.Answers[0]
}

// topicsOf sorts groups into topics, by gain: the largest first, those that are not
// sound last.
func topicsOf(gs []groups.Group) []topic {
	type key struct {
		name, x string
		machine results.Machine
	}
	var all []topic
	at := map[key]int{}
	for _, g := range gs {
		a := answerOf(g)
		name := results.ParseName(g.Common)
		k := key{name.String(), g.Analyses[0].Curve.X, g.Analyses[0].Curve.Machine}
		if (name.Base == contract.NameStrong || name.Base == contract.NameWeak) && len(name.Parts) > 0 {
			_, k.name, _ = strings.Cut(g.Common, "/")
		}
		if i, ok := at[k]; ok && !slices.ContainsFunc(all[i].Answers, func(o answer) bool { return o.Kind == a.Kind }) {
			all[i].Answers = append(all[i].Answers, a)
			continue
		}
		at[k] = len(all)
		all = append(all, topic{Title: titleOf(g), Answers: []answer{a}})
	}
	unique(all)
	slices.SortStableFunc(all, func(a, b topic) int {
		x, y := a.main(), b.main()
		if x.Sound != y.Sound {
			if x.Sound {
				return -1
			}
			return 1
		}
		return cmp.Compare(y.Gain, x.Gain)
	})
	return all
}

// titleOf is what a group is about: its workload with its variant, or what its names
// have in common.
func titleOf(g groups.Group) string {
	name := g.Analyses[0].Curve.Name
	title := name.Value(contract.NameWorkload)
	if title == "" {
		return words.Clean(cmp.Or(g.Common, name.Root()))
	}
	if v := results.ParseName(g.Common).Value(contract.NameVariant); v != "" {
		title += " (" + v + ")"
	}
	return words.Clean(title)
}

// unique makes titles that several topics have different: by all that their names
// have in common, and by numbers where that is equal too.
func unique(all []topic) {
	count := map[string]int{}
	for _, t := range all {
		count[t.Title]++
	}
	for i := range all {
		if t := &all[i]; count[t.Title] > 1 {
			t.Title = words.Clean(cmp.Or(t.Answers[0].Group.Common, t.Title))
		}
	}
	seen := map[string]int{}
	for i := range all {
		if seen[all[i].Title]++; seen[all[i].Title] > 1 {
			all[i].Title += fmt.Sprintf(" (%d)", seen[all[i].Title])
		}
	}
}
