package remote

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"amdahl/pools"
)

// rangesEach is how many ranges a worker gets at least, where there are so many
// tasks: the last of them, which others may have to wait for, is a small part.
const rangesEach = 32

// A run is one Run of a pool, as the coordinator sees it.
type run struct {
	pool *Pool
	id   uint64

	mu       sync.Mutex
	ranges   []rangeState
	left     int    // ranges without an answer
	sum      uint64 // of those with one
	err      error  // of the first that failed
	over     bool   // no answer counts any more
	progress time.Time
	queue    []int                    // ranges that are not sent yet; under [Pull] none
	busy     map[[2]int]time.Duration // of each worker, by node and number
	idle     []time.Duration          // of a worker, before each range

	end chan struct{} // closed when all have answered or one has failed
}

// A rangeState is one range of a run.
type rangeState struct {
	lo, hi   int
	answered bool
	sent     time.Time // the last time
	node     int       // that has it, under [Request]; 0 is none
	had      int       // that had it last and did not answer in time, likewise
}

// Run runs the tasks of [lo, hi). See [pools.Pool].
func (p *Pool) Run(ctx context.Context, lo, hi int) (uint64, error) {
	p.running.Lock()
	defer p.running.Unlock()
	if p.closed {
		return 0, fmt.Errorf("pools: remote: Run: %w", pools.ErrClosed)
	}
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if lo >= hi {
		return 0, nil
	}
	r := p.begin(lo, hi)
	if p.short() {
		p.restaff(ctx)
	}
	r.send()
	var stopped error
	for done := false; !done; {
		p.hub.mu.Lock()
		changed := p.hub.changed
		p.hub.mu.Unlock()
		select {
		case <-r.end:
			done = true
		case <-ctx.Done():
			stopped, done = context.Cause(ctx), true
		case <-changed:
			p.restaff(ctx)
			p.look(true)
		}
	}
	r.mu.Lock()
	r.over = true
	sum, err := r.sum, r.err
	busy, idle := r.busy, r.idle
	r.mu.Unlock()
	if err == nil {
		err = stopped
	}
	p.mu.Lock()
	p.run = nil
	p.last, p.ranges, p.idle = inOrder(busy), len(r.ranges), idle
	p.mu.Unlock()
	if err != nil {
		p.halt(r.id)
		return 0, err
	}
	// A range that was delivered twice may still run somewhere.
	_ = p.hub.nc.Publish(p.hub.everyNode(), encode(order{Op: opStop, Pool: p.id, Run: r.id}))
	return sum, nil
}

// inOrder lists the times of workers by node and number.
func inOrder(busy map[[2]int]time.Duration) (all []time.Duration) {
	for _, worker := range slices.SortedFunc(maps.Keys(busy), func(a, b [2]int) int { return slices.Compare(a[:], b[:]) }) {
		all = append(all, busy[worker])
	}
	return all
}

// restaff gives workers that are missing to nodes that are idle, beside the Run.
func (p *Pool) restaff(ctx context.Context) {
	p.adopting.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, p.hub.o.Patience)
		defer cancel()
		p.adopt(ctx)
	})
}

// begin makes the run and its ranges.
func (p *Pool) begin(lo, hi int) *run {
	chunk := p.shape.Chunk
	if chunk == 0 {
		chunk = max(1, (hi-lo)/(p.workers*rangesEach))
	}
	now := time.Now()
	r := &run{pool: p, progress: now, busy: map[[2]int]time.Duration{}, end: make(chan struct{})}
	for at := lo; at < hi; at += chunk {
		r.ranges = append(r.ranges, rangeState{lo: at, hi: min(hi, at+chunk), sent: now})
	}
	r.left = len(r.ranges)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs++
	r.id = p.runs
	p.run = r
	return r
}

// send sends all ranges on their way.
func (r *run) send() {
	if r.pool.shape.Queue == Pull {
		for id := range r.ranges {
			r.publish(id)
		}
		return
	}
	r.mu.Lock()
	for id := range r.ranges {
		r.queue = append(r.queue, id)
	}
	r.mu.Unlock()
	r.pool.mu.Lock()
	r.feed()
	r.pool.mu.Unlock()
}

// publish puts a range into the work queue or to the queue group. What the server
// does not get is found by [Pool.look].
func (r *run) publish(id int) {
	r.mu.Lock()
	s := &r.ranges[id]
	s.sent = time.Now()
	m := work{Pool: r.pool.id, Run: r.id, ID: id, Lo: s.lo, Hi: s.hi}
	r.mu.Unlock()
	_ = r.pool.hub.nc.Publish(r.pool.hub.work(r.pool.id), encode(m))
}

// feed sends ranges that wait here, as many as there is room for. The caller holds the
// mutex of the pool.
func (r *run) feed() {
	switch r.pool.shape.Queue {
	case Request:
		r.feedNodes()
	case QueueGroup:
		r.feedGroup()
	}
}

// feedGroup sends ranges to the queue group while fewer are on their way than the
// workers have room for together. The server chooses a worker for each, full or not.
func (r *run) feedGroup() {
	room := r.pool.workers * (1 + r.pool.shape.Prefetch)
	for {
		r.mu.Lock()
		if len(r.queue) == 0 || r.over || r.left-len(r.queue) >= room {
			r.mu.Unlock()
			return
		}
		id := r.queue[0]
		r.queue = r.queue[1:]
		r.mu.Unlock()
		r.publish(id)
	}
}

// feedNodes sends ranges to nodes that have room.
func (r *run) feedNodes() {
	room := map[int]int{}
	for _, n := range r.pool.hub.Nodes() {
		if lanes := r.pool.lanes[n.ID]; lanes > 0 && !n.Lost {
			room[n.ID] = lanes * (1 + r.pool.shape.Prefetch)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.ranges {
		if _, here := room[s.node]; here && !s.answered {
			room[s.node]--
		}
	}
	if r.over {
		return
	}
	var waiting []int
	for i, id := range r.queue {
		s := &r.ranges[id]
		if s.answered {
			continue
		}
		if choose(room, 0) == 0 { // nobody has room
			waiting = append(waiting, r.queue[i:]...)
			break
		}
		best := choose(room, s.had)
		if best == 0 {
			waiting = append(waiting, id)
			continue
		}
		room[best]--
		s.node, s.sent = best, time.Now()
		_ = r.pool.hub.nc.Publish(r.pool.hub.down(best), encode(work{Pool: r.pool.id, Run: r.id, ID: id, Lo: s.lo, Hi: s.hi}))
	}
	r.queue = waiting
}

// choose is the node with the most room, so that nobody idles; 0 if none has room. A range
// that one node had and did not answer waits for another one, if there is another.
func choose(room map[int]int, had int) (best int) {
	for id, n := range room {
		if id == had && len(room) > 1 {
			continue
		}
		if n > 0 && (best == 0 || n > room[best] || n == room[best] && id < best) {
			best = id
		}
	}
	return best
}

// onAnswer counts an answer, once for each range.
func (p *Pool) onAnswer(m answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.run
	if r == nil || m.Run != r.id || p.lanes[m.Node] == 0 {
		return
	}
	if m.At < 0 || m.At >= p.lanes[m.Node] {
		m.At, m.Busy = 0, 0 // the node has no such worker
	}
	if r.count(m) {
		r.feed()
	}
}

// count counts an answer and reports whether it was the first of its range.
func (r *run) count(m answer) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over || r.err != nil || m.ID < 0 || m.ID >= len(r.ranges) || r.ranges[m.ID].answered {
		return false
	}
	s := &r.ranges[m.ID]
	if m.Fail != nil {
		r.err = m.Fail.error(s.lo, s.hi)
		close(r.end)
		return false
	}
	s.answered, s.node = true, 0
	r.progress = time.Now()
	r.sum += m.Sum
	if worker := [2]int{m.Node, m.At}; len(r.busy) < 1<<14 && m.Busy >= 0 {
		r.busy[worker] += time.Duration(m.Busy)
	}
	r.idle = append(r.idle, time.Duration(max(0, m.Idle)))
	if r.left--; r.left == 0 {
		close(r.end)
	}
	return true
}

// fail ends the run with an error, if it has not ended.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil && r.left > 0 && !r.over {
		r.err = err
		close(r.end)
	}
}

// halt makes the nodes cancel what they run, waits until it has ended, and empties
// the work queue.
func (p *Pool) halt(id uint64) {
	ctx, cancel := context.WithTimeout(context.Background(), p.hub.o.Patience)
	defer cancel()
	if p.shape.Queue == Pull {
		_ = p.purge(ctx)
	}
	var all []func() error
	for _, node := range p.members() {
		all = append(all, func() error {
			_, err := p.hub.order(ctx, node, order{Op: opStop, Pool: p.id, Run: id})
			return err
		})
	}
	_ = together(all) // a node that cannot be told is lost, or learns it from the next range
}

func (p *Pool) purge(ctx context.Context) error {
	s, err := p.hub.js.Stream(ctx, p.hub.stream(p.id))
	if err != nil {
		return err
	}
	return s.Purge(ctx)
}

// error is the failure as the error of a Run of whose tasks the range [lo, hi) is
// one part.
func (f *failure) error(lo, hi int) error {
	task := f.Task
	if task < lo || task >= hi {
		task = lo // it cannot be true
	}
	switch f.Kind {
	case "panic":
		return &pools.PanicError{Task: task, Value: cut(f.Text, maxText), Stack: cut(f.Stack, maxStack), Pid: max(1, f.Pid)}
	case "goexit":
		return fmt.Errorf("task %d: %w", task, pools.ErrGoexit)
	}
	return fmt.Errorf("task %d: %s", task, cut(f.Text, maxText))
}
