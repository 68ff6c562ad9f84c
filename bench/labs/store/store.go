// Package store is the work of the lab "The lock that ate the speedup": tasks of three steps,
// of which one needs a lock.
//
// All steps sleep, so they take the same time on every machine. The lock is a channel:
// a sync.Mutex that is held while a task sleeps would stop the virtual clock of the tests.
package store

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Tasks is how many tasks are measured.
const Tasks = 64

// A Store holds a table that only one worker at a time may update. Use [Of] or [New].
type Store struct {
	Parse, Update, Format time.Duration // of one task

	lock    chan struct{}
	held    atomic.Bool
	since   time.Time
	locked  time.Duration // how long the lock was held, in all
	wrong   atomic.Int64  // updates without the lock, or two at a time
	within  atomic.Int64
	mu      sync.Mutex
	parsed  map[int]bool
	updated map[int]int
	done    map[int]bool
}

// New returns a store whose steps take so long.
func New(parse, update, format time.Duration) *Store {
	return &Store{Parse: parse, Update: update, Format: format, lock: make(chan struct{}, 1),
		parsed: map[int]bool{}, updated: map[int]int{}, done: map[int]bool{}}
}

// Of returns the store of a seed: 200 to 300 µs to parse, 30 to 60 µs to update, 150 to 250 µs
// to format.
func Of(seed uint64) *Store {
	rng := rand.New(rand.NewPCG(seed, 8))
	between := func(low, high time.Duration) time.Duration {
		return low + time.Duration(rng.Int64N(int64(high-low)))
	}
	return New(between(200e3, 300e3), between(30e3, 60e3), between(150e3, 250e3))
}

// Lock takes the lock, and waits for it while another worker has it.
func (s *Store) Lock() {
	s.lock <- struct{}{}
	s.held.Store(true)
	s.since = time.Now()
}

// Unlock gives the lock back.
func (s *Store) Unlock() {
	s.locked += time.Since(s.since)
	s.held.Store(false)
	<-s.lock
}

// ParseTask is the first step of task i. It needs no lock.
func (s *Store) ParseTask(i int) {
	time.Sleep(s.Parse)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parsed[i] = true
}

// UpdateTask is the second step of task i, after it was parsed. It needs the lock.
func (s *Store) UpdateTask(i int) {
	if !s.held.Load() || s.within.Add(1) > 1 {
		s.wrong.Add(1)
	}
	time.Sleep(s.Update)
	s.within.Add(-1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.parsed[i] {
		s.wrong.Add(1)
	}
	s.updated[i]++
}

// FormatTask is the last step of task i, after the update. It needs no lock.
func (s *Store) FormatTask(i int) {
	time.Sleep(s.Format)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.updated[i] == 0 {
		s.wrong.Add(1)
	}
	s.done[i] = true
}

// Finished returns how many of the tasks 0 to tasks-1 were updated once and formatted, and
// how many steps were made in a wrong order or without the lock.
func (s *Store) Finished(tasks int) (finished, wrong int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range tasks {
		if s.updated[i] == 1 && s.done[i] {
			finished++
		}
	}
	return finished, int(s.wrong.Load())
}

// Held returns how long the lock was held, in all. Call it when all workers have ended.
func (s *Store) Held() time.Duration { return s.locked }

// Serial is what so many tasks take one after the other.
func (s *Store) Serial(tasks int) time.Duration {
	return time.Duration(tasks) * (s.Parse + s.Update + s.Format)
}

// Least is what tasks take at least with n workers, if each holds the lock for so long: all
// have to pass the lock one by one, and each worker has its share of the tasks.
func (s *Store) Least(tasks, n int, locked time.Duration) time.Duration {
	n = max(n, 1)
	one := s.Parse + s.Update + s.Format
	return max(time.Duration((tasks+n-1)/n)*one, time.Duration(tasks)*locked)
}
