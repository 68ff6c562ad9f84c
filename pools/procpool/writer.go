package procpool

import (
	"syscall"
	"time"
)

// write is the writer. It starts itself again if an encoder ends it with
// Goexit.
func (w *worker) write() {
	returned := false
	defer func() {
		if !returned {
			go w.write()
		}
	}()
	for w.writeStep() {
	}
	returned = true
	close(w.written)
}

func (w *worker) writeStep() bool {
	if w.at == len(w.sending) && !w.claim() {
		return false
	}
	var last *batch
	uses := 0
	defer func() { last.used(uses) }() // Goexit in an encoder
	broken := false
	for w.at < len(w.sending) {
		fl, seq := w.sending[w.at], w.first+uint32(w.at)
		w.sending[w.at] = flight{}
		w.at++
		if fl.b != last && last != nil {
			last.used(uses)
			uses = 0
		}
		last = fl.b
		uses++
		if !broken { // else the reader sees the end too, and sorts it out
			broken = w.sendFlight(fl, seq) != nil
		}
	}
	return true
}

// claim waits for something to send; false means that the worker is done.
func (w *worker) claim() bool {
	p := w.p
	for {
		p.mu.Lock()
		if w.state == dead || w.ending {
			p.mu.Unlock()
			return false
		}
		if w.state == busy {
			if k := p.share(w); k > 0 {
				first, end := p.claim(w, k)
				w.first, w.at = first, 0
				w.unflushed = w.link != nil
				w.sending = w.sending[:0]
				for seq := first; seq != end; seq++ {
					w.sending = append(w.sending, w.flights[seq%maxWindow])
				}
				if !w.reading {
					w.reading = true
					w.signalReader()
				}
				p.mu.Unlock()
				return true
			}
			if w.unflushed { // before a caller may have the link
				p.mu.Unlock()
				w.link.flush()
				p.mu.Lock()
				w.unflushed = false
				p.mu.Unlock()
				continue
			}
			if w.pending() == 0 {
				if w.retiring {
					w.ending = true
					p.mu.Unlock()
					if w.link != nil {
						w.sayEnd()
					}
					return false
				}
				if !w.reading {
					p.becomeIdle(w)
				}
			}
		}
		w.parked.Store(true)
		p.mu.Unlock()
		<-w.wake
		w.parked.Store(false)
	}
}

// sendFlight encodes and sends one frame.
func (w *worker) sendFlight(fl flight, seq uint32) error {
	count := 0
	sent := false
	defer func() {
		if !sent { // Goexit in an encoder: the frame has to be sent all the same
			w.refuse(fl, seq, 0, &CodecError{Op: "encode argument", Type: fl.b.fn.arg.name, Err: ErrGoexit})
			w.link.send(header{kind: frameCall, fn: fl.b.fn.id}, nil)
		}
	}()
	if fl.b.fn.arg.form == coded {
		w.link.linger()
	}
	payload, count, err := fl.b.body.encode(fl.s, &w.enc, &w.scratch)
	sent = true
	if err != nil {
		w.refuse(fl, seq, count, err)
	}
	if count == 0 {
		payload = nil
	}
	return w.link.send(header{kind: frameCall, fn: fl.b.fn.id, count: uint32(count)}, payload)
}

// refuse takes out of a frame, not sent yet, the task that cannot be encoded:
// the first count remain, those after it wait again.
func (w *worker) refuse(fl flight, seq uint32, count int, err error) {
	p := w.p
	p.mu.Lock()
	slot := &w.flights[seq%maxWindow]
	if slot.b == nil { // taken back meanwhile
		p.mu.Unlock()
		return
	}
	bad := fl.s.lo + count
	slot.s.hi = bad
	if count == 0 {
		slot.b = nil
	}
	w.tail.Store(w.tail.Load()) // the reader looks at it before it looks at the slot
	var dropped []flight
	if bad+1 < fl.s.hi {
		dropped = p.giveBack(fl.b, span{lo: bad + 1, hi: fl.s.hi, tries: fl.s.tries})
		p.kick()
	}
	p.mu.Unlock()
	fl.b.body.fail(bad, bad+1, err)
	if fl.b.tune.FirstError {
		p.cancel(fl.b, errFirst)
	}
	p.drop(dropped)
	p.settled(fl.b, 1)
}

// sayEnd asks the process to end, and sees to it that it does.
func (w *worker) sayEnd() {
	w.link.send(header{kind: frameEnd}, nil)
	w.link.flush()
	time.AfterFunc(w.p.opt.Grace, func() { w.proc.signal(syscall.SIGKILL) })
}
