package groups

import (
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
)

// figureKeys are the keys in which the series of one figure may differ, in
// the order in which a short name has their values.
var figureKeys = []string{contract.NameVariant, contract.NameStrategy, contract.NameCores}

const dot = " · " // between the values of a short name

// groupName is the part of a series' name that its whole group shares.
func groupName(n results.Name) string {
	if slices.ContainsFunc(n.Parts, func(p results.Part) bool { return slices.Contains(figureKeys, p.Key) }) {
		return n.Without(figureKeys...).String()
	}
	return n.Root()
}

// ParseAll parses names that are only known as texts.
func ParseAll(texts []string) []results.Name {
	names := make([]results.Name, len(texts))
	for i, t := range texts {
		names[i] = results.ParseName(t)
	}
	return names
}

// Split divides names into the elements that all have and what is left of
// each. A single name is all common.
//
// If what is left is always one key=value part with the same key, key is that
// key and short holds the values. If it is always variant=, strategy= or
// cores=, key is those that are left, and short their values: "strategy ·
// cores" and "fixed · gil".
func Split(names []results.Name) (common, key string, short []string) {
	if len(names) == 0 {
		return "", "", nil
	}
	shared := names[0].Elements()
	for _, n := range names[1:] {
		elements := n.Elements()
		shared = slices.DeleteFunc(shared, func(e string) bool { return !slices.Contains(elements, e) })
	}
	common = strings.Join(shared, "/")
	var keys []string // of all that is left
	rests := make([][]results.Part, len(names))
	one := true // part is left of each name
	for i, n := range names {
		all := append([]results.Part{{Value: n.Root()}}, n.Parts...)
		rests[i] = slices.DeleteFunc(all, func(p results.Part) bool { return slices.Contains(shared, p.String()) })
		one = one && len(rests[i]) == 1
		for _, p := range rests[i] {
			if !slices.Contains(keys, p.Key) {
				keys = append(keys, p.Key)
			}
		}
	}
	if key, short = figureValues(names, keys); key != "" {
		return common, key, short
	}
	if one && len(keys) == 1 {
		key = keys[0]
	}
	short = make([]string, len(names))
	for i, rest := range rests {
		texts := make([]string, len(rest))
		for k, p := range rest {
			if texts[k] = p.String(); key != "" {
				texts[k] = p.Value
			}
		}
		short[i] = strings.Join(texts, "/")
		switch {
		case short[i] != "":
		case slices.Equal(keys, []string{contract.NameLink}): // the others are over emulated networks
			short[i] = "without link"
		default:
			short[i] = names[i].String()
		}
	}
	return common, key, short
}

// figureValues makes short names of the values alone, if all keys are
// figureKeys and no two names become the same. Else key is "".
func figureValues(names []results.Name, keys []string) (key string, short []string) {
	if len(keys) == 0 || slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(figureKeys, k) }) {
		return "", nil
	}
	left := slices.DeleteFunc(slices.Clone(figureKeys), func(k string) bool { return !slices.Contains(keys, k) })
	seen := map[string]bool{}
	for _, n := range names {
		var values []string
		for _, k := range left {
			v := n.Value(k)
			if k == contract.NameCores {
				v = n.Cores()
			}
			if v != "" {
				values = append(values, v)
			}
		}
		s := strings.Join(values, dot)
		if s == "" || seen[s] {
			return "", nil
		}
		seen[s] = true
		short = append(short, s)
	}
	return strings.Join(left, dot), short
}

// standsAlone reports whether a value of this key, from Split, says enough
// without its key.
func standsAlone(key string) bool {
	return strings.Contains(key, dot) || slices.Contains(figureKeys, key)
}
