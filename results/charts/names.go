package charts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"amdahl/results"
)

// figureKeys are the keys in which the series of one figure may differ, in
// the order in which a short name has their values.
var figureKeys = []string{"variant", "strategy", "cores"}

const dot = " · " // between the values of a short name

// groupName is the part of a series' name that its whole group shares.
func groupName(series string) string {
	parts := strings.Split(series, "/")
	rest := slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return slices.Contains(figureKeys, keyOf(p)) })
	if len(rest) < len(parts) {
		return strings.Join(rest, "/")
	}
	return topLevel(series)
}

// keyOf is the key of a part of a name, "" if it has none.
func keyOf(part string) string {
	key, _, ok := strings.Cut(part, "=")
	if !ok {
		return ""
	}
	return key
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
// all have and what is left of each. A single name is all common.
//
// If what is left is always one key=value part with the same key, key is that
// key and short holds the values. If it is always variant=, strategy= or
// cores=, key is those that are left, and short their values: "strategy ·
// cores" and "fixed · gil".
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
	var keys []string // of all that is left
	rests := make([][]string, len(names))
	one := true // part is left of each name
	for i, n := range names {
		rests[i] = slices.DeleteFunc(strings.Split(n, "/"), func(p string) bool { return slices.Contains(shared, p) })
		one = one && len(rests[i]) == 1
		for _, p := range rests[i] {
			if k := keyOf(p); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	if key, short = values(names, keys); key != "" {
		return common, key, short
	}
	short = make([]string, len(names))
	for i, rest := range rests {
		if short[i] = strings.Join(rest, "/"); short[i] == "" {
			short[i] = names[i]
		}
	}
	if one && len(keys) == 1 && keys[0] != "" {
		key = keys[0]
		for i := range short {
			short[i] = strings.TrimPrefix(short[i], key+"=")
		}
	}
	return common, key, short
}

// values makes short names of the values alone, if the keys allow it and no
// two names become the same.
func values(names, keys []string) (key string, short []string) {
	if len(keys) == 0 || slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(figureKeys, k) }) {
		return "", nil
	}
	var left []string
	for _, k := range figureKeys {
		if slices.Contains(keys, k) {
			left = append(left, k)
		}
	}
	seen := map[string]bool{}
	for _, n := range names {
		var vs []string
		for _, k := range left {
			v := Value(n, k)
			if k == "cores" && v == "" {
				v = string(results.Real)
			}
			if v != "" {
				vs = append(vs, v)
			}
		}
		s := strings.Join(vs, dot)
		if s == "" || seen[s] {
			return "", nil
		}
		seen[s] = true
		short = append(short, s)
	}
	return strings.Join(left, dot), short
}

// tellsMuch says whether a value of this key, from Split, can stand alone.
func tellsMuch(key string) bool {
	return strings.Contains(key, dot) || slices.Contains(figureKeys, key)
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

// Cores is what a series runs on: "real" where its name does not say.
func Cores(series string) string {
	if v := Value(series, "cores"); v != "" {
		return v
	}
	return string(results.Real)
}
