package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"amdahl/pools"
)

// Strategy is the strategy remote with the nodes of the hub.
func (h *Hub) Strategy(shape Shape) pools.Strategy {
	shape.Queue = cmp.Or(shape.Queue, Queues[0])
	return pools.Strategy{
		Name:        Name,
		Doc:         Doc,
		Concurrency: pools.Workers,
		Processes:   true,
		Remote:      true,
		Chance:      shape.Queue == QueueGroup,
		Open: func(ctx context.Context, workers int, job pools.Job) (pools.Pool, error) {
			p, err := h.Open(ctx, workers, job, shape)
			if err != nil {
				return nil, err
			}
			return p, nil
		},
	}
}

// What the strategy is called.
const (
	Name = "remote"
	Doc  = "workers of other processes and machines, which join over NATS"
)

// A Pool is a pool of remote workers: a pools.Pool that is pools.Metered. Lanes are the
// workers of one node.
type Pool struct {
	hub     *Hub
	id      int
	spec    string
	shape   Shape
	workers int
	check   *uint64 // the checksum that task 0 must have

	running sync.Mutex  // held by the Run under way, and by Close
	closed  bool        // guarded by running
	suspect atomic.Bool // the server may have lost ranges

	mu     sync.Mutex
	lanes  map[int]int    // workers of each node
	usage  map[int]report // the last that was known of each node
	run    *run
	runs   uint64          // the number of the last run
	ranges int             // of the last Run
	last   []time.Duration // busy time of each worker in the last Run

	staffing sync.Mutex     // held while workers are given to nodes
	adopting sync.WaitGroup // goroutines that do so during a Run
}

// Open makes a pool of workers. It waits until enough nodes have joined, and
// starts missing ones where Options.Start says how. ctx bounds Open only.
func (h *Hub) Open(ctx context.Context, workers int, job pools.Job, shape Shape) (*Pool, error) {
	shape.Queue = cmp.Or(shape.Queue, Queues[0])
	if err := shape.check(); err != nil {
		return nil, err
	}
	switch {
	case workers < 1:
		return nil, fmt.Errorf("pools: remote: workers is %d: need at least 1", workers)
	case job.Spec == "":
		return nil, errors.New("pools: remote: the job has no Spec, from which another process makes its tasks")
	case len(job.Spec) > maxSpec:
		return nil, fmt.Errorf("pools: remote: the Spec has %d bytes: at most %d are sent", len(job.Spec), maxSpec)
	}
	p := &Pool{hub: h, spec: job.Spec, shape: shape, workers: workers, lanes: map[int]int{}, usage: map[int]report{}}
	if h.program.Check != nil {
		sum, err := h.program.Check(ctx, job.Spec)
		if err != nil {
			return nil, fmt.Errorf("remote: task 0 on this machine: %w", err)
		}
		p.check = &sum
	}
	h.mu.Lock()
	h.opened++
	p.id = h.opened
	if !h.closed {
		h.pools[p.id] = p
	}
	closed := h.closed
	h.mu.Unlock()
	if closed {
		return nil, fmt.Errorf("remote: Open: %w", pools.ErrClosed)
	}
	err := p.queue(ctx)
	if err == nil {
		err = p.staff(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// staff gives the pool its workers. A node that is lost meanwhile is replaced.
func (p *Pool) staff(ctx context.Context) error {
	for {
		nodes, err := p.hub.gather(ctx, p.wanted())
		if err != nil {
			return err
		}
		var orders []func() error
		for i, n := range nodes {
			lanes := p.workers / len(nodes)
			if i < p.workers%len(nodes) {
				lanes++
			}
			p.mu.Lock()
			has := p.lanes[n.ID] == lanes
			p.mu.Unlock()
			if !has {
				orders = append(orders, func() error { return p.take(ctx, n.ID, lanes) })
			}
		}
		if err := together(orders); !errors.Is(err, errLost) {
			return err
		}
	}
}

// wanted is how many nodes the pool is to have.
func (p *Pool) wanted() int {
	if p.shape.Nodes == 0 {
		return p.workers
	}
	return min(p.shape.Nodes, p.workers)
}

// gather returns n nodes that are alive, those that joined first. It starts those
// that are missing, or waits for them.
func (h *Hub) gather(ctx context.Context, n int) ([]Node, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, h.o.JoinTime, errJoinTime)
	defer cancel()
	started := false
	for {
		h.mu.Lock()
		changed := h.changed
		h.mu.Unlock()
		alive := slices.DeleteFunc(h.Nodes(), func(n Node) bool { return n.Lost })
		if len(alive) >= n {
			return alive[:n], nil
		}
		if h.o.Start != nil && !started {
			started = true
			if err := h.start(ctx, n-len(alive)); err != nil {
				return nil, err
			}
			continue
		}
		if h.o.Start == nil {
			h.o.Say(fmt.Sprintf("%d of %d nodes have joined: on another machine start bench -join %s", len(alive), n, h.URL()))
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errJoinTime) {
				return nil, fmt.Errorf("remote: %d of %d nodes have joined within %v: start the others with bench -join URL, or lower -nodes", len(alive), n, h.o.JoinTime)
			}
			return nil, fmt.Errorf("remote: waiting for nodes: %w", context.Cause(ctx))
		}
	}
}

var errJoinTime = errors.New("nodes are missing")

// start starts so many nodes. Their stop functions are called by Close.
func (h *Hub) start(ctx context.Context, n int) error {
	var all []func() error
	for range n {
		all = append(all, func() error {
			stop, err := h.o.Start(ctx, h.URL())
			if err != nil {
				return fmt.Errorf("remote: starting a node: %w", err)
			}
			h.mu.Lock()
			closed := h.closed
			if !closed {
				h.stops = append(h.stops, stop)
			}
			h.mu.Unlock()
			if closed {
				return errors.Join(pools.ErrClosed, stop())
			}
			return nil
		})
	}
	return together(all)
}

// take lets a node be so many of the pool's workers.
func (p *Pool) take(ctx context.Context, node, lanes int) error {
	r, err := p.hub.order(ctx, node, order{
		Op: opOpen, Pool: p.id, Spec: p.spec, Queue: p.shape.Queue, Workers: lanes, Prefetch: p.shape.Prefetch,
	})
	if err != nil {
		return err
	}
	if p.check != nil && (!r.Checked || r.Check != *p.check) {
		return fmt.Errorf("remote: node %d: task 0 gives %#x there and %#x here: its tasks are not those of this machine: use the same build on both", node, r.Check, *p.check)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lanes[node] = lanes
	if p.run != nil {
		p.run.feed()
	}
	return nil
}

// adopt gives the workers of nodes that are lost to nodes that have none of the
// pool. It is called when nodes join, come back or are lost.
func (p *Pool) adopt(ctx context.Context) {
	p.staffing.Lock()
	defer p.staffing.Unlock()
	p.surplus(ctx)
	var idle []int
	missing := p.workers
	p.mu.Lock()
	for _, n := range p.hub.Nodes() {
		switch lanes := p.lanes[n.ID]; {
		case n.Lost:
		case lanes > 0:
			missing -= lanes
		default:
			idle = append(idle, n.ID)
		}
	}
	p.mu.Unlock()
	for i, id := range idle {
		if missing < 1 {
			return
		}
		lanes := max(1, missing/(len(idle)-i))
		if p.take(ctx, id, lanes) == nil {
			missing -= lanes
		}
	}
}

// surplus tells nodes that are back to leave the pool, if their workers were given
// to others meanwhile. The caller holds staffing.
func (p *Pool) surplus(ctx context.Context) {
	alive := 0
	var last []int
	p.mu.Lock()
	for _, n := range p.hub.Nodes() {
		if lanes := p.lanes[n.ID]; lanes > 0 && !n.Lost {
			alive += lanes
			last = append(last, n.ID)
		}
	}
	var leave []int
	for _, id := range last {
		if lanes := p.lanes[id]; alive-lanes >= p.workers {
			alive -= lanes
			leave = append(leave, id)
			delete(p.lanes, id)
		}
	}
	p.mu.Unlock()
	for _, id := range leave {
		_, _ = p.hub.order(ctx, id, order{Op: opClose, Pool: p.id})
	}
}

// short reports whether workers of the pool are missing.
func (p *Pool) short() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	alive := 0
	p.hub.mu.Lock()
	defer p.hub.mu.Unlock()
	for id, lanes := range p.lanes {
		if n := p.hub.nodes[id]; n != nil && !n.Lost {
			alive += lanes
		}
	}
	return alive != p.workers
}

// Nodes lists the nodes of the pool that are alive.
func (p *Pool) Nodes() (all []Node) {
	members := p.members()
	for _, n := range p.hub.Nodes() {
		if slices.Contains(members, n.ID) {
			all = append(all, n)
		}
	}
	return all
}

// members are the nodes of the pool that are alive.
func (p *Pool) members() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []int
	for _, n := range p.hub.Nodes() {
		if p.lanes[n.ID] > 0 && !n.Lost {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// queue makes the pool's work queue, if it has one.
func (p *Pool) queue(ctx context.Context) error {
	h := p.hub
	if p.shape.Queue != Pull {
		return nil
	}
	storage := jetstream.MemoryStorage
	if h.o.Files {
		storage = jetstream.FileStorage
	}
	_, err := h.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: h.stream(p.id), Subjects: []string{h.work(p.id)}, Retention: jetstream.WorkQueuePolicy, Storage: storage,
		MaxMsgSize: maxMessage, Description: "ranges of tasks of amdahl",
	})
	if err == nil {
		_, err = h.js.CreateOrUpdateConsumer(ctx, h.stream(p.id), jetstream.ConsumerConfig{
			Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: h.o.Lease, MaxDeliver: -1,
			MaxAckPending: -1, MaxWaiting: 1 << 14, MaxRequestBatch: 1 << 12,
		})
	}
	if err != nil {
		return fmt.Errorf("remote: a work queue on the server: %w%s", err, queueHint(err))
	}
	return nil
}

func queueHint(err error) string {
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) || strings.Contains(err.Error(), "no responders") {
		return ": the server has no JetStream: start it with nats-server -js, or use -queue request"
	}
	return ""
}

// Usage returns what the nodes have used since the pool was opened: the CPU time of
// their processes and the counters of their tasks. Of nodes that are lost it is
// what was known last.
func (p *Pool) Usage(ctx context.Context) (pools.Usage, error) {
	var all []func() error
	for _, id := range p.members() {
		all = append(all, func() error {
			r, err := p.hub.order(ctx, id, order{Op: opUsage, Pool: p.id})
			if err != nil {
				return lostIsFine(r, err)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.usage[id] = r
			return nil
		})
	}
	err := together(all)
	p.mu.Lock()
	defer p.mu.Unlock()
	u := pools.Usage{Counters: map[string]int64{}}
	for _, r := range p.usage {
		u.CPU += r.CPU
		for unit, n := range r.Counters {
			u.Counters[unit] += n
		}
	}
	return u, err
}

// Busy returns how long each worker ran tasks in the last Run, by node and number.
func (p *Pool) Busy() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.last)
}

// Ranges returns how many ranges the last Run had.
func (p *Pool) Ranges() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ranges
}

// Close lets the nodes close their tasks and removes the work queue. The nodes stay
// with the hub. A second call does nothing.
func (p *Pool) Close() error {
	p.running.Lock()
	defer p.running.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	h := p.hub
	h.mu.Lock()
	delete(h.pools, p.id)
	h.mu.Unlock()
	p.adopting.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), h.o.Patience)
	defer cancel()
	var all []func() error
	for _, id := range p.members() {
		all = append(all, func() error { return lostIsFine(p.hub.order(ctx, id, order{Op: opClose, Pool: p.id})) })
	}
	err := together(all)
	if p.shape.Queue == Pull {
		if e := h.js.DeleteStream(ctx, h.stream(p.id)); e != nil && !errors.Is(e, jetstream.ErrStreamNotFound) {
			err = errors.Join(err, fmt.Errorf("remote: removing the work queue: %w", e))
		}
	}
	return err
}
