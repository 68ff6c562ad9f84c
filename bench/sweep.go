package bench

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// A Plan is a set of cases to measure.
type Plan struct {
	Quick  bool          // fewer weak cases: for a sweep of about a minute
	Serial float64       // planted serial fraction
	Locked float64       // share of every task under one lock
	Tasks  int           // tasks at one worker; 0 chooses by the workload's bound
	Size   int           // the workload's size knob; 0 is its default
	CPUs   int           // processors to sweep to, from 1
	Slow   int           // slow cores to sweep to; 0 is 32
	Models []cores.Model // what compute runs on; nil is real processors
	Levels []int         // numbers of workers, for curves over workers; nil chooses them
}

// The numbers of tasks keep the planted fraction exact. A tenth of 640
// leaves 576 = 9·64 parallel tasks, which divide among any power of two up
// to 64 workers. Waiting tasks take milliseconds, so there are 70: 63 of
// them are parallel, which 2, 4, … 64 workers do in 32, 16, … 1 waves.
const (
	cpuTasks    = 640
	ioTasks     = 70
	weakIOTasks = 20
	weakTasks   = 320 // and where tasks are slow
	mostWorkers = 64  // of waiting work
	mostThreads = 8   // that compute under one lock
	mostSlow    = 32  // slow cores
)

// Cases lists the plan's cases for one kind of scaling, in a fixed order.
func (p Plan) Cases(s Scaling) ([]Case, error) {
	models := p.Models
	if models == nil {
		models = []cores.Model{cores.Real}
	}
	var out []Case
	for _, m := range models {
		for _, w := range workloads.All {
			for _, st := range pools.All {
				switch {
				case s == Weak && !canGrow(w, st), p.Quick && !quick(s, w, st), p.Locked > 0 && st.Processes:
					continue
				}
				cases, err := p.curve(s, m, w, st)
				if err != nil {
					return nil, err
				}
				out = append(out, cases...)
			}
		}
	}
	return out, nil
}

// curve is the cases of one workload, every variant of it, under one
// strategy.
func (p Plan) curve(s Scaling, m cores.Model, w workloads.Workload, st pools.Strategy) ([]Case, error) {
	variants := w.Variants
	if len(variants) == 0 {
		variants = []string{""}
	}
	var out []Case
	for _, v := range variants {
		if missing(v) != "" {
			continue
		}
		for _, n := range p.levels(m, w, st, s) {
			c := p.at(s, m, w, st, n)
			c.Variant = v
			if err := c.Check(); err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// quick says whether a curve is in a quick sweep. Of weak scaling it has one
// curve that computes and one that waits; of the work that other lessons are
// about, what shows the lesson.
func quick(s Scaling, w workloads.Workload, st pools.Strategy) bool {
	fixed := st.Name == pools.Fixed.Name
	switch w.Name {
	case workloads.Hash.Name, workloads.Sleep.Name:
		return fixed || s == Strong
	case workloads.Spin.Name, workloads.Counters.Name:
		return fixed && s == Strong
	case workloads.Database.Name:
		return !st.Processes && s == Strong
	}
	return s == Strong
}

// canGrow says whether a weak curve exists: the work grows with the workers,
// so the number of workers must bound something. It does not for one worker,
// nor where all waiting tasks overlap, or one computes, whatever their number.
func canGrow(w workloads.Workload, st pools.Strategy) bool {
	return st.Concurrency == pools.Workers || st.Concurrency == pools.Tasks && w.Bound == workloads.CPU && st.Computes == 0
}

// missing says what a variant needs and this machine does not have; "" is
// nothing.
func missing(variant string) string {
	if variant == workloads.Postgres && os.Getenv(workloads.PostgresVariable) == "" {
		return workloads.PostgresVariable + " is not set: give it the data source name of a server, such as postgres://user:password@localhost/db"
	}
	return ""
}

// WriteSkipped writes the variants that are not measured, and why, as the
// testing package writes skipped benchmarks.
func WriteSkipped(w io.Writer) error {
	for _, x := range workloads.All {
		for _, v := range x.Variants {
			if why := missing(v); why != "" {
				if _, err := fmt.Fprintf(w, "--- SKIP: Benchmark%s/%s=%s/%s=%s\n    %s\n", Strong, contract.NameWorkload, x.Name, contract.NameVariant, v, why); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// processors is how many there are under a model.
func (p Plan) processors(m cores.Model) int {
	if m.Slowdown > 0 {
		return cmp.Or(p.Slow, mostSlow)
	}
	return p.CPUs
}

// levels are the numbers of workers to measure at: powers of two up to the
// processors for work that computes (and the processors themselves), up to
// 64 for work that waits. Under an interpreter lock threads that compute need
// no processors, so they go on to 8. Where workers bound nothing, a waiting
// job has one level: as many workers as it has parallel tasks; and where one
// task at a time computes, so has a job that computes: one.
func (p Plan) levels(m cores.Model, w workloads.Workload, st pools.Strategy, s Scaling) []int {
	most := p.processors(m)
	switch {
	case st.Concurrency == pools.One:
		return []int{1}
	case w.Bound == workloads.IO && st.Concurrency == pools.Tasks:
		c := p.at(s, m, w, st, 1)
		return []int{c.Tasks - c.SerialTasks()}
	case w.Bound == workloads.CPU && st.Computes == 1:
		return []int{1}
	case w.Bound == workloads.IO && m.Slowdown > 0 && st.Processes:
		// each worker is a slow core, which real ones must carry
	case w.Bound == workloads.IO:
		most = mostWorkers
	case m.One && !st.Processes:
		most = max(most, mostThreads)
	}
	if p.Levels != nil {
		return p.Levels
	}
	var levels []int
	for n := 1; n < most; n *= 2 {
		levels = append(levels, n)
	}
	return append(levels, most)
}

func (p Plan) at(s Scaling, m cores.Model, w workloads.Workload, st pools.Strategy, n int) Case {
	cpus := p.processors(m)
	c := Case{Scaling: s, Workload: w, Size: p.Size, Strategy: st, Serial: p.Serial, Locked: p.Locked, Cores: m, Workers: n, Procs: cpus, OneTasks: p.Tasks}
	if w.Bound == workloads.CPU {
		c.Procs = min(n, cpus)
	}
	if c.OneTasks == 0 {
		c.OneTasks = tasks(s, m, w, p.Locked)
	}
	c.Tasks = c.OneTasks
	if s == Weak {
		c.Tasks = c.SerialTasks() + n*(c.OneTasks-c.SerialTasks())
	}
	return c
}

// tasks is how many a job has at one worker.
func tasks(s Scaling, m cores.Model, w workloads.Workload, locked float64) int {
	n := cpuTasks
	switch {
	case w.Bound == workloads.IO && s == Weak:
		n = weakIOTasks
	case w.Bound == workloads.IO:
		n = ioTasks
	case s == Weak || m.Slowdown > 0 || locked > 0:
		n = weakTasks
	}
	return n
}
