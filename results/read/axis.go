package read

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/words"
)

// GOMAXPROCS is the name of the x axis that a benchmark name carries in its
// -N suffix. A missing suffix means 1.
const GOMAXPROCS = "gomaxprocs"

// numberWord is the name of an x axis that is a number without a word.
const numberWord = "number"

type pkgName struct{ pkg, name string }

// An axis is where the names of a family have their level.
type axis struct {
	at   int      // which number; -1 for the -N suffix
	name string   // of the x axis
	note string   // what was taken for what, "" where names say it
	ask  []string // the values of -x to choose from, nil if there is no choice
	size string   // why a number was not taken, "" if none was refused
}

// axisOf decides which number of the names is the level: the key that the user
// named; else a key of [contract.WorkerKeys]; else GOMAXPROCS where it varies; else
// the only number that varies and can be a number of workers. ok is false where
// the names lack the key that the user named.
func (f *family) axisOf(x string) (a axis, ok bool) {
	suffixAxis := axis{at: -1, name: GOMAXPROCS}
	if f.members[0].kind != goName { // only names of Go have that suffix
		suffixAxis.name = contract.NameWorkers
	}
	if x == "" && f.x != "" {
		if a, ok := f.axisOf(f.x); ok {
			return a, true
		}
	}
	if x != "" {
		if i := f.named(x); i >= 0 {
			return axis{at: i, name: x}, true
		}
		return suffixAxis, x == GOMAXPROCS && f.members[0].kind != command
	}
	procsVary := slices.ContainsFunc(f.members, func(m *member) bool { return m.procs != f.members[0].procs })
	if i := f.exact(procsVary); i >= 0 {
		return axis{at: i, name: f.word(i)}, true
	}
	if procsVary {
		if why := f.sizeLike(-1); why != "" {
			return axis{at: -1, name: GOMAXPROCS, size: why}, true
		}
		if f.onePrinted() {
			suffixAxis.note = fmt.Sprintf("%s: -1 at the end of a name was taken for GOMAXPROCS=1, which go test does not print: x is %s", f.title(-1), GOMAXPROCS)
		}
		return suffixAxis, true
	}
	var likely, possible []int
	why, unknown := "", 0 // numbers that vary, and are neither sizes nor possible
	for i := range f.numbers {
		if !f.varies(i) {
			continue
		}
		word := f.word(i)
		switch strong := isWorkerWord(word); {
		case f.members[0].numbers[i].inBase && !strong, f.below(i):
			unknown++
		case !f.counts(i):
			why = fmt.Sprintf("%s looks like a size and was not taken for workers", f.describe(i))
		case strong:
			likely = append(likely, i)
		case isSizeWord(word):
			why = fmt.Sprintf("%s looks like a size and was not taken for workers", f.describe(i))
		default:
			if s := f.sizeLike(i); s != "" {
				why = s
				continue
			}
			possible = append(possible, i)
		}
	}
	take := func(i int) (axis, bool) {
		return axis{at: i, name: f.word(i), note: fmt.Sprintf("%s: x is %s", f.title(i), f.describe(i))}, true
	}
	switch {
	case len(likely) == 1:
		return take(likely[0])
	case len(likely) > 1:
		suffixAxis.ask = f.choice(likely)
	case len(possible) == 1 && unknown == 0:
		return take(possible[0])
	case len(possible) > 0:
		suffixAxis.ask = f.choice(possible)
	case why != "":
		suffixAxis.size = why
	}
	return suffixAxis, true
}

// named is the number that the user calls x: a word, or #2 for the second
// number; -1 if there is none.
func (f *family) named(x string) int {
	numbers := f.members[0].numbers
	for _, same := range []func(word string) bool{
		func(w string) bool { return w == x },
		func(w string) bool { return strings.EqualFold(w, x) },
	} {
		for i, n := range numbers {
			if n.word != "" && same(n.word) {
				return i
			}
		}
	}
	if k, err := strconv.Atoi(strings.TrimPrefix(x, "#")); err == nil && strings.HasPrefix(x, "#") && 1 <= k && k <= len(numbers) {
		return k - 1
	}
	if x == numberWord && len(numbers) == 1 {
		return 0
	}
	return -1
}

// exact is the number that is the value of a key of [contract.WorkerKeys]: the
// first of these that varies, else the first where neither it nor GOMAXPROCS varies; -1
// if there is none.
func (f *family) exact(procsVary bool) int {
	best, bestRank := -1, math.MaxInt
	for i, n := range f.members[0].numbers {
		rank := exactKey(n.word)
		if rank < 0 || !n.exact {
			continue
		}
		if !f.varies(i) {
			if procsVary {
				continue
			}
			rank += len(exactKeys)
		} else if len(n.word) == 1 && (f.sizeLike(i) != "" || procsVary) {
			continue // n and p mean many things
		}
		if rank < bestRank {
			best, bestRank = i, rank
		}
	}
	return best
}

// word is the name of the axis that a number would be.
func (f *family) word(i int) string {
	if w := f.members[0].numbers[i].word; w != "" {
		return w
	}
	return numberWord
}

func (f *family) varies(i int) bool {
	return slices.ContainsFunc(f.members, func(m *member) bool { return m.numbers[i].value != f.members[0].numbers[i].value })
}

// counts reports whether every value can be a number of workers.
func (f *family) counts(i int) bool {
	return !slices.ContainsFunc(f.members, func(m *member) bool { v := m.numbers[i].value; return v < 1 || v > 1<<16 })
}

// below reports whether some value is below 1.
func (f *family) below(i int) bool {
	return slices.ContainsFunc(f.members, func(m *member) bool { return m.numbers[i].value < 1 })
}

// onePrinted reports whether some name has the suffix -1, and none lacks one.
func (f *family) onePrinted() bool {
	one := false
	for _, m := range f.members {
		if m.text == m.record.text {
			return false
		}
		one = one || m.procs == 1
	}
	return one && f.members[0].kind == goName
}

// value is the level that a member would have on an axis.
func (m *member) value(at int) float64 {
	if at < 0 {
		return float64(m.procs)
	}
	return m.numbers[at].value
}

// title is the series of the first member on an axis.
func (f *family) title(at int) string {
	m := f.members[0]
	if at < 0 {
		return m.text
	}
	if s := without(m.text, m.numbers[at], m.kind).String(); s != "" {
		return s
	}
	return tableName(m.file)
}

// describe names a number with its values.
func (f *family) describe(i int) string {
	var values []float64
	for _, m := range f.members {
		values = append(values, m.value(i))
	}
	slices.Sort(values)
	values = slices.Compact(values)
	what := fmt.Sprintf("number %d of the names", i+1)
	if n := f.members[0].numbers[i]; n.word != "" {
		what = fmt.Sprintf("the number of %q", n.word)
	}
	return what + ": " + listed(values)
}

// listed writes some of the numbers of an ascending list.
func listed(values []float64) string {
	var list []string
	for i, v := range values {
		if i == 3 && len(values) > 5 {
			list = append(list, "…", words.Exact(values[len(values)-1]))
			break
		}
		list = append(list, words.Exact(v))
	}
	return strings.Join(list, ", ")
}

// flag is what -x names a number by.
func (f *family) flag(i int) string {
	n := f.members[0].numbers[i]
	if n.word != "" && f.named(n.word) == i {
		return n.word
	}
	return fmt.Sprintf("#%d", i+1)
}

// choice lists the values of -x to choose from.
func (f *family) choice(candidates []int) []string {
	var list []string
	for _, i := range candidates {
		list = append(list, f.flag(i))
	}
	return list
}

// keys lists the keys and the numbers of the names, and those of them that -x
// can name.
func (f *family) keys() (have, try []string) {
	for _, p := range results.ParseName(f.members[0].text).Parts {
		if p.Key != "" && !slices.Contains(have, p.Key) {
			have = append(have, p.Key)
		}
	}
	for i := range f.numbers {
		k := f.flag(i)
		if try = append(try, k); !slices.Contains(have, k) {
			have = append(have, k)
		}
	}
	if f.members[0].kind == command {
		return have, try
	}
	return append(have, GOMAXPROCS), append(try, GOMAXPROCS)
}
