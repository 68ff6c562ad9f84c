package grading

import (
	"fmt"
	"sync"

	"amdahl/bench/labs/cache"
)

// A countPlan is a plan of the lab "One line, many counters" as its program should be.
type countPlan struct {
	own   bool // a counter for each processor
	apart int  // how far the counters are from each other
	each  bool // memory is used for each match, and not only at the end
}

var countPlans = map[string]countPlan{
	"shared":     {false, 1, true},
	"neighbours": {true, 1, true},
	"apart":      {true, cache.PerLine, true},
	"local":      {false, 1, false},
}

// run runs the plan on n processors.
func (c countPlan) run(m *cache.Machine, n int) cache.Result {
	counters := 1
	if c.own {
		counters = n
	}
	add := func(p *cache.Processor, by int) {
		if c.own {
			p.Add(p.ID*c.apart, by)
		} else {
			p.AtomicAdd(0, by)
		}
	}
	return m.Run(n, func(p *cache.Processor) {
		found := 0
		for i := range p.Items() {
			if p.Match(i) {
				found++
				if c.each {
					add(p, 1)
				}
			}
		}
		if !c.each {
			add(p, found)
		}
	}, func(p *cache.Processor) int {
		sum := 0
		for w := range counters {
			sum += p.Read(w * c.apart)
		}
		return sum
	})
}

// countRuns keeps simulated runs: a submission asks for them at every line of its run. It
// may be used by several goroutines.
var countRuns = countCache{kept: map[countKey]cache.Result{}}

type countKey struct {
	seed    uint64
	plan    string
	workers int
}

type countCache struct {
	mu   sync.Mutex
	kept map[countKey]cache.Result
}

// mostCountRuns bounds what is kept.
const mostCountRuns = 10_000

func (c *countCache) of(seed uint64, plan string, workers int) cache.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := countKey{seed, plan, workers}
	r, ok := c.kept[key]
	if !ok {
		if len(c.kept) >= mostCountRuns {
			clear(c.kept)
		}
		r = countPlans[plan].run(cache.Of(seed, cache.Items), workers)
		r.Counters = nil
		c.kept[key] = r
	}
	return r
}

func checkCache(seed uint64, l line) string {
	r := countRuns.of(seed, l.plan, l.workers)
	if steps, moves := l.values["steps/op"], l.values["moves/op"]; steps != float64(r.Steps) || moves != float64(r.Moves) {
		return fmt.Sprintf("The run has %.0f steps and %.0f moves of lines at %s, and that plan has %d and %d on your machine", steps, moves, l.level, r.Steps, r.Moves)
	}
	return ""
}

func floorCache(seed uint64, l line) float64 {
	return float64(countRuns.of(seed, l.plan, l.workers).Time())
}

func aboutCache(seed uint64) string {
	m := cache.Of(seed, cache.Items)
	return fmt.Sprintf("On your machine a look takes %d steps. To use a counter takes %d, and by AtomicAdd %d; if its line has to move here first, %d more.\n%d of the %d items match. A step takes %v.\n\n",
		m.Look, cache.Hit, cache.Hit+cache.Atomic, m.Move, m.Matches(), cache.Items, cache.Step)
}

// sayLineCeiling is the time of one processor over the time that the one counter takes for all
// matches, each with a move of the line.
func sayLineCeiling(a asked) (verdict, error) {
	m := cache.Of(a.run.work, cache.Items)
	one := countRuns.of(a.run.work, a.Plan, 1).Steps
	counter := m.Matches() * (m.Move + cache.Hit + cache.Atomic)
	bound := float64(one) / float64(counter)
	if near(a.number, bound, 0.03) {
		return verdict{right: true, text: fmt.Sprintf("%d / (%d × %d) = %.3f.", one, m.Matches(), m.Move+cache.Hit+cache.Atomic, bound)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g: divide the steps of one processor by the steps that the counter takes for all matches.", a.number)}, nil
}

// sayFalseSharing says first whether the run itself shows it: the plan is as fast as its
// steps say, and the same counters in lines of their own are at least twice as fast.
func sayFalseSharing(a asked) (verdict, error) {
	one, many := countRuns.of(a.run.work, a.Plan, 1), countRuns.of(a.run.work, a.Plan, a.At)
	bound := float64(one.Steps) / float64(many.Steps)
	near8, apart := a.run.speedup(a.Plan, a.At).Value, a.run.speedup("apart", a.At).Value
	if !near(near8, bound, 0.2) || apart < 2*near8 {
		return verdict{unknown: true, text: fmt.Sprintf("Your run does not show the cause: by its steps plan %s has a speedup of %.2f at %d workers; you measured %.2f, and %.2f under plan apart. Something else ran on the machine. %s", a.Plan, bound, a.At, near8, apart, again)}, nil
	}
	all, err := a.lab.Answers()
	if err != nil {
		return verdict{}, err
	}
	right := all.Answers[a.ID]
	if Choice(a.answer) != right.Right {
		return verdict{text: fmt.Sprintf("%s) does not fit your run. Plan apart makes as many additions with as many counters, and lines move %d times instead of %d.", Choice(a.answer), countRuns.of(a.run.work, "apart", a.At).Moves, many.Moves)}, nil
	}
	return verdict{right: true, text: fmt.Sprintf("At %d workers lines moved %d times, and %d times under plan apart, which is %.1f times as fast. %s", a.At, many.Moves, countRuns.of(a.run.work, "apart", a.At).Moves, apart/near8, right.Because)}, nil
}
