package bench

import (
	"runtime"
	"time"

	"amdahl/pools"
	"amdahl/workloads"
)

// What a case takes beside its tasks: to open it, and to start a worker process.
const (
	openCost    = 2 * time.Millisecond
	processCost = 4 * time.Millisecond
)

// Planned is about how long one operation of the case takes with what comes
// before it: the start of the workers and a first task for each of them. It is
// worked out from [workloads.Workload.Cost], and nothing is measured. A workload
// without a cost counts as one of 200 µs.
func (c Case) Planned() time.Duration {
	task := c.task()
	if c.Cores.Slowdown > 0 && c.Workload.Bound == workloads.CPU {
		task *= time.Duration(c.Cores.Slowdown)
	}
	serial := c.SerialTasks()
	lanes := c.lanes()
	waves := (c.Tasks - serial + lanes - 1) / lanes
	warm := (min(c.Workers, c.Tasks-serial) + lanes - 1) / lanes
	total := openCost + task*time.Duration(serial+waves+warm)
	if c.Strategy.Processes {
		total += processCost * time.Duration(c.Workers)
	}
	return total
}

// task is what one task takes alone on a real processor.
func (c Case) task() time.Duration {
	cost := c.Workload.Cost
	if cost == 0 {
		cost = 200 * time.Microsecond
	}
	if c.Size > 0 && c.Workload.Size > 0 {
		cost = time.Duration(float64(cost) * float64(c.Size) / float64(c.Workload.Size))
	}
	return cost
}

// lanes is how many tasks go on at a time.
func (c Case) lanes() int {
	n := map[pools.Concurrency]int{pools.One: 1, pools.Workers: c.Workers, pools.Tasks: c.Tasks}[c.Strategy.Concurrency]
	if c.Workload.Bound == workloads.CPU {
		switch {
		case c.Strategy.Computes > 0 || c.Cores.One && !c.Strategy.Processes:
			n = 1
		case c.Cores.Slowdown == 0:
			n = min(n, c.Procs, runtime.NumCPU())
		}
	}
	if most := c.Workload.AtOnce; most > 0 {
		n = min(n, most)
	}
	return max(1, n)
}

// Planned is about how long one round of these cases takes: each once, and
// before the first case of each job a loop over its tasks for the sums.
func Planned(cases []Case) time.Duration {
	var total time.Duration
	looped := map[string]int{}
	for _, c := range cases {
		total += c.Planned()
		o := c.options()
		o.CoresName, o.Procs = "", 0
		key := workloads.Spec(c.Workload, o)
		if more := c.Tasks - looped[key]; more > 0 {
			looped[key] = c.Tasks
			lanes := 1
			if c.Workload.Bound == workloads.IO {
				lanes = mostWorkers
			}
			total += c.task() * time.Duration((more+lanes-1)/lanes)
		}
	}
	return total
}
