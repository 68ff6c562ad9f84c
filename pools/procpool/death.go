package procpool

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"
)

// died sorts out what a worker leaves behind: what it was running fails, or
// runs again; what it had finished has its results; what it had not begun runs
// elsewhere. startErr is why it never was ready.
func (r *receiver) died(startErr error) {
	w := r.w
	p := w.p
	p.mu.Lock()
	if w.state == idle {
		p.idle = slices.DeleteFunc(p.idle, func(o *worker) bool { return o == w })
	}
	expected := w.ending
	w.state = dead
	w.signal()
	if !expected {
		w.finishOff()
	}
	p.mu.Unlock()
	<-w.gone
	w.awaitSender()
	death := deathOf(w)

	p.mu.Lock()
	death.Cause = w.cause
	p.mu.Unlock()
	r.salvage()
	p.mu.Lock()
	var dropped, failed []flight
	begun, elem := w.begun(), 0
	if w.page != nil {
		elem = w.page.element()
	}
	requeue := func(b *batch, s span) {
		if s.lo < s.hi {
			dropped = append(dropped, p.giveBack(b, s)...)
		}
	}
	head := w.head.Load()
	for seq := w.tail.Load(); seq != head; { // the last first: they wait again in their order
		seq--
		fl := w.flights[seq%maxWindow]
		if fl.b == nil {
			continue
		}
		s := fl.s
		running := s.lo
		if seq == head { // parts of its answer had come
			s.lo = min(s.lo+r.base, s.hi)
		}
		if seq == begun-1 {
			running = min(fl.s.lo+elem, fl.s.hi)
		}
		running = max(running, s.lo)
		if w.page == nil { // nobody knows how far it came
			running = s.hi - 1
		}
		switch {
		case s.lo == s.hi:
		case int32(seq-begun) >= 0:
			requeue(fl.b, s)
		case p.opt.OnDeath == RetryTask && fl.b.err == nil && p.err == nil && s.tries < fl.b.tune.retries() && retryable(w.cause):
			requeue(fl.b, span{lo: min(running+1, s.hi), hi: s.hi, tries: s.tries})
			s.hi = min(running+1, s.hi)
			s.tries++
			p.past.Retried += s.hi - s.lo
			requeue(fl.b, s)
		default:
			if seq == begun-1 && s.hi > running+1 {
				requeue(fl.b, span{lo: running + 1, hi: s.hi, tries: s.tries})
				s.hi = running + 1
			}
			failed = append(failed, flight{fl.b, s})
		}
	}
	w.head.Store(w.tail.Load())
	w.forget()
	for w.pinned.n > 0 {
		b := w.pinned.first
		w.pinned.remove(b)
		requeue(b, span{lo: 0, hi: b.n})
	}
	if !expected && startErr == nil {
		p.past.Died++
	}
	broken := p.opt.OnDeath == BreakPool && !expected && p.err == nil
	p.mu.Unlock()

	if errors.Is(startErr, errHangup) {
		startErr = &notReady{death}
	}
	if !expected && startErr == nil {
		p.event(Event{Kind: WorkerDied, Worker: w.name, Pid: death.Pid, Err: death})
	} else if startErr == nil {
		w.toldOfEnd(death.Pid)
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

// awaitSender waits until the sender has ended, and leaves it to an encoder
// that does not return.
func (w *worker) awaitSender() {
	for first := true; ; first = false {
		late := time.NewTimer(patienceOfUser / 5)
		select {
		case <-w.written:
			late.Stop()
			return
		case <-late.C:
		}
		if first {
			continue
		}
		w.p.mu.Lock()
		var dropped []flight
		if s := w.snd; s != nil && s.sec.state.Load() == inside {
			dropped, _ = w.leaveSender()
		}
		w.p.mu.Unlock()
		w.p.drop(dropped)
	}
}

// salvage settles the tasks of the running frame that had ended when the
// worker died.
func (r *receiver) salvage() {
	w := r.w
	head := w.head.Load()
	if w.page == nil || w.begun() != head+1 {
		return
	}
	fl := w.flights[head%maxWindow]
	h, data, first, n := w.page.salvage()
	if fl.b == nil || n <= 0 || first > r.base || first+n > fl.s.hi-fl.s.lo || first+n <= r.base {
		return
	}
	h.flags |= part
	a := answering{flight: fl, active: true, h: h, data: data, base: r.base}
	if first < r.base && !a.cut(r.base-first) {
		return
	}
	a.h.count = uint32(first + n - r.base)
	if h.kind == frameMixed {
		a.instead = r.excuse(fl.b, head)
	}
	r.cur = a
	for done := make(chan bool, 1); ; { // in goroutines of their own: a decoder may end them
		go func() {
			ok := false
			defer func() { done <- ok }()
			r.settle()
			ok = true
		}()
		if <-done || !r.cur.active {
			return
		}
	}
}

// cut leaves out the first n tasks of a salvaged answer.
func (a *answering) cut(n int) bool {
	if a.h.kind == frameOK {
		size := a.b.fn.res.size * n
		if size > len(a.data) {
			return false
		}
		a.data = a.data[size:]
		return true
	}
	for range n {
		if len(a.data) == 0 {
			return false
		}
		_, rest, ok := cutBytes(a.data[1:])
		if !ok {
			return false
		}
		a.data = rest
	}
	return true
}

// toldOfEnd tells that a worker has ended as it was asked to.
func (w *worker) toldOfEnd(pid int) {
	kind := WorkerEnded
	if w.recycled {
		kind = WorkerRecycled
	}
	w.p.event(Event{Kind: kind, Worker: w.name, Pid: pid})
}

// deathOf is how the process of a worker ended.
func deathOf(w *worker) *WorkerError {
	d := w.proc.Death()
	return &WorkerError{Pid: d.Pid, ExitCode: d.ExitCode, Signal: d.Signal, Stderr: d.Stderr, Unknown: d.Unknown}
}

func retryable(cause error) bool {
	return cause == nil || cause == errDeaf || errors.Is(cause, ErrMemoryLimit)
}

// notReady is a worker that ended before it was ready.
type notReady struct{ *WorkerError }

func (e *notReady) Error() string {
	hint := ""
	if e.WorkerError.ExitCode >= 0 && !strings.Contains(e.Stderr, "fatal error: ") && !outOfMemory(e.Stderr) {
		hint = ": is ServeIfWorker the first call in main (in TestMain)?"
	}
	return fmt.Sprintf("procpool: worker ended before it was ready%s: %v", hint, e.WorkerError)
}

func (e *notReady) Unwrap() error { return e.WorkerError }

func outOfMemory(stderr string) bool {
	for _, s := range []string{"out of memory", "cannot allocate memory", "failed to create new OS thread", "failed to reserve", "too many open files"} {
		if strings.Contains(stderr, s) {
			return true
		}
	}
	return false
}

// shortage reports whether a start failed for want of something that may be
// there again soon: descriptors, processes, memory; or because somebody killed
// the worker.
func shortage(err error, death *WorkerError) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.EAGAIN, syscall.ENOMEM, syscall.ENOSPC, syscall.ENOBUFS} {
		if errors.Is(err, e) {
			return true
		}
	}
	_, ended := err.(*notReady)
	return ended && (death.Signal != 0 && death.Cause == nil || outOfMemory(death.Stderr))
}

// hardFailures is how many starts may fail in a row for any other reason.
const hardFailures = 3

// The waits between attempts to start workers while there is a shortage.
const (
	firstRetry = 5 * time.Millisecond
	lastRetry  = time.Second
)

// notStarted notes that a worker could not be started, and returns why the
// pool is broken, if it is: everything that waits would wait for ever.
func (p *Pool) notStarted(err error, death *WorkerError) (broken error) {
	now := time.Now()
	if p.failingSince.IsZero() {
		p.failingSince = now
	}
	_, init := err.(*InitError)
	short := shortage(err, death)
	if !short {
		p.failures++
	}
	if init || !short && (p.failures >= hardFailures || !p.running) || short && now.Sub(p.failingSince) >= p.opt.StartTime {
		if p.err == nil {
			p.startErr = err
		}
		return fmt.Errorf("%w: workers cannot be started: %w", ErrBroken, err)
	}
	if p.retryAt.IsZero() {
		wait := min(firstRetry<<min(p.retries, 10), lastRetry, max(time.Millisecond, p.opt.StartTime-now.Sub(p.failingSince)))
		p.retries++
		p.retryAt = now.Add(wait)
		p.arm(wait)
	}
	return nil
}

// bury removes a worker from its pool.
func (w *worker) bury(death *WorkerError, startErr error) {
	p := w.p
	if w.link != nil {
		w.link.close()
	}
	if w.proc != nil {
		w.proc.Close()
		arrays.left(w.proc)
	}
	w.unmap()
	p.mu.Lock()
	w.state = dead
	p.workers = slices.DeleteFunc(p.workers, func(o *worker) bool { return o == w })
	if w.proc != nil {
		p.past.cpu += w.proc.CPU()
	}
	var dropped []flight
	for w.pinned.n > 0 { // it never was ready
		b := w.pinned.first
		w.pinned.remove(b)
		dropped = append(dropped, p.giveBack(b, span{lo: 0, hi: b.n})...)
	}
	var broken error
	if startErr != nil {
		w.startErr = startErr
		if p.err == nil {
			broken = p.notStarted(startErr, death)
		}
	}
	if broken == nil {
		p.replace()
	}
	p.mu.Unlock()
	p.drop(dropped)
	if startErr != nil {
		p.event(Event{Kind: WorkerFailed, Worker: w.name, Pid: death.Pid, Err: startErr})
	}
	if broken != nil {
		p.end(broken)
	}
	if startErr != nil {
		close(w.started)
	}
	p.finishIfEnded()
}
