// Package procs is the work of the lab "Pool.map": what a pool sees of its worker processes, the
// tasks that are measured, and processes for the tests, which only sleep.
package procs

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// A Worker is one worker process. It does one message at a time.
type Worker interface {
	// Do sends the arguments of some tasks in one message, and waits for their results. The
	// error is, or wraps, ErrDied if the process died (errors.Is), or else it is that of a task;
	// then there are no results.
	Do(args []int) (results []int, err error)
	// Kill kills the process, also while it works: then Do returns ErrDied. To kill it again
	// does nothing.
	Kill()
}

// ErrDied is the error of a message whose process died before it answered.
var ErrDied = errors.New("the worker process died")

// Tasks is how many tasks are measured.
const Tasks = 64

// Work is what the tasks of a measurement take.
type Work struct {
	Message time.Duration   // to send a message and its answer, however many tasks it has
	Lengths []time.Duration // of the tasks
}

// Of returns the work of a seed: a message takes 0.4 to 0.6 ms, most tasks 0.1 to 0.3 ms, and
// twelve neighbours among them 1.5 to 2 ms.
func Of(seed uint64) Work {
	rng := rand.New(rand.NewPCG(seed, 7))
	between := func(low, high int64) time.Duration { return time.Duration(low + rng.Int64N(high-low)) }
	w := Work{Message: between(400e3, 600e3), Lengths: make([]time.Duration, Tasks)}
	heavy := 10 + rng.IntN(Tasks-30)
	for i := range w.Lengths {
		w.Lengths[i] = between(100e3, 300e3)
		if i >= heavy && i < heavy+12 {
			w.Lengths[i] = between(1500e3, 2000e3)
		}
	}
	return w
}

// Sum is what the tasks lo to hi-1 take, without their message.
func (w Work) Sum(lo, hi int) time.Duration {
	var sum time.Duration
	for _, d := range w.Lengths[lo:hi] {
		sum += d
	}
	return sum
}

// Chunks is what the messages take that have so many tasks each, and the last the rest.
func (w Work) Chunks(chunk int) []time.Duration {
	var list []time.Duration
	for lo := 0; lo < len(w.Lengths); lo += chunk {
		list = append(list, w.Message+w.Sum(lo, min(lo+chunk, len(w.Lengths))))
	}
	return list
}

// Least is what a pool of n workers takes at least: each that is free gets the next message.
func (w Work) Least(chunk, n int) time.Duration {
	free := make([]time.Duration, max(n, 1))
	for _, d := range w.Chunks(chunk) {
		first := slices.Index(free, slices.Min(free))
		free[first] += d
	}
	return slices.Max(free)
}

// An Act is what a task of a test does.
type Act struct {
	Takes time.Duration
	Err   error // its error
	Dies  bool  // its process dies at the end of it
}

// A Sim starts worker processes for tests: they sleep, and the result of a task is the
// square of its argument. Use [NewSim].
type Sim struct {
	message time.Duration
	act     func(arg, times int) Act

	mu      sync.Mutex
	begin   time.Time
	report  Report
	times   map[int]int // how often a task was begun
	working int
}

// NewSim returns processes whose messages take so long, and whose tasks do what act says:
// times is 1 the first time that a task runs.
func NewSim(message time.Duration, act func(arg, times int) Act) *Sim {
	return &Sim{message: message, act: act, begin: time.Now(), times: map[int]int{}}
}

// A Report is what happened to the processes of a [Sim].
type Report struct {
	Started  int // processes
	Alive    int // of them
	Messages []Message
	Peak     int  // most processes that worked at a time
	Busy     bool // a process got a message while it worked on another one
	Dead     bool // a process got a message after it had died
}

// A Message is one that a process got.
type Message struct {
	Args []int
	At   time.Duration // since NewSim
}

// Report says what happened so far.
func (s *Sim) Report() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.report
	r.Messages = slices.Clone(r.Messages)
	return r
}

// Times is how often a task was begun.
func (s *Sim) Times(arg int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.times[arg]
}

// mostProcesses stops a pool that starts processes for ever.
const mostProcesses = 200

// Start starts a process.
func (s *Sim) Start() Worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.report.Started == mostProcesses {
		panic(fmt.Sprintf("more than %d worker processes were started", mostProcesses))
	}
	s.report.Started++
	s.report.Alive++
	return &simulated{sim: s, killed: make(chan struct{})}
}

// A simulated process.
type simulated struct {
	sim    *Sim
	killed chan struct{} // closed when it is dead
	dead   bool
	busy   bool
}

func (w *simulated) Kill() {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	if !w.dead {
		w.dead = true
		w.sim.report.Alive--
		close(w.killed)
	}
}

// sleep reports whether the process is still alive after that time.
func (w *simulated) sleep(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-w.killed:
		return false
	}
}

// enter notes a message, and reports whether the process is alive.
func (w *simulated) enter(args []int) bool {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.Messages = append(s.report.Messages, Message{slices.Clone(args), time.Since(s.begin)})
	s.report.Busy = s.report.Busy || w.busy
	s.report.Dead = s.report.Dead || w.dead
	if w.dead {
		return false
	}
	w.busy = true
	s.working++
	s.report.Peak = max(s.report.Peak, s.working)
	return true
}

func (w *simulated) leave() {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	w.busy = false
	w.sim.working--
}

func (w *simulated) Do(args []int) ([]int, error) {
	if !w.enter(args) {
		return nil, ErrDied
	}
	defer w.leave()
	if !w.sleep(w.sim.message) {
		return nil, ErrDied
	}
	results := make([]int, len(args))
	for i, arg := range args {
		w.sim.mu.Lock()
		w.sim.times[arg]++
		act := w.sim.act(arg, w.sim.times[arg])
		w.sim.mu.Unlock()
		switch {
		case !w.sleep(act.Takes):
			return nil, ErrDied
		case act.Dies:
			w.Kill()
			return nil, ErrDied
		case act.Err != nil:
			return nil, act.Err
		}
		results[i] = arg * arg
	}
	return results, nil
}
