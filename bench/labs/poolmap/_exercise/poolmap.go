// Package poolmap is a pool of worker processes, as multiprocessing.Pool in Python.
package poolmap

import (
	"errors"
	"time"

	"lab/procs"
)

// ErrTimeout is the error of a task that took too long.
var ErrTimeout = errors.New("the task took too long, and its worker was killed")

// A Pool has n worker processes, and gives each one message at a time. Its methods may be
// called by several goroutines at the same time.
type Pool struct {
	// Your fields here.
}

// New starts n workers by calling start n times.
func New(n int, start func() procs.Worker) *Pool {
	// Your code here.
	return &Pool{}
}

// Apply runs one task on a worker that is free, and waits for its result.
//
// The worker may die (Do returns procs.ErrDied). Then a new one is started in its place, which
// gets the message again, three times in all. After that the error is procs.ErrDied, and the
// pool has n living workers again. The error of a task is returned as it is, and is no reason
// to start a worker.
func (p *Pool) Apply(arg int) (int, error) {
	// Your code here.
	return 0, nil
}

// Map runs a task for each argument, and returns the results in the order of the
// arguments. Each message has chunk neighbouring arguments, the last one the rest; a chunk below 1
// counts as 1. Messages are sent in order: a worker that is free gets the next one.
//
// It returns when all messages have ended. Workers that die are treated as in Apply. If messages
// failed, the error is that of the first of them, in the order of the arguments.
func (p *Pool) Map(args []int, chunk int) ([]int, error) {
	// Your code here.
	return nil, nil
}

// A Future is the result of a Map that may still be running.
type Future struct {
	// Your fields here.
}

// MapAsync is Map that returns at once.
func (p *Pool) MapAsync(args []int, chunk int) *Future {
	// Your code here.
	return &Future{}
}

// Ready reports whether the results are there. It does not wait.
func (f *Future) Ready() bool {
	// Your code here.
	return false
}

// Get waits for the results. It may be called several times.
func (f *Future) Get() ([]int, error) {
	// Your code here.
	return nil, nil
}

// ApplyTimeout is Apply of a task that may take no longer than limit, from when a worker gets it.
// If it takes longer, the worker is killed, a new one is started in its place, and
// the error is ErrTimeout. The task is not run again, also if the worker dies by itself.
func (p *Pool) ApplyTimeout(arg int, limit time.Duration) (int, error) {
	// Your code here.
	return 0, nil
}

// Close kills all workers. It is called when nothing runs any more.
func (p *Pool) Close() {
	// Your code here.
}
