package pools

import (
	"math/rand/v2"
	"sync"
)

// Random sends each task to the queue of a random worker. As many tasks are
// under way (in a queue or running) as there are workers: when one ends, the
// next one is sent. That is what a message broker does that pushes to a queue
// group, or a load balancer without knowledge of its servers: some workers
// have several tasks waiting while others idle.
//
// In the long run n workers are n queues with n tasks under way, a closed
// network. With exponential lengths it has a product form:
//
//	speedup = n²/(2n − 1), efficiency = n/(2n − 1), a half for large n
//
// Tasks of equal length do better: 60 % of n at 16 workers. Sources: W. J.
// Gordon, G. F. Newell, Operations Research 15(2), 1967; J. P. Buzen, CACM
// 16(9), 1973.
//
// The random numbers are those of math/rand/v2's PCG, seeded with Job.Seed and
// the number of the Run, so that a simulation can draw the same.
var Random = Strategy{
	Name:        "random",
	Doc:         "a queue for each goroutine; when a task ends the next is sent to a random queue, as by a broker that pushes",
	Concurrency: Workers,
	Chance:      true,
	Sweeps:      []string{"schedules"},
	Open:        openCrew("random", push(anyQueue, false)),
}

// RandomAll sends every task to a random queue before the first begins. T(n)
// is then the time of the fullest queue. Of m equal tasks in n queues it has
//
//	m/n + √(2·(m/n)·ln n), for m much larger than n·ln n,
//
// with high probability, and about ln n/ln ln n for m = n (balls into bins).
//
// Source: M. Raab, A. Steger, "Balls into bins": a simple and tight analysis,
// RANDOM 1998.
var RandomAll = Strategy{
	Name:        "randomall",
	Doc:         "a queue for each goroutine; all tasks are sent to random queues beforehand",
	Concurrency: Workers,
	Chance:      true,
	Sweeps:      []string{"schedules"},
	Open:        openCrew("randomall", push(anyQueue, true)),
}

// A choice picks the queue that the next task is sent to. load is how many
// tasks each queue has, the one that runs included.
type choice func(rng *rand.Rand, load []int) int

// anyQueue picks one at random.
func anyQueue(rng *rand.Rand, load []int) int { return rng.IntN(len(load)) }

// push is the schedule of a sender that chooses the queue: with all it sends
// all tasks at the start, without it the next one when one ends.
func push(choose choice, all bool) schedule {
	return func(r *run) func(*lane, int) {
		q := &queues{choose: choose, rng: r.draw(), next: r.lo, end: r.hi, load: make([]int, r.lanes), waiting: make([][]int, r.lanes)}
		q.wake = make([]chan struct{}, r.lanes)
		for w := range q.wake {
			q.wake[w] = make(chan struct{}, 1)
		}
		first := r.lanes
		if all {
			first = r.hi - r.lo
		}
		for range first {
			q.send()
		}
		return func(l *lane, w int) {
			for i, ok := q.take(l, w); ok && l.one(i); i, ok = q.take(l, w) {
				q.ended(w)
			}
		}
	}
}

// queues are those of all lanes of a Run.
type queues struct {
	mu        sync.Mutex
	choose    choice
	rng       *rand.Rand
	next, end int             // the tasks that were not sent
	load      []int           // of each queue, with the task that runs
	waiting   [][]int         // the tasks in each queue
	wake      []chan struct{} // of each lane: its queue has a task, or nothing will come; holds one element
}

// send sends the next task, if there is one. The caller holds mu or is alone.
func (q *queues) send() {
	if q.next == q.end {
		return
	}
	w := q.choose(q.rng, q.load)
	q.load[w]++
	q.waiting[w] = append(q.waiting[w], q.next)
	q.rouse(w)
	if q.next++; q.next == q.end {
		for w := range q.wake {
			q.rouse(w) // those without a task end
		}
	}
}

// rouse makes a lane look at its queue. It never waits.
func (q *queues) rouse(w int) {
	select {
	case q.wake[w] <- struct{}{}:
	default:
	}
}

// take waits for a task in the queue of lane w. It returns false when none
// will come, or at the end of the Run.
func (q *queues) take(l *lane, w int) (i int, ok bool) {
	for l.ctx.Err() == nil {
		q.mu.Lock()
		if tasks := q.waiting[w]; len(tasks) > 0 {
			q.waiting[w] = tasks[1:]
			q.mu.Unlock()
			return tasks[0], true
		}
		over := q.next == q.end
		q.mu.Unlock()
		if over {
			break
		}
		select {
		case <-q.wake[w]:
		case <-l.ctx.Done():
		}
	}
	return 0, false
}

// ended notes that a task of lane w ended, and sends the next one.
func (q *queues) ended(w int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.load[w]--
	q.send()
}
