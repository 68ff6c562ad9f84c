package procpool

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// here is the life of a worker that is a goroutine of this process.
func (w *worker) here() {
	close(w.written)
	p := w.p
	if init := p.opt.Init; init.here != nil {
		failed := make(chan error, 1)
		go func() {
			err := ErrGoexit
			defer func() { failed <- err }()
			_, err = guarded(func() (struct{}, error) { return struct{}{}, init.here(p.inside(context.Background())) })
		}()
		var err error
		late := time.AfterFunc(p.opt.StartTime, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if w.state == starting {
				w.kill(&InitError{ErrTaskTimeout})
			}
		})
		err = <-failed
		late.Stop()
		if w.isAbandoned() {
			p.orphans.Add(-1)
			return
		}
		if err != nil {
			w.bury(&WorkerError{}, &InitError{err})
			return
		}
	}
	p.mu.Lock()
	if w.state == dead { // abandoned at the last moment
		p.mu.Unlock()
		p.orphans.Add(-1)
		return
	}
	w.state = busy
	p.ready(w)
	p.becomeIdle(w)
	p.mu.Unlock()
	p.event(Event{Kind: WorkerStarted, Worker: w.name})
	w.runHere()
}

func (w *worker) isAbandoned() bool {
	w.keeping.Lock()
	defer w.keeping.Unlock()
	return w.abandoned
}

// runHere runs what the worker claims. It starts itself again if a task ends
// it with Goexit.
func (w *worker) runHere() {
	returned := false
	defer func() {
		if !returned {
			go labelled(w, "run", w.runHere)
		}
	}()
	w.id.Store(goroutineID())
	for w.hereStep() {
	}
	returned = true
	if w.isAbandoned() {
		w.p.orphans.Add(-1)
		return
	}
	w.toldOfEnd(0)
	w.bury(nil, nil)
}

// goroutineID is the number of this goroutine, from the head of its stack.
func goroutineID() uint64 {
	var buf [64]byte
	line := buf[:runtime.Stack(buf[:], false)]
	f := bytes.Fields(line)
	if len(f) < 2 {
		return 0
	}
	n, _ := strconv.ParseUint(string(f[1]), 10, 64)
	return n
}

// isWorker reports whether this goroutine is a worker of the pool.
func (p *Pool) isWorker() bool {
	id := goroutineID()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.workers, func(w *worker) bool { return w.id.Load() == id })
}

// An insideKey leads from the context of a task to the pools that it is in.
type insideKey struct{}

type insidePools struct {
	pool  *Pool
	outer *insidePools
}

// inside is the context of a task that the pool runs in this process.
func (p *Pool) inside(ctx context.Context) context.Context {
	outer := insideOf(ctx)
	return context.WithValue(ctx, insideKey{}, &insidePools{p, outer})
}

// insideOf is where a context leads. The context may be of any type.
func insideOf(ctx context.Context) (in *insidePools) {
	defer func() { recover() }()
	in, _ = ctx.Value(insideKey{}).(*insidePools)
	return in
}

// mayWait refuses a task that would wait for the pool that runs it.
func (p *Pool) mayWait(ctx context.Context) error {
	if p.opt.Transport != Goroutines {
		return nil
	}
	for in := insideOf(ctx); in != nil; in = in.outer {
		if in.pool == p {
			return ErrOwnPool
		}
	}
	p.mu.Lock()
	free := len(p.idle) > 0 || p.active == 0
	p.mu.Unlock()
	if !free && p.isWorker() {
		return ErrOwnPool
	}
	return nil
}

// hereStep runs one frame; false means that the worker is done.
func (w *worker) hereStep() bool {
	p := w.p
	if !w.cur.active {
		if !w.snd.claim() {
			return false
		}
		w.cur = answering{flight: w.snd.sending[0], active: true}
		w.keeping.Lock()
		w.kept = 0
		w.keeping.Unlock()
		w.snd.at = 1
		w.snd.sending[0] = flight{}
	}
	b, s := w.cur.b, w.cur.s
	ctx, cancel := context.WithCancelCause(p.inside(context.WithoutCancel(b.ctx))) // cancel tells it, as it tells a process
	defer cancel(nil)
	p.mu.Lock()
	w.cancelRun = cancel
	if b.err != nil {
		cancel(b.err)
	} else if p.err != nil {
		w.interrupt(w.head.Load(), p.err)
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
		} else if p.err != nil {
			err = p.err
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

// keep locks keeping and reports whether the outcome of a task still counts,
// and counts it.
func (w *worker) keep() bool {
	w.keeping.Lock()
	if w.abandoned {
		return false
	}
	w.kept++
	return true
}

// abandon gives up a goroutine that does not obey: the task that it runs fails,
// its outcome will be thrown away, and another takes its place, and what is
// left of its chunk. A goroutine cannot be killed. The caller holds p.mu.
func (w *worker) abandon() {
	p := w.p
	if w.state == dead {
		return
	}
	if w.state == idle {
		p.idle = slices.DeleteFunc(p.idle, func(o *worker) bool { return o == w })
	}
	wasStarting := w.state == starting
	w.state = dead
	w.signal()
	w.keeping.Lock()
	w.abandoned = true
	done := w.kept
	w.keeping.Unlock()
	p.orphans.Add(1)
	var lost, dropped []flight
	finished := 0
	var frame flight
	if w.pending() > 0 { // one at most
		frame = w.flights[w.head.Load()%maxWindow]
		s := frame.s
		at := min(s.lo+done, s.hi)
		finished = at - s.lo
		if at < s.hi {
			lost = append(lost, flight{frame.b, span{lo: at, hi: at + 1}})
		}
		if at+1 < s.hi {
			dropped = p.giveBack(frame.b, span{lo: at + 1, hi: s.hi, tries: s.tries})
		}
	}
	p.past.Died++
	cause := w.cause
	go func() {
		p.past.tasks.Add(int64(finished + len(lost)))
		if finished > 0 {
			p.settled(frame.b, finished)
		}
		for _, f := range lost {
			f.b.body.fail(f.s.lo, f.s.hi, cause)
			p.past.failed.Add(1)
			p.settled(f.b, 1)
		}
		p.drop(dropped)
		p.event(Event{Kind: WorkerDied, Worker: w.name, Err: cause})
		if wasStarting {
			w.bury(&WorkerError{}, cause)
			return
		}
		w.bury(nil, nil)
	}()
}
