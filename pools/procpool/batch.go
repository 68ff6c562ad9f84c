package procpool

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// A span is tasks [lo, hi) of a batch, sent as one frame.
type span struct{ lo, hi, tries int }

// A batch is tasks of one function given to a pool at once: a Map, or a
// single call.
type batch struct {
	pool *Pool
	fn   *function
	ctx  context.Context // of the caller
	tune Tuning
	body body
	done chan struct{} // closed when every task is settled
	left atomic.Int64  // tasks not settled
	uses atomic.Int32  // claims whose arguments are still to be read
	idle atomic.Bool   // the arguments were let go

	// Guarded by pool.mu.
	n, next, chunk int         // [next, n) has never been claimed
	again          []span      // claimed, and given back
	queued         bool        // is in pool.queue
	running        bool        // some of it was given to a worker
	err            error       // why no more of it is to start
	pinned         *worker     // the only worker that may run it, or nil
	unwatch        func() bool // stops watching ctx
}

// body is the typed half of a batch.
type body interface {
	// encode returns the payload of the first tasks of s and how many they
	// are; fewer than all only if the next one cannot be encoded, which is
	// err. The payload is good until the next call.
	encode(s span, c *coder, scratch *[]byte) (payload []byte, count int, err error)

	// settle takes the answer for s, starting with task s.lo + *at, which it
	// moves on, so that it can be called again after a panic or a Goexit in
	// a decoder. It returns how many tasks failed; instead, if not nil,
	// replaces the errors of tasks that the worker reported.
	settle(s span, h header, data *[]byte, at *int, c *coder, instead error) (failed int)

	// fail gives tasks [lo, hi) an error.
	fail(lo, hi int, err error)

	// run runs task i here, and keeps the result if keep returns true; keep
	// locks mu, which run unlocks.
	run(ctx context.Context, i int, keep func() bool, mu *sync.Mutex) error

	// finish is called once, when all tasks are settled; release after that,
	// once, when the arguments are not needed any more.
	finish()
	release()
}

// calls is the body of a batch with its types.
type calls[A, R any] struct {
	batch
	f   *Func[A, R]
	in  []A
	out []R

	mu     sync.Mutex
	errs   Errors
	onDone func() // called once after done is closed

	oneIn  [1]A // where in and out lie for a single task
	oneOut [1]R
}

func (c *calls[A, R]) encode(s span, enc *coder, scratch *[]byte) ([]byte, int, error) {
	p := &c.f.arg
	if p.form == fixed {
		return array(p, c.in[s.lo:s.hi]), s.hi - s.lo, nil
	}
	single := s.hi-s.lo == 1
	out := (*scratch)[:0]
	for i := s.lo; i < s.hi; i++ {
		var b []byte
		var err error
		if p.form == view {
			b = memory(p, &c.in[i])
		} else if b, err = guarded(func() ([]byte, error) { return enc.encode(&c.in[i]) }); err != nil {
			if i-s.lo == 1 {
				out, _, _ = cutBytes(out) // one alone has no length before it
			}
			return out, i - s.lo, &CodecError{Op: "encode argument", Type: p.name, Err: err}
		}
		if single {
			return b, 1, nil
		}
		out = appendBytes(out, b)
	}
	*scratch = out
	return out, s.hi - s.lo, nil
}

// guarded calls a function of the user's and makes a panic an error.
func guarded[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = aborted(r)
		}
	}()
	return f()
}

func (c *calls[A, R]) settle(s span, h header, data *[]byte, at *int, dec *coder, instead error) (failed int) {
	n := s.hi - s.lo
	whole := func(err error) int {
		rest := n - *at
		c.fail(s.lo+*at, s.hi, err)
		*at = n
		return rest
	}
	if h.kind == frameFault {
		return whole(fmt.Errorf("function %s: %w", c.f.name, parseError(*data)))
	}
	if int(h.count) != n || h.kind != frameOK && h.kind != frameMixed {
		return whole(errProtocol)
	}
	p := &c.f.res
	if h.kind == frameOK && p.form == fixed {
		if len(*data) != n*p.size {
			return whole(errProtocol)
		}
		copy(array(p, c.out[s.lo:s.hi]), *data)
		*at = n
		return 0
	}
	for *at < n {
		i := s.lo + *at
		b, ok, mark := *data, true, byte(0)
		if h.kind == frameMixed {
			if len(b) == 0 {
				return failed + whole(errProtocol)
			}
			mark = b[0]
			if b, *data, ok = cutBytes(b[1:]); !ok {
				return failed + whole(errProtocol)
			}
		}
		*at++ // a Goexit in the decoder does not come back to this task
		if mark != 0 {
			failed++
			if instead != nil {
				c.fail(i, i+1, instead)
			} else {
				c.fail(i, i+1, parseError(b))
			}
		} else if err := c.decode(i, b, dec); err != nil {
			failed++
			c.fail(i, i+1, err)
		}
	}
	return failed
}

// decode sets result i from its payload.
func (c *calls[A, R]) decode(i int, b []byte, dec *coder) error {
	p := &c.f.res
	var err error
	if p.form == coded {
		err = func() error {
			ended := false
			defer func() {
				if !ended && recover() == nil {
					c.fail(i, i+1, &CodecError{Op: "decode result", Type: p.name, Err: ErrGoexit})
				}
			}()
			_, err := guarded(func() (struct{}, error) { return struct{}{}, dec.decode(b, &c.out[i]) })
			ended = true
			return err
		}()
	} else {
		err = fill(p, &c.out[i], b)
	}
	if err != nil {
		var none R
		c.out[i] = none
		return &CodecError{Op: "decode result", Type: p.name, Err: err}
	}
	return nil
}

func (c *calls[A, R]) fail(lo, hi int, err error) {
	if err == errFirst {
		return // the error that counts is there
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := err.(*PanicError); ok && hi-lo == 1 {
		p.Task = lo
	}
	each := make([]TaskError, hi-lo)
	for i := range each {
		each[i] = TaskError{Task: lo + i, Err: err}
		c.errs = append(c.errs, &each[i])
	}
}

func (c *calls[A, R]) run(ctx context.Context, i int, keep func() bool, mu *sync.Mutex) error {
	r, err := c.f.call(ctx, c.in[i])
	if err != nil {
		return err
	}
	if keep() {
		c.out[i] = r
	}
	mu.Unlock()
	return nil
}

func (c *calls[A, R]) finish() {
	c.mu.Lock()
	slices.SortFunc(c.errs, func(a, b *TaskError) int { return a.Task - b.Task })
	f := c.onDone
	c.onDone = nil
	close(c.done)
	c.mu.Unlock()
	c.used(0)
	if f != nil {
		f()
	}
}

// release lets go of the arguments: a future does not keep them alive.
func (c *calls[A, R]) release() { c.in, c.oneIn = nil, [1]A{} }

// used ends n uses of the arguments.
func (b *batch) used(n int) {
	if b.uses.Add(int32(-n)) > 0 {
		return
	}
	select {
	case <-b.done:
		if b.idle.CompareAndSwap(false, true) {
			b.body.release()
		}
	default:
	}
}

// newCalls makes a batch of arguments; out may be nil.
func newCalls[A, R any](ctx context.Context, t target, f *Func[A, R], in []A, out []R) *calls[A, R] {
	c := &calls[A, R]{f: f, in: in, out: out}
	if out == nil {
		c.out = make([]R, len(in))
	}
	c.init(ctx, t, &f.function, c, len(in))
	c.chunk = chunkSize(c.tune.Chunk, len(in), t.pool.opt.Workers, sample(f, in))
	return c
}

// newCall makes a batch of one argument.
func newCall[A, R any](ctx context.Context, t target, f *Func[A, R], arg A) *calls[A, R] {
	c := &calls[A, R]{f: f}
	c.oneIn[0] = arg
	c.in, c.out, c.chunk = c.oneIn[:], c.oneOut[:], 1
	c.init(ctx, t, &f.function, c, 1)
	return c
}

func (b *batch) init(ctx context.Context, t target, fn *function, body body, n int) {
	b.pool, b.tune, b.fn, b.ctx, b.body, b.n = t.pool, t.tune, fn, ctx, body, n
	b.done = make(chan struct{})
	b.left.Store(int64(n))
}

// frames is how many frames the tasks that wait would make.
func (b *batch) frames() int {
	return len(b.again) + (b.n-b.next+b.chunk-1)/b.chunk
}

// waits reports whether there is anything to claim.
func (b *batch) waits() bool { return b.next < b.n || len(b.again) > 0 }

// take claims the next frame of at most most tasks.
func (b *batch) take(most int) span {
	if k := len(b.again); k > 0 {
		s := b.again[k-1]
		if s.hi-s.lo > most {
			b.again[k-1].lo += most
			s.hi = s.lo + most
			return s
		}
		b.again = b.again[:k-1]
		return s
	}
	s := span{lo: b.next, hi: min(b.next+min(b.chunk, most), b.n)}
	b.next = s.hi
	return s
}

// sample estimates how many bytes one argument has.
func sample[A, R any](f *Func[A, R], in []A) int {
	switch {
	case f.arg.form == fixed:
		return max(f.arg.size, f.res.size)
	case f.arg.form == coded || len(in) == 0:
		return 64
	}
	sum, n := 0, 0
	for i := 0; i < len(in); i += 1 + len(in)/16 {
		sum += len(memory(&f.arg, &in[i]))
		n++
	}
	return sum / n
}

// chunkSize is the number of tasks to send as one: as asked, or a 32nd of a
// worker's share, and no more than is quick to copy.
func chunkSize(asked, n, workers, bytes int) int {
	if asked > 0 {
		return asked
	}
	const most = 128 << 10
	return max(1, min(n/(32*workers), most/max(1, bytes)))
}
