package procpool

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// live is the life of a worker process: it is started, read from, and buried.
func (w *worker) live() {
	if err := w.start(); err != nil {
		close(w.written)
		w.bury(&WorkerError{}, err)
		return
	}
	go w.write()
	if w.startErr = w.hello(); w.startErr != nil {
		w.died()
		return
	}
	w.read()
}

// read is the reader. It starts itself again if a decoder ends it with
// Goexit.
func (w *worker) read() {
	returned := false
	defer func() {
		if !returned {
			go w.read()
		}
	}()
	for w.readStep() {
	}
	returned = true
	w.died()
}

// readStep takes one answer, and rests if there are no more to come; false
// means that the worker has gone.
func (w *worker) readStep() bool {
	if w.cur.active {
		w.settle()
	}
	if w.pending() == 0 && !w.rest() {
		return false
	}
	h, data, err := w.link.recv()
	switch {
	case err != nil:
		if !errors.Is(err, errHangup) {
			w.p.mu.Lock()
			w.kill(err)
			w.p.mu.Unlock()
		}
		return false
	case h.kind == frameRetire:
		w.p.mu.Lock()
		w.retiring = true
		w.p.past.Outgrown++
		w.p.mu.Unlock()
		return true
	case h.kind == frameSkipped:
		w.answered()
		return true
	}
	seq := w.head.Load()
	w.cur = answering{flight: w.flights[seq%maxWindow], active: true, h: h, data: data}
	if w.cur.b == nil { // nothing was left to send
		w.cur.active = false
		w.answered()
		return true
	}
	if h.kind == frameMixed {
		w.p.mu.Lock()
		if b := w.cur.b; b.err != nil && !b.first {
			w.cur.instead = b.err
		} else if w.expired == seq+1 {
			w.cur.instead = ErrTaskTimeout
		}
		w.p.mu.Unlock()
	}
	w.settle()
	return true
}

// settle hands the answer to its batch.
func (w *worker) settle() {
	c := &w.cur
	failed := c.b.body.settle(c.s, c.h, &c.data, &c.at, &w.dec, c.instead)
	b, n := c.b, c.s.hi-c.s.lo
	if failed > 0 && b.tune.FirstError {
		w.p.halt(b, errFirst, true)
	}
	w.cur = answering{}
	w.answered()
	w.p.past.tasks.Add(int64(n))
	w.p.past.failed.Add(int64(failed))
	w.p.settled(b, n)
}

var errFirst = errors.New("procpool: another task failed")

// answered moves on to the next frame, and now and then decides how many may
// be sent ahead: as many as run in about a fifth of a millisecond.
func (w *worker) answered() {
	w.head.Add(1)
	w.answers++
	if w.answers < 256 && w.pending() > 0 && w.link.ready() {
		return
	}
	now := time.Now()
	per := now.Sub(w.boundary).Seconds() / float64(w.answers)
	w.boundary, w.answers = now, 0
	if w.perFrame == 0 {
		w.perFrame = per
	}
	w.perFrame = (w.perFrame + per) / 2
	if w.page != nil {
		w.window.Store(int32(max(1, min(maxWindow, ahead/w.perFrame))))
	}
	if w.parked.Load() && w.p.waiting.Load() > 0 && w.pending() <= int(w.window.Load())/2 {
		w.signal()
	}
}

const ahead = 200e-6 // seconds of work that a worker may be sent ahead

// rest waits until there is something to receive; false means that the
// worker has gone.
func (w *worker) rest() bool {
	p := w.p
	p.mu.Lock()
	if w.pending() > 0 {
		p.mu.Unlock()
		return true
	}
	w.reading = false
	w.forget()
	if w.state == busy {
		p.becomeIdle(w)
	}
	p.mu.Unlock()
	select {
	case <-w.rwake:
	case <-w.gone:
		p.mu.Lock()
		for w.state == lent {
			p.mu.Unlock()
			<-w.rwake
			p.mu.Lock()
		}
		w.reading = true
		p.mu.Unlock()
		return w.pending() > 0
	}
	w.boundary = time.Now()
	return true
}

// died sorts out what a worker leaves behind: what it was running fails, or
// runs again; what it had not begun runs elsewhere.
func (w *worker) died() {
	p := w.p
	p.mu.Lock()
	if w.state == idle {
		p.idle = slices.DeleteFunc(p.idle, func(o *worker) bool { return o == w })
	}
	expected := w.ending
	w.state = dead
	w.signal()
	p.mu.Unlock()

	if !expected {
		w.proc.signal(syscall.SIGKILL)
	}
	<-w.gone
	<-w.written
	death := w.proc.death()

	p.mu.Lock()
	death.Cause = w.cause
	var dropped, failed []flight
	started, elem := w.head.Load()+1, 0
	if w.page != nil {
		started, elem = w.page.started(), w.page.element()
	}
	requeue := func(b *batch, s span) {
		if s.lo < s.hi {
			dropped = append(dropped, p.giveBack(b, s)...)
		}
	}
	for seq, end := w.head.Load(), w.tail.Load(); seq != end; seq++ {
		fl := w.flights[seq%maxWindow]
		switch {
		case fl.b == nil:
		case int32(seq-started) >= 0:
			requeue(fl.b, fl.s)
		case p.opt.OnDeath == RetryTask && fl.b.err == nil && p.err == nil && fl.s.tries < fl.b.tune.retries() && retryable(w.cause):
			fl.s.tries++
			p.past.Retried += fl.s.hi - fl.s.lo
			requeue(fl.b, fl.s)
		default:
			s := fl.s
			if seq == started-1 && s.hi-s.lo > elem+1 {
				requeue(fl.b, span{lo: s.lo + elem + 1, hi: s.hi, tries: s.tries})
				s.hi = s.lo + elem + 1
			}
			failed = append(failed, flight{fl.b, s})
		}
	}
	w.head.Store(w.tail.Load())
	w.forget()
	for _, b := range w.pinned {
		requeue(b, span{lo: 0, hi: b.n})
	}
	w.pinned = nil
	if !expected && w.startErr == nil {
		p.past.Died++
	}
	broken := p.opt.OnDeath == BreakPool && !expected && p.err == nil
	p.mu.Unlock()

	startErr := w.startErr
	if errors.Is(startErr, errHangup) {
		startErr = &notReady{death}
	}
	for _, f := range failed {
		var err error = &WorkerError{}
		*err.(*WorkerError) = *death // each its own
		p.mu.Lock()
		switch {
		case f.b.err != nil && !f.b.first:
			err = f.b.err
		case p.err != nil:
			err = p.err
		}
		p.mu.Unlock()
		f.b.body.fail(f.s.lo, f.s.hi, err)
		p.past.tasks.Add(int64(f.s.hi - f.s.lo))
		p.past.failed.Add(int64(f.s.hi - f.s.lo))
		if f.b.tune.FirstError {
			p.halt(f.b, errFirst, true)
		}
		p.settled(f.b, f.s.hi-f.s.lo)
	}
	p.drop(dropped)
	if broken {
		p.end(fmt.Errorf("%w: %w", ErrBroken, death))
	}
	w.bury(death, startErr)
}

func retryable(cause error) bool { return cause == nil || errors.Is(cause, ErrMemoryLimit) }

// notReady is a worker that ended before it was ready.
type notReady struct{ *WorkerError }

func (e *notReady) Error() string {
	hint := ""
	if e.WorkerError.ExitCode >= 0 {
		hint = ": is ServeIfWorker the first call in main (in TestMain)?"
	}
	return fmt.Sprintf("procpool: worker ended before it was ready%s: %v", hint, e.WorkerError)
}

func (e *notReady) Unwrap() error { return e.WorkerError }

// bury removes a worker from its pool. A pool whose workers cannot be started
// three times in a row is broken: everything that waits would wait for ever.
func (w *worker) bury(death *WorkerError, startErr error) {
	p := w.p
	if w.link != nil {
		w.link.close()
	}
	if w.proc != nil {
		w.proc.close()
	}
	if w.mem != nil {
		unmapShared(w.mem)
	}
	p.mu.Lock()
	w.state = dead
	p.workers = slices.DeleteFunc(p.workers, func(o *worker) bool { return o == w })
	if w.proc != nil {
		p.past.cpu += w.proc.cpu()
	}
	var broken error
	if startErr != nil {
		p.failures++
		w.startErr = startErr
		if p.failures >= 3 || errors.As(startErr, new(*InitError)) {
			broken = fmt.Errorf("%w: workers cannot be started: %w", ErrBroken, startErr)
		}
	}
	if broken == nil {
		p.replace()
	}
	p.mu.Unlock()
	if broken != nil {
		p.end(broken)
	}
	if startErr != nil {
		close(w.started)
	}
	p.mu.Lock()
	p.cond.Broadcast()
	p.mu.Unlock()
}
