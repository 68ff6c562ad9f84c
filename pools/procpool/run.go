package procpool

import (
	"context"
	"encoding/binary"
	"fmt"
	"unsafe"
)

// A runner runs the tasks of one frame in a worker. step runs until all are
// done or until one panics or calls Goexit; then it is called again, after a
// Goexit by another goroutine.
type runner interface {
	begin(e *execution, data []byte, count int) error
	step(e *execution) (done bool)
	answer() (h header, payload []byte)
	end()
}

// execution is what the tasks of a worker share.
type execution struct {
	ctx  context.Context
	in   coder
	out  coder
	jour *journal

	// send sends a part of the answer.
	send func(h header, payload []byte)
}

// A run is a frame of one function. The results of the tasks of a frame are
// collected in the journal, which the parent can read if this process dies:
// the death of a worker takes the running task and no other. What does not fit
// is sent as a part of the answer.
type run[A, R any] struct {
	fn    *Func[A, R]
	data  []byte
	count int
	i     int  // the task at hand
	sent  int  // tasks whose outcome was sent in parts
	op    byte // what is being done for it: failReturn, failDecode, failEncode
	arg   A    // its argument
	res   R    // its result; kept until answer is sent if count is 1

	results []R    // in the journal, if R is fixed and there is no error yet
	marked  []byte // in the journal otherwise: for each task 0 or 1, length, result or error
	plain   []byte // payload of the result if count is 1
	isMixed bool
}

func (r *run[A, R]) begin(e *execution, data []byte, count int) error {
	r.data, r.count, r.i, r.sent, r.plain = data, count, 0, 0, nil
	r.isMixed = r.fn.res.form != fixed && count != 1
	r.results, r.marked = r.space(e), e.jour.results[:0]
	if r.isMixed {
		publish(&e.jour.filled, 0)
		publish(&e.jour.marked, 1)
	}
	p := &r.fn.arg
	if p.form != fixed {
		return nil
	}
	if len(data) != count*p.size {
		return fmt.Errorf("%w: %d bytes for %d arguments of %d", errProtocol, len(data), count, p.size)
	}
	if len(data) > 0 && uintptr(unsafe.Pointer(unsafe.SliceData(data)))&7 != 0 {
		words := make([]uint64, (len(data)+7)/8)
		r.data = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), len(data))
		copy(r.data, data)
	}
	return nil
}

// space is the journal as room for results of the fixed form. R has no
// pointers then.
func (r *run[A, R]) space(e *execution) []R {
	p := &r.fn.res
	if p.form != fixed || p.size > resultSpace {
		return nil
	}
	return unsafe.Slice((*R)(unsafe.Pointer(&e.jour.results)), resultSpace/max(1, p.size))[:0]
}

func (r *run[A, R]) step(e *execution) (done bool) {
	defer func() {
		if !done {
			r.fail(e, aborted(recover()))
			r.next(e)
		}
	}()
	if r.fn.arg.form == fixed && r.fn.res.form == fixed && r.fn.arg.size > 0 {
		r.quick(e)
	}
	for ; r.i < r.count; r.next(e) {
		r.op = failDecode
		if err := r.load(e); err != nil {
			r.fail(e, err)
			continue
		}
		r.op = failReturn
		res, err := r.fn.call(e.ctx, r.arg)
		if r.fn.arg.form != fixed {
			var none A
			r.arg = none
		}
		if err != nil {
			r.fail(e, err)
			continue
		}
		if r.fn.res.form == fixed && !r.isMixed {
			r.append(e, res)
			continue
		}
		r.op = failEncode
		if err := r.store(e, res); err != nil {
			r.fail(e, err)
		}
	}
	return true
}

// quick runs tasks whose arguments and results are fixed, for as long as they
// succeed and their results fit.
func (r *run[A, R]) quick(e *execution) {
	if r.isMixed || cap(r.results) < r.count-r.i+len(r.results) {
		return
	}
	r.op = failReturn
	call, ctx, elem := r.fn.call, e.ctx, &e.jour.elem
	args := unsafe.Slice((*A)(unsafe.Pointer(unsafe.SliceData(r.data))), r.count)
	for r.i < r.count {
		res, err := call(ctx, args[r.i])
		if err != nil {
			r.fail(e, err)
			r.next(e)
			return
		}
		r.results = append(r.results, res)
		r.i++
		publish(elem, uint32(r.i))
	}
}

// next goes on to the next task: the outcome of this one is in the journal.
func (r *run[A, R]) next(e *execution) {
	r.i++
	if r.count > 1 {
		publish(&e.jour.elem, uint32(r.i))
	}
}

// load decodes the next argument.
func (r *run[A, R]) load(e *execution) error {
	p := &r.fn.arg
	if p.form == fixed {
		if p.size > 0 {
			r.arg = *(*A)(unsafe.Pointer(&r.data[r.i*p.size]))
		}
		return nil
	}
	data := r.data
	if r.count != 1 {
		b, rest, ok := cutBytes(r.data)
		if !ok {
			return errProtocol
		}
		data, r.data = b, rest
	}
	var none A
	r.arg = none
	if p.form == view {
		return fill(p, &r.arg, data)
	}
	return e.in.decode(p, data, &r.arg)
}

// append keeps a result of the fixed form.
func (r *run[A, R]) append(e *execution, res R) {
	if len(r.results) == cap(r.results) {
		if cap(r.results) == 0 { // too large for the journal
			r.results = append(make([]R, 0, 1), res)
			r.part(e, 1)
			r.results = nil
			return
		}
		r.part(e, 0)
	}
	r.results = append(r.results, res)
}

// part sends the outcomes that are in the journal, and includes those of the
// next include tasks, whose end the journal does not know of yet.
func (r *run[A, R]) part(e *execution, include int) {
	n := r.i + include - r.sent
	if n > 0 {
		h, payload := r.answer()
		h.flags |= part
		h.count = uint32(n)
		e.send(h, payload)
	}
	r.sent += n
	publish(&e.jour.kept, uint32(r.sent))
	publish(&e.jour.filled, 0)
	r.results, r.marked = r.results[:0], e.jour.results[:0]
}

// store encodes a result that is not simply appended to results.
func (r *run[A, R]) store(e *execution, res R) (err error) {
	r.res = res
	var b []byte
	if r.fn.res.form == coded {
		if b, err = e.out.encode(&r.fn.res, &r.res); err != nil {
			return err
		}
	} else {
		b = memory(&r.fn.res, &r.res)
	}
	if !r.isMixed {
		r.plain = b
		return nil
	}
	r.mark(e, 0, b)
	return nil
}

// mark keeps one marked outcome.
func (r *run[A, R]) mark(e *execution, mark byte, b []byte) {
	need := 1 + binary.MaxVarintLen64 + len(b)
	if r.count > 1 && len(r.marked)+need > resultSpace {
		r.part(e, 0)
		if need > resultSpace {
			r.marked = appendBytes([]byte{mark}, b)
			r.part(e, 1)
			return
		}
	}
	r.marked = appendBytes(append(r.marked, mark), b)
	if r.count > 1 {
		publish(&e.jour.filled, uint32(len(r.marked)))
	}
}

// fail notes the error of the task at hand.
func (r *run[A, R]) fail(e *execution, err error) {
	if !r.isMixed {
		r.part(e, 0)
		r.isMixed = true
		publish(&e.jour.marked, 1)
	}
	typ := ""
	switch r.op {
	case failDecode:
		typ = r.fn.arg.name
	case failEncode:
		typ = r.fn.res.name
	}
	r.mark(e, 1, encodeError(r.op, typ, err))
}

// answer returns what was not sent in parts.
func (r *run[A, R]) answer() (h header, payload []byte) {
	h = header{kind: frameOK, count: uint32(r.count - r.sent)}
	if r.isMixed || r.fn.res.form == coded {
		h.flags |= summed
	}
	switch {
	case r.isMixed:
		h.kind = frameMixed
		return h, r.marked
	case r.fn.res.form == fixed:
		return h, array(&r.fn.res, r.results)
	}
	return h, r.plain
}

// end lets go of what the frame held.
func (r *run[A, R]) end() {
	var noA A
	var noR R
	r.arg, r.res, r.data, r.plain, r.results, r.marked = noA, noR, nil, nil, nil, nil
}
