// Package why says where the worker time of a benchmark went.
//
// With p workers, p·T(p) of worker time is paid for every operation. A
// benchmark line can say where it went, in metrics: paid-ns/op is p·T(p), and
// useful-ns/op, serial-ns/op and so on, by the names in [All], are parts of
// it. [Of] makes a [Stack] of the lines of a curve: for every level, the share
// of each part. Any subset of the parts may be there. What is missing is not
// taken for zero; what the parts leave of paid is [Unattributed].
//
// Source of the idea: Eyerman, Du Bois & Eeckhout, Speedup Stacks, ISPASS 2012.
package why

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A Stack says where the worker time of one series went, level by level.
type Stack struct {
	Series string
	PerOp  bool    // times are per operation, because the lines have no tasks/op
	Levels []Level // ascending workers, at least one
	// Traced says that the account was made from execution traces, and TraceCost by how
	// much tracing slowed the benchmark down at the worst level, as a share. CannotTell is
	// why the traces cannot be believed; there are no levels then.
	Traced    bool
	TraceCost float64
	// Sampled says that it was made from CPU, mutex and block profiles instead, because tracing
	// slowed the benchmark down too much: Traced is true then as well, and TraceCost is the
	// cost of the profiles.
	Sampled    bool
	CannotTell string
	// Counted says that inflation was measured by hardware counters, and not only by CPU
	// samples and the time for which goroutines ran.
	Counted bool
	// Warnings say what is wrong with the accounts, and which levels were left
	// out because of that.
	Warnings []error
}

// A Level says where the worker time of one level went.
type Level struct {
	Workers float64
	Samples int     // number of samples with an account
	Paid    float64 // p·T(p) in seconds per task: the median of the samples
	Parts   []Part  // in the order of All; the shares add up to 1
	// Longer is how many times as long the same instructions take as at one worker, by
	// hardware counters; 0 if unknown.
	Longer float64
	// Unseen is the share of what was paid below which inflation cannot be told from noise,
	// where nothing was waited for; 0 if the runs do not tell.
	Unseen float64

	grew bool // of a traced level: goroutines ran for longer than at one worker
}

// A Part is a share of what was paid, from 0 to 1.
type Part struct {
	*Cause
	Share float64
}

// tolerance is how much the sum of the parts may differ from what was paid, as a
// share of what was paid.
const tolerance = 0.02

// TestHook, if not nil, is called by every [Of] with its curve, from any
// goroutine. A test sets it to count the calls.
var TestHook func(c *results.Curve)

// Of makes the stack of a curve. It returns nil if no line of the curve says where
// the time went.
//
// Medians of parts do not add up; means do, but follow outliers. So the samples
// of a level are sorted by what they paid, a quarter of them (rounded down) is left
// out at either end, and a share is
//
//	share = Σ part / Σ paid    over the samples that are left.
//
// Parts that add up to more than was paid are scaled down to it, with a warning if
// the difference is more than 2 %. There is a warning, too, if the parts include
// unattributed time and still leave more than 2 % of what was paid. A level whose
// lines have different parts, or a part that is not a number from 0, is left out
// with a warning.
func Of(c *results.Curve) *Stack {
	if TestHook != nil {
		TestHook(c)
	}
	s, warnings := traced(c)
	if s != nil {
		return s
	}
	s = &Stack{Series: c.Name.String(), PerOp: true, Warnings: warnings}
	bad := map[string][]float64{} // complaint → levels
	var order []string
	for _, p := range derive(c.Points, c.Machine.Logical) {
		if p.Tasks > 1 {
			s.PerOp = false
		}
		if len(p.Extra[paid]) == 0 {
			continue
		}
		l, complaint, ok := account(p)
		if complaint != "" {
			if bad[complaint] == nil {
				order = append(order, complaint)
			}
			bad[complaint] = append(bad[complaint], p.Workers)
		}
		if ok {
			s.Levels = append(s.Levels, l)
		}
	}
	for _, complaint := range order {
		s.Warnings = append(s.Warnings, fmt.Errorf("where the time went at %s: %s", words.Levels(bad[complaint]), complaint))
	}
	if len(s.Levels) == 0 && len(s.Warnings) == 0 {
		return nil
	}
	return s
}

// account makes a level of a point that has what it paid. complaint is what is
// wrong with the account, "" if nothing is; ok reports whether there is a level.
func account(p results.Point) (l Level, complaint string, ok bool) {
	all := p.Extra[paid]
	var causes []*Cause
	for _, c := range All {
		list := p.Extra[c.unit()]
		if len(list) == 0 {
			continue
		}
		if len(list) != len(all) {
			return l, "left out, since some lines lack " + c.Name.Unit(), false
		}
		causes = append(causes, c)
	}
	if len(causes) == 0 {
		return l, "left out, since there is " + contract.UnitPaid + " and no part of it", false
	}
	if err := sound(p, causes); err != nil {
		return l, err.Error(), false
	}
	middle := middleHalf(all)
	total := sum(all, middle)
	shares := make([]float64, len(causes))
	known := 0.0
	for i, c := range causes {
		shares[i] = sum(p.Extra[c.unit()], middle) / total
		known += shares[i]
	}
	last := causes[len(causes)-1]
	switch {
	case known > 1+tolerance:
		complaint = fmt.Sprintf("the parts add up to %.0f %% of what was paid, and are scaled to it", 100*known)
	case known < 1-tolerance && last == Unattributed:
		complaint = fmt.Sprintf("the parts add up to %.0f %% of what was paid; the rest is counted as unattributed", 100*known)
	}
	if last != Unattributed {
		causes, shares = append(causes, Unattributed), append(shares, 0)
	}
	if known < 1 {
		shares[len(shares)-1] += 1 - known
		known = 1
	}
	l = Level{Workers: p.Workers, Samples: len(all), Paid: stats.Median(all) / math.Max(p.Tasks, 1)}
	for i, c := range causes {
		if c == Unattributed && shares[i] < 1e-9 && len(p.Extra[c.unit()]) == 0 {
			continue // nothing is left, and the lines do not have this part
		}
		l.Parts = append(l.Parts, Part{c, shares[i] / known})
	}
	return l, complaint, true
}

// sound returns an error that names a part of a point that is not a valid number.
func sound(p results.Point, causes []*Cause) error {
	wrong := func(v float64) bool { return !(v >= 0) || math.IsInf(v, 0) }
	for _, v := range p.Extra[paid] {
		if wrong(v) || v == 0 {
			return fmt.Errorf("left out, since %s is %g: a number above 0 is needed", contract.UnitPaid, 1e9*v)
		}
	}
	for _, c := range causes {
		for _, v := range p.Extra[c.unit()] {
			if wrong(v) {
				return fmt.Errorf("left out, since %s is %g: a number from 0 is needed", c.Name.Unit(), 1e9*v)
			}
		}
	}
	if !(p.Workers > 0) {
		return errors.New("left out, since there are no workers")
	}
	return nil
}

// middleHalf returns the indices of values without the lowest and the highest
// quarter of them, rounded down.
func middleHalf(values []float64) []int {
	index := make([]int, len(values))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	off := len(index) / 4
	return index[off : len(index)-off]
}

func sum(values []float64, index []int) float64 {
	total := 0.0
	for _, i := range index {
		total += values[i]
	}
	return total
}
