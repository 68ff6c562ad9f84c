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
	begin(data []byte, count int) error
	step(e *execution) (done bool)
	answer() (kind byte, count int, payload []byte)
	end()
}

// execution is what the tasks of a worker share.
type execution struct {
	ctx  context.Context
	elem *uint32 // number of the task in the frame, for the parent of a dead worker
	in   coder
	out  coder
}

type run[A, R any] struct {
	fn    *Func[A, R]
	data  []byte
	count int
	i     int    // the task at hand
	op    byte   // what is being done for it: failReturn, failDecode, failEncode
	arg   A      // its argument
	res   R      // its result; kept until answer is sent if count is 1
	plain []byte // payload of the result if count is 1

	results []R    // if R is fixed and there is no error yet
	marked  []byte // otherwise: for each task 0 or 1, length, result or error
	isMixed bool
}

func (r *run[A, R]) begin(data []byte, count int) error {
	r.data, r.count, r.i = data, count, 0
	r.results, r.marked, r.plain = r.results[:0], r.marked[:0], nil
	r.isMixed = r.fn.res.form != fixed && count != 1
	if p := &r.fn.arg; p.form == fixed {
		if len(data) != count*p.size {
			return fmt.Errorf("%w: %d bytes for %d arguments of %d", errProtocol, len(data), count, p.size)
		}
		if len(data) > 0 && uintptr(unsafe.Pointer(unsafe.SliceData(data)))&7 != 0 {
			words := make([]uint64, (len(data)+7)/8)
			r.data = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), len(data))
			copy(r.data, data)
		}
	}
	return nil
}

func (r *run[A, R]) step(e *execution) (done bool) {
	defer func() {
		if !done {
			r.fail(aborted(recover()))
			r.i++
		}
	}()
	for ; r.i < r.count; r.i++ {
		*e.elem = uint32(r.i)
		r.op = failDecode
		if err := r.load(e); err != nil {
			r.fail(err)
			continue
		}
		r.op = failReturn
		res, err := r.fn.call(e.ctx, r.arg)
		if r.fn.arg.form != fixed {
			var none A
			r.arg = none
		}
		if err != nil {
			r.fail(err)
			continue
		}
		if r.fn.res.form == fixed && !r.isMixed {
			r.results = append(r.results, res)
			continue
		}
		r.op = failEncode
		if err := r.store(e, res); err != nil {
			r.fail(err)
		}
	}
	return true
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
	return e.in.decode(data, &r.arg)
}

// store encodes a result that is not simply appended to results.
func (r *run[A, R]) store(e *execution, res R) (err error) {
	r.res = res
	var b []byte
	if r.fn.res.form == coded {
		if b, err = e.out.encode(&r.res); err != nil {
			return err
		}
	} else {
		b = memory(&r.fn.res, &r.res)
	}
	if !r.isMixed {
		r.plain = b
		return nil
	}
	r.marked = appendBytes(append(r.marked, 0), b)
	return nil
}

// fail notes the error of the task at hand.
func (r *run[A, R]) fail(err error) {
	if !r.isMixed {
		r.isMixed = true
		for i := range r.results {
			r.marked = appendBytes(append(r.marked, 0), memory(&r.fn.res, &r.results[i]))
		}
	}
	typ := ""
	switch r.op {
	case failDecode:
		typ = r.fn.arg.name
	case failEncode:
		typ = r.fn.res.name
	}
	r.marked = append(r.marked, 1)
	at := len(r.marked)
	r.marked = appendError(r.marked, r.op, typ, err)
	var size [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(size[:], uint64(len(r.marked)-at))
	r.marked = append(r.marked, size[:n]...)
	copy(r.marked[at+n:], r.marked[at:len(r.marked)-n])
	copy(r.marked[at:], size[:n])
}

func (r *run[A, R]) answer() (kind byte, count int, payload []byte) {
	switch {
	case r.isMixed:
		return frameMixed, r.count, r.marked
	case r.fn.res.form == fixed:
		return frameOK, r.count, array(&r.fn.res, r.results)
	}
	return frameOK, r.count, r.plain
}

// end lets go of what the frame held.
func (r *run[A, R]) end() {
	var noA A
	var noR R
	r.arg, r.res, r.data, r.plain = noA, noR, nil, nil
	if cap(r.marked) > 1<<20 {
		r.marked = nil
	}
	if cap(r.results) > 1<<20 {
		r.results = nil
	}
}
