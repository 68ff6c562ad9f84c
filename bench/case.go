// Package bench measures: workload × strategy × workers, as Go benchmarks.
//
//	go test -bench Strong ./bench    the work is fixed, workers are added
//	go test -bench Weak ./bench      the work grows with the workers
//
// It prints the Go benchmark format and nothing else; what the numbers mean
// is said by packages that read this text. Every case has a planted serial
// fraction, so what a reader of the text finds can be held against the truth.
package bench

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// Scaling says what is kept fixed while workers are added.
type Scaling string

const (
	Strong Scaling = contract.NameStrong // the number of tasks
	Weak   Scaling = contract.NameWeak   // the number of parallel tasks a worker; the serial ones do not grow
)

// A Case is one point of an experiment.
type Case struct {
	Scaling  Scaling
	Workload workloads.Workload
	Size     int    // the workload's size knob; 0 is its default
	Variant  string // of the workload; "" is its default
	Seed     uint64
	Strategy pools.Strategy
	Serial   float64     // share of the one-worker job that runs before the pool starts, in [0, 1]
	Locked   float64     // share of every task that runs under one lock, in [0, 1]
	Skew     string      // how the lengths of tasks are distributed; "" is equal
	Cores    cores.Model // what compute runs on; the zero value is cores.Real
	Workers  int         // level on the x axis, from 1
	Procs    int         // processors: GOMAXPROCS while it is measured or, if cores are slow, slow cores
	Tasks    int         // tasks in one operation
	OneTasks int         // tasks in one operation at one worker: Serial·OneTasks of them are serial

	// Of remote workers only.
	Shape   remote.Shape // how tasks are handed out, and to how many nodes
	Link    remote.Link  // emulated; the zero value is none
	Window  int          // 1 + Shape.Prefetch, where the name is to say so; else 0
	PerNode int          // workers of each node, where the x axis is nodes; 0 where it is workers
}

// Name is the benchmark's name below BenchmarkStrong or BenchmarkWeak.
// workers= stands last, or nodes= where that is the x axis.
func (c Case) Name() string {
	parts := []string{contract.NameWorkload + "=" + c.Workload.Name}
	if c.Size != 0 && c.Size != c.Workload.Size {
		parts = append(parts, fmt.Sprintf("%s=%d", contract.NameSize, c.Size))
	}
	if len(c.Workload.Variants) > 0 {
		parts = append(parts, contract.NameVariant+"="+cmp.Or(c.Variant, c.Workload.Variants[0]))
	}
	if c.Seed > 1 {
		parts = append(parts, fmt.Sprintf("%s=%d", contract.NameSeed, c.Seed))
	}
	parts = append(parts, contract.NameStrategy+"="+c.Strategy.Name)
	parts = append(parts, c.remoteParts()...)
	parts = append(parts, contract.NameSerial+"="+strconv.FormatFloat(c.Serial, 'g', -1, 64))
	if c.Locked > 0 {
		parts = append(parts, contract.NameLocked+"="+strconv.FormatFloat(c.Locked, 'g', -1, 64))
	}
	if skew := cmp.Or(c.Skew, c.Workload.Lengths); skew != "" {
		parts = append(parts, contract.NameSkew+"="+skew)
	}
	parts = append(parts, contract.NameCores+"="+c.cores())
	switch {
	case c.PerNode > 0:
		parts = append(parts, fmt.Sprintf("%s=%d", contract.NamePerNode, c.PerNode), fmt.Sprintf("%s=%d", contract.NameNodes, c.Shape.Nodes))
	case c.Shape.Nodes > 0:
		parts = append(parts, fmt.Sprintf("%s=%d", contract.NameNodes, c.Shape.Nodes), fmt.Sprintf("%s=%d", contract.NameWorkers, c.Workers))
	default:
		parts = append(parts, fmt.Sprintf("%s=%d", contract.NameWorkers, c.Workers))
	}
	return strings.Join(parts, "/")
}

func (c Case) cores() string { return cmp.Or(c.Cores.Name, cores.Real.Name) }

// options opens the case's workload. Its cores are as many as may compute at
// a time in one process; 0 where the processors themselves are the bound.
func (c Case) options() workloads.Options {
	o := workloads.Options{Size: c.Size, Variant: c.Variant, Seed: c.Seed, Locked: c.Locked, Skew: c.Skew, CoresName: c.cores()}
	if c.Variant == workloads.Postgres {
		o.Addr = os.Getenv(workloads.PostgresVariable)
	}
	switch {
	case c.Strategy.Computes > 0:
		o.Procs = c.Strategy.Computes
	case c.Cores.Slowdown > 0 && c.Strategy.Processes:
		o.Procs = 1 // a worker process is one slow core
	case c.Cores.Slowdown > 0:
		o.Procs = c.Procs
	}
	return o
}

// gomaxprocs is the setting for this process. The thread of a slow core
// sleeps in a system call, for which it keeps one of Go's processors, so each
// gets one, beside those of the machine.
func (c Case) gomaxprocs() int {
	if c.Cores.Slowdown > 0 {
		return runtime.NumCPU() + c.Procs
	}
	return c.Procs
}

// SerialTasks is how many tasks run one by one before the pool starts.
func (c Case) SerialTasks() int { return int(math.Round(c.Serial * float64(c.OneTasks))) }

// Check says why a case cannot be what its name claims.
func (c Case) Check() error {
	planted := c.Serial * float64(c.OneTasks)
	switch {
	case !(c.Serial >= 0 && c.Serial <= 1):
		return fmt.Errorf("bench: serial=%v: a fraction from 0 to 1 is needed", c.Serial)
	case c.Workers < 1 || c.Procs < 1 || c.Tasks < 1:
		return fmt.Errorf("bench: %s: workers, processors and tasks start at 1, have %d, %d, %d", c.Name(), c.Workers, c.Procs, c.Tasks)
	case c.Strategy.Remote && c.Shape.Nodes > c.Workers:
		return fmt.Errorf("bench: %s: %d nodes for %d workers: a node has one at least", c.Name(), c.Shape.Nodes, c.Workers)
	case c.Locked > 0 && c.Strategy.Processes:
		return fmt.Errorf("bench: %s: worker processes share no lock: plant one under another strategy", c.Name())
	case cmp.Or(c.Skew, c.Workload.Lengths) != "" && c.Serial > 0:
		return fmt.Errorf("bench: %s: serial=%v is a share of the tasks, and with skew=%s not of the work: add -serial 0", c.Name(), c.Serial, cmp.Or(c.Skew, c.Workload.Lengths))
	case c.Cores.Count > 0 && c.Strategy.Processes:
		return fmt.Errorf("bench: %s: worker processes share no chip: use another strategy", c.Name())
	case c.Cores.Slowdown > 0 && c.Cores.Slowdown < c.Cores.Needs(c.busy()):
		return fmt.Errorf("bench: %s: %d such cores would keep more than half of the %d real processors busy: use %s, or fewer of them with -slow",
			c.Name(), c.busy(), runtime.NumCPU(), c.Cores.Slower(c.Cores.Needs(c.busy())))
	case math.Abs(planted-math.Round(planted)) > 1e-9*float64(c.OneTasks):
		return fmt.Errorf("bench: serial=%v of %d tasks is %v tasks: choose a number of tasks that makes it whole", c.Serial, c.OneTasks, planted)
	}
	if _, _, err := workloads.LockParts(c.Locked); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

// busy is how many tasks compute at a time at most.
func (c Case) busy() int {
	if c.Strategy.Processes {
		return c.Workers
	}
	return min(c.Workers, c.Procs)
}
