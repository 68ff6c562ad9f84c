package procpool

import "time"

const (
	balanceEvery = time.Millisecond      // how long work sent ahead may wait behind a long task while others idle
	memoryEvery  = 50 * time.Millisecond // how often the memory of busy workers is looked at
)

// arm makes tick run in d at the latest. The caller holds p.mu, here and
// below.
func (p *Pool) arm(d time.Duration) {
	at := time.Now().Add(d)
	if p.wakeAt.IsZero() || at.Before(p.wakeAt) {
		p.wakeAt = at
		p.timer.Reset(d)
	}
}

// watch sees to it that a batch just claimed is looked after.
func (p *Pool) watch(b *batch) {
	if t := b.tune.TaskTimeout; t > 0 {
		p.arm(max(t/8, time.Millisecond))
	}
	if p.opt.MemoryLimit > 0 {
		p.arm(memoryEvery)
	}
}

// quiet is called when a worker has become idle.
func (p *Pool) quiet() {
	if t := p.opt.IdleTimeout; t > 0 {
		p.arm(t)
	}
	if p.active == 0 {
		return
	}
	for _, w := range p.workers {
		if w.pending() > 1 {
			p.arm(balanceEvery)
			return
		}
	}
}

// progress changes when a worker begins another task.
func (w *worker) progress() uint64 {
	switch {
	case w.goroutine:
		return uint64(w.elem.Load())
	case w.page != nil && w.state != starting:
		return uint64(w.page.started())<<32 | uint64(w.page.element())
	}
	return uint64(w.tail.Load())
}

// current is the frame that a worker is running, as far as is known.
func (w *worker) current() (seq uint32, b *batch) {
	seq = w.head.Load()
	if w.page != nil {
		if s := w.page.started(); int32(s-seq) > 0 {
			seq = s - 1
		}
	}
	if int32(w.tail.Load()-seq) <= 0 {
		return seq, nil
	}
	return seq, w.flights[seq%maxWindow].b
}

// tick looks at all workers: idle ones may go, work waiting behind a long
// task moves to those with nothing to do, tasks run out of time, and memory
// out of its limit. It runs only while there is something to look at, so an
// idle pool uses no CPU.
func (p *Pool) tick() {
	p.mu.Lock()
	now := time.Now()
	p.wakeAt = time.Time{}
	var next time.Duration
	again := func(d time.Duration) {
		if next == 0 || d < next {
			next = max(d, time.Millisecond)
		}
	}
	spare := len(p.idle) + p.lazily()
	var dropped []flight
	for _, w := range p.workers {
		if w.state == idle && p.opt.IdleTimeout > 0 {
			if left := p.opt.IdleTimeout - now.Sub(w.idleSince); left > 0 {
				again(left)
			} else {
				w.retire()
			}
		}
		if w.state != busy || w.pending() == 0 {
			continue
		}
		if at := w.progress(); at != w.seen {
			w.seen, w.seenAt = at, now
		}
		stuck := now.Sub(w.seenAt)
		if w.pending() > 1 && spare > 0 && w.page != nil {
			if stuck >= balanceEvery/2 {
				dropped = append(dropped, w.recall()...)
			} else {
				again(balanceEvery)
			}
		}
		seq, b := w.current()
		if b != nil && b.tune.TaskTimeout > 0 && w.expired != seq+1 {
			if stuck >= b.tune.TaskTimeout {
				w.expired = seq + 1
				w.interrupt(seq, ErrTaskTimeout)
			} else {
				again(min(b.tune.TaskTimeout/8, b.tune.TaskTimeout-stuck))
			}
		}
		if limit := p.opt.MemoryLimit; limit > 0 && w.proc != nil {
			if now.Sub(w.weighedAt) >= memoryEvery {
				w.weighedAt = now
				if resident(w.proc.proc.Pid) > 2*limit {
					w.kill(ErrMemoryLimit)
				}
			}
			again(memoryEvery)
		}
	}
	p.kick()
	if next > 0 && p.err == nil {
		p.arm(next)
	}
	p.mu.Unlock()
	p.drop(dropped)
}
