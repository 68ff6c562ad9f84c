package procpool

import (
	"context"
	"fmt"
	"unsafe"
)

// direct is Call without any other goroutine: the caller takes an idle
// worker, sends, and waits awake for the answer for a short while. If it does
// not come in that time the call becomes a batch like any other, c, and the
// worker goes back to its reader. If there is no idle worker c is nil too.
func direct[A, R any](ctx context.Context, t target, f *Func[A, R], arg A) (r R, c *calls[A, R], done bool, err error) {
	w := t.pool.borrow(ctx)
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
	sent := len(payload) <= t.pool.directMax
	if sent && w.link.send(h, payload) == nil && w.link.flush() == nil && w.link.spin() {
		ah, data, rerr := w.link.recv()
		if rerr == nil && ah.kind == frameRetire {
			t.pool.outgrown(w)
		} else if rerr == nil {
			r, err = answerOf(f, ah, data)
			t.pool.past.tasks.Add(1)
			if err != nil {
				t.pool.past.failed.Add(1)
			}
			w.head.Add(1)
			t.pool.giveUp(w)
			return r, nil, true, err
		}
	}
	c = newCall(ctx, t, f, arg)
	t.pool.convert(w, &c.batch, sent)
	return r, c, false, nil
}

// The largest arguments of a direct call: they fit into an empty slab or pipe,
// so that sending them waits for nobody.
const (
	directRing = 512 << 10
	directPipe = 32 << 10
)

// viewed is memory for a view, which does not keep v itself.
func viewed[T any](p *plan, v *T) []byte {
	if p.text {
		s := *(*string)(unsafe.Pointer(v))
		return unsafe.Slice(unsafe.StringData(s), len(s))
	}
	s := *(*[]byte)(unsafe.Pointer(v))
	return unsafe.Slice(unsafe.SliceData(s), len(s)*p.size)
}

// answerOf is the outcome of one task.
func answerOf[A, R any](f *Func[A, R], h header, data []byte) (r R, err error) {
	if h.kind == frameOK && h.count == 1 {
		if f.res.form == fixed && len(data) == f.res.size {
			if len(data) > 0 {
				r = *(*R)(unsafe.Pointer(unsafe.SliceData(data)))
			}
			return r, nil
		}
		if err := fill(&f.res, &r, data); err != nil {
			return r, &CodecError{Op: "decode result", Type: f.res.name, Err: err}
		}
		return r, nil
	}
	if h.kind == frameFault {
		return r, fmt.Errorf("function %s: %w", f.name, parseError(data))
	}
	if h.kind == frameMixed && len(data) > 0 && data[0] == 1 {
		if b, _, ok := cutBytes(data[1:]); ok {
			return r, parseError(b)
		}
	}
	return r, errProtocol
}

// borrow takes an idle worker for a direct call, or returns nil.
func (p *Pool) borrow(ctx context.Context) *worker {
	if p.directMax == 0 || p.opt.MaxTasks > 0 || ctx.Err() != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || p.closing || len(p.idle) == 0 || len(p.queue) > 0 {
		return nil
	}
	w := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	w.state = lent
	w.given++
	w.tail.Add(1)
	return w
}

// giveUp ends a direct call that was answered.
func (p *Pool) giveUp(w *worker) {
	p.mu.Lock()
	p.becomeIdle(w)
	p.released(w)
	p.mu.Unlock()
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
	p.mu.Lock()
	p.active++
	b.next = b.n
	if b.ctx.Done() != nil {
		b.unwatch = context.AfterFunc(b.ctx, func() { p.cancel(b, context.Cause(b.ctx)) })
	}
	if !sent {
		w.tail.Add(^uint32(0))
		b.again = append(b.again, span{lo: 0, hi: 1})
		p.push(b)
		p.becomeIdle(w)
	} else {
		b.running = true
		w.flights[w.head.Load()%maxWindow] = flight{b, span{lo: 0, hi: 1}}
		w.state = busy
		w.reading = true
		w.signalReader()
		p.watch(b)
	}
	if p.err != nil && !sent {
		b.err = p.err
		dropped := p.unqueue(b)
		defer p.drop(dropped)
	}
	p.released(w)
	p.mu.Unlock()
}
