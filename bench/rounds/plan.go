package rounds

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An Axis is one thing that is varied.
type Axis struct {
	Name   string
	Values []string // at least one, each once
}

var (
	axisName  = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_.]*$`)
	axisValue = regexp.MustCompile(`^[^\s/{},=]+$`)
)

// ParseAxis reads "workers=1,2,4". Names and values become parts of the name of a
// benchmark, so they cannot have spaces or slashes.
func ParseAxis(text string) (Axis, error) {
	name, list, ok := strings.Cut(text, "=")
	a := Axis{Name: name}
	for v := range strings.SplitSeq(list, ",") {
		more, err := expandRange(v)
		if err != nil {
			return a, fmt.Errorf("%q: %w", text, err)
		}
		a.Values = append(a.Values, more...)
	}
	switch {
	case !ok:
		return a, fmt.Errorf("%q has no values: write it as in %s=1,2,4", text, strings.TrimSpace(name))
	case !axisName.MatchString(name) || name == "round" || name == "seed":
		return a, fmt.Errorf("%q: %q is not a name to vary: use letters, digits, _ and ., and not round or seed", text, name)
	}
	for i, v := range a.Values {
		if !axisValue.MatchString(v) {
			return a, fmt.Errorf("%q: %q is not a value: write at least one character, without spaces, slashes, = and braces", text, v)
		}
		if slices.Contains(a.Values[:i], v) {
			return a, fmt.Errorf("%q: %s stands twice", text, v)
		}
	}
	return a, nil
}

// rangeOfAll is a range of whole numbers with both ends: 1..8.
var rangeOfAll = regexp.MustCompile(`^(\d{1,6})\.\.(\d{1,6})$`)

// mostValues is how many values a range may have.
const mostValues = 1024

// expandRange lists the numbers of a range; any other value is one.
func expandRange(v string) ([]string, error) {
	m := rangeOfAll.FindStringSubmatch(v)
	if m == nil {
		return []string{v}, nil
	}
	low, _ := strconv.Atoi(m[1])
	high, _ := strconv.Atoi(m[2])
	if low < 1 || high < low || high-low >= mostValues {
		return nil, fmt.Errorf("%s is not a range: write the smaller number first, from 1, as in 1..8", v)
	}
	var list []string
	for n := low; n <= high; n++ {
		list = append(list, strconv.Itoa(n))
	}
	return list, nil
}

// Powers lists the powers of two up to the largest number, and that number: 1, 2, 4, 6.
func Powers(largest int) []string {
	var list []string
	for n := 1; n < largest; n *= 2 {
		list = append(list, strconv.Itoa(n))
	}
	return append(list, strconv.Itoa(max(largest, 1)))
}

// Numeric reports whether all values are numbers of workers: whole, from 1.
func (a Axis) Numeric() bool {
	return !slices.ContainsFunc(a.Values, func(v string) bool {
		n, err := strconv.Atoi(v)
		return err != nil || n < 1
	})
}

// Order puts the x axis of the experiment last: cpu if it is among the axes, else
// the last that is numeric. It is an error if there is none, or if a name is
// given twice.
func Order(axes []Axis) ([]Axis, error) {
	x := -1
	for i, a := range axes {
		if slices.ContainsFunc(axes[:i], func(b Axis) bool { return a.Name == b.Name }) {
			return nil, fmt.Errorf("%s is varied twice: give all its values at once, as in %s=1,2,4", a.Name, a.Name)
		}
		if a.Name == CPU && !a.Numeric() {
			return nil, fmt.Errorf("cpu=%s: numbers of processors are needed, whole and from 1", strings.Join(a.Values, ","))
		}
		if a.Numeric() && (x < 0 || axes[x].Name != CPU) {
			x = i
		}
	}
	if x < 0 {
		return nil, noNumbers(axes)
	}
	last := axes[x]
	return append(slices.Delete(slices.Clone(axes), x, x+1), last), nil
}

// rangeText is what people write for a range of numbers.
var rangeText = regexp.MustCompile(`^(\d{1,6})(?:-|:)(\d{1,6})$`)

// noNumbers says what to write where no axis has numbers.
func noNumbers(axes []Axis) error {
	for _, a := range axes {
		for _, v := range a.Values {
			m := rangeText.FindStringSubmatch(v)
			if m == nil {
				continue
			}
			return fmt.Errorf("%s=%s: a range is written with two dots: -x %s=%s..%s", a.Name, v, a.Name, m[1], m[2])
		}
	}
	a := axes[len(axes)-1]
	return fmt.Errorf("%s=%s: not numbers of workers, whole and from 1: write numbers, or vary the workers too, as in -x threads=1,2,4", a.Name, strings.Join(a.Values, ","))
}

// A Setting is one axis at one of its values.
type Setting struct{ Name, Value string }

// A Level is a setting of every axis.
type Level []Setting

func (l Level) String() string {
	words := make([]string, len(l))
	for i, s := range l {
		words[i] = s.Name + "=" + s.Value
	}
	return strings.Join(words, " ")
}

// expand replaces {name} by the value of the level.
func (l Level) expand(text string) string {
	for _, s := range l {
		text = strings.ReplaceAll(text, "{"+s.Name+"}", s.Value)
	}
	return text
}

// Levels lists all combinations of values; the last axis changes fastest. Without
// axes there is one level without settings.
func Levels(axes []Axis) []Level {
	levels := []Level{nil}
	for _, a := range axes {
		var next []Level
		for _, l := range levels {
			for _, v := range a.Values {
				next = append(next, append(slices.Clone(l), Setting{a.Name, v}))
			}
		}
		levels = next
	}
	return levels
}

// A step is one process of a round.
type step struct {
	point    *Point
	name     string // the point's, marked if this is the sentinel
	sentinel bool
	padding  int // additional bytes in the environment
}

const mostPadding = 4096 // bytes: the size of a page, which moves the stack through every alignment

// steps lists the steps of a round: every point once, in an order drawn from the
// seed and the round, then the sentinels.
func (p *Plan) steps(round int) []step {
	rng, order := sequence(p.Seed, round, len(p.Points))
	var out []step
	for _, i := range order {
		out = append(out, step{point: &p.Points[i], name: p.Points[i].Name})
	}
	for i := range p.Points {
		if pt := &p.Points[i]; pt.Sentinel {
			out = append(out, step{point: pt, name: "sentinel " + pt.Name, sentinel: true})
		}
	}
	for i := range out {
		out[i].padding = rng.IntN(mostPadding + 1)
	}
	return out
}

// Sequence returns the order in which round measures the points of a plan: the
// indexes 0 to points-1, as they follow from the plan's seed and the number of
// the round, from 1. Whoever reads a file of this driver can check with it that
// no round and no level was dropped, repeated or moved. The sentinels follow
// after it.
func Sequence(seed uint64, round, points int) []int {
	_, order := sequence(seed, round, points)
	return order
}

// sequence also returns the generator, from which the sizes of the environment
// are drawn next.
func sequence(seed uint64, round, points int) (*rand.Rand, []int) {
	rng := rand.New(rand.NewPCG(seed, uint64(round)))
	return rng, rng.Perm(points)
}
