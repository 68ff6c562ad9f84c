// Package pools holds how work is run: one after another, a goroutine per
// task, a fixed pool of goroutines, worker processes.
//
// All strategies obey one contract, which one table-driven test holds: each
// task runs exactly once; no more than the promised number run at a time;
// the first error wins and stops the rest; a panic reaches the caller as a
// [*PanicError] with the task and its stack; cancelling returns promptly; nothing
// is left running after Close.
package pools

import "context"

// A TaskFunc runs task i and returns its number. It is called from many
// goroutines at once.
type TaskFunc func(ctx context.Context, i int) (sum uint64, err error)

// A Job is the same work twice: as a function for this process, and as a
// spec from which another process can make that function.
type Job struct {
	Spec string
	Do   TaskFunc
}

// Concurrency says how many tasks a strategy runs at a time.
type Concurrency int

const (
	One     Concurrency = iota // one task at a time, whatever workers says
	Workers                    // at most workers tasks at a time
	Tasks                      // every task at once; workers bounds nothing
)

// A Strategy is one entry of [All].
type Strategy struct {
	Name        string // one word, as in strategy=fixed
	Doc         string // one line
	Concurrency Concurrency
	Processes   bool // runs tasks in other processes, made from Job.Spec

	// Open starts the workers (at least 1) and returns when they are ready;
	// its cost is not measured. ctx bounds the start only.
	Open func(ctx context.Context, workers int, job Job) (Pool, error)
}

// A Pool is a strategy with its workers started. Run is called by one
// goroutine at a time.
type Pool interface {
	// Run runs every task of [lo, hi) exactly once, in any order, and
	// returns the sum (mod 2^64) of their numbers. On an error it starts no
	// further task, waits for the running ones, and returns the first error.
	Run(ctx context.Context, lo, hi int) (sum uint64, err error)

	// Close ends the workers and waits until they are gone. Whoever called
	// Open calls it; a second call does nothing.
	Close() error
}

// A Metered pool has workers outside this process. Usage returns their
// totals since the pool was opened; it is called while no Run is under way.
type Metered interface {
	Usage(ctx context.Context) (Usage, error)
}

// Usage is what the workers of a pool have used, summed over the workers.
type Usage struct {
	CPU      int64            // CPU time in ns
	Counters map[string]int64 // totals of the job's counters, by unit
}
