package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"amdahl/pools"
)

// staff gives the pool its workers. A node that is lost meanwhile is replaced, for up to
// twice Options.JoinTime in all: a node may come back each time and never do its part.
func (p *Pool) staff(ctx context.Context) error {
	begin := time.Now()
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
				orders = append(orders, func() error {
					ctx, cancel := answersWithin(ctx, p.hub.o.JoinTime, "end the program there and start it again, or wait longer with -join-time 5m")
					defer cancel()
					return p.take(ctx, n.ID, lanes)
				})
			}
		}
		err = together(orders)
		if !errors.Is(err, errLost) || time.Since(begin) > 2*p.hub.o.JoinTime {
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
// pool. It is called when nodes join, come back or are lost. Of several calls that wait
// for one under way only the first stays: it sees what the others would see. So a node
// that leaves and comes back without end does not pile up goroutines.
func (p *Pool) adopt(ctx context.Context) {
	if p.adoptWaits.Swap(true) {
		return
	}
	p.staffing.Lock()
	defer p.staffing.Unlock()
	p.adoptWaits.Store(false)
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
