package procpool

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Close takes no more work, waits until everything submitted has finished,
// ends the workers and waits until they are gone. A worker that does not end
// within Options.Grace is killed. It returns the reason if the pool broke
// before, or a [*LeftError] if tasks of a pool of goroutines still run although
// they were cancelled; a second call waits and returns the same.
func (p *Pool) Close() error { return p.close(nil, nil) }

// CloseCancel is Close that cancels what has not begun (with [ErrCancelled])
// and waits for what runs.
func (p *Pool) CloseCancel() error {
	return p.close(nil, func() {
		p.mu.Lock()
		var dropped []flight
		for _, w := range p.workers {
			dropped = append(dropped, w.recall()...)
		}
		for p.queue.n > 0 {
			b := p.queue.first
			if b.err == nil {
				b.err = ErrCancelled
			}
			dropped = append(dropped, p.unqueue(b)...)
		}
		p.mu.Unlock()
		p.drop(dropped)
	})
}

// Shutdown is Close that turns into Terminate when ctx ends.
func (p *Pool) Shutdown(ctx context.Context) error {
	needContext(ctx)
	if err := p.made(); err != nil {
		return err
	}
	ended := make(chan struct{})
	done := make(chan struct{})
	defer close(done)
	if stop := watchContext(ctx, done, func(error) {
		p.end(ErrTerminated)
		close(ended)
	}); stop != nil {
		defer stop()
	}
	return p.close(ended, nil)
}

// close ends the pool when everything has finished, or hurry is closed.
func (p *Pool) close(hurry <-chan struct{}, first func()) error {
	if err := p.mayEnd(); err != nil {
		return err
	}
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	if first != nil {
		first()
	}
	if hurry != nil {
		done := make(chan struct{})
		defer close(done)
		go func() {
			select {
			case <-hurry:
				p.broadcastAfter(joinTime)
			case <-done:
			}
		}()
	}
	p.mu.Lock()
	for p.active > 0 || p.occupied() {
		if p.hurried(hurry) {
			break
		}
		p.cond.Wait()
	}
	for _, w := range append([]*worker(nil), p.workers...) {
		w.retire()
	}
	p.mu.Unlock()
	return p.join(hurry)
}

// joinTime is how long a pool that was terminated waits for its workers.
const joinTime = 900 * time.Millisecond

// hurried reports whether hurry was closed, and joinTime has passed since the
// pool was ended. The caller holds p.mu.
func (p *Pool) hurried(hurry <-chan struct{}) bool {
	if hurry == nil {
		return false
	}
	select {
	case <-hurry:
		return !p.endedAt.IsZero() && time.Since(p.endedAt) >= joinTime
	default:
		return false
	}
}

// broadcastAfter wakes those who wait for the pool, after a while.
func (p *Pool) broadcastAfter(d time.Duration) {
	time.AfterFunc(d, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.cond.Broadcast()
	})
}

// mayEnd refuses to end a pool from a task that it runs itself.
func (p *Pool) mayEnd() error {
	if err := p.made(); err != nil {
		return err
	}
	if p.opt.Transport == Goroutines && p.isWorker() {
		return ErrOwnPool
	}
	return nil
}

var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Terminate ends the pool now: everything not finished fails with
// [ErrTerminated], workers get SIGTERM and, after Options.Grace or a third of a
// second, SIGKILL, and it waits until they are gone, for a second at most. It
// may be called again, and after Close. The error says what is left after
// that: a [*LeftError] of processes that the kernel does not end, or of tasks
// of a pool of goroutines, which cannot be killed.
func (p *Pool) Terminate() error {
	if err := p.made(); err != nil {
		return err
	}
	p.end(ErrTerminated)
	if err := p.mayEnd(); err != nil {
		return err
	}
	p.broadcastAfter(joinTime)
	err := p.join(closed)
	if left := (*LeftError)(nil); errors.As(err, &left) {
		return left
	}
	return nil
}

// Done is closed when the pool has ended and its workers are gone.
func (p *Pool) Done() <-chan struct{} { return p.gone }

// end fails everything and starts ending the workers.
func (p *Pool) end(why error) {
	p.mu.Lock()
	if p.err != nil {
		p.mu.Unlock()
		return
	}
	p.err, p.closing, p.endedAt = why, true, time.Now()
	close(p.ended)
	var dropped []flight
	fail := func(l *batchList) {
		for l.n > 0 {
			b := l.first
			if b.err == nil {
				b.err = why
			}
			dropped = append(dropped, p.unqueue(b)...)
		}
	}
	fail(&p.queue)
	for _, w := range append([]*worker(nil), p.workers...) {
		fail(&w.pinned)
		d, _ := w.leaveUserCode(nil)
		dropped = append(dropped, d...)
		w.terminate(why)
	}
	for b := range p.strays {
		if b.err == nil {
			b.err = why
		}
		dropped = append(dropped, p.unqueue(b)...)
	}
	p.mu.Unlock()
	p.drop(dropped)
}

// occupied reports whether a worker is in the hands of a caller.
func (p *Pool) occupied() bool {
	for _, w := range p.workers {
		if w.state == lent {
			return true
		}
	}
	return false
}

// join waits until all workers are gone.
func (p *Pool) join(hurry <-chan struct{}) error {
	p.mu.Lock()
	for len(p.workers) > 0 || p.active > 0 {
		if p.hurried(hurry) {
			break
		}
		p.cond.Wait()
	}
	left := &LeftError{Tasks: int(p.orphans.Load())}
	for _, w := range p.workers {
		left.Workers = append(left.Workers, w.pidNow())
	}
	err := p.err
	last := len(p.workers) == 0 && p.finish()
	p.mu.Unlock()
	if last {
		p.events.close()
	}
	if left.Tasks+len(left.Workers) > 0 {
		return left
	}
	if err == ErrTerminated {
		return nil
	}
	return err
}

// finish ends what is left of a pool without workers; true the first time.
func (p *Pool) finish() bool {
	p.timer.Stop()
	select {
	case <-p.gone:
		return false
	default:
	}
	close(p.gone)
	p.launch.Stop()
	return true
}

// finishIfEnded is finish for a pool that was ended, perhaps without anybody
// who waits for that.
func (p *Pool) finishIfEnded() {
	p.mu.Lock()
	last := p.err != nil && len(p.workers) == 0 && p.active == 0 && p.finish()
	p.cond.Broadcast()
	p.mu.Unlock()
	if last {
		p.events.close()
	}
}

// A LeftError is what a pool could not end.
type LeftError struct {
	Tasks   int   // goroutines that run a task which ignores its context
	Workers []int // numbers of processes that the kernel does not end
}

func (e *LeftError) Error() string {
	switch {
	case len(e.Workers) == 0:
		return fmt.Sprintf("procpool: %d cancelled tasks still run: a goroutine cannot be killed, a task must end when its context does", e.Tasks)
	case e.Tasks == 0:
		return fmt.Sprintf("procpool: worker processes %v have not ended although they were killed", e.Workers)
	}
	return fmt.Sprintf("procpool: %d cancelled tasks still run, and worker processes %v have not ended although they were killed", e.Tasks, e.Workers)
}

// standing returns the workers that are there.
func (p *Pool) standing() []*worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []*worker
	for _, w := range p.workers {
		if !w.retiring && w.state != dead {
			out = append(out, w)
		}
	}
	return out
}
