package remote

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

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
	queue    []int // ranges that wait for a node, under [Request]
	busy     map[[2]int]time.Duration

	end chan struct{} // closed when all have answered or one has failed
}

// A rangeState is one range of a run.
type rangeState struct {
	lo, hi   int
	answered bool
	sent     time.Time // the last time
	node     int       // that has it, under [Request]; 0 is none
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
	busy := r.busy
	r.mu.Unlock()
	if err == nil {
		err = stopped
	}
	p.mu.Lock()
	p.run = nil
	p.last, p.ranges = inOrder(busy), len(r.ranges)
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
	if r.pool.shape.Queue == Request {
		r.mu.Lock()
		for id := range r.ranges {
			r.queue = append(r.queue, id)
		}
		r.mu.Unlock()
		r.pool.mu.Lock()
		r.feed()
		r.pool.mu.Unlock()
		return
	}
	for id := range r.ranges {
		r.publish(id)
	}
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

// feed sends ranges to nodes that have room, under [Request]. The caller holds the
// mutex of the pool.
func (r *run) feed() {
	if r.pool.shape.Queue != Request {
		return
	}
	room := map[int]int{}
	for _, n := range r.pool.hub.Nodes() {
		if lanes := r.pool.lanes[n.ID]; lanes > 0 && !n.Lost {
			room[n.ID] = lanes * (1 + r.pool.shape.Prefetch)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.ranges {
		if s.node != 0 && !s.answered {
			room[s.node]--
		}
	}
	for len(r.queue) > 0 && !r.over {
		// The node with most room is next, so that nobody idles.
		best := 0
		for id, n := range room {
			if n > 0 && (best == 0 || n > room[best] || n == room[best] && id < best) {
				best = id
			}
		}
		if best == 0 {
			return
		}
		id := r.queue[0]
		r.queue = r.queue[1:]
		s := &r.ranges[id]
		if s.answered {
			continue
		}
		room[best]--
		s.node, s.sent = best, time.Now()
		_ = r.pool.hub.nc.Publish(r.pool.hub.down(best), encode(work{Pool: r.pool.id, Run: r.id, ID: id, Lo: s.lo, Hi: s.hi}))
	}
}

// onAnswer counts an answer, once for each range.
func (p *Pool) onAnswer(m answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.run
	if r == nil || m.Run != r.id || p.lanes[m.Node] == 0 {
		return
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

// look finds ranges that are lost, on their way or with a node that is lost, and
// sends them again. It does so when nothing has come for a lease, and at once if
// the server was away or a node was lost (now).
func (p *Pool) look(now bool) {
	p.mu.Lock()
	r := p.run
	p.mu.Unlock()
	suspect := p.suspect.Swap(false)
	if r == nil {
		return
	}
	r.mu.Lock()
	quiet := time.Since(r.progress)
	r.mu.Unlock()
	lease := p.hub.o.Lease
	if !suspect && !now && quiet < lease {
		return
	}
	again := r.lost(lease)
	working := r.working()
	switch {
	case quiet > p.hub.o.Patience && !working:
		r.fail(r.deserted())
		return
	case p.shape.Queue == Pull && (suspect || quiet >= lease):
		again = p.missing(again)
	case p.shape.Queue == Pull:
		return
	case p.shape.Queue == Request:
		p.mu.Lock()
		defer p.mu.Unlock()
		r.mu.Lock()
		for _, id := range again {
			r.ranges[id].node = 0
		}
		r.queue = append(r.queue, again...)
		r.mu.Unlock()
		r.feed()
		return
	}
	for _, id := range again {
		r.publish(id)
	}
}

// lost lists ranges without an answer that were sent more than a lease ago, or to
// a node that is lost, and that no node says it holds.
func (r *run) lost(lease time.Duration) (ids []int) {
	dead := map[int]bool{}
	for _, n := range r.pool.hub.Nodes() {
		dead[n.ID] = n.Lost
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	queued := map[int]bool{}
	for _, id := range r.queue {
		queued[id] = true
	}
	for id, s := range r.ranges {
		late := time.Since(s.sent) > lease || s.node != 0 && dead[s.node]
		if !s.answered && late && !queued[id] && !r.pool.hub.holds(held{r.pool.id, r.id, id}) {
			ids = append(ids, id)
		}
	}
	return ids
}

// working reports whether a node says that it holds a range of the run.
func (r *run) working() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, s := range r.ranges {
		if !s.answered && r.pool.hub.holds(held{r.pool.id, r.id, id}) {
			return true
		}
	}
	return false
}

// deserted is the error of a run that nobody works on.
func (r *run) deserted() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Errorf("remote: %d of %d ranges of tasks have no answer, and for %v no node has said that it works on one: start another node with bench -join URL",
		r.left, len(r.ranges), r.pool.hub.o.Patience)
}

// missing are those of the ranges that the work queue does not have: all of them,
// if it has nothing any more. If the server has lost the queue, it is made anew.
func (p *Pool) missing(ids []int) []int {
	h := p.hub
	ctx, cancel := context.WithTimeout(context.Background(), h.o.Lease)
	defer cancel()
	c, err := h.js.Consumer(ctx, h.stream(p.id), consumerName)
	if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound) {
		if p.queue(ctx) != nil {
			p.suspect.Store(true)
			return nil
		}
		for _, id := range p.members() {
			_ = h.nc.Publish(h.down(id), encode(order{Op: opRenew, Pool: p.id}))
		}
		p.mu.Lock()
		r := p.run
		p.mu.Unlock()
		if r == nil {
			return nil
		}
		return r.lost(0)
	}
	if err != nil {
		p.suspect.Store(true) // the server is away: look again
		return nil
	}
	info := c.CachedInfo() // as old as the answer to Consumer
	if info.NumPending > 0 || info.NumAckPending > 0 {
		return nil // it has some, and gives them out again after a lease
	}
	return ids
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
