package procpool

import (
	"errors"
	"time"
)

// A receiver is the goroutine that takes the answers of a worker.
type receiver struct {
	w   *worker
	sec section
	dec coder

	cur      answering
	base     int    // tasks of the frame at hand that parts of its answer have settled
	got      uint32 // what head will be after this run
	run      tally
	boundary time.Time // when the last run of answers ended
	perFrame float64   // seconds, smoothed
}

// A tally is a run of answers for one batch, told to it at once.
type tally struct {
	b                     *batch
	frames, tasks, failed int
}

// live is the life of a worker process: it is started, read from, and buried.
func (w *worker) live() {
	if err := w.start(); err != nil {
		close(w.written)
		w.bury(&WorkerError{}, err)
		return
	}
	r := &receiver{w: w, dec: coder{codec: w.p.opt.Codec, parent: true}}
	w.p.mu.Lock()
	w.snd, w.rcv = w.newSender(), r
	snd := w.snd
	w.p.mu.Unlock()
	go labelled(w, "send", snd.write)
	if err := w.hello(); err != nil {
		r.died(err)
		return
	}
	r.read()
}

// read is the receiver. It starts itself again if a decoder ends it with
// Goexit.
func (r *receiver) read() {
	returned := false
	defer func() {
		if !returned && r.sec.state.Load() != left {
			go r.read()
		}
	}()
	r.dec.learn()
	for r.step() {
	}
	returned = true
	if r.sec.state.Load() != left {
		r.died(nil)
	}
}

// step takes one answer, and rests if there are no more to come; false means
// that the worker has gone, or that another receiver goes on.
func (r *receiver) step() bool {
	w := r.w
	if r.cur.active && !r.settle() {
		return false
	}
	if r.got == w.tail.Load() && !r.rest() {
		return false
	}
	h, data, err := w.link.recv()
	if err == nil && h.kind != frameRetire && r.got == w.tail.Load() {
		err = errProtocol // an answer to nothing
	}
	if err != nil {
		r.pause()
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
		if fl := w.flights[r.got%maxWindow]; fl.b != nil { // else nothing was left to send
			r.cur = answering{flight: fl, active: true, h: h, data: data, owned: w.link.owned(), base: r.base}
			if h.kind == frameMixed {
				r.cur.instead = r.excuse(fl.b, r.got)
			}
			return r.settle()
		}
	}
	if h.flags&part == 0 {
		r.answered()
	}
	return true
}

// outgrown notes that a worker asks to be replaced.
func (p *Pool) outgrown(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.retiring, w.recycled = true, true
	p.past.OverMemory++
}

// excuse is the error that stands for those of tasks that were told to stop.
func (r *receiver) excuse(b *batch, seq uint32) error {
	r.w.p.mu.Lock()
	defer r.w.p.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	if r.w.expired == seq+1 {
		return ErrTaskTimeout
	}
	return nil
}

// settle hands the answer to its batch; false means that another receiver has
// taken over.
func (r *receiver) settle() bool {
	c := &r.cur
	if r.run.b != c.b && r.run.b != nil {
		r.pause()
	}
	failed, lost := c.b.body.settle(c, &r.dec, &r.sec)
	if lost {
		return false
	}
	r.run.b = c.b
	r.run.tasks += c.at - c.gone
	r.run.failed += failed
	isPart := c.h.flags&part != 0 && c.h.kind != frameFault
	r.base = c.base + c.at
	*c = answering{}
	if !isPart {
		r.answered()
	} else {
		r.pause()
	}
	return true
}

// errFirst stands for the errors of tasks that were stopped because another
// had failed; it is not recorded.
var errFirst = errors.New("procpool: another task failed")

// answered moves on to the next frame.
func (r *receiver) answered() {
	r.got++
	r.base = 0
	r.run.frames++
	if r.run.frames >= 256 || r.run.failed > 0 || r.got == r.w.tail.Load() || !r.w.link.ready() {
		r.pause()
	}
}

// pause ends a run of answers: it tells the batch, and decides how many
// frames may be sent ahead, as many as run in about a fifth of a millisecond.
func (r *receiver) pause() {
	w, run := r.w, r.run
	r.run = tally{}
	if run.frames == 0 && run.tasks == 0 {
		return
	}
	var dropped []flight
	first := false
	if run.failed > 0 && run.b.tune.FirstError {
		dropped, first = w.p.bar(run.b, errFirst) // before there is room for its next task
	}
	if run.frames > 0 {
		w.head.Store(r.got)
		now := time.Now()
		per := now.Sub(r.boundary).Seconds() / float64(run.frames)
		r.boundary = now
		if r.perFrame == 0 {
			r.perFrame = per
		}
		r.perFrame = (r.perFrame + per) / 2
		if w.page != nil {
			w.window.Store(int32(max(1, min(maxWindow, ahead/r.perFrame))))
		}
		if w.parked.Load() && w.p.waiting.Load() > 0 && w.pending() <= int(w.window.Load())/2 {
			w.signal()
		}
	}
	if run.b == nil {
		return
	}
	w.p.past.tasks.Add(int64(run.tasks))
	if run.failed > 0 {
		w.p.past.failed.Add(int64(run.failed))
	}
	if first {
		w.p.halt(run.b, errFirst, dropped)
	}
	w.p.settled(run.b, run.tasks)
}

const ahead = 200e-6 // seconds of work that a worker may be sent ahead

// rest waits until there is something to receive; false means that the
// worker has gone.
func (r *receiver) rest() bool {
	w := r.w
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
	r.got = w.head.Load() // direct calls moved it on
	p.mu.Unlock()
	r.boundary = time.Now()
	return true
}
