package bench

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// A Plan is a set of cases to measure.
type Plan struct {
	Sweep  string        // one of [Sweeps]; "" is "full"
	Asked  Pattern       // what is asked for by name, whatever the sweep
	Skew   string        // how the lengths of tasks are distributed; "" is equal
	Serial float64       // planted serial fraction
	Plant  bool          // plant it in every workload, also in those that are [workloads.Workload.Whole]
	Locked float64       // share of every task under one lock
	Tasks  int           // tasks at one worker; 0 chooses by the workload's bound
	Size   int           // the workload's size knob; 0 is its default
	Spin   int           // that of spin, where Size is 0
	CPUs   int           // processors to sweep to, from 1
	Slow   int           // slow cores to sweep to; 0 is 32
	Models []cores.Model // what compute runs on; nil is real processors
	Levels []int         // numbers of workers, for curves over workers; nil chooses them
	Remote RemotePlan    // of remote workers
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
	parts, err := p.parts(s)
	if err != nil {
		return nil, err
	}
	var out []Case
	for _, p := range parts {
		for _, m := range p.Models {
			for _, w := range workloads.All {
				for _, st := range Strategies {
					switch {
					case !p.measures(w, st), s == Weak && !canGrow(w, st), (p.Locked > 0 || m.Count > 0) && st.Processes, p.Skew != "" && !w.Skewed:
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
	}
	return out, nil
}

// curve is the cases of one workload, every variant of it, under one
// strategy.
func (p Plan) curve(s Scaling, m cores.Model, w workloads.Workload, st pools.Strategy) ([]Case, error) {
	variants := p.variants(w)
	if w.Lengths != "" || w.Whole && !p.Plant {
		p.Serial = 0
	}
	var out []Case
	for _, v := range variants {
		if w.Needs(v) != "" {
			continue
		}
		var cases []Case
		for _, n := range p.levels(m, w, st, s) {
			c := p.at(s, m, w, st, n)
			c.Variant = v
			cases = append(cases, c)
		}
		if st.Remote {
			cases = p.remoteCases(s, m, w, st, v)
		}
		for _, c := range cases {
			if err := c.Check(); err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// variants are those of a workload that the plan has; "" is the only one of a workload
// without any. The quick sweep leaves out a database server that is not asked for by
// name: it would take longer than a minute.
func (p Plan) variants(w workloads.Workload) []string {
	if len(w.Variants) == 0 {
		return []string{""}
	}
	return slices.DeleteFunc(slices.Clone(w.Variants), func(v string) bool {
		return p.Sweep == "quick" && v == workloads.Postgres && !p.Asked.names(contract.NameVariant, v)
	})
}

// canGrow says whether a weak curve exists: the work grows with the workers,
// so the number of workers must bound something. It does not for one worker,
// nor where all waiting tasks overlap, or one computes, whatever their number.
func canGrow(w workloads.Workload, st pools.Strategy) bool {
	return st.Concurrency == pools.Workers || st.Concurrency == pools.Tasks && w.Bound == workloads.CPU && st.Computes == 0
}

// WriteSkipped writes the workloads and variants of the sweep that are not
// measured, and why, as the testing package writes skipped benchmarks.
func (p Plan) WriteSkipped(w io.Writer) error {
	for _, x := range workloads.All {
		if !slices.ContainsFunc(Strategies, func(st pools.Strategy) bool { return p.measures(x, st) }) {
			continue
		}
		for _, v := range p.variants(x) {
			why := x.Needs(v)
			if why == "" {
				continue
			}
			name := contract.NameWorkload + "=" + x.Name
			if v != "" {
				name += "/" + contract.NameVariant + "=" + v
			}
			if _, err := fmt.Fprintf(w, "--- SKIP: Benchmark%s/%s\n    %s\n", Strong, name, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// processors is how many there are under a model.
func (p Plan) processors(m cores.Model) int {
	if m.Count > 0 {
		return m.Count
	}
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
	if m.Count > 0 && w.Bound == workloads.CPU {
		return []int{m.Count} // a chip is used as a whole
	}
	if p.Levels != nil {
		return p.Levels
	}
	return powersTo(most)
}

// powersTo are the powers of two below most, and most.
func powersTo(most int) []int {
	var levels []int
	for n := 1; n < most; n *= 2 {
		levels = append(levels, n)
	}
	return append(levels, most)
}

func (p Plan) at(s Scaling, m cores.Model, w workloads.Workload, st pools.Strategy, n int) Case {
	cpus := p.processors(m)
	c := Case{Scaling: s, Workload: w, Size: p.Size, Strategy: st, Serial: p.Serial, Locked: p.Locked, Skew: p.Skew, Cores: m, Workers: n, Procs: cpus, OneTasks: p.Tasks}
	if c.Size == 0 && w.Name == workloads.Spin.Name {
		c.Size = p.Spin
	}
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
