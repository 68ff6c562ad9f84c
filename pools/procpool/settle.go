package procpool

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// answering is an answer, or a part of one, that is being taken apart.
type answering struct {
	flight
	active  bool
	h       header
	data    []byte
	owned   bool  // data is ours to keep
	base    int   // tasks of the flight that earlier parts have settled
	at      int   // tasks of this answer that are settled
	gone    int   // of those, the tasks left with a decoder that does not return
	failed  int   // of those
	instead error // replaces the errors of tasks that were told to stop
}

// A section is code of the user's (an encoder or a decoder) that a goroutine
// of the pool is in. If it does not return, the pool leaves that goroutine to
// it and goes on with another.
type section struct {
	state   atomic.Int32
	entered atomic.Uint32
	b       atomic.Pointer[batch] // concerned, while it is inside
	lo, hi  int                   // its tasks; read after state was made left
}

const (
	outside int32 = iota
	inside
	left // by another goroutine
)

func (u *section) enter(b *batch, lo, hi int) {
	u.b.Store(b)
	u.lo, u.hi = lo, hi
	u.entered.Add(1)
	u.state.Store(inside)
}

// leave reports whether the goroutine may go on.
func (u *section) leave() bool { return u.state.CompareAndSwap(inside, outside) }

func (c *calls[A, R]) settle(a *answering, dec *coder, u *section) (failed int, lost bool) {
	n, total := int(a.h.count), a.s.hi-a.s.lo
	lo := a.s.lo + a.base
	whole := func(err error) {
		from := a.s.lo + a.base + a.at
		c.fail(from, a.s.hi, err)
		a.failed += a.s.hi - from
		a.at = a.s.hi - lo
	}
	switch {
	case a.h.kind == frameFault:
		whole(fmt.Errorf("function %s: %w", c.f.name, parseError(a.data)))
		return a.failed, false
	case a.base+n > total || a.base+n < total && a.h.flags&part == 0 || a.h.kind != frameOK && a.h.kind != frameMixed:
		whole(errProtocol)
		return a.failed, false
	}
	p := &c.f.res
	if a.h.kind == frameOK && p.form == fixed {
		if len(a.data) < n*p.size || len(a.data) > n*p.size && a.h.flags&part == 0 {
			whole(errProtocol)
			return a.failed, false
		}
		copy(array(p, c.out[lo:lo+n]), a.data)
		a.at = n
		return 0, false
	}
	for a.at < n {
		i := lo + a.at
		b, ok, mark := a.data, true, byte(0)
		if a.h.kind == frameMixed {
			if len(b) > 0 {
				mark = b[0]
				b, a.data, ok = cutBytes(b[1:])
			} else {
				ok = false
			}
			if !ok {
				whole(errProtocol)
				return a.failed, false
			}
		}
		a.at++ // a Goexit in the decoder does not come back to this task
		switch {
		case mark != 0 && a.instead != nil:
			a.failed++
			c.fail(i, i+1, a.instead)
		case mark != 0:
			if c.decode(a, i, b, true, dec, u) {
				return a.failed, true
			}
		case p.form == coded:
			if c.decode(a, i, b, false, dec, u) {
				return a.failed, true
			}
		case a.owned && n == 1 && total == 1 && p.size == 1:
			keep(p, &c.out[i], b)
		default:
			if err := fill(p, &c.out[i], b); err != nil {
				a.failed++
				c.fail(i, i+1, &CodecError{Op: "decode result", Type: p.name, Err: err})
			}
		}
	}
	return a.failed, false
}

// decode sets the outcome of task i from its payload: a result that is coded,
// or an error. Decoders of the user's may panic, call Goexit, or never return.
func (c *calls[A, R]) decode(a *answering, i int, b []byte, isErr bool, dec *coder, u *section) (lost bool) {
	p := &c.f.res
	var r R
	var err error = &CodecError{Op: "decode result", Type: p.name, Err: ErrGoexit} // unless it returns
	if isErr {
		b = append([]byte(nil), b...)
	} else {
		dec.note(p, b)
		dec.data = append(dec.data[:0], b...) // the frame is not kept by a decoder that does not return
		b = dec.data
	}
	u.enter(&c.batch, i, i+1)
	defer func() {
		lost = !u.leave()
		if lost {
			c.pool.mu.Lock()
			ours := c.takeAway(i, i+1)
			c.pool.mu.Unlock()
			if !ours {
				return // it was failed meanwhile
			}
		}
		if err == nil {
			c.out[i] = r
		} else {
			c.fail(i, i+1, err)
		}
		if lost {
			c.pool.settledLate(&c.batch, err)
		} else if err != nil {
			a.failed++
		}
	}()
	if isErr {
		parseErrorInto(b, &err)
		return
	}
	_, derr := guarded(func() (struct{}, error) { return struct{}{}, dec.decode(p, b, &r) })
	if err = nil; derr != nil {
		err = &CodecError{Op: "decode result", Type: p.name, Err: derr}
	}
	return
}

// settledLate counts a task whose decoder returned after all.
func (p *Pool) settledLate(b *batch, err error) {
	p.past.tasks.Add(1)
	if err != nil {
		p.past.failed.Add(1)
		if b.tune.FirstError {
			p.cancel(b, errFirst)
		}
	}
	p.settled(b, 1)
}

// keep sets v, a string or a slice of bytes, to data without copying it.
func keep[T any](p *plan, v *T, data []byte) {
	if p.text {
		*(*string)(unsafe.Pointer(v)) = unsafe.String(unsafe.SliceData(data), len(data))
		return
	}
	*(*[]byte)(unsafe.Pointer(v)) = data
}
