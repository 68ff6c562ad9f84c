package procpool

// A sender is the goroutine that encodes and sends what a worker claims.
type sender struct {
	w       *worker
	sec     section
	enc     coder
	scratch []byte
	sending []flight
	at      int    // the next of them to send
	first   uint32 // number of sending[0]
	owes    bool   // the frame before the next was left to another: an empty one goes in its place
}

func (w *worker) newSender() *sender {
	return &sender{w: w, enc: coder{codec: w.p.opt.Codec}}
}

// write is the sender. It starts itself again if an encoder ends it with
// Goexit.
func (s *sender) write() {
	returned := false
	defer func() {
		if !returned && s.sec.state.Load() != left {
			go s.write()
		}
	}()
	for s.step() {
	}
	returned = true
	if s.sec.state.Load() != left {
		close(s.w.written)
	}
}

func (s *sender) step() bool {
	if s.owes {
		s.owes = false
		s.w.link.send(header{kind: frameCall, flags: fresh}, nil)
	}
	if s.at == len(s.sending) && !s.claim() {
		return false
	}
	var last *batch
	uses := 0
	defer func() { last.used(uses) }() // Goexit in an encoder
	broken := false
	for s.at < len(s.sending) {
		fl, seq := s.sending[s.at], s.first+uint32(s.at)
		s.sending[s.at] = flight{}
		s.at++
		if fl.b != last && last != nil {
			last.used(uses)
			uses = 0
		}
		last = fl.b
		uses++
		if broken { // the receiver sees the end too, and sorts it out
			continue
		}
		err, lost := s.send(fl, seq)
		if lost {
			return false
		}
		broken = err != nil
	}
	return true
}

// claim waits for something to send; false means that the worker is done.
func (s *sender) claim() bool {
	w := s.w
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
				s.first, s.at = first, 0
				w.unflushed = w.link != nil
				s.sending = s.sending[:0]
				for seq := first; seq != end; seq++ {
					s.sending = append(s.sending, w.flights[seq%maxWindow])
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

// send encodes and sends one frame. If lost is true another sender goes on.
func (s *sender) send(fl flight, seq uint32) (err error, lost bool) {
	w := s.w
	if fl.b.fn.arg.form != coded {
		payload, count, _ := fl.b.body.encode(fl.s, &s.enc, &s.scratch)
		return w.link.send(header{kind: frameCall, fn: fl.b.fn.id, count: uint32(count)}, payload), false
	}
	w.link.linger()
	count, returned := 0, false
	var payload []byte
	s.sec.enter(fl.b, fl.s.lo, fl.s.hi)
	defer func() {
		if !returned { // Goexit in an encoder: the frame has to be sent all the same
			if s.leave(fl) {
				return
			}
			w.refuse(fl, seq, 0, &CodecError{Op: "encode argument", Type: fl.b.fn.arg.name, Err: ErrGoexit})
			w.link.send(header{kind: frameCall, fn: fl.b.fn.id}, nil)
		}
	}()
	payload, count, err = fl.b.body.encode(fl.s, &s.enc, &s.scratch)
	returned = true
	if s.leave(fl) {
		return nil, true
	}
	if err != nil {
		w.refuse(fl, seq, count, err)
	}
	if count == 0 {
		payload = nil
	}
	return w.link.send(header{kind: frameCall, fn: fl.b.fn.id, count: uint32(count)}, payload), false
}

// leave ends a section. If another sender has gone on meanwhile, the tasks
// wait again, with more patience, unless they have failed.
func (s *sender) leave(fl flight) (lost bool) {
	if s.sec.leave() {
		return false
	}
	p := s.w.p
	p.mu.Lock()
	var dropped []flight
	if fl.b.takeAway(fl.s.lo, fl.s.hi) {
		fl.b.patience = 4 * max(patienceOfUser, fl.b.patience)
		dropped = p.giveBack(fl.b, fl.s)
		p.kick()
	}
	p.mu.Unlock()
	p.drop(dropped)
	return true
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
	w.tail.Store(w.tail.Load()) // the receiver looks at it before it looks at the slot
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
	w.killAfter(w.p.opt.Grace)
	w.link.send(header{kind: frameEnd}, nil)
	w.link.flush()
}
