package replay

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"
)

// A Machine is what a job runs on. The zero value has a worker for every task
// and as many cores as can be used; with Cores 1 it is an event loop: one task
// at a time computes, and all waits overlap.
type Machine struct {
	// Workers take the tasks. 0 is one for each task: a goroutine per task,
	// all started at once.
	Workers int
	// Cores run the compute. 0 is no limit. A phase gets a core in the order
	// of asking and gives it up at its end.
	Cores int
	// Quantum is the longest that a phase keeps its core while others want
	// one; it then goes to the end of their queue (round robin). 0 lets every
	// phase run to its end.
	Quantum time.Duration
	// Interpreter says that compute, locked or not, needs the one interpreter
	// lock of its process. It is given up while waiting and at the end of a
	// phase, and handed over in the order of asking.
	Interpreter bool
	// Switch is how long a worker waits for the interpreter lock before the
	// holder, if it is still the same, must hand it over. 0 is 5 ms, CPython's
	// sys.getswitchinterval; its source is Python/ceval_gil.c.
	Switch time.Duration
	// Processes makes each worker a process of its own, with an interpreter
	// lock of its own. The lock of the locked phases is still shared.
	Processes bool
	// Dispatch is what it costs to hand a worker a chunk of tasks. One chunk
	// is handed out at a time, as by a queue under a lock or one dispatcher,
	// in the order of asking. It passes on the worker's time and needs no core.
	// That no task is left costs nothing to learn.
	Dispatch time.Duration
	// Chunk is how many tasks are handed out at once. 0 is 1, and so it must
	// be without Workers.
	Chunk int
	// Schedule says how tasks reach the workers; "" is [Shared]. Another one
	// hands out for nothing, so that Dispatch and Chunk must not be set.
	Schedule Schedule
	// Seed and Run choose the random numbers of a schedule that draws some, as a
	// strategy of the same name does in the Run of that number, from 0, of its
	// pool. A Seed of 0 is 1.
	Seed, Run uint64
	// Speeds are those of the workers' cores, each at least 1, as multiples of a
	// core on which compute takes as long as the job says; nil is 1 for all. Worker
	// i has core i to itself, so Cores must be 0, and Workers their number. The
	// serial tasks run at SerialSpeed, or on the fastest core where that is 0.
	Speeds      []float64
	SerialSpeed float64
	// Record asks for [Outcome.Slices]. It costs memory for every phase.
	Record bool
}

// A plan is a machine made ready for one job, and what check found out.
type plan struct {
	Machine
	work    time.Duration // sum of all phases
	lanes   int           // workers, idle ones too
	chunks  int           // hand-outs of chunk tasks, the last perhaps of fewer
	chunk   int
	cores   int           // 0 where everybody who asks has one
	quantum time.Duration // how long a core is kept while others want one; 0 is to the end
}

// single says whether one interpreter lock bounds the compute of all workers.
// It then stands for the cores: whoever holds it finds one free.
func (m Machine) single() bool { return m.Interpreter && !m.Processes }

// check says what running j on m means, or why it cannot be done.
func (m Machine) check(j Job) (plan, error) {
	work, err := j.check()
	if err != nil {
		return plan{}, err
	}
	for _, f := range []struct {
		name string
		n    int64
	}{
		{"Workers", int64(m.Workers)}, {"Cores", int64(m.Cores)}, {"Quantum", int64(m.Quantum)},
		{"Switch", int64(m.Switch)}, {"Dispatch", int64(m.Dispatch)}, {"Chunk", int64(m.Chunk)},
	} {
		if f.n < 0 {
			return plan{}, fmt.Errorf("replay: machine: %s is %d: it must be 0 or more", f.name, f.n)
		}
	}
	if m.Workers == 0 && m.Chunk > 1 {
		return plan{}, fmt.Errorf("replay: machine: Chunk is %d without Workers: every task has a worker of its own, so Chunk must be 1 or 0", m.Chunk)
	}
	if !slices.Contains(Schedules, cmp.Or(m.Schedule, Shared)) {
		return plan{}, fmt.Errorf("replay: machine: Schedule is %q: it must be one of %q", m.Schedule, Schedules)
	}
	if m.Schedule != "" && m.Schedule != Shared && (m.Dispatch > 0 || m.Chunk > 1) {
		return plan{}, fmt.Errorf("replay: machine: Dispatch is %v and Chunk %d: they are of the shared queue, and the schedule is %s", m.Dispatch, m.Chunk, m.Schedule)
	}
	if err := m.checkSpeeds(); err != nil {
		return plan{}, err
	}
	p := plan{Machine: m, work: work, lanes: m.Workers, chunk: max(1, m.Chunk), cores: m.Cores, quantum: m.Quantum}
	if p.lanes == 0 {
		p.lanes = max(1, len(j.Tasks))
	}
	p.chunks = len(j.Tasks) / p.chunk
	if len(j.Tasks)%p.chunk != 0 {
		p.chunks++
	}
	if m.single() {
		p.cores, p.quantum = 1, m.Switch
		if p.quantum == 0 {
			p.quantum = 5 * time.Millisecond
		}
	}
	if p.cores >= min(p.lanes, p.chunks) {
		p.cores = 0
	}
	if over, cost := bits.Mul64(uint64(p.chunks), uint64(m.Dispatch)); over != 0 || cost > uint64(longest-work) {
		return plan{}, fmt.Errorf("replay: machine: Dispatch is %v: with it the times of the job add up to more than 292 years", m.Dispatch)
	}
	return p, nil
}

// mostSpeed is the largest speed of a core.
const mostSpeed = 1e6

// checkSpeeds says what is wrong with the speeds of the cores.
func (m Machine) checkSpeeds() error {
	if m.Speeds == nil && m.SerialSpeed == 0 {
		return nil
	}
	if m.Cores > 0 || m.Interpreter || len(m.Speeds) != m.Workers || m.Workers == 0 {
		return fmt.Errorf("replay: machine: %d Speeds for %d Workers on %d Cores: each worker needs a core of its own and its speed, and no interpreter", len(m.Speeds), m.Workers, m.Cores)
	}
	for i, v := range append(slices.Clone(m.Speeds), cmp.Or(m.SerialSpeed, 1)) {
		if !(v >= 1 && v <= mostSpeed) {
			return fmt.Errorf("replay: machine: speed %d is %v: it must be 1 to %g", i, v, mostSpeed)
		}
	}
	return nil
}

// scaled is how long compute that takes d takes at a speed.
func scaled(d time.Duration, speed float64) time.Duration {
	if speed == 1 {
		return d
	}
	return min(d, time.Duration(math.Round(float64(d)/speed)))
}
