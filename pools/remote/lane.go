package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"amdahl/pools"
	"amdahl/pools/procpool/host"
)

// An item is a range that is here.
type item struct {
	work
	ack   *nats.Msg // to be acknowledged when it is answered; nil if not
	since time.Time
}

// done acknowledges a range, so that it is not given out again.
func (x *item) done() {
	if x.ack != nil {
		_ = x.ack.Respond([]byte("+ACK"))
	}
}

// lane is worker i: it runs one range after another.
func (h *hosting) lane(i int) {
	again := false
	defer func() {
		if again {
			go h.lane(i) // a task has ended the goroutine
			return
		}
		h.lanes.Done()
	}()
	queue := min(i, len(h.queues)-1)
	for {
		from := time.Now()
		x, ctx, arrived := h.take(queue)
		if x == nil {
			return
		}
		begin := time.Now()
		if arrived.After(from) {
			from = arrived // before that there was no Run
		}
		a := answer{
			Node: h.node.id, Pool: x.Pool, Run: x.Run, ID: x.ID, At: i,
			Idle: int64(max(0, begin.Sub(from))), Wait: int64(begin.Sub(x.since)),
		}
		again = true
		h.execute(ctx, i, x, &a, begin)
		again = false
	}
}

// take waits for the next range of a queue; nil is the end. arrived is when the first range
// of its run came to this node.
func (h *hosting) take(queue int) (x *item, ctx context.Context, arrived time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		for len(h.queues[queue]) > 0 {
			x = h.queues[queue][0]
			h.queues[queue] = h.queues[queue][1:]
			if x.Run > h.run {
				if h.cancelRun != nil {
					h.cancelRun()
				}
				h.run, h.arrived = x.Run, x.since
				h.ctx, h.cancelRun = context.WithCancel(h.node.ctx)
			}
			if x.Run <= h.stopped || x.Run < h.run {
				delete(h.holding, x)
				x.done()
				h.top()
				continue
			}
			h.running[x.Run]++
			return x, h.ctx, h.arrived
		}
		if h.closed {
			return nil, nil, time.Time{}
		}
		h.wake.Wait()
	}
}

// execute runs the tasks of a range, and answers. It does so even if a task ends
// the goroutine.
func (h *hosting) execute(ctx context.Context, lane int, x *item, a *answer, begin time.Time) {
	i, done := x.Lo, false
	defer func() {
		v := recover()
		if !done {
			a.Fail = failed(i, host.Aborted(i, v))
		}
		a.Busy = int64(time.Since(begin))
		h.finish(ctx, x, a)
	}()
	for ; i < x.Hi && ctx.Err() == nil; i++ {
		sum, err := h.tasks[lane].Do(ctx, i)
		if err != nil {
			a.Fail = &failure{Task: i, Kind: "error", Text: cut(err.Error(), maxText)}
			break
		}
		a.Sum += sum
	}
	done = true
}

// failed is the failure of a task that ended without returning.
func failed(task int, err error) *failure {
	if p, ok := errors.AsType[*pools.PanicError](err); ok {
		return &failure{Task: task, Kind: "panic", Text: cut(fmt.Sprint(p.Value), maxText), Stack: cut(p.Stack, maxStack)}
	}
	return &failure{Task: task, Kind: "goexit", Text: err.Error()}
}

// finish answers for a range, unless its run is over.
func (h *hosting) finish(ctx context.Context, x *item, a *answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	over := ctx.Err() != nil
	delete(h.holding, x)
	if !over {
		if a.Fail != nil {
			a.Fail.Pid = os.Getpid()
			h.end(x.Run) // no further task of this run begins here
		}
		_ = h.node.nc.Publish(h.node.answers(x.Pool), encode(a))
		x.done()
	}
	if h.running[x.Run]--; h.running[x.Run] <= 0 {
		delete(h.running, x.Run)
		h.wake.Broadcast()
	}
	h.top()
}

// cancel cancels what runs of a run and of those before it, and drops what waits.
func (h *hosting) cancel(run uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.end(run)
}

// end is cancel. The caller holds mu.
func (h *hosting) end(run uint64) {
	h.stopped = max(h.stopped, run)
	if h.run <= run && h.cancelRun != nil {
		h.cancelRun()
	}
	h.wake.Broadcast() // a worker drops what waits
	for i, q := range h.queues {
		var stay []*item
		for _, x := range q {
			if x.Run > run {
				stay = append(stay, x)
				continue
			}
			delete(h.holding, x)
			x.done()
		}
		h.queues[i] = stay
	}
	h.top()
}

// wait waits until nothing runs of a run and of those before it.
func (h *hosting) wait(run uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		busy := false
		for r := range h.running {
			busy = busy || r <= run
		}
		if !busy {
			return
		}
		h.wake.Wait()
	}
}
