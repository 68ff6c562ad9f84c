package replay

import (
	"context"
	"time"
)

// A state is what a worker does; the states but idle are kinds of slices.
type state uint8

const (
	idle state = iota
	computing
	locked
	waiting
	dispatching
	lockWait
	coreWait // under one interpreter: for that
	states
)

var kinds = [states]Kind{
	computing: Compute, locked: Locked, waiting: Wait,
	dispatching: Dispatch, lockWait: LockWait, coreWait: CoreWait,
}

func stateOf(k Kind) state {
	switch k {
	case Compute:
		return computing
	case Locked:
		return locked
	default:
		return waiting
	}
}

// A worker has one thing to do at a time. It is in the heap while it knows
// when that ends, and in a queue while somebody else has to end something.
type worker struct {
	since     time.Duration // when its state began
	left      time.Duration // of its compute phase, when it last got a core
	task, end int           // the task it is at, and the end of its chunk
	phase     int           // the next one of the task
	next      int32         // the worker behind it in a queue, or nobody
	pos       int32         // its place in the heap, or nobody
	slot      int32         // its core
	state     state
	section   state // computing or locked: what left is of
}

// nobody stands for no worker, and for no place.
const nobody = -1

// A sim is one run.
type sim struct {
	plan
	tasks  []Task
	base   int // number of the first of them
	now    time.Duration
	taken  int           // tasks handed out by the shared queue
	hands  hands         // where the tasks of another schedule are; nil is the shared queue
	woken  []int32       // workers that got a task while they waited for one
	handed time.Duration // when the last hand-out ends
	spent  [states]time.Duration
	slices []Slice
	steps  int // since ctx was looked at

	workers []worker
	heap    heap
	holder  int32 // of the lock, or nobody
	locks   queue // who waits for the lock
	ready   queue // who waits for a core
	running []int32
	free    []int32 // slots of running without a worker
}

// run runs the parallel tasks from now on.
func (s *sim) run(ctx context.Context) error {
	s.workers = make([]worker, min(s.lanes, s.chunks))
	s.heap = heap{workers: s.workers}
	s.holder, s.locks, s.ready = nobody, newQueue(s.workers), newQueue(s.workers)
	for i := range s.cores {
		s.running = append(s.running, nobody)
		s.free = append(s.free, int32(s.cores-1-i))
	}
	for i := range s.workers {
		s.workers[i] = worker{since: s.now, next: nobody, pos: nobody}
	}
	s.hands = s.deal()
	for i := range s.workers {
		s.advance(int32(i))
		s.wake()
	}
	const often = 1 << 14
	for s.steps = 0; len(s.heap.entries) > 0; s.steps++ {
		if s.steps >= often {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			s.steps = 0
		}
		top := s.heap.entries[0]
		s.now = top.at
		s.step(top.worker)
	}
	return nil
}

// step goes on with the worker whose state ends now.
func (s *sim) step(i int32) {
	switch w := &s.workers[i]; w.state {
	case computing, locked:
		if w.left > s.now-w.since {
			s.preempt(i)
			return
		}
		section := w.state
		s.leave(i)
		s.releaseCore(i)
		if section == locked {
			s.releaseLock()
		}
	default:
		s.leave(i)
	}
	s.advance(i)
	s.wake()
}

// wake starts the workers that got a task. Those may end at once, and wake
// others.
func (s *sim) wake() {
	for len(s.woken) > 0 {
		i := s.woken[0]
		s.woken = s.woken[1:]
		s.advance(i)
	}
}

// advance starts the worker's next phase, or its next chunk.
func (s *sim) advance(i int32) {
	w := &s.workers[i]
	for {
		for w.task < w.end {
			for t := s.tasks[w.task]; w.phase < len(t); {
				p := t[w.phase]
				w.phase++
				if p.Time > 0 {
					s.begin(i, p)
					return
				}
			}
			w.task++
			w.phase = 0
			if s.hands != nil {
				s.hands.ended(i)
			}
		}
		if s.hands != nil {
			lo, hi, more := s.hands.take(i)
			switch {
			case lo < hi:
				w.task, w.end = lo, hi
				if w.state == dispatching {
					s.leave(i)
				}
				continue
			case more:
				s.park(i, dispatching)
			default:
				s.park(i, idle)
			}
			return
		}
		if s.taken == len(s.tasks) {
			s.park(i, idle)
			return
		}
		w.task = s.taken
		s.taken += min(s.chunk, len(s.tasks)-s.taken)
		w.end = s.taken
		if s.Dispatch > 0 {
			s.handed = max(s.handed, s.now) + s.Dispatch
			s.until(i, dispatching, s.handed)
			return
		}
	}
}

// begin starts a phase.
func (s *sim) begin(i int32, p Phase) {
	w := &s.workers[i]
	if s.Speeds != nil && p.Kind != Wait {
		p.Time = scaled(p.Time, s.Speeds[i])
	}
	w.section, w.left = stateOf(p.Kind), p.Time
	switch {
	case w.section == waiting:
		s.until(i, waiting, s.now+p.Time)
	case w.section == locked && s.holder != nobody:
		s.park(i, lockWait)
		s.locks.push(i)
	case w.section == locked:
		s.holder = i
		s.wantCore(i)
	default:
		s.wantCore(i)
	}
}

// releaseLock hands the lock to who waited longest.
func (s *sim) releaseLock() {
	s.holder = s.locks.pop()
	if s.holder != nobody {
		s.leave(s.holder)
		s.wantCore(s.holder)
	}
}

// until enters a state that ends at a known time.
func (s *sim) until(i int32, st state, at time.Duration) {
	s.workers[i].state = st
	s.heap.set(i, at)
}

// park enters a state that somebody else ends, or nobody.
func (s *sim) park(i int32, st state) {
	s.workers[i].state = st
	s.heap.remove(i)
}

// leave ends the worker's state now and accounts for it.
func (s *sim) leave(i int32) {
	w := &s.workers[i]
	s.note(int(i), s.base+w.task, w.state, w.since, s.now)
	w.since = s.now
}

// note accounts for a stretch of a worker's time.
func (s *sim) note(worker, task int, st state, start, end time.Duration) {
	s.spent[st] += end - start
	if !s.Record || start == end {
		return
	}
	kind := kinds[st]
	if st == coreWait && s.single() {
		kind = InterpreterWait
	}
	s.slices = append(s.slices, Slice{worker, task, kind, start, end})
}
