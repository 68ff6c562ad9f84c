package where

import (
	"cmp"
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results/why"
)

// causes are what call paths can be guilty of, each with the values of a profile that are
// its own. CPU time inside of a lock's operations stands at who waits: it counts as the lock
// where nobody was seen to hold it.
var causes = []struct {
	cause  *why.Cause
	values []string
}{
	{why.Lock, []string{string(contract.Lock), contract.ProfileLockCPU}},
	{why.Channel, []string{string(contract.Channel), contract.ProfileChannelCPU}},
	{why.Inflation, []string{contract.ProfileCPU}},
	{why.GC, []string{string(contract.GC)}},
	{why.IO, []string{string(contract.IO)}},
	{why.Dispatch, []string{string(contract.Dispatch)}},
	{why.Serial, []string{string(contract.Serial)}},
	{why.Imbalance, []string{string(contract.Imbalance)}},
}

type causeValues = struct {
	cause  *why.Cause
	values []string
}

// perOp is what a path cost one operation, in seconds.
func (p *Profile) perOp(x path, values []string) float64 {
	sum := 0.0
	for _, v := range values {
		sum += x.values[v]
	}
	return sum * 1e-9 / p.Ops
}

// A placer says which call of a path is to blame.
type placer func(path) frame

// placer is that for a cause. Of work that others wait for, serial or the last of its kind,
// the innermost function may be a helper that runs everywhere: the one to blame is the
// innermost that runs hardly ever while the others are busy. So of these causes the placer
// takes the innermost call whose function has, for its CPU time, at least 0.95 of the most
// idle time that a function of the path has: in all rounds of the level together, because
// one round has few samples.
func (p *Profile) placer(c causeValues) placer {
	if c.cause != why.Serial && c.cause != why.Imbalance {
		return path.place
	}
	cpu, idle := map[string]float64{}, map[string]float64{}
	rounds := p.rounds
	if rounds == nil {
		rounds = []*Profile{p}
	}
	for _, r := range rounds {
		for _, x := range r.paths {
			seen := map[string]bool{}
			for _, f := range x.frames {
				if !seen[f.function] {
					seen[f.function] = true
					cpu[f.function] += x.values[contract.ProfileCPU] / r.Ops
					idle[f.function] += r.perOp(x, c.values)
				}
			}
		}
	}
	return func(x path) frame {
		density := func(f frame) float64 {
			if standard(f) || idle[f.function] == 0 {
				return 0
			}
			return idle[f.function] / cpu[f.function]
		}
		most := 0.0
		for _, f := range x.frames {
			most = max(most, density(f))
		}
		for _, f := range x.frames {
			if d := density(f); d > 0 && d >= 0.95*most {
				return f
			}
		}
		return x.place()
	}
}

// byFunction sums what the places of a profile cost one operation.
func (p *Profile) byFunction(c causeValues) map[string]float64 {
	all := map[string]float64{}
	place := p.placer(c)
	for _, x := range p.paths {
		if v := p.perOp(x, c.values); v > 0 {
			all[place(x).function] += v
		}
	}
	return all
}

// divide divides the growth of a cause among the functions, in proportion to theirs. The
// growth of samples is noisy where a cause hardly grew: the noise of all of a program's CPU
// time must not be divided among its functions. So what the profiles show stands, where the
// account has more than that.
func (p pair) divide(c causeValues, total, paid float64) map[string]float64 {
	before, after := p.low.byFunction(c), p.high.byFunction(c)
	grown := map[string]float64{}
	sum := 0.0
	for function, v := range after {
		if d := v - before[function]; d > 0 {
			grown[function] = d
			sum += d
		}
	}
	if sum < 0.1*total || sum < 1e-4*paid {
		return nil // the profiles do not show it
	}
	for function := range grown {
		grown[function] *= total / sum
	}
	return grown
}

// place is the innermost call that is not of the standard library; the innermost of all,
// where all are.
func (x path) place() frame {
	for _, f := range x.frames {
		if !standard(f) {
			return f
		}
	}
	return x.frames[0]
}

// standardNames are the first elements of import paths of Go's library.
var standardNames = strings.Fields("archive bufio bytes cmp compress container context crypto database debug embed encoding errors " +
	"expvar flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices " +
	"sort strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak")

// standard reports whether a call is one of Go's library: by the import path in its name,
// and by the file, because any module may be called "sort" as well.
func standard(f frame) bool {
	pkg := f.function
	slash := strings.LastIndexByte(pkg, '/') + 1
	if dot := strings.IndexByte(pkg[slash:], '.'); dot >= 0 {
		pkg = pkg[:slash+dot]
	}
	first, _, _ := strings.Cut(pkg, "/")
	if !slices.Contains(standardNames, first) {
		return false
	}
	file := strings.ReplaceAll(f.file, "\\", "/")
	return file == "" || strings.Contains(file, "/src/"+pkg+"/") || strings.HasPrefix(file, pkg+"/") ||
		strings.Contains(file, "/src/runtime/") || strings.HasPrefix(file, "runtime/") // where the runtime has functions of sync and others
}

// heaviest is the line of a place that costs most at the highest level, over all rounds, and
// the call path that does.
func heaviest(pairs []pair, k placeKey) (file string, line int, names []string) {
	var of causeValues
	for _, c := range causes {
		if c.cause == k.cause {
			of = c
		}
	}
	type at struct {
		file string
		line int
	}
	lines, paths := map[at]float64{}, map[string]float64{}
	add := func(p *Profile, sign float64) {
		place := p.placer(of)
		for _, x := range p.paths {
			f := place(x)
			v := sign * p.perOp(x, of.values)
			if f.function == k.function && v != 0 {
				lines[at{f.file, f.line}] += v
				paths[strings.Join(x.names(), "\n")] += v
			}
		}
	}
	for _, p := range pairs {
		add(p.high, 1)
		add(p.low, -1)
	}
	best := most(lines, func(a, b at) int { return cmp.Or(strings.Compare(a.file, b.file), a.line-b.line) })
	return best.file, best.line, strings.Split(most(paths, strings.Compare), "\n")
}

// most is the key with the largest value; of equal ones the first in order.
func most[K comparable](all map[K]float64, order func(a, b K) int) (best K) {
	first := true
	for k, v := range all {
		if first || v > all[best] || v == all[best] && order(k, best) < 0 {
			best, first = k, false
		}
	}
	return best
}

// names are the functions of a path, the outermost first.
func (x path) names() []string {
	var list []string
	for _, f := range slices.Backward(x.frames) {
		list = append(list, f.function)
	}
	return list
}
