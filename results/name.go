package results

import (
	"slices"
	"strconv"
	"strings"
)

// A Name is the name of a series, split into its parts once:
//
//	example.com/m.Strong/workload=hash/big/cores=slow32
//
// is the benchmark Strong of package example.com/m with the parts
// workload=hash, big and cores=slow32. Two names are equal if their texts are.
type Name struct {
	Package string // import path; "" where the text does not need it to tell series apart
	Base    string // the benchmark's own name: "Strong"
	Parts   []Part // sub-benchmarks and their keys, in the order of the name
}

// A Part is one element of a name between two slashes: "workload=hash", or
// "big", which has no key.
type Part struct{ Key, Value string }

// String is the part as the name has it.
func (p Part) String() string {
	if p.Key == "" {
		return p.Value
	}
	return p.Key + "=" + p.Value
}

// ParseName splits the name of a series that has no import path in front.
// [Name.String] of the result is the same text.
func ParseName(text string) Name {
	base, rest, more := strings.Cut(text, "/")
	n := Name{Base: base}
	if more {
		n.Parts = ParseParts(rest)
	}
	return n
}

// ParseParts splits parts with slashes between them.
func ParseParts(text string) []Part {
	parts := make([]Part, 0, 1+strings.Count(text, "/"))
	for part := range strings.SplitSeq(text, "/") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || key == "" { // "=x" has no key: its text is its value
			key, value = "", part
		}
		parts = append(parts, Part{key, value})
	}
	return parts
}

// String is the whole name.
func (n Name) String() string {
	var b strings.Builder
	b.WriteString(n.Root())
	for _, p := range n.Parts {
		b.WriteByte('/')
		b.WriteString(p.String())
	}
	return b.String()
}

// Root is the name without its parts: the import path, if there is one, and
// the benchmark's own name.
func (n Name) Root() string {
	if n.Package == "" {
		return n.Base
	}
	return n.Package + "." + n.Base
}

// Elements lists the name as texts that can be compared one by one: the root,
// then the parts.
func (n Name) Elements() []string {
	all := []string{n.Root()}
	for _, p := range n.Parts {
		all = append(all, p.String())
	}
	return all
}

// Value is the value of a key, of the first part that has it: "hash" for
// "workload". It is "" where no part has the key.
func (n Name) Value(key string) string {
	for _, p := range n.Parts {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// Has reports whether a part has the key.
func (n Name) Has(key string) bool {
	return slices.ContainsFunc(n.Parts, func(p Part) bool { return p.Key == key })
}

// Without is the name without the parts that have one of the keys.
func (n Name) Without(keys ...string) Name {
	all := n.Parts
	n.Parts = nil
	for _, p := range all {
		if p.Key == "" || !slices.Contains(keys, p.Key) {
			n.Parts = append(n.Parts, p)
		}
	}
	return n
}

// coresKey is the key that says what compute ran on.
const coresKey = "cores"

// Cores is what the series runs on, as its name says: "real" where it does
// not say.
func (n Name) Cores() string {
	if v := n.Value(coresKey); v != "" {
		return v
	}
	return string(Real)
}

// Slowdown is how many times slower than a real processor a core of the series
// is: 32 for cores=slow32, and for cores=slow32+big4, of which one core is faster.
// It is 0 where the cores are not slow ones, or do not say how slow they are.
func (n Name) Slowdown() int {
	digits, ok := strings.CutPrefix(n.Value(coresKey), string(Slow))
	digits, _, _ = strings.Cut(digits, "+")
	if !ok || strings.Trim(digits, "0123456789") != "" {
		return 0
	}
	k, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return k
}

// chipPrefix begins the cores of a chip that slow cores imitate: cores=hm-asym-4.
const chipPrefix = "hm-"

// linkKey is contract.NameLink.
const linkKey = "link"

// Source says where the times of the series come from, as its key cores=
// tells.
func (n Name) Source() Source {
	switch s := Source(n.Value(coresKey)); {
	case s == Simulated || s == Model:
		return s
	case n.Has(linkKey):
		return Emulated
	case n.Slowdown() > 0, strings.HasPrefix(n.Value(coresKey), chipPrefix):
		return Slow
	}
	return Real
}
