package procpool

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
)

// died sorts out what a worker leaves behind: what it was running fails, or
// runs again; what it had not begun runs elsewhere. startErr is why it never
// was ready.
func (w *worker) died(startErr error) {
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
	if !expected && startErr == nil {
		p.past.Died++
	}
	broken := p.opt.OnDeath == BreakPool && !expected && p.err == nil
	p.mu.Unlock()

	if errors.Is(startErr, errHangup) {
		startErr = &notReady{death}
	}
	for _, f := range failed {
		var err error = &WorkerError{}
		*err.(*WorkerError) = *death // each its own
		p.mu.Lock()
		switch {
		case f.b.err != nil:
			err = f.b.err
		case p.err != nil:
			err = p.err
		}
		p.mu.Unlock()
		f.b.body.fail(f.s.lo, f.s.hi, err)
		p.past.tasks.Add(int64(f.s.hi - f.s.lo))
		p.past.failed.Add(int64(f.s.hi - f.s.lo))
		if f.b.tune.FirstError {
			p.cancel(f.b, errFirst)
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

// How many starts may fail in a row: three, or 90 if a signal from elsewhere
// ended each.
const (
	maxFailures = 90
	failedStart = maxFailures / 3
)

// bury removes a worker from its pool. A pool whose workers cannot be started
// again and again is broken: everything that waits would wait for ever.
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
	var dropped []flight
	for _, b := range w.pinned { // it never was ready
		dropped = append(dropped, p.giveBack(b, span{lo: 0, hi: b.n})...)
	}
	w.pinned = nil
	var broken error
	if startErr != nil {
		p.failures += failedStart
		if death.Signal != 0 && death.Cause == nil {
			p.failures += 1 - failedStart // killed by somebody: that is no habit of the program
		}
		w.startErr = startErr
		if p.failures >= maxFailures || errors.As(startErr, new(*InitError)) {
			broken = fmt.Errorf("%w: workers cannot be started: %w", ErrBroken, startErr)
		}
	}
	if broken == nil {
		p.replace()
	}
	p.mu.Unlock()
	p.drop(dropped)
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
