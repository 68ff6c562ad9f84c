package procpool

import (
	"time"

	"amdahl/pools/procpool/internal/child"
)

const (
	balanceEvery = time.Millisecond      // how long work sent ahead may wait behind a long task while others idle
	memoryEvery  = 50 * time.Millisecond // how often the memory of busy workers is looked at
	deafMargin   = 500 * time.Millisecond
)

// arm makes tick run in d at the latest. The caller holds p.mu, here and
// below.
func (p *Pool) arm(d time.Duration) {
	if !p.wakeAt.IsZero() && p.armed <= d {
		return // it was armed for that long or less, and before now
	}
	at := time.Now().Add(d)
	if p.wakeAt.IsZero() || at.Before(p.wakeAt) {
		p.wakeAt, p.armed = at, d
		p.timer.Reset(d)
	}
}

// watch sees to it that a batch just claimed is looked after.
func (p *Pool) watch(b *batch) {
	d := p.deafTime() / 2
	if t := b.tune.timeout(); t > 0 {
		d = min(d, max(t/8, time.Millisecond))
	}
	if p.opt.MemoryLimit > 0 {
		d = min(d, memoryEvery)
	}
	if b.coded() {
		d = min(d, patienceOfUser)
	}
	p.arm(d)
}

// deafTime is how long a worker that runs nothing may take to take what it is
// sent.
func (p *Pool) deafTime() time.Duration { return p.opt.Grace + deafMargin }

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
	return uint64(w.head.Load())
}

// current is the frame that a worker is running, or else will run first, as
// far as is known.
func (w *worker) current() (seq uint32, b *batch) {
	seq = w.head.Load()
	if begun := w.begun(); begun != seq {
		seq = begun - 1
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
	if !p.retryAt.IsZero() {
		if left := p.retryAt.Sub(now); left > 0 {
			again(left)
		} else {
			p.retryAt = time.Time{}
			p.replace()
		}
	}
	var dropped []flight
	spare := len(p.idle) + p.lazily()
	for _, w := range append([]*worker(nil), p.workers...) { // a goroutine that is killed leaves the list
		dropped = append(dropped, p.look(w, now, spare, again)...)
	}
	p.kick()
	if next > 0 && p.err == nil {
		p.arm(next)
	}
	p.mu.Unlock()
	p.drop(dropped)
}

// look is what tick does with one worker.
func (p *Pool) look(w *worker, now time.Time, spare int, again func(time.Duration)) (dropped []flight) {
	if w.state == idle && p.opt.IdleTimeout > 0 {
		if left := p.opt.IdleTimeout - now.Sub(w.idleSince); left > 0 {
			again(left)
		} else {
			w.retire()
		}
	}
	if w.state != busy || w.pending() == 0 {
		w.seen = sighting{}
		return nil
	}
	if at := w.progress(); at != w.seen.progress || w.seen.at.IsZero() {
		w.seen.progress, w.seen.at = at, now
	}
	stuck := now.Sub(w.seen.at)
	if w.pending() > 1 && spare > 0 && w.page != nil {
		if stuck >= balanceEvery/2 {
			dropped = append(dropped, w.recall()...)
		} else {
			again(balanceEvery)
		}
	}
	seq, b := w.current()
	if b != nil {
		if t := b.tune.timeout(); t > 0 && w.expired != seq+1 {
			if stuck >= t {
				w.expired = seq + 1
				w.interrupt(seq, ErrTaskTimeout)
			} else {
				again(min(t/8, t-stuck))
			}
		}
	}
	if w.goroutine {
		return dropped
	}
	if d, wait := w.lookAtUserCode(now); wait > 0 {
		dropped = append(dropped, d...)
		again(wait)
	}
	p.listen(w, now, again)
	if limit := p.opt.MemoryLimit; limit > 0 {
		if now.Sub(w.weighedAt) >= memoryEvery {
			w.weighedAt = now
			if child.Resident(w.proc.Pid) > 2*limit {
				w.kill(ErrMemoryLimit)
			}
		}
		again(memoryEvery)
	}
	return dropped
}

// listen replaces a worker that runs nothing and yet does not take what it was
// sent: it is stopped, or out of order.
func (p *Pool) listen(w *worker, now time.Time, again func(time.Duration)) {
	moved := w.link.moved() + uint64(w.tail.Load())<<32
	if moved != w.seen.moved || w.seen.movedAt.IsZero() || w.begun() != w.head.Load() || w.snd.sec.state.Load() == inside || w.rcv.sec.state.Load() == inside {
		w.seen.moved, w.seen.movedAt = moved, now
	}
	if quiet := now.Sub(w.seen.movedAt); w.page != nil && quiet >= p.deafTime() {
		w.kill(errDeaf)
	} else {
		again(max(p.deafTime()-quiet, p.deafTime()/4))
	}
}
