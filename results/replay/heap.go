package replay

import "time"

// A heap holds the workers that know when their state ends, the earliest
// first; of those that end at once, the first worker first.
type heap struct {
	workers []worker
	entries []entry
}

type entry struct {
	at     time.Duration
	worker int32
}

func (e entry) before(o entry) bool {
	return e.at < o.at || e.at == o.at && e.worker < o.worker
}

// set puts the worker into the heap, or moves it there.
func (h *heap) set(i int32, at time.Duration) {
	pos := int(h.workers[i].pos)
	if pos == nobody {
		pos = len(h.entries)
		h.entries = append(h.entries, entry{})
	}
	h.place(pos, entry{at, i})
}

// remove takes the worker out of the heap if it is there.
func (h *heap) remove(i int32) {
	pos := int(h.workers[i].pos)
	if pos == nobody {
		return
	}
	h.workers[i].pos = nobody
	last := h.entries[len(h.entries)-1]
	h.entries = h.entries[:len(h.entries)-1]
	if last.worker != i {
		h.place(pos, last)
	}
}

// place puts an entry where pos is free, moving others to keep the order.
func (h *heap) place(pos int, e entry) {
	for pos > 0 && e.before(h.entries[(pos-1)/2]) {
		h.put(pos, h.entries[(pos-1)/2])
		pos = (pos - 1) / 2
	}
	for {
		child := 2*pos + 1
		if child >= len(h.entries) {
			break
		}
		if child+1 < len(h.entries) && h.entries[child+1].before(h.entries[child]) {
			child++
		}
		if !h.entries[child].before(e) {
			break
		}
		h.put(pos, h.entries[child])
		pos = child
	}
	h.put(pos, e)
}

func (h *heap) put(pos int, e entry) {
	h.entries[pos] = e
	h.workers[e.worker].pos = int32(pos)
}
