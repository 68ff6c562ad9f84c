package bench

import (
	"amdahl/pools"
	"amdahl/workloads"
)

// A Plan is a set of cases to measure.
type Plan struct {
	Quick  bool    // fewer weak cases: for a sweep of about a minute
	Serial float64 // planted serial fraction
	Tasks  int     // tasks at one worker; 0 chooses by the workload's bound
	CPUs   int     // processors to sweep to, from 1
}

// The numbers of tasks keep the planted fraction exact. A tenth of 640
// leaves 576 = 9·64 parallel tasks, which divide among any power of two up
// to 64 workers. Waiting tasks take milliseconds, so there are 70: 63 of
// them are parallel, which 2, 4, … 64 workers do in 32, 16, … 1 waves.
const (
	cpuTasks    = 640
	ioTasks     = 70
	weakIOTasks = 20
	weakTasks   = 320
	mostWorkers = 64 // of waiting work
)

// Cases lists the plan's cases for one kind of scaling, in a fixed order.
func (p Plan) Cases(s Scaling) ([]Case, error) {
	var out []Case
	for _, w := range workloads.All {
		for _, st := range pools.All {
			if s == Weak && !canGrow(w, st) {
				continue
			}
			if s == Weak && p.Quick && !(st.Name == "fixed" && (w.Name == "hash" || w.Name == "sleep")) {
				continue
			}
			for _, n := range p.levels(w, st, s) {
				c := p.at(s, w, st, n)
				if err := c.Check(); err != nil {
					return nil, err
				}
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// canGrow says whether a weak curve exists: the work grows with the workers,
// so the number of workers must bound something. It does not for one worker,
// nor where all waiting tasks overlap whatever their number.
func canGrow(w workloads.Workload, st pools.Strategy) bool {
	return st.Concurrency == pools.Workers || st.Concurrency == pools.Tasks && w.Bound == workloads.CPU
}

// levels are the numbers of workers to measure at: powers of two up to the
// processors for work that computes (and the processors themselves), up to
// 64 for work that waits. Where workers bound nothing, a waiting job has one
// level: as many workers as it has parallel tasks.
func (p Plan) levels(w workloads.Workload, st pools.Strategy, s Scaling) []int {
	most := p.CPUs
	if w.Bound == workloads.IO {
		most = mostWorkers
		if st.Concurrency == pools.Tasks {
			c := p.at(s, w, st, 1)
			return []int{c.Tasks - c.SerialTasks()}
		}
	}
	if st.Concurrency == pools.One {
		return []int{1}
	}
	var levels []int
	for n := 1; n < most; n *= 2 {
		levels = append(levels, n)
	}
	return append(levels, most)
}

func (p Plan) at(s Scaling, w workloads.Workload, st pools.Strategy, n int) Case {
	c := Case{Scaling: s, Workload: w, Strategy: st, Serial: p.Serial, Workers: n, Procs: p.CPUs, OneTasks: p.Tasks}
	if w.Bound == workloads.CPU {
		c.Procs = min(n, p.CPUs)
	}
	if c.OneTasks == 0 {
		switch {
		case w.Bound == workloads.IO && s == Weak:
			c.OneTasks = weakIOTasks
		case w.Bound == workloads.IO:
			c.OneTasks = ioTasks
		case s == Weak:
			c.OneTasks = weakTasks
		default:
			c.OneTasks = cpuTasks
		}
	}
	c.Tasks = c.OneTasks
	if s == Weak {
		c.Tasks = c.SerialTasks() + n*(c.OneTasks-c.SerialTasks())
	}
	return c
}
