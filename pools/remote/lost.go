package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

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
			s := &r.ranges[id]
			s.had, s.node = s.node, 0
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
