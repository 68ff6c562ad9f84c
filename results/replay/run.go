package replay

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"amdahl/bench/contract"
)

// Run runs the job on the machine. It fails if the job or the machine makes no
// sense, if Workers·Time is more than 292 years, or with the cause of ctx when
// that ends. It takes about the number of phases times the logarithm of the
// number of workers; a quantum adds a step for each time that it ends. Memory
// is linear in the workers that have a task, and in the slices if they are
// recorded.
func Run(ctx context.Context, j Job, m Machine) (*Outcome, error) {
	p, err := m.check(j)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("replay: not started: %w", context.Cause(ctx))
	}
	s := &sim{plan: p, tasks: j.Tasks, base: len(j.Serial)}
	s.serial(j.Serial)
	serial := s.now
	if err := s.run(ctx); err != nil {
		return nil, fmt.Errorf("replay: stopped after %v of simulated time: %w", s.now, err)
	}
	end := s.now
	if over, sum := bits.Mul64(uint64(p.lanes), uint64(end)); over != 0 || sum > uint64(longest) {
		return nil, fmt.Errorf("replay: %d workers for %v each: more than 292 years: use fewer workers", p.lanes, end)
	}
	parts := contract.Parts{
		contract.Useful:    s.spent[computing] + s.spent[locked],
		contract.Serial:    time.Duration(p.lanes-1) * serial,
		contract.Dispatch:  s.spent[dispatching],
		contract.IO:        s.spent[waiting],
		contract.Lock:      s.spent[lockWait],
		contract.Imbalance: time.Duration(p.lanes-len(s.workers)) * (end - serial),
	}
	waitsFor := contract.Queued
	if p.single() {
		waitsFor = contract.Interpreter
	}
	parts[waitsFor] = s.spent[coreWait]
	for i := range s.workers {
		parts[contract.Imbalance] += end - s.workers[i].since
	}
	slices.SortStableFunc(s.slices, func(a, b Slice) int { return cmp.Compare(a.Worker, b.Worker) })
	return &Outcome{Time: end, Workers: p.lanes, Parts: parts, Slices: s.slices}, nil
}

// serial runs the serial tasks. Nothing is in their way, and the fastest core has
// them.
func (s *sim) serial(tasks []Task) {
	speed := s.SerialSpeed
	if speed == 0 && s.Speeds != nil {
		speed = slices.Max(s.Speeds)
	}
	for i, t := range tasks {
		for _, p := range t {
			st := stateOf(p.Kind)
			if speed > 0 && st != waiting {
				p.Time = scaled(p.Time, speed)
			}
			s.note(0, i, st, s.now, s.now+p.Time)
			s.now += p.Time
		}
	}
}
