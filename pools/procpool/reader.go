package procpool

import (
	"errors"
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
	if err := w.hello(); err != nil {
		w.died(err)
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
	w.died(nil)
}

// readStep takes one answer, and rests if there are no more to come; false
// means that the worker has gone.
func (w *worker) readStep() bool {
	if w.cur.active {
		w.settle()
	}
	if w.got == w.tail.Load() && !w.rest() {
		return false
	}
	h, data, err := w.link.recv()
	if err == nil && h.kind != frameRetire && w.got == w.tail.Load() {
		err = errProtocol // an answer to nothing
	}
	if err != nil {
		w.pause()
		if !errors.Is(err, errHangup) {
			w.p.mu.Lock()
			w.kill(err)
			w.p.mu.Unlock()
		}
		return false
	}
	switch h.kind {
	case frameRetire:
		w.p.outgrown(w)
		return true
	case frameSkipped:
	default:
		if fl := w.flights[w.got%maxWindow]; fl.b != nil { // else nothing was left to send
			w.cur = answering{flight: fl, active: true, h: h, data: data}
			if h.kind == frameMixed {
				w.cur.instead = w.excuse(fl.b, w.got)
			}
			w.settle()
			return true
		}
	}
	w.answered()
	return true
}

// outgrown notes that a worker asks to be replaced.
func (p *Pool) outgrown(w *worker) {
	p.mu.Lock()
	w.retiring = true
	p.past.Outgrown++
	p.mu.Unlock()
}

// excuse is the error that stands for those of tasks that were told to stop.
func (w *worker) excuse(b *batch, seq uint32) error {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	if w.expired == seq+1 {
		return ErrTaskTimeout
	}
	return nil
}

// settle hands the answer to its batch.
func (w *worker) settle() {
	c := &w.cur
	if w.run.b != c.b && w.run.b != nil {
		w.pause()
	}
	failed := c.b.body.settle(c.s, c.h, &c.data, &c.at, &w.dec, c.instead)
	w.run.b = c.b
	w.run.tasks += c.s.hi - c.s.lo
	w.run.failed += failed
	*c = answering{}
	w.answered()
}

// errFirst stands for the errors of tasks that were stopped because another
// had failed; it is not recorded.
var errFirst = errors.New("procpool: another task failed")

// answered moves on to the next frame.
func (w *worker) answered() {
	w.got++
	w.run.frames++
	if w.run.frames >= 256 || w.run.failed > 0 || w.got == w.tail.Load() || !w.link.ready() {
		w.pause()
	}
}

// pause ends a run of answers: it tells the batch, and decides how many
// frames may be sent ahead, as many as run in about a fifth of a millisecond.
func (w *worker) pause() {
	r := w.run
	w.run = tally{}
	if r.frames == 0 {
		return
	}
	var dropped []flight
	first := false
	if r.failed > 0 && r.b.tune.FirstError {
		dropped, first = w.p.bar(r.b, errFirst) // before there is room for its next task
	}
	w.head.Store(w.got)
	now := time.Now()
	per := now.Sub(w.boundary).Seconds() / float64(r.frames)
	w.boundary = now
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
	if r.b == nil {
		return
	}
	w.p.past.tasks.Add(int64(r.tasks))
	if r.failed > 0 {
		w.p.past.failed.Add(int64(r.failed))
	}
	if first {
		w.p.halt(r.b, errFirst, dropped)
	}
	w.p.settled(r.b, r.tasks)
}

const ahead = 200e-6 // seconds of work that a worker may be sent ahead

// rest waits until there is something to receive; false means that the
// worker has gone.
func (w *worker) rest() bool {
	p := w.p
	p.mu.Lock()
	for w.pending() == 0 || w.state == lent {
		w.reading = false
		w.forget()
		if w.state == busy {
			p.becomeIdle(w)
		}
		p.mu.Unlock()
		gone := false
		select {
		case <-w.rwake:
		case <-w.gone:
			gone = true
		}
		p.mu.Lock()
		for gone && w.state == lent {
			p.mu.Unlock()
			<-w.rwake
			p.mu.Lock()
		}
		if gone && w.pending() == 0 {
			p.mu.Unlock()
			return false
		}
	}
	w.reading = true
	w.got = w.head.Load() // direct calls moved it on
	p.mu.Unlock()
	w.boundary = time.Now()
	return true
}
