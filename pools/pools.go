// Package pools holds how work is run: one after another, a goroutine per
// task, a fixed pool of goroutines, worker processes, an event loop; and how
// tasks reach the workers: from one shared queue, dealt out beforehand, stolen,
// or sent to queues by chance.
//
// All strategies obey one contract, which one table-driven test holds: each
// task runs exactly once; no more than the promised number run at a time;
// the first error wins and stops the rest; a panic reaches the caller as a
// [*PanicError] with the task and its stack; cancelling returns promptly; nothing
// is left running after Close.
package pools

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// A TaskFunc runs task i and returns its number. It is called from many
// goroutines at once.
type TaskFunc func(ctx context.Context, i int) (sum uint64, err error)

// A Job is the same work twice: as a function for this process, and as a
// spec from which another process can make that function.
type Job struct {
	Spec string
	Do   TaskFunc
	Seed uint64 // of what a strategy leaves to chance; 0 is 1
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
	Remote      bool // these processes may be on other machines

	// Computes is how many tasks may compute at a time, from one wait to the
	// next; 0 sets no bound of its own. A strategy cannot tell computing from
	// waiting: who makes Job.Do must keep to it, as with a semaphore around
	// what computes.
	Computes int

	// Dealt says that every worker has its tasks before the first begins, and gets no
	// other: one that is done idles while others have tasks left.
	Dealt bool

	// Chance says that workers may idle while tasks wait for others: the
	// strategy sends tasks to workers, and not all the same number. The
	// workers bound how many run at a time, and often fewer do.
	Chance bool

	// Sweeps names the sweeps of bench that measure the strategy; a curve is in a
	// sweep that both its workload and its strategy name. With none it is measured where it is asked
	// for by name.
	Sweeps []string

	// Open starts the workers (at least 1) and returns when they are ready;
	// its cost is not measured. ctx bounds the start only.
	Open func(ctx context.Context, workers int, job Job) (Pool, error)
}

// A Pool is a strategy with its workers started. Run is called by one
// goroutine at a time.
type Pool interface {
	// Run runs every task of [lo, hi) exactly once, in any order, and
	// returns the sum (mod 2^64) of their numbers. The first error ends the
	// Run: it starts no further task, cancels the context of the running
	// ones, waits for them, and returns that error. If ctx ends first, the
	// error is its cause. The pool can be used again.
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

// All lists the strategies. To add one, write one file and one line here.
var All = []Strategy{
	Serial,
	Spawn,
	Fixed,
	Process,
	EventLoop,
	Static,
	Cyclic,
	Guided,
	Steal,
	Random,
	RandomAll,
	TwoChoices,
	TwoChoicesAll,
	ErrGroup,
}

// Find returns the strategy with the name. The error lists the names.
func Find(name string) (Strategy, error) {
	var names []string
	for _, s := range All {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Strategy{}, fmt.Errorf("pools: no strategy %q: have %s", name, strings.Join(names, ", "))
}

// check refuses what no strategy can open.
func check(strategy string, workers int, given bool, missing string) error {
	if workers < 1 {
		return fmt.Errorf("pools: %s: workers is %d: need at least 1", strategy, workers)
	}
	if !given {
		return fmt.Errorf("pools: %s: the job has no %s", strategy, missing)
	}
	return nil
}

// A gate lets one Run in at a time, and none after Close.
type gate struct {
	mu     sync.Mutex
	closed bool
}

// enter waits for the Run under way. If it returns nil, the caller unlocks mu.
func (g *gate) enter(strategy string) error {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return fmt.Errorf("pools: %s: Run: %w", strategy, ErrClosed)
	}
	return nil
}

// shut closes the gate, after the Run under way, and says whether it was open.
func (g *gate) shut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	open := !g.closed
	g.closed = true
	return open
}
