package procpool

import (
	"fmt"
	"time"
)

// A batchList is a list of batches with something to claim. A batch is in one
// at most, and leaves it at once, wherever it stands.
type batchList struct {
	first, last *batch
	n           int
}

func (l *batchList) pushBack(b *batch) {
	b.list, b.before, b.after = l, l.last, nil
	if l.last != nil {
		l.last.after = b
	} else {
		l.first = b
	}
	l.last = b
	l.n++
}

func (l *batchList) pushFront(b *batch) {
	b.list, b.before, b.after = l, nil, l.first
	if l.first != nil {
		l.first.before = b
	} else {
		l.last = b
	}
	l.first = b
	l.n++
}

func (l *batchList) remove(b *batch) {
	if b.before != nil {
		b.before.after = b.after
	} else {
		l.first = b.after
	}
	if b.after != nil {
		b.after.before = b.before
	} else {
		l.last = b.before
	}
	b.list, b.before, b.after = nil, nil, nil
	l.n--
}

// submit gives a batch to the workers. Nothing of the user's is called while
// the lock is held: a panic there would leave it locked.
func (p *Pool) submit(b *batch) {
	ctxErr := causeIfDone(b.ctx)
	if ctxErr == nil && b.n > 0 {
		b.unwatch = watchContext(b.ctx, b.done, func(why error) { p.cancel(b, why) })
	}
	if err := p.enqueue(b, ctxErr); err != nil || b.n == 0 {
		if b.unwatch != nil {
			b.unwatch()
		}
		if err != nil {
			b.body.fail(0, max(1, b.n), err)
		}
		b.body.finish()
	}
}

func (p *Pool) enqueue(b *batch, ctxErr error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b.err == nil { // its context may have ended since it is watched
		b.err = p.usable()
	}
	if b.err == nil {
		b.err = ctxErr
	}
	if b.err == nil && b.pinned != nil && b.pinned.state == dead {
		b.err = fmt.Errorf("%w: its worker has gone", ErrCancelled)
	}
	if b.err != nil || b.n == 0 {
		return b.err
	}
	p.enter(b)
	if w := b.pinned; w != nil {
		w.pinned.pushBack(b)
		w.stir()
	} else {
		p.push(b)
		p.kick()
	}
	return nil
}

// enter counts a batch that is not settled.
func (p *Pool) enter(b *batch) {
	b.entered = true
	p.active++
}

// push puts a batch that has something to claim at the end of the queue. The
// caller holds p.mu, as for everything below that does not lock.
func (p *Pool) push(b *batch) {
	p.queue.pushBack(b)
	p.waiting.Add(int64(b.frames()))
}

// kick wakes workers for the frames that wait: idle ones first, then new
// ones, then busy ones that could be sent something ahead.
func (p *Pool) kick() {
	n := int(p.waiting.Load())
	if n == 0 {
		return
	}
	for _, w := range p.workers {
		if w.state == busy && w.pending() == 0 && !w.retiring {
			n-- // it was woken already
		}
	}
	for ; n > 0 && len(p.idle) > 0; n-- {
		w := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		w.state = busy
		w.signal()
	}
	if n <= 0 {
		return
	}
	n -= p.grow(n)
	for _, w := range p.workers {
		if n <= 0 {
			return
		}
		if w.state == busy && w.parked.Load() && w.pending() < int(w.window.Load()) {
			w.parked.Store(false)
			w.signal()
			n--
		}
	}
}

// share is how many frames worker w may claim now. It is sent more than one
// ahead only if its tasks are short, and none ahead while another worker
// could begin at once.
func (p *Pool) share(w *worker) int {
	if w.retiring || w.pinned.n > 0 {
		return min(w.pinned.n, 1)
	}
	if p.waiting.Load() == 0 {
		return 0
	}
	window := int(w.window.Load())
	if t := p.queue.first.tune.Window; t > 0 {
		window = min(window, t)
	}
	pending := w.pending()
	room := window - pending
	if room <= 0 || pending > window/2 {
		return 0
	}
	waiting, live, free := int(p.waiting.Load()), 0, p.lazily()
	for _, o := range p.workers {
		if o.state == dead {
			continue
		}
		live++
		if o != w && o.state != lent && o.pending() == 0 {
			free++
		}
	}
	if pending == 0 {
		return min(room, max(1, min(waiting-free, waiting/(2*live))))
	}
	return max(0, min(room, waiting-free, max(1, waiting/(2*live))))
}

// claim takes up to k frames for worker w and enters them in its flights. It
// returns the number of the first and of the one after the last.
func (p *Pool) claim(w *worker, k int) (first, end uint32) {
	first = w.tail.Load()
	end = first
	w.forget()
	limit := p.opt.MaxTasks
	for int(end-first) < k && (w.pinned.n > 0 || p.queue.n > 0 && !w.retiring) {
		pinned := w.pinned.n > 0
		var b *batch
		run := 1 // frames of this batch; if others wait it is their turn after one
		if pinned {
			b = w.pinned.first
			w.pinned.remove(b)
		} else if b = p.queue.first; p.queue.n == 1 {
			run = k
		}
		before, from := b.frames(), end
		for run > 0 && int(end-first) < k && b.waits() && (pinned || !w.retiring) {
			most := b.n
			if limit > 0 && !pinned {
				most = limit - w.given
			}
			s := b.take(most)
			w.flights[end%maxWindow] = flight{b, s}
			w.given += s.hi - s.lo
			if limit > 0 && w.given >= limit {
				w.retiring, w.recycled = true, true
			}
			end++
			run--
		}
		b.uses.Add(int32(end - from))
		b.running = true
		p.watch(b)
		if pinned {
			continue
		}
		after := b.frames()
		p.waiting.Add(int64(after - before))
		if after == 0 || p.queue.n > 1 {
			p.queue.remove(b)
			if after > 0 {
				p.queue.pushBack(b)
			}
		}
	}
	w.tail.Store(end)
	return first, end
}

// giveBack makes a claimed span wait again, ahead of what has never been
// claimed. A batch that was stopped meanwhile loses it; the caller then calls
// drop with what is returned, without the lock.
func (p *Pool) giveBack(b *batch, s span) (dropped []flight) {
	if b == nil {
		return nil
	}
	if b.err == nil && p.err != nil {
		b.err = p.err
	}
	if b.err == nil && b.pinned != nil {
		b.err = fmt.Errorf("%w: its worker has gone", ErrCancelled)
	}
	if b.err != nil {
		return []flight{{b, s}}
	}
	b.again = append(b.again, s)
	p.waiting.Add(1)
	if b.list == nil {
		p.queue.pushFront(b)
	}
	return nil
}

// drop fails spans that will not run, with the error of their batch.
func (p *Pool) drop(fl []flight) {
	for _, f := range fl {
		f.b.body.fail(f.s.lo, f.s.hi, f.b.err)
		p.settled(f.b, f.s.hi-f.s.lo)
	}
}

// settled counts down a batch, outside the lock.
func (p *Pool) settled(b *batch, n int) {
	if n == 0 {
		return
	}
	left := b.left.Add(int64(-n))
	if b.progress != nil {
		b.progress.moved()
	}
	if left > 0 {
		return
	}
	if b.unwatch != nil {
		b.unwatch()
	}
	b.body.finish()
	p.mu.Lock()
	p.active--
	last := p.active == 0 && p.closing
	p.mu.Unlock()
	if last {
		p.finishIfEnded()
	}
}

// becomeIdle puts a worker without work on the idle list, or to work again.
func (p *Pool) becomeIdle(w *worker) {
	if w.state != busy && w.state != lent {
		return
	}
	w.state = busy
	if w.unflushed || w.retiring || p.waiting.Load() > 0 || w.pinned.n > 0 {
		w.signal()
		return
	}
	w.state = idle
	w.idleSince = time.Now()
	p.idle = append(p.idle, w)
	p.quiet()
}
