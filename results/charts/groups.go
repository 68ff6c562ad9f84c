package charts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"amdahl/results"
	"amdahl/results/laws"
)

// A Group is the analyses that belong in one figure: series that differ in
// their strategy only or, for other people's benchmarks, that have the same
// top-level benchmark. A group has one x axis, one kind, one machine.
type Group struct {
	Common   string   // what all names have in common: "Strong/workload=hash/serial=0.1"
	Key      string   // the key that tells the series apart: "strategy"; "" if it is not one key
	Short    []string // of each series, what differs; a value alone where Key is set
	Analyses []*laws.Analysis
}

// Groups sorts analyses into groups, in the order in which each first
// appears. Analyses without a curve are left out.
func Groups(as []*laws.Analysis) []Group {
	type id struct {
		name    string
		x       string
		kind    results.Kind
		machine results.Machine
	}
	var order []id
	members := map[id][]*laws.Analysis{}
	for _, a := range as {
		if a == nil || a.Curve == nil {
			continue
		}
		c := a.Curve
		k := id{groupName(c.Series), c.X, c.Kind, c.Machine}
		if _, ok := members[k]; !ok {
			order = append(order, k)
		}
		members[k] = append(members[k], a)
	}
	groups := make([]Group, 0, len(order))
	for _, k := range order {
		groups = append(groups, NewGroup(members[k]))
	}
	return groups
}

// NewGroup makes one group of the analyses as they are given.
func NewGroup(as []*laws.Analysis) Group {
	g := Group{Analyses: as}
	names := make([]string, len(as))
	for i, a := range as {
		names[i] = a.Curve.Series
	}
	g.Common, g.Key, g.Short = Split(names)
	return g
}

// groupName is the part of a series' name that its whole group shares.
func groupName(series string) string {
	parts := strings.Split(series, "/")
	rest := slices.DeleteFunc(slices.Clone(parts), func(p string) bool {
		return strings.HasPrefix(p, "strategy=")
	})
	if len(rest) < len(parts) {
		return strings.Join(rest, "/")
	}
	return topLevel(series)
}

// topLevel is the benchmark's own name, before its sub-benchmarks. An import
// path in front of it ("example.com/m.Sort") stays: such a name starts with
// a small letter, which a Go benchmark's own name cannot.
func topLevel(series string) string {
	first, _, _ := strings.Cut(series, "/")
	if r, _ := utf8.DecodeRuneInString(series); !unicode.IsLower(r) {
		return first
	}
	end := 0
	for part := range strings.SplitSeq(series, "/") {
		end += len(part)
		if _, name, ok := cutLast(part, "."); ok {
			if r, _ := utf8.DecodeRuneInString(name); !unicode.IsLower(r) {
				return series[:end]
			}
		}
		end++
	}
	return first
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// Split divides names, made of parts between slashes, into the parts that
// all have and what is left of each. If what is left is always one key=value
// part with the same key, key is that key and short holds the values. A
// single name is all common.
func Split(names []string) (common, key string, short []string) {
	if len(names) == 0 {
		return "", "", nil
	}
	shared := strings.Split(names[0], "/")
	for _, n := range names[1:] {
		parts := strings.Split(n, "/")
		shared = slices.DeleteFunc(shared, func(p string) bool { return !slices.Contains(parts, p) })
	}
	common = strings.Join(shared, "/")
	keys := map[string]bool{}
	for _, n := range names {
		rest := slices.DeleteFunc(strings.Split(n, "/"), func(p string) bool { return slices.Contains(shared, p) })
		s := strings.Join(rest, "/")
		k, _, ok := strings.Cut(s, "=")
		if !ok || len(rest) != 1 {
			k = ""
		}
		keys[k] = true
		if s == "" {
			s = n
		}
		short = append(short, s)
	}
	if len(keys) == 1 && !keys[""] {
		for k := range keys {
			key = k
		}
		for i := range short {
			short[i] = strings.TrimPrefix(short[i], key+"=")
		}
	}
	return common, key, short
}

// Value is the value of a key in a series' name: Value("…/workload=hash/…",
// "workload") is "hash". It is "" if the name does not have the key.
func Value(series, key string) string {
	for p := range strings.SplitSeq(series, "/") {
		if v, ok := strings.CutPrefix(p, key+"="); ok {
			return v
		}
	}
	return ""
}
