package contract

import (
	"fmt"
	"math"
	"time"
)

// Traces are Chrome trace events, a JSON array that ui.perfetto.dev and
// chrome://tracing open. Times are in µs with three decimals, so whole
// nanoseconds. A [Writer] writes them; package results/trace reads them. A file
// holds operations, runs, or both.
//
// # Operations
//
// Package bench writes an operation of one of its benchmarks. Time begins at 0
// with each operation, so that they stand below one another. Rows: a process for
// each process of the operating system, the measuring one first; in it "operation"
// and a thread for each lane. Slices nest: operation ⊃ serial section, parallel
// section; task ⊃ its states. A flow goes from the parallel section, at the
// moment when a lane was free, to the begin of the task that it took next: its
// length is what handing out took.
//
//	cat "operation", name "operation"         args op, case, workers, processors, slowdown, locked, queued-for, tasks,
//	                                          serial-tasks, pid, begin-ns (monotonic clock), paid-ns, and [Cause.Arg] of each part
//	cat "operation", name "serial section"    args op
//	cat "operation", name "parallel section"  args op
//	cat "task",  name "task N"                args op, task (N), serial (true if it ran in the serial section), pid
//	cat "state", name = a [State]             args op, task, state; cpu-ns where it is known and the state is compute
//	cat "dispatch", name "dispatch"           flow s → f; id is unique in the file
//	name "running"                            counter; args tasks
//
// op counts operations from 0 and joins the rows of one.
//
// # Runs
//
// Package bench/gotrace writes a run: the execution trace of any Go program. It
// has two processes, named "RUN: processors" and "RUN: goroutines", and its
// slices are pairs of B and E. Where the file has only the last part of a run, the
// args of the processes' names say how many changes of goroutines' states were
// left out: left-out.
//
//	processors: a thread for each processor of Go, "P0", "P1", …, and "garbage collector" for its phases
//	  cat "running", name = a goroutine, "g12 main.work"    it ran there
//	  cat "syscall", name = a goroutine                     it was in a system call, and the processor was still its own
//	  cat "range", name of the runtime or of a region       within running: a mark assist, a region of the program
//	  name "goroutines"                                     counter; args running, runnable
//	  name "heap"                                           counter; args bytes
//	goroutines: a thread for each lane, which goroutines use one after another
//	  cat "goroutine", name = a goroutine                   its life
//	  cat "state", name = a state of [GoRunning] …          within its life
//	  cat "range", as above                                 within running
//
// Sources: Trace Event Format (Google); Perfetto, "Visualizing external trace
// formats".
const (
	CatOperation = "operation"
	CatTask      = "task"
	CatState     = "state"
	CatDispatch  = "dispatch"
	CatRunning   = "running"
	CatSyscall   = "syscall"
	CatGoroutine = "goroutine"
	CatRange     = "range"

	SliceOperation = "operation"
	SliceSerial    = "serial section"
	SliceParallel  = "parallel section"

	ArgPaid    = "paid-ns"
	ArgLeftOut = "left-out"

	MetaProcess = "process_name"
	MetaThread  = "thread_name"

	// RowsProcessors and RowsGoroutines end the names of a run's two processes,
	// behind RowsOf.
	RowsProcessors = "processors"
	RowsGoroutines = "goroutines"
	RowsOf         = ": "

	// ThreadCollector is the thread of the garbage collector's phases.
	ThreadCollector = "garbage collector"
)

// An Operation is one run of a job, as it was recorded: its serial tasks one by
// one, then the others by a strategy. Times are since its begin.
type Operation struct {
	Case       string // the benchmark's name: "Strong/workload=hash/…/workers=4"
	Workers    int    // p, from 1
	Processors int    // on which tasks may compute, slow ones where cores are slow; 0 if the trace does not say
	Slowdown   int    // of slow cores; 0 where cores are real

	// What the strategy says of itself: how many tasks it lets compute at a time,
	// 0 for any number; whether every worker is a process of its own.
	Computes int
	Apart    bool
	// Dealt says that every worker had its tasks beforehand: one that has run them all
	// gets no other, whatever others have left.
	Dealt bool

	// Locked is the share of each task's sections of compute, the first of them,
	// that run under one lock, from 0 to 1.
	Locked float64

	// QueuedFor is what a task waits for in [StateQueued]: Interpreter, Queued
	// or Runnable. "" if the trace does not say.
	QueuedFor Cause

	Time      time.Duration // how long the operation took, above 0
	Serial    time.Duration // when the serial section ended; 0 without one
	Lanes     []Lane        // by process, the measuring one first
	Processes []int         // their numbers in the operating system, the measuring one first
	Tasks     []Task        // ascending Index, from 0 without a gap
	Begin     int64         // on the monotonic clock of the machine, in ns

	// Paid is p·T(p), and Parts where it went, as the benchmark has accounted
	// for this very operation. Both are zero where the trace does not say.
	Paid  time.Duration
	Parts Parts
}

// A Lane is a place where tasks run one after another: a row of the trace. It
// need not be one thread.
type Lane struct {
	Process int // index in Operation.Processes; 0 is the one that measures
	Number  int // inside the process, from 0
}

// A Task is one task, as it ran.
type Task struct {
	Index    int
	Serial   bool // it ran in the serial section
	Lane     int  // index of Operation.Lanes
	From, To time.Duration
	Stays    []Stay // ascending, inside of the task, no two at a time
}

// A Stay is a time in one state. CPU is the CPU time of a stay of
// [StateCompute]; below 0 where it is not known.
type Stay struct {
	State    State
	From, To time.Duration
	CPU      time.Duration
}

// Parts is worker time by cause.
type Parts map[Cause]time.Duration

// Sum is the sum of all parts.
func (p Parts) Sum() time.Duration {
	var sum time.Duration
	for _, d := range p {
		sum += d
	}
	return sum
}

// Add adds the parts of q to p.
func (p Parts) Add(q Parts) {
	for c, d := range q {
		p[c] += d
	}
}

// Check says what makes no sense in an operation.
func (o *Operation) Check() error {
	if o.Workers < 1 {
		return fmt.Errorf("%d workers: at least 1 is needed", o.Workers)
	}
	if o.Time <= 0 {
		return fmt.Errorf("it took %v: a time above 0 is needed", o.Time)
	}
	if time.Duration(o.Workers) > math.MaxInt64/o.Time {
		return fmt.Errorf("%d workers for %v each: that is more than 292 years", o.Workers, o.Time)
	}
	if o.Serial < 0 || o.Serial > o.Time {
		return fmt.Errorf("the serial section ends at %v, but the operation at %v", o.Serial, o.Time)
	}
	if !(o.Locked >= 0 && o.Locked <= 1) {
		return fmt.Errorf("locked is %v: a share from 0 to 1 is needed", o.Locked)
	}
	for i, t := range o.Tasks {
		if t.Index != i {
			return fmt.Errorf("task %d is missing or stands twice", min(i, t.Index))
		}
		if t.From < 0 || t.To < t.From || t.To > o.Time {
			return fmt.Errorf("task %d: from %v to %v, but the operation ends at %v", i, t.From, t.To, o.Time)
		}
		at := t.From
		for _, s := range t.Stays {
			if s.From < at || s.To < s.From || s.To > t.To {
				return fmt.Errorf("task %d: %s from %v to %v does not fit between %v and %v", i, s.State, s.From, s.To, at, t.To)
			}
			at = s.To
		}
	}
	free := make([]time.Duration, len(o.Lanes)) // end of the last task of each lane
	for _, t := range o.ByLane() {
		if t.From < free[t.Lane] {
			return fmt.Errorf("task %d begins at %v, while another runs on its lane until %v", t.Index, t.From, free[t.Lane])
		}
		free[t.Lane] = t.To
	}
	return nil
}
