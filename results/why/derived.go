package why

import (
	"maps"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
)

// derive completes the coarse account of "amdahl run --why", which has the CPU
// time of an operation but not the useful part of it. It returns the points
// unchanged if one of them has a useful part already, or if there is no level at one
// worker to compare with.
//
// With c the CPU time of an operation less that of garbage collection, and c₁
// its median at one worker,
//
//	useful    = min(c, c₁)
//	inflation = c − useful
//
// The times for which goroutines waited for a processor or for a mutex are summed
// over all goroutines, and there may be more goroutines than workers. These times
// are cut to what is left of the paid time: first the waiting for a processor, then
// the waiting for a mutex.
//
// A goroutine that is woken at a lock is ready for a while before it runs, and this is the
// lock, not a lack of processors: at levels that have a processor for every worker (of
// processors, 0 if unknown) the waiting for a processor counts as waiting for a mutex where
// that is known to be at least 1 % of the paid time, and else as dispatch.
func derive(points []results.Point, processors int) []results.Point {
	cpu := contract.InSeconds(contract.UnitCPU)
	useful, inflation, gc := Useful.unit(), Inflation.unit(), GC.unit()
	coarse := func(p results.Point) bool {
		return len(p.Extra[paid]) > 0 && len(p.Extra[cpu]) == len(p.Extra[paid])
	}
	one := slices.IndexFunc(points, func(p results.Point) bool { return p.Workers == 1 && coarse(p) })
	if one < 0 || slices.ContainsFunc(points, func(p results.Point) bool { return len(p.Extra[useful]) > 0 }) {
		return points
	}
	computed := func(p results.Point, i int) float64 {
		c := p.Extra[cpu][i]
		if g := p.Extra[gc]; len(g) > i {
			c -= g[i]
		}
		return max(c, 0)
	}
	var base []float64
	for i := range points[one].Extra[cpu] {
		base = append(base, computed(points[one], i))
	}
	slices.Sort(base)
	needs := base[len(base)/2] / points[one].Tasks // of a task

	out := slices.Clone(points)
	for k, p := range out {
		if !coarse(p) {
			continue
		}
		extra := maps.Clone(p.Extra)
		extra[useful], extra[inflation] = nil, nil
		for _, cause := range []*Cause{Runnable, Lock, Dispatch} {
			extra[cause.unit()] = slices.Clone(extra[cause.unit()])
		}
		if enough := processors > 0 && p.Workers <= float64(processors); enough {
			rename(extra)
		}
		for i, all := range p.Extra[paid] {
			c := min(computed(p, i), all)
			u := min(c, needs*p.Tasks)
			extra[useful] = append(extra[useful], u)
			extra[inflation] = append(extra[inflation], c-u)
			left := all - c
			if g := extra[gc]; len(g) > i {
				left = max(left-g[i], 0)
			}
			for _, cause := range []*Cause{Runnable, Lock, Dispatch} {
				if v := extra[cause.unit()]; len(v) > i {
					v[i] = min(v[i], left)
					left -= v[i]
				}
			}
		}
		out[k].Extra = extra
	}
	return out
}

// rename moves the waiting for a processor to its cause where every worker has one.
func rename(extra map[string][]float64) {
	waits, locks := extra[Runnable.unit()], extra[Lock.unit()]
	if len(waits) == 0 || len(waits) != len(extra[paid]) {
		return
	}
	late := make([]float64, len(waits))
	for i := range waits {
		if len(locks) == len(waits) && locks[i] >= someWaits*extra[paid][i] {
			locks[i] += waits[i]
		} else {
			late[i] = waits[i]
		}
	}
	delete(extra, Runnable.unit())
	extra[Dispatch.unit()] = late
}
