package procpool

import (
	"context"
	"runtime/pprof"
	"time"
)

// patienceOfUser is how long an encoder or decoder of the user's may keep the
// sender or the receiver of a worker from others. Then they go on without it.
const patienceOfUser = 100 * time.Millisecond

// leaveUserCode replaces the sender and the receiver of a worker if they are
// in code of the user's that concerns b; nil is any batch. outside reports that
// one was. The caller holds p.mu, and calls drop with what is returned,
// without it.
func (w *worker) leaveUserCode(b *batch) (dropped []flight, outside bool) {
	if s := w.snd; s != nil && s.sec.state.Load() == inside && (b == nil || s.sec.b.Load() == b) {
		if d, ok := w.leaveSender(); ok {
			dropped, outside = append(dropped, d...), true
		}
	}
	if r := w.rcv; r != nil && r.sec.state.Load() == inside && (b == nil || r.sec.b.Load() == b) {
		if d, ok := w.leaveReceiver(); ok {
			dropped, outside = append(dropped, d...), true
		}
	}
	return dropped, outside
}

// leaveSender leaves a sender to the encoder that it is in.
func (w *worker) leaveSender() (dropped []flight, ok bool) {
	s := w.snd
	if !s.sec.state.CompareAndSwap(inside, left) {
		return nil, false
	}
	slot := &w.flights[(s.first+uint32(s.at)-1)%maxWindow]
	if b := s.sec.b.Load(); slot.b == b { // else it was taken back
		dropped = b.sendAway(slot.s)
		*slot = flight{}
		w.tail.Store(w.tail.Load()) // the receiver looks at it before it looks at the slot
	}
	next := w.newSender()
	next.sending, next.at, next.first, next.owes = append([]flight(nil), s.sending...), s.at, s.first, true
	w.snd = next
	go labelled(w, "send", next.write)
	return dropped, true
}

// leaveReceiver leaves a receiver to the decoder that it is in.
func (w *worker) leaveReceiver() (dropped []flight, ok bool) {
	r := w.rcv
	if !r.sec.state.CompareAndSwap(inside, left) {
		return nil, false
	}
	dropped = r.sec.b.Load().sendAway(span{lo: r.sec.lo, hi: r.sec.hi})
	next := &receiver{w: w, dec: r.dec.successor(), cur: r.cur, base: r.base, got: r.got, run: r.run, boundary: r.boundary, perFrame: r.perFrame}
	next.cur.gone++
	w.rcv = next
	go labelled(w, "receive", next.read)
	return dropped, true
}

// lookAtUserCode goes on without an encoder or decoder that keeps others
// waiting, and says when to look again.
func (w *worker) lookAtUserCode(now time.Time) (dropped []flight, again time.Duration) {
	others := w.pending() > 1 || w.p.waiting.Load() > 0 || w.retiring || w.p.err != nil
	look := func(u *section, entered *uint32, at *time.Time, leave func() ([]flight, bool)) {
		if u.state.Load() != inside {
			*at = time.Time{}
			return
		}
		if n := u.entered.Load(); n != *entered || at.IsZero() {
			*entered, *at = n, now
		}
		b := u.b.Load()
		patience := max(patienceOfUser, b.patience)
		wait := patience - now.Sub(*at)
		switch {
		case wait > 0:
		case others || b.err != nil:
			d, ok := leave()
			if ok {
				*at = time.Time{}
			}
			dropped = append(dropped, d...)
			wait = patienceOfUser
		default:
			wait = patienceOfUser
		}
		if again == 0 || wait < again {
			again = wait
		}
	}
	look(&w.snd.sec, &w.seen.sends, &w.seen.sendsAt, w.leaveSender)
	look(&w.rcv.sec, &w.seen.recvs, &w.seen.recvsAt, w.leaveReceiver)
	return dropped, again
}

// labelled runs a goroutine of a worker under labels that profiles show.
func labelled(w *worker, does string, f func()) {
	pprof.Do(context.Background(), pprof.Labels("procpool", w.name, "does", does), func(context.Context) { f() })
}
