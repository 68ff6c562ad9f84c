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
	"fmt"
	"math"
	"strconv"
	"strings"

	"amdahl/pools"
	"amdahl/workloads"
)

// Scaling says what is kept fixed while workers are added.
type Scaling string

const (
	Strong Scaling = "Strong" // the number of tasks
	Weak   Scaling = "Weak"   // the number of parallel tasks a worker; the serial ones do not grow
)

// A Case is one point of an experiment.
type Case struct {
	Scaling  Scaling
	Workload workloads.Workload
	Size     int // the workload's size knob; 0 is its default
	Seed     uint64
	Strategy pools.Strategy
	Serial   float64 // share of the one-worker job that runs before the pool starts, in [0, 1]
	Workers  int     // level on the x axis, from 1
	Procs    int     // GOMAXPROCS while it is measured
	Tasks    int     // tasks in one operation
	OneTasks int     // tasks in one operation at one worker: Serial·OneTasks of them are serial
}

// Name is the benchmark's name below BenchmarkStrong or BenchmarkWeak.
// workers= stands last.
func (c Case) Name() string {
	parts := []string{"workload=" + c.Workload.Name}
	if c.Size != 0 && c.Size != c.Workload.Size {
		parts = append(parts, fmt.Sprintf("size=%d", c.Size))
	}
	if c.Seed > 1 {
		parts = append(parts, fmt.Sprintf("seed=%d", c.Seed))
	}
	return strings.Join(append(parts,
		"strategy="+c.Strategy.Name,
		"serial="+strconv.FormatFloat(c.Serial, 'g', -1, 64),
		"cores=real",
		fmt.Sprintf("workers=%d", c.Workers)), "/")
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
	case math.Abs(planted-math.Round(planted)) > 1e-9*float64(c.OneTasks):
		return fmt.Errorf("bench: serial=%v of %d tasks is %v tasks: choose a number of tasks that makes it whole", c.Serial, c.OneTasks, planted)
	}
	return nil
}
