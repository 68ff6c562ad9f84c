package remote

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"amdahl/pools"
)

// A hosting runs the tasks of one pool in this node.
type hosting struct {
	node  *worker
	order order
	tasks []pools.Task // one for each worker
	cpu   int64        // of this process when the pool was opened
	lost  atomic.Bool  // what was asked for may be lost

	lanes sync.WaitGroup

	mu        sync.Mutex
	wake      sync.Cond
	closed    bool
	queues    [][]*item // ranges that wait: one queue, or one for each worker under QueueGroup
	subs      []*nats.Subscription
	inbox     string // of what is asked for, under Pull
	asked     int    // ranges that were asked for and have not come
	holding   map[*item]bool
	run       uint64          // the newest run of which a worker has taken something
	arrived   time.Time       // when that came
	stopped   uint64          // runs up to this one are over
	ctx       context.Context // of the tasks of the newest run
	cancelRun context.CancelFunc
	running   map[uint64]int // workers that run tasks, by run
}

// newHosting makes the tasks. The caller calls start, and close.
func newHosting(w *worker, o order) (*hosting, report) {
	if o.Workers < 1 || o.Workers > 1<<12 || o.Prefetch < 0 || o.Prefetch > 1<<10 {
		return nil, report{Err: fmt.Sprintf("%d workers with %d ranges waiting each cannot be opened", o.Workers, o.Prefetch)}
	}
	h := &hosting{node: w, order: o, holding: map[*item]bool{}, running: map[uint64]int{}}
	h.wake.L = &h.mu
	h.queues = make([][]*item, 1)
	if o.Queue == QueueGroup {
		h.queues = make([][]*item, o.Workers)
	}
	var r report
	if w.program.CPU != nil {
		h.cpu = w.program.CPU()
	}
	fail := func(err error) (*hosting, report) {
		for _, t := range h.tasks {
			err = errors.Join(err, t.Close())
		}
		return nil, report{Err: cut(err.Error(), maxText)}
	}
	for range o.Workers {
		t, err := w.program.Open(w.ctx, o.Spec)
		if err != nil {
			return fail(err)
		}
		h.tasks = append(h.tasks, t)
	}
	if w.program.Check != nil {
		sum, err := w.program.Check(w.ctx, o.Spec)
		if err != nil {
			return fail(fmt.Errorf("task 0: %w", err))
		}
		r.Check, r.Checked = sum, true
	}
	return h, r
}

// start starts the workers, and asks for work.
func (h *hosting) start() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.tasks {
		h.lanes.Add(1)
		go h.lane(i)
	}
	var err error
	switch h.order.Queue {
	case Pull:
		err = h.ask()
	case QueueGroup:
		for i := range h.tasks {
			var sub *nats.Subscription
			sub, err = h.node.nc.QueueSubscribe(h.node.work(h.order.Pool), "workers", func(m *nats.Msg) { h.onWork(i, m, false) })
			if err != nil {
				break
			}
			h.subs = append(h.subs, sub)
		}
	}
	if err == nil {
		err = h.node.nc.Flush()
	}
	return err
}

// room is how many ranges the node has room for, at most.
func (h *hosting) room() int { return len(h.tasks) * (1 + h.order.Prefetch) }

// ask asks the work queue for as many ranges as there is room for, at a new inbox:
// what was asked for before comes to nobody. The caller holds mu.
func (h *hosting) ask() error {
	for _, s := range h.subs {
		_ = s.Unsubscribe()
	}
	h.inbox = nats.NewInbox()
	sub, err := h.node.nc.Subscribe(h.inbox, func(m *nats.Msg) { h.onWork(0, m, true) })
	if err != nil {
		return err
	}
	h.subs, h.asked = []*nats.Subscription{sub}, 0
	h.top()
	return nil
}

// top asks for what there is room for and was not asked for. The caller holds mu.
func (h *hosting) top() {
	if h.order.Queue != Pull || h.closed {
		return
	}
	n := h.room() - len(h.holding) - h.asked
	if n < 1 {
		return
	}
	h.asked += n
	_ = h.node.nc.PublishRequest(h.node.next(h.order.Pool), h.inbox, []byte(strconv.Itoa(n)))
}

// renew asks anew.
func (h *hosting) renew() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.order.Queue == Pull && !h.closed {
		_ = h.ask()
	}
}

// onWork gets a range, or word from the work queue that a request ends.
func (h *hosting) onWork(queue int, m *nats.Msg, pulled bool) {
	if len(m.Data) == 0 && pulled {
		h.lost.Store(true) // whatever the status is, something asked for does not come
		return
	}
	it, err := decode[work](m.Data)
	if err != nil {
		return
	}
	x := &item{work: it}
	if pulled {
		x.ack = m
		h.mu.Lock()
		if m.Sub != nil && len(h.subs) > 0 && m.Sub != h.subs[0] {
			h.mu.Unlock()
			return // of an older inbox
		}
		h.asked = max(0, h.asked-1)
		h.mu.Unlock()
	}
	h.give(queue, x)
}

// give puts a range into a queue of this node.
func (h *hosting) give(queue int, x *item) {
	x.since = time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if x.Run <= h.stopped || x.Lo >= x.Hi {
		x.done()
		h.top()
		return
	}
	h.holding[x] = true
	h.queues[queue] = append(h.queues[queue], x)
	h.wake.Broadcast()
}

// keep lists what is held, and keeps the work queue from giving it to others. It
// asks anew, if what was asked for is lost.
func (h *hosting) keep() (all []held) {
	if h.lost.Swap(false) {
		h.renew()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for x := range h.holding {
		all = append(all, held{x.Pool, x.Run, x.ID})
		if x.ack != nil && time.Since(x.since) > beatEvery(h.node.lease)/2 {
			_ = x.ack.Respond([]byte("+WPI"))
		}
	}
	return all
}

// usage reports what was used since the pool was opened, when no task runs.
func (h *hosting) usage() report {
	h.wait(math.MaxUint64)
	r := report{Counters: map[string]int64{}}
	if h.node.program.CPU != nil {
		r.CPU = h.node.program.CPU() - h.cpu
	}
	for _, t := range h.tasks {
		for unit, n := range t.Counters() {
			if _, known := r.Counters[unit]; known || len(r.Counters) < maxCounters {
				r.Counters[unit] += n
			}
		}
	}
	return r
}

// close cancels what runs, waits for it, gives back what is held and closes the
// tasks.
func (h *hosting) close() error {
	h.mu.Lock()
	h.closed = true
	if h.cancelRun != nil {
		h.cancelRun()
	}
	for x := range h.holding {
		if x.ack != nil {
			_ = x.ack.Respond([]byte("-NAK")) // another node gets it at once
		}
	}
	clear(h.holding)
	for i := range h.queues {
		h.queues[i] = nil
	}
	for _, s := range h.subs {
		_ = s.Unsubscribe()
	}
	h.subs = nil
	h.wake.Broadcast()
	h.mu.Unlock()
	h.lanes.Wait()
	var errs []error
	for _, t := range h.tasks {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}
