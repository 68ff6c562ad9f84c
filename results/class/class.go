// Package class puts the runs of a class on one page: what each student measured, which
// runs stand out, and what in their environment may be the reason.
//
// Every curve is of one run, so of one machine: samples of two machines are never put
// together. Runs of one kind of machine are compared with one another; a kind with fewer
// than [Enough] runs is compared with the whole class, and the page says so. Runs have
// numbers, by a hash of their text, so that neither their names nor the order of
// the names can be seen.
package class

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// Enough is how many runs can be compared with one another.
const Enough = 5

// A File is one run as it was read.
type File struct {
	Name string // shown only if [Options.Names]
	Text []byte // benchmark text
	Set  *results.Set
}

// A Class is all runs.
type Class struct {
	Runs     []*Run    // by number
	Kinds    []*Kind   // of machines, the one with the most runs first
	Series   []string  // of all runs, by name
	Outliers []Outlier // by number of the run
	Copies   []Copy
}

// A Run is what one student measured.
type Run struct {
	Number int // from 1
	Name   string
	Kind   *Kind
	Series map[string]*laws.Analysis // by the name of the series
	Busy   bool                      // of some series too few rounds are sound: nothing is known of it

	environment environment
	samples     []sample
}

// A Kind is a kind of machine: runs on it can be compared.
type Kind struct {
	Text string // "AMD EPYC, 2 processors, linux"
	Runs []*Run
}

// New makes a class of files. A file without a curve of two levels is left out, and is
// a problem; the error is that of ctx, or says that nothing is left.
func New(ctx context.Context, files []File) (*Class, []error, error) {
	type loaded struct {
		*Run
		hash   [sha256.Size]byte
		series []string // of its curves, in their order
	}
	c := &Class{}
	var all []loaded
	var problems []error
	var curves []*results.Curve
	kinds := map[string]*Kind{}
	for _, f := range files {
		r := loaded{Run: &Run{Name: f.Name, Series: map[string]*laws.Analysis{}, environment: environmentOf(f.Text)}, hash: sha256.Sum256(f.Text)}
		for _, curve := range f.Set.Curves {
			if len(curve.Points) < 2 || slices.Contains(r.series, curve.Name.String()) {
				continue
			}
			r.series = append(r.series, curve.Name.String())
			r.samples = append(r.samples, samplesOf(curve)...)
			curves = append(curves, curve)
		}
		if len(r.series) == 0 {
			problems = append(problems, fmt.Errorf("%s: it has no curve with two numbers of workers", f.Name))
			continue
		}
		text := kindOf(f.Set.Curves[0].Machine)
		if kinds[text] == nil {
			kinds[text] = &Kind{Text: text}
			c.Kinds = append(c.Kinds, kinds[text])
		}
		r.Kind = kinds[text]
		r.Kind.Runs = append(r.Kind.Runs, r.Run)
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, problems, errors.New("class: none of the files has a curve")
	}
	analyses, errs := laws.AnalyzeEach(ctx, curves, laws.Options{Lean: true})
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	at := 0
	for _, r := range all {
		for _, name := range r.series {
			if errs[at] != nil {
				problems = append(problems, fmt.Errorf("%s: %s: %w", r.Name, name, errs[at]))
			} else {
				r.Series[name] = analyses[at]
				r.Busy = r.Busy || analyses[at].Verdict == laws.TooFewSoundRounds
			}
			at++
		}
	}
	slices.SortFunc(all, func(a, b loaded) int { return slices.Compare(a.hash[:], b.hash[:]) })
	for i, r := range all {
		r.Number = i + 1
		c.Runs = append(c.Runs, r.Run)
		for name := range r.Series {
			if !slices.Contains(c.Series, name) {
				c.Series = append(c.Series, name)
			}
		}
	}
	slices.Sort(c.Series)
	for _, k := range c.Kinds {
		slices.SortFunc(k.Runs, func(a, b *Run) int { return a.Number - b.Number })
	}
	slices.SortStableFunc(c.Kinds, func(a, b *Kind) int {
		if d := len(b.Runs) - len(a.Runs); d != 0 {
			return d
		}
		return strings.Compare(a.Text, b.Text)
	})
	c.findOutliers()
	c.findCopies()
	return c, problems, nil
}

// kindOf writes what makes machines comparable.
func kindOf(m results.Machine) string {
	parts := []string{m.CPU}
	if m.CPU == "" {
		parts[0] = "a processor of unknown model"
	}
	if m.Logical > 0 {
		parts = append(parts, words.Count(m.Logical, "processor"))
	}
	if m.Quota > 0 {
		parts = append(parts, "a quota of "+words.Number(m.Quota))
	}
	if m.OS != "" {
		parts = append(parts, m.OS)
	}
	return strings.Join(parts, ", ")
}

// A Copy is two runs with equal samples: of times that are written in six digits and more,
// two measurements hardly ever have more than one in common.
type Copy struct{ A, B, Equal int }

// Equal samples mean a copy from leastEqual on, and from this share of the shorter run:
// times that hardly vary, as of a timer, meet by chance now and then.
const (
	leastEqual  = 3
	equalShare  = 0.3
	leastDigits = 6
)

// A sample is a measured time with its place.
type sample struct {
	series  string
	workers float64
	time    float64
}

// samplesOf are the samples of a curve whose time of an operation is written in enough
// digits to be told from others. Package testing writes four of short times: 312.4 ns/op.
func samplesOf(c *results.Curve) []sample {
	var list []sample
	for _, p := range c.Points {
		for _, s := range p.Samples {
			if digits(1e9*s.Time*max(p.Tasks, 1)) >= leastDigits {
				list = append(list, sample{c.Name.String(), p.Workers, s.Time})
			}
		}
	}
	return list
}

// digits is how many decimal digits a number was written in, of which zeros at its end
// are none, after arithmetic that is exact to eleven.
func digits(v float64) int {
	mantissa, _, _ := strings.Cut(strconv.FormatFloat(v, 'e', 10, 64), "e")
	return len(strings.Trim(strings.Replace(mantissa, ".", "", 1), "-0"))
}

// findCopies compares the samples of all runs.
func (c *Class) findCopies() {
	seen := map[sample][]int{}
	for _, r := range c.Runs {
		for _, s := range r.samples {
			if list := seen[s]; !slices.Contains(list, r.Number) {
				seen[s] = append(list, r.Number)
			}
		}
	}
	equal := map[[2]int]int{}
	for _, list := range seen {
		for i, b := range list {
			for _, a := range list[:i] {
				equal[[2]int{a, b}]++
			}
		}
	}
	for pair, n := range equal {
		shorter := min(len(c.Runs[pair[0]-1].samples), len(c.Runs[pair[1]-1].samples))
		if n >= leastEqual && float64(n) >= equalShare*float64(shorter) {
			c.Copies = append(c.Copies, Copy{pair[0], pair[1], n})
		}
	}
	slices.SortFunc(c.Copies, func(x, y Copy) int {
		if x.A != y.A {
			return x.A - y.A
		}
		return x.B - y.B
	})
}
