package procpool

import (
	"context"
	"slices"
)

// here is the life of a worker that is a goroutine of this process.
func (w *worker) here() {
	close(w.written)
	if init := w.p.opt.Init; init.here != nil {
		failed := make(chan error, 1)
		go func() {
			err := ErrGoexit
			defer func() { failed <- err }()
			_, err = guarded(func() (struct{}, error) { return struct{}{}, init.here(context.Background()) })
		}()
		if err := <-failed; err != nil {
			w.bury(&WorkerError{}, &InitError{err})
			return
		}
	}
	p := w.p
	p.mu.Lock()
	close(w.started)
	p.failures = 0
	w.state = busy
	p.becomeIdle(w)
	p.mu.Unlock()
	w.runHere()
}

// runHere runs what the worker claims. It starts itself again if a task ends
// it with Goexit.
func (w *worker) runHere() {
	returned := false
	defer func() {
		if !returned {
			go w.runHere()
		}
	}()
	for w.hereStep() {
	}
	returned = true
	w.keeping.Lock()
	abandoned := w.abandoned
	w.keeping.Unlock()
	if !abandoned {
		w.bury(nil, nil)
	}
}

// hereStep runs one frame; false means that the worker is done.
func (w *worker) hereStep() bool {
	p := w.p
	if !w.cur.active {
		if !w.claim() {
			return false
		}
		w.cur = answering{flight: w.sending[0], active: true}
		w.sending[0] = flight{}
	}
	b, s := w.cur.b, w.cur.s
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(b.ctx)) // cancel tells it, as it tells a process
	defer cancel(nil)
	p.mu.Lock()
	w.cancelRun = cancel
	if b.err != nil {
		cancel(b.err)
	}
	p.mu.Unlock()
	for ; w.cur.at < s.hi-s.lo; w.cur.at++ {
		w.taskHere(ctx, b, s.lo+w.cur.at)
	}

	p.mu.Lock()
	w.cancelRun = nil
	w.cur = answering{}
	gone := w.state == dead
	if !gone {
		w.head.Add(1)
		w.reading = false
		w.forget()
	}
	p.mu.Unlock()
	if gone {
		b.used(1)
		return false // abandoned; abandon has settled it
	}
	p.past.tasks.Add(int64(s.hi - s.lo))
	p.settled(b, s.hi-s.lo)
	b.used(1)
	return true
}

// taskHere runs one task.
func (w *worker) taskHere(ctx context.Context, b *batch, i int) {
	p := w.p
	var err error
	ended := false
	defer func() {
		if !ended {
			r := recover()
			err = aborted(r)
			if r == nil {
				w.cur.at++ // not again, when the next goroutine goes on
			}
		}
		if err == nil {
			return
		}
		p.mu.Lock()
		if b.err != nil {
			err = b.err
		} else if w.expired == w.head.Load()+1 {
			err = ErrTaskTimeout
		}
		p.mu.Unlock()
		if w.keep() {
			b.body.fail(i, i+1, err)
		}
		w.keeping.Unlock()
		p.past.failed.Add(1)
		if b.tune.FirstError {
			p.cancel(b, errFirst)
		}
	}()
	w.elem.Add(1)
	err = b.body.run(ctx, i, w.keep, &w.keeping)
	ended = true
}

// keep locks keeping and reports whether the outcome of a task still counts.
func (w *worker) keep() bool {
	w.keeping.Lock()
	return !w.abandoned
}

// abandon gives up a goroutine that does not obey: what it runs fails, its
// outcome will be thrown away, and another takes its place. A goroutine
// cannot be killed. The caller holds p.mu.
func (w *worker) abandon() {
	p := w.p
	if w.state == dead {
		return
	}
	if w.state == idle {
		p.idle = slices.DeleteFunc(p.idle, func(o *worker) bool { return o == w })
	}
	w.state = dead
	w.signal()
	w.keeping.Lock()
	w.abandoned = true
	w.keeping.Unlock()
	var lost []flight
	for seq, end := w.head.Load(), w.tail.Load(); seq != end; seq++ {
		lost = append(lost, w.flights[seq%maxWindow])
	}
	p.past.Died++
	cause := w.cause
	go func() {
		for _, f := range lost {
			f.b.body.fail(f.s.lo, f.s.hi, cause)
			p.settled(f.b, f.s.hi-f.s.lo)
		}
		w.bury(nil, nil)
	}()
}
