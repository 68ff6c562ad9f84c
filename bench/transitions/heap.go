package transitions

import (
	"golang.org/x/exp/trace"
)

// ready is the index of the cursor whose event is the next one: the earliest that does not
// contradict a sequence number; -1 if there is none.
func (o *order) ready() int {
	if o.may(o.heap[0]) {
		return 0
	}
	best := -1
	for i, c := range o.heap {
		if i > 0 && (best < 0 || c.time < o.heap[best].time) && o.may(c) {
			best = i
		}
	}
	return best
}

// may reports whether the event of a cursor can be the next one.
func (o *order) may(c *cursor) bool {
	var state trace.GoState
	switch c.kind {
	case evGoStart:
		state = trace.GoRunnable
	case evGoUnblock, evGoSwitch, evGoSwitchDestroy:
		state = trace.GoWaiting
	case evGoSyscallEndBlocked: // it has lost its processor before
		return c.thread.p == nil || c.thread.p.status != procInCall
	case evProcStart, evProcSteal:
		return o.mayProcessor(c)
	case evGCActive, evGCBegin, evGCEnd:
		return !o.full.collected || c.args[0] == o.full.collection+1
	default:
		return true
	}
	if c.g == nil {
		if c.g = o.find(c.args[0]); c.g == nil {
			return false
		}
	}
	return c.g.state == state && c.g.gen == o.g.number && c.args[1] == c.g.seq+1
}

// down and up move a cursor of the heap to its place. up returns where that is.
func (o *order) down(i int) {
	h := o.heap
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if right := child + 1; right < len(h) && h[right].time < h[child].time {
			child = right
		}
		if h[i].time <= h[child].time {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}

func (o *order) up(i int) int {
	for h := o.heap; i > 0; {
		parent := (i - 1) / 2
		if h[parent].time <= h[i].time {
			break
		}
		h[i], h[parent] = h[parent], h[i]
		i = parent
	}
	return i
}

func (o *order) remove(i int) {
	last := len(o.heap) - 1
	o.heap[i] = o.heap[last]
	o.heap = o.heap[:last]
	if i < last {
		o.down(o.up(i))
	}
}
