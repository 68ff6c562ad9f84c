// Package interp is the work of the lab "One interpreter lock": tasks that wait and compute, in
// processes of an interpreter that has one lock, as CPython has.
//
// Waiting and computing both sleep, so they take the same time on every machine. The lock
// is the one of package cores, given to [New]: whoever holds it computes.
package interp

import (
	"context"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Tasks is how many tasks are measured.
const Tasks = 24

// Kinds of tasks.
const (
	Wait    = "wait"    // they wait for a server, and compute a little
	Compute = "compute" // they compute
)

// Work is what tasks take. All tasks are alike, unless Each is set.
type Work struct {
	Start   time.Duration // of a process
	Wait    time.Duration
	Compute time.Duration
	Each    func(task int) (wait, compute time.Duration)
}

// Of returns the tasks of a seed: a process takes 2 to 3 ms to start; those that wait take 4 to 5 ms
// for it, and compute 0.8 to 1.2 ms; those that compute take 1.2 to 2 ms.
func Of(seed uint64, kind string) Work {
	rng := rand.New(rand.NewPCG(seed, 6))
	between := func(low, high time.Duration) time.Duration {
		return low + time.Duration(rng.Int64N(int64(high-low)))
	}
	start, wait, little, much := between(2e6, 3e6), between(4e6, 5e6), between(8e5, 12e5), between(12e5, 20e5)
	if kind == Wait {
		return Work{Start: start, Wait: wait, Compute: little}
	}
	return Work{Start: start, Compute: much}
}

func (w Work) of(task int) (wait, compute time.Duration) {
	if w.Each != nil {
		return w.Each(task)
	}
	return w.Wait, w.Compute
}

// Serial is what so many tasks take in one process, one after the other.
func (w Work) Serial(tasks int) time.Duration {
	return w.Start + time.Duration(tasks)*(w.Wait+w.Compute)
}

// Least is what tasks that are all alike take at least with n of them under way at a time: each
// worker has its share, and where one lock is for all, they compute one by one.
func (w Work) Least(tasks, n int, oneLock bool) time.Duration {
	share := time.Duration(tasks) * (w.Wait + w.Compute) / time.Duration(max(n, 1))
	if oneLock && tasks > 0 {
		share = max(share, w.Wait+time.Duration(tasks)*w.Compute)
	}
	return w.Start + share
}

// A Lock lets whoever holds it compute.
type Lock interface {
	Compute(ctx context.Context, f func()) error
}

// A Machine starts processes, and notes what they do. Use [New].
type Machine struct {
	work Work
	lock func() Lock

	mu        sync.Mutex
	processes int
	under     map[int]bool // tasks that have begun and not ended
	ready     map[int]bool // those of them that have waited
	ended     map[int]int
	peak      int
	peakIn    int // in one process
	threads   map[string]bool
	wrong     int
}

// New returns a machine whose processes get a lock of their own each.
func New(w Work, lock func() Lock) *Machine {
	return &Machine{work: w, lock: lock, under: map[int]bool{}, ready: map[int]bool{}, ended: map[int]int{}, threads: map[string]bool{}}
}

// A Report is what a machine has seen.
type Report struct {
	Processes int // that were started
	Ended     int // tasks that ran once, of those that were asked for
	Wrong     int // tasks that ran twice, or do not exist, or computed before they had waited
	Under     int // tasks that have begun and not ended
	Peak      int // most tasks under way at a time
	PeakIn    int // most of them in one process
	Threads   int // goroutines that have computed
}

// Report says what happened to the tasks 0 to tasks-1.
func (m *Machine) Report(tasks int) Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := Report{Processes: m.processes, Wrong: m.wrong, Under: len(m.under), Peak: m.peak, PeakIn: m.peakIn, Threads: len(m.threads)}
	for task, times := range m.ended {
		if task < 0 || task >= tasks || times > 1 {
			r.Wrong++
		} else {
			r.Ended++
		}
	}
	return r
}

// A Process runs tasks in threads, which are goroutines here. Its threads share one lock.
type Process struct {
	m    *Machine
	lock Lock

	mu     sync.Mutex
	under  int
	credit time.Duration // slept too long the last time
}

// Process starts a process, which takes a while.
func (m *Machine) Process() *Process {
	time.Sleep(m.work.Start)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.processes++
	return &Process{m: m, lock: m.lock()}
}

// Run runs a task in the calling thread, from its beginning to its end: it waits, and
// then computes as soon as the lock is free.
func (p *Process) Run(task int) {
	p.begin(task)
	wait, _ := p.m.work.of(task)
	time.Sleep(wait)
	p.waited(task)
	p.Compute(task)
}

// Begin begins a task and returns at once: no thread waits. When the waiting is over, the
// number of the task is sent to ready. Whoever receives it calls Compute.
func (p *Process) Begin(task int, ready chan<- int) {
	p.begin(task)
	wait, _ := p.m.work.of(task)
	time.AfterFunc(wait, func() {
		p.waited(task)
		ready <- task
	})
}

func (p *Process) begin(task int) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	p.under++
	p.m.under[task] = true
	p.m.peak, p.m.peakIn = max(p.m.peak, len(p.m.under)), max(p.m.peakIn, p.under)
}

func (p *Process) waited(task int) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	p.m.ready[task] = true
}

// Compute does the rest of a task that has waited, in the calling thread, and ends it. While it
// computes, no other thread of this process does.
func (p *Process) Compute(task int) {
	_, compute := p.m.work.of(task)
	buf := make([]byte, 64)
	thread, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), " [")
	_ = p.lock.Compute(context.Background(), func() { p.sleep(compute) }) // without an end of the context there is no error
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	p.m.threads[thread] = true
	if !p.m.ready[task] {
		p.m.wrong++
	}
	p.under--
	delete(p.m.under, task)
	delete(p.m.ready, task)
	p.m.ended[task]++
}

// sleep sleeps. How much longer than asked that took is taken off the next time, so that timers
// that are late do not add up.
func (p *Process) sleep(d time.Duration) {
	const most = 5 * time.Millisecond
	p.mu.Lock()
	d -= p.credit
	p.credit = 0
	p.mu.Unlock()
	begin := time.Now()
	time.Sleep(d)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.credit = min(max(time.Since(begin)-d, 0), most)
}
