package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// A worker is this process as a node.
type worker struct {
	program Program
	subjects
	nc    *nats.Conn
	id    int
	lease time.Duration
	ctx   context.Context // ends when the node leaves
	quit  context.CancelCauseFunc

	mu    sync.Mutex
	hosts map[int]*hosting // by pool
	heard time.Time        // from the coordinator
	jobs  sync.WaitGroup   // orders that are carried out
}

// silent is how many leases the coordinator may be silent before the node takes it
// for dead.
const silent = 6

// leastSilent is how long it may be silent at least.
var leastSilent = 10 * time.Second

// listen subscribes to the orders of the coordinator.
func (w *worker) listen() error {
	w.heard = time.Now()
	for _, subject := range []string{w.down(w.id), w.everyNode()} {
		if _, err := w.nc.Subscribe(subject, w.onDown); err != nil {
			return fmt.Errorf("remote: %w", err)
		}
	}
	if err := w.nc.Flush(); err != nil {
		return fmt.Errorf("remote: %w", err)
	}
	return nil
}

// serve gives signs of life until ctx ends or the coordinator is silent, and then
// ends all tasks.
func (w *worker) serve(ctx context.Context) {
	tick := time.NewTicker(beatEvery(w.lease))
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			w.mu.Lock()
			lost := time.Since(w.heard) > max(silent*w.lease, leastSilent)
			w.mu.Unlock()
			if lost {
				w.quit(errQuit)
			} else {
				w.beat(false)
			}
		}
	}
	w.mu.Lock()
	hosts := w.hosts
	w.hosts = nil
	w.mu.Unlock()
	for _, h := range hosts {
		h.close()
	}
	w.jobs.Wait()
	w.beat(true)
	_ = w.nc.FlushTimeout(time.Second)
}

// beat tells the coordinator that this node is alive and what it holds, and keeps
// the work queue from giving that to others.
func (w *worker) beat(leaving bool) {
	b := beat{Node: w.id, Leaving: leaving}
	w.mu.Lock()
	for id, h := range w.hosts {
		b.Pools = append(b.Pools, id)
		b.Held = append(b.Held, h.keep()...)
	}
	w.mu.Unlock()
	b.Held = b.Held[:min(len(b.Held), maxHeld)]
	_ = w.nc.Publish(w.up("beat"), encode(b))
}

// onDown gets an order, a range of tasks under [Request], or a sign of life of the
// coordinator.
func (w *worker) onDown(m *nats.Msg) {
	w.mu.Lock()
	w.heard = time.Now()
	w.mu.Unlock()
	switch {
	case len(m.Data) == 0:
		return
	case m.Data[0] == probeByte:
		if m.Reply != "" {
			_ = m.Respond([]byte{probeByte})
		}
		return
	}
	var both struct {
		order
		ID, Lo, Hi int
	}
	if len(m.Data) > maxMessage || json.Unmarshal(m.Data, &both) != nil {
		return
	}
	if both.Op == "" {
		if h := w.host(both.Pool); h != nil && h.order.Queue == Request {
			h.give(0, &item{work: work{both.Pool, both.Run, both.ID, both.Lo, both.Hi}})
		}
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hosts == nil {
		return // it leaves
	}
	// A stop takes effect before the next message is read.
	if h := w.hosts[both.Pool]; h != nil && both.Op == opStop {
		h.cancel(both.Run)
	}
	w.jobs.Go(func() {
		r := w.carryOut(both.order)
		if m.Reply != "" {
			_ = m.Respond(encode(r))
		}
	})
}

func (w *worker) host(pool int) *hosting {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hosts[pool]
}

// carryOut carries out an order.
func (w *worker) carryOut(o order) report {
	h := w.host(o.Pool)
	switch o.Op {
	case opOpen:
		return w.open(o)
	case opQuit:
		w.quit(errQuit)
	case opStop:
		if h != nil {
			h.wait(o.Run)
		}
	case opRenew:
		if h != nil {
			h.renew()
		}
	case opUsage:
		if h == nil {
			return report{Err: fmt.Sprintf("pool %d is not open here", o.Pool)}
		}
		return h.usage()
	case opClose:
		w.mu.Lock()
		delete(w.hosts, o.Pool)
		w.mu.Unlock()
		if h != nil {
			if err := h.close(); err != nil {
				return report{Err: cut(err.Error(), maxText)}
			}
		}
	default:
		return report{Err: fmt.Sprintf("unknown order %q", cut(o.Op, maxLine))}
	}
	return report{}
}

// open makes the tasks of the pool's workers that are here.
func (w *worker) open(o order) report {
	h, r := newHosting(w, o)
	if r.Err != "" {
		return r
	}
	w.mu.Lock()
	before := w.hosts[o.Pool]
	if w.hosts != nil {
		w.hosts[o.Pool] = h
	}
	leaving := w.hosts == nil
	w.mu.Unlock()
	if before != nil {
		_ = before.close()
	}
	if leaving {
		_ = h.close()
		return report{Err: "the node leaves"}
	}
	if err := h.start(); err != nil {
		return report{Err: cut(err.Error(), maxText)}
	}
	return r
}

// renewAll asks for work anew, after the connection broke.
func (w *worker) renewAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.hosts {
		h.lost.Store(true) // the next beat asks
	}
}
