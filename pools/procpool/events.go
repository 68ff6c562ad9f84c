package procpool

import (
	"fmt"
	"sync"
	"time"
)

// An EventKind is what happened to a worker.
type EventKind int

const (
	WorkerStarted  EventKind = iota // it is ready
	WorkerEnded                     // it was asked to: on Close, or because it was idle
	WorkerRecycled                  // it is replaced: MaxTasks or MemoryLimit
	WorkerDied                      // it died, was killed, or (a goroutine) was abandoned; another takes its place if one is wanted
	WorkerFailed                    // it could not be started; the pool tries again or is broken
	EventsLost                      // OnEvent was too slow for Lost events
)

func (k EventKind) String() string {
	names := []string{"started", "ended", "recycled", "died", "not started", "events lost"}
	if k < 0 || int(k) >= len(names) {
		return fmt.Sprintf("EventKind(%d)", int(k))
	}
	return names[k]
}

// An Event is something that happened to a worker, for Options.OnEvent.
type Event struct {
	Kind   EventKind
	Time   time.Time
	Worker string // its name: the pool's, and a number
	Pid    int    // 0 of a goroutine
	Err    error  // why it died or could not be started: a *WorkerError, for example
	Lost   int    // of EventsLost
}

// String is the event as one line of a log.
func (e Event) String() string {
	switch {
	case e.Kind == EventsLost:
		return fmt.Sprintf("%d events lost", e.Lost)
	case e.Err != nil:
		return fmt.Sprintf("worker %s (process %d) %v: %v", e.Worker, e.Pid, e.Kind, e.Err)
	}
	return fmt.Sprintf("worker %s (process %d) %v", e.Worker, e.Pid, e.Kind)
}

// An eventQueue hands events to the function of the user's, which may take its
// time.
type eventQueue struct {
	call func(Event)
	done chan struct{} // closed when all were told

	mu     sync.Mutex
	cond   sync.Cond
	events []Event
	lost   int
	closed bool
}

const maxEvents = 1024 // that wait

func newEventQueue(call func(Event)) *eventQueue {
	q := &eventQueue{call: call, done: make(chan struct{})}
	q.cond.L = &q.mu
	go q.run()
	return q
}

func (p *Pool) event(e Event) {
	q := p.events
	if q == nil {
		return
	}
	e.Time = time.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) >= maxEvents {
		q.lost++
		return
	}
	q.events = append(q.events, e)
	q.cond.Signal()
}

func (q *eventQueue) run() {
	returned := false
	defer func() {
		if !returned {
			go q.run() // the function called Goexit
		}
	}()
	for {
		q.mu.Lock()
		for len(q.events) == 0 && q.lost == 0 && !q.closed {
			q.cond.Wait()
		}
		if len(q.events) == 0 && q.lost == 0 {
			q.mu.Unlock()
			break
		}
		var e Event
		if len(q.events) > 0 {
			e, q.events = q.events[0], q.events[1:]
		} else {
			e, q.lost = Event{Kind: EventsLost, Lost: q.lost, Time: time.Now()}, 0
		}
		q.mu.Unlock()
		guarded(func() (struct{}, error) { q.call(e); return struct{}{}, nil })
	}
	returned = true
	close(q.done)
}

// close waits a short while until all events were told.
func (q *eventQueue) close() {
	if q == nil {
		return
	}
	q.mu.Lock()
	q.closed = true
	q.cond.Signal()
	q.mu.Unlock()
	late := time.NewTimer(progressTime)
	defer late.Stop()
	select {
	case <-q.done:
	case <-late.C:
	}
}
