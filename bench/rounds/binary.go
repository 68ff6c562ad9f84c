package rounds

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// CPU is the axis that sets GOMAXPROCS of a Go benchmark; any other axis is a key
// in the names of its sub-benchmarks.
const CPU = "cpu"

// A Binary is a Go test binary to measure.
type Binary struct {
	Name      string   // before the level in the names of points; "" where there is only one
	Path      string   // of the file
	Dir       string   // where it runs; "" is here
	Bench     string   // pattern of -test.bench; "" is all benchmarks
	Benchtime string   // of -test.benchtime; "" is testing's own
	Args      []string // further arguments
	Key       string   // see [Point.Key]
}

// Points lists the levels of the axes. The first is the sentinel, if there is
// more than one. GOMAXPROCS is given as a -test.cpu of one value: with several,
// testing labels the first sample of each benchmark wrongly
// (golang.org/issue/49980).
func (b Binary) Points(axes []Axis) []Point {
	var points []Point
	for i, l := range Levels(axes) {
		args := []string{b.Path, "-test.run", "^$", "-test.count", "1", "-test.paniconexit0"}
		procs := 0
		if b.Benchtime != "" {
			args = append(args, "-test.benchtime", b.Benchtime)
		}
		var keys []Setting
		for _, s := range l {
			if s.Name == CPU {
				args = append(args, "-test.cpu", s.Value)
				procs, _ = strconv.Atoi(s.Value)
			} else {
				keys = append(keys, s)
			}
		}
		pattern := b.Bench
		if pattern == "" {
			pattern = "."
		}
		if len(keys) > 0 {
			var skip string
			pattern, skip = narrow(pattern, keys)
			args = append(args, "-test.skip", skip)
		}
		args = append(args, "-test.bench", pattern)
		name := strings.TrimSpace(b.Name + " " + l.String())
		if name == "" {
			name = "all"
		}
		points = append(points, Point{Name: name, Args: append(args, b.Args...), Dir: b.Dir, Sentinel: i == 0, Procs: procs, Key: b.Key})
	}
	if len(points) == 1 {
		points[0].Sentinel = false
	}
	return points
}

// MostCPUs is the largest GOMAXPROCS of the axes, 0 without a cpu axis.
func MostCPUs(axes []Axis) int {
	most := 0
	for _, a := range axes {
		if a.Name != CPU {
			continue
		}
		for _, v := range a.Values {
			if n, err := strconv.Atoi(v); err == nil {
				most = max(most, n)
			}
		}
	}
	return most
}

// deepest is how many elements a benchmark's name may have.
const deepest = 10

// narrow returns a pattern of -test.bench that selects only benchmarks with the
// last of the settings in their names, at any depth, and one of -test.skip that
// leaves out benchmarks with another value of any setting. Without the first,
// benchmarks that lack such keys would be measured; without the second, testing
// would run those with other values once, to see what sub-benchmarks they have.
// (A benchmark without the keys is still run once for that, and not measured.)
func narrow(pattern string, keys []Setting) (bench, skip string) {
	last := keys[len(keys)-1]
	part := last.Name + "=" + last.Value
	exact := "^" + regexp.QuoteMeta(part) + "$"
	// testing uses the first alternative that matches the name as far as it is
	// known. Shallow alternatives must come first: a deep one that still needs
	// further elements would hide a shallow one that matches whole.
	var wanted, unwanted []string
	for depth := 1; depth < deepest; depth++ {
		for _, elements := range splitPattern(pattern) {
			e := slices.Clone(elements)
			if depth < len(e) {
				if re, err := regexp.Compile(e[depth]); err != nil || !re.MatchString(part) {
					continue
				}
				e[depth] = exact
			} else {
				for len(e) < depth {
					e = append(e, "")
				}
				e = append(e, exact)
			}
			wanted = append(wanted, strings.Join(e, "/"))
		}
		for _, k := range keys {
			unwanted = append(unwanted, strings.Repeat("/", depth)+"^"+regexp.QuoteMeta(k.Name+"=")+not(k.Value)+"$")
		}
	}
	slices.SortStableFunc(wanted, func(a, b string) int { return len(splitPattern(a)[0]) - len(splitPattern(b)[0]) })
	return strings.Join(wanted, "|"), strings.Join(unwanted, "|")
}

// not returns a regular expression that matches every string except s.
func not(s string) string {
	if s == "" {
		return ".+"
	}
	c := []rune(s)[0]
	return fmt.Sprintf(`(|[^\x{%x}].*|\x{%x}%s)`, c, c, not(s[len(string(c)):]))
}

// splitPattern splits a pattern as testing does: at | into alternatives, and each
// of these at / into elements, but not inside brackets or parentheses.
func splitPattern(s string) [][]string {
	var out [][]string
	elements, from, square, round := []string{}, 0, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '[':
			square++
		case c == ']':
			square = max(square-1, 0)
		case c == '(' && square == 0:
			round++
		case c == ')' && square == 0:
			round--
		case (c == '/' || c == '|') && square == 0 && round == 0:
			elements = append(elements, s[from:i])
			from = i + 1
			if c == '|' {
				out = append(out, elements)
				elements = nil
			}
		}
	}
	return append(out, append(elements, s[from:]))
}

// Selects reports whether a pattern of -test.bench can run a benchmark function,
// given as BenchmarkName: whether the first element of an alternative matches.
func Selects(pattern, function string) bool {
	for _, elements := range splitPattern(pattern) {
		if re, err := regexp.Compile(elements[0]); err == nil && re.MatchString(function) {
			return true
		}
	}
	return false
}
