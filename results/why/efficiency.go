package why

import (
	"slices"
)

// A Factor is a reason why workers are not efficient, as the hierarchy of POP has it.
type Factor struct {
	Name   string // for JSON: "load-balance"
	Title  string // for a table
	Doc    string // one line
	causes []*Cause
}

// Factors lists the factors of [Efficiency], in the order in which their losses are taken
// from what was paid. The last one is what the others leave.
//
// Source: POP Centre of Excellence, Standard Metrics for Performance Analysis: parallel
// efficiency is the product of load balance and communication efficiency, which is the
// product of serialisation and transfer; global efficiency multiplies it by computation
// scalability. Waiting and dispatch stand here for transfer, inflation for computation
// scalability (more instructions, fewer per cycle, a lower frequency).
// M. Wagner, S. Mohr, J. Giménez, J. Labarta: A Structured Approach to Performance
// Analysis, Tools for High Performance Computing 2017, Springer 2019.
var Factors = []Factor{
	{"load-balance", "load balance", "no worker is idle while others have work", []*Cause{Imbalance}},
	{"waiting", "waiting", "no task waits for a lock or at a channel", []*Cause{Lock, Channel, Interpreter}},
	{"dispatch", "dispatch", "a task that could run does: handing out, network, processors, garbage collection", []*Cause{Dispatch, Network, TaskQueue, Runnable, Queued, GC}},
	{"serialisation", "serialisation", "no worker is idle while serial work runs", []*Cause{Serial}},
	{"inflation", "inflation", "a task takes as much time as at one worker: caches, memory, clock, and what is not known", nil},
}

// An Efficiency is the parallel efficiency of a level as a product.
type Efficiency struct {
	Workers float64
	Value   float64 // T(1)/(n·T(n)), measured
	// Factors are in the order of the variable Factors; their product is Value. Each is
	// relative to the level of one worker, whose factors are all 1. One is above 1 where the
	// level loses less than one worker does.
	Factors []float64
	// Stack is the speedup n·Value and then what each factor takes from it, in the order of
	// the variable Factors, in workers: it adds up to n.
	Stack []float64
}

// Efficiencies are those of the levels. There are none without a level at one worker.
//
// With s the shares of the causes of factor k and of those before it, at n workers,
//
//	fₖ(n) = (1 − Σ_{j≤k} sⱼ(n)) / (1 − Σ_{j<k} sⱼ(n)),   factor = fₖ(n)/fₖ(1)
//
// and the last factor is the efficiency over the product of the others. The time of a level
// is what was paid for it.
func (s *Stack) Efficiencies() []Efficiency {
	one := slices.IndexFunc(s.Levels, func(l Level) bool { return l.Workers == 1 })
	if one < 0 {
		return nil
	}
	base, ok := s.Levels[one].factors()
	if !ok {
		return nil
	}
	var all []Efficiency
	for _, l := range s.Levels {
		own, ok := l.factors()
		if !ok {
			continue
		}
		e := Efficiency{Workers: l.Workers, Value: s.Levels[one].Paid / l.Paid}
		product := 1.0
		for i, f := range own {
			e.Factors = append(e.Factors, f/base[i])
			product *= f / base[i]
		}
		e.Factors = append(e.Factors, e.Value/product)
		left := l.Workers
		e.Stack = []float64{l.Workers * e.Value}
		for _, f := range e.Factors {
			e.Stack = append(e.Stack, left*(1-f))
			left *= f
		}
		all = append(all, e)
	}
	return all
}

// factors are those of a level but the last; ok is false if a level has nothing left for
// one of them.
func (l Level) factors() (list []float64, ok bool) {
	left := 1.0
	for _, f := range Factors[:len(Factors)-1] {
		lost := 0.0
		for _, c := range f.causes {
			share, _ := l.Share(c)
			lost += share
		}
		next := left - lost
		if !(next > 1e-9) {
			return nil, false
		}
		list = append(list, next/left)
		left = next
	}
	return list, true
}
