package procpool

import (
	"context"
	"unsafe"
)

// direct is Call without any other goroutine: the caller takes an idle
// worker, sends, and waits awake for the answer for a short while. If it does
// not come in that time the call becomes a batch like any other, c, and the
// worker goes back to its reader. If there is no idle worker c is nil too.
func direct[A, R any](ctx context.Context, t target, f *Func[A, R], arg A) (r R, c *calls[A, R], done bool, err error) {
	w := t.pool.borrow()
	if w == nil {
		return r, nil, false, nil
	}
	var payload []byte
	switch p := &f.arg; {
	case p.form == fixed && p.size <= len(w.small):
		*(*A)(unsafe.Pointer(&w.small)) = arg
		payload = w.small[:p.size]
	case p.form == fixed:
		boxed := arg
		payload = memory(p, &boxed)
	default:
		payload = viewed(p, &arg)
	}
	h := header{kind: frameCall, fn: f.id, count: 1}
	sent := len(payload) <= w.directMax
	if sent && w.link.send(h, payload) == nil && w.link.flush() == nil && w.link.spin() {
		ah, data, rerr := w.link.recv()
		if rerr == nil && ah.count == 1 {
			r, err = resultOf(f, data, w.link.owned())
			t.pool.past.tasks.Add(1)
			if err != nil {
				t.pool.past.failed.Add(1)
			}
			w.head.Add(1)
			t.pool.giveUp(w)
			return r, nil, true, err
		}
		if rerr == nil { // the worker makes no sense
			rerr = errProtocol
		}
		t.pool.mu.Lock()
		w.kill(rerr)
		t.pool.mu.Unlock()
	}
	c = newCall(ctx, t, f, arg)
	t.pool.convert(w, &c.batch, sent)
	return r, c, false, nil
}

// viewed is memory for a view, which does not keep v itself.
func viewed[T any](p *plan, v *T) []byte {
	if p.text {
		s := *(*string)(unsafe.Pointer(v))
		return unsafe.Slice(unsafe.StringData(s), len(s))
	}
	s := *(*[]byte)(unsafe.Pointer(v))
	return unsafe.Slice(unsafe.SliceData(s), len(s)*p.size)
}

// resultOf is the result of one task, from its payload.
func resultOf[A, R any](f *Func[A, R], data []byte, owned bool) (r R, err error) {
	switch p := &f.res; {
	case p.form == fixed && len(data) == p.size:
		if len(data) > 0 {
			r = *(*R)(unsafe.Pointer(unsafe.SliceData(data)))
		}
		return r, nil
	case p.form == view && owned && p.size == 1:
		keep(p, &r, data)
		return r, nil
	}
	if err := fill(&f.res, &r, data); err != nil {
		return r, &CodecError{Op: "decode result", Type: f.res.name, Err: err}
	}
	return r, nil
}

// borrow takes an idle worker for a direct call, or returns nil.
func (p *Pool) borrow() *worker {
	if p.opt.MaxTasks > 0 || p.gone == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || p.closing || len(p.idle) == 0 || p.queue.n > 0 {
		return nil
	}
	w := p.idle[len(p.idle)-1]
	if w.directMax == 0 {
		return nil
	}
	p.idle = p.idle[:len(p.idle)-1]
	w.state = lent
	w.given++
	w.tail.Add(1)
	return w
}

// giveUp ends a direct call that was answered.
func (p *Pool) giveUp(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.becomeIdle(w)
	p.released(w)
}

// released tells those who wait for a worker to leave its caller's hands.
func (p *Pool) released(w *worker) {
	if p.closing {
		p.cond.Broadcast()
	}
	select {
	case <-w.gone:
		w.signalReader()
	default:
	}
}

// convert makes a direct call that takes long a batch. If nothing was sent
// the worker is free again.
func (p *Pool) convert(w *worker, b *batch, sent bool) {
	b.unwatch = watchContext(b.ctx, b.done, func(why error) { p.cancel(b, why) })
	p.mu.Lock()
	p.enter(b)
	var dropped []flight
	ended := b.err // its context may have ended since it is watched
	if !sent {
		w.tail.Add(^uint32(0))
		if ended == nil {
			ended, b.err = p.err, p.err
		}
		if ended == nil {
			p.push(b)
		} else {
			b.next = b.n
			dropped = append(dropped, flight{b, span{lo: 0, hi: 1}})
		}
		p.becomeIdle(w)
	} else {
		b.next = b.n
		b.running = true
		w.flights[w.head.Load()%maxWindow] = flight{b, span{lo: 0, hi: 1}}
		w.state = busy
		w.reading = true
		w.signalReader()
		p.watch(b)
		if ended != nil {
			dropped = w.stop(b, ended)
		} else if p.err != nil {
			w.interrupt(w.head.Load(), p.err)
		}
	}
	p.released(w)
	p.mu.Unlock()
	p.drop(dropped)
}
