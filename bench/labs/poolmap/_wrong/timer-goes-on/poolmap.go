// Wrong on purpose: the timer is not stopped, and kills a worker that has long another task
// Fails: TestTimeout
// Package poolmap is a pool of worker processes, as multiprocessing.Pool in Python.
package poolmap

import (
	"errors"
	"sync"
	"time"

	"lab/procs"
)

// ErrTimeout is the error of a task that took too long.
var ErrTimeout = errors.New("the task took too long, and its worker was killed")

// A Pool has n worker processes: those that are free wait in a channel.
type Pool struct {
	free  chan procs.Worker
	start func() procs.Worker
}

// New starts n workers.
func New(n int, start func() procs.Worker) *Pool {
	p := &Pool{free: make(chan procs.Worker, n), start: start}
	for range n {
		p.free <- start()
	}
	return p
}

// tries is how often a message is sent whose worker dies.
const tries = 3

// send runs a message on a worker, and gives a living worker back to the pool.
func (p *Pool) send(w procs.Worker, args []int) (results []int, err error) {
	for range tries {
		if results, err = w.Do(args); !errors.Is(err, procs.ErrDied) {
			break
		}
		w = p.start()
	}
	p.free <- w
	return results, err
}

// Apply runs one task.
func (p *Pool) Apply(arg int) (int, error) {
	results, err := p.send(<-p.free, []int{arg})
	if err != nil {
		return 0, err
	}
	return results[0], nil
}

// Map runs a task for each argument.
func (p *Pool) Map(args []int, chunk int) ([]int, error) {
	chunk = max(chunk, 1)
	results := make([]int, len(args))
	errs := make([]error, (len(args)+chunk-1)/chunk)
	var wg sync.WaitGroup
	for k := range errs {
		low, high := k*chunk, min((k+1)*chunk, len(args))
		w := <-p.free
		wg.Go(func() {
			part, err := p.send(w, args[low:high])
			copy(results[low:high], part)
			errs[k] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// A Future is the result of a Map that may still be running.
type Future struct {
	done    chan struct{} // closed when results and err are there
	results []int
	err     error
}

// MapAsync is Map that returns at once.
func (p *Pool) MapAsync(args []int, chunk int) *Future {
	f := &Future{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		f.results, f.err = p.Map(args, chunk)
	}()
	return f
}

// Ready reports whether the results are there.
func (f *Future) Ready() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// Get waits for the results.
func (f *Future) Get() ([]int, error) {
	<-f.done
	return f.results, f.err
}

// ApplyTimeout is Apply of a task that may take no longer than limit.
func (p *Pool) ApplyTimeout(arg int, limit time.Duration) (int, error) {
	w := <-p.free
	fired := make(chan struct{})
	time.AfterFunc(limit, func() {
		close(fired)
		w.Kill()
	})
	results, err := w.Do([]int{arg})
	late := false
	select {
	case <-fired:
		late = true
	default:
	}
	if late || errors.Is(err, procs.ErrDied) {
		w.Kill()
		w = p.start()
	}
	p.free <- w
	switch {
	case err == nil:
		return results[0], nil
	case late:
		return 0, ErrTimeout
	}
	return 0, err
}

// Close kills all workers.
func (p *Pool) Close() {
	for range cap(p.free) {
		(<-p.free).Kill()
	}
}
