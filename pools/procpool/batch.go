package procpool

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A span is tasks [lo, hi) of a batch, sent as one frame.
type span struct{ lo, hi, tries int }

// A batch is tasks of one function given to a pool at once: a Map, or a
// single call.
type batch struct {
	pool     *Pool
	fn       *function
	ctx      context.Context // of the caller
	tune     Tuning
	body     body
	done     chan struct{} // closed when every task is settled
	left     atomic.Int64  // tasks not settled
	uses     atomic.Int32  // claims whose arguments are still to be read
	idle     atomic.Bool   // the arguments were let go
	progress *progress     // of a Map, or nil
	unwatch  func()        // stops watching ctx; set before the batch is shared

	// Guarded by pool.mu.
	n, next, chunk int           // [next, n) has never been claimed
	again          []span        // claimed, and given back
	list           *batchList    // that it is in, or nil
	before, after  *batch        // its neighbours there
	entered        bool          // it counts as active
	running        bool          // some of it was given to a worker
	err            error         // why no more of it is to start
	pinned         *worker       // the only worker that may run it, or nil
	away           []span        // left with encoders and decoders that do not return
	patience       time.Duration // how long one may take before it is left
}

// body is the typed half of a batch.
type body interface {
	// encode returns the payload of the first tasks of s and how many they
	// are; fewer than all only if the next one cannot be encoded, which is
	// err. The payload is good until the next call.
	encode(s span, c *coder, scratch *[]byte) (payload []byte, count int, err error)

	// settle takes an answer, or a part of one, and returns how many tasks
	// failed. It can be called again after a Goexit in a decoder. If lost is
	// true then the section was left by force, and another goroutine goes on
	// with the answer.
	settle(a *answering, c *coder, u *section) (failed int, lost bool)

	// fail gives tasks [lo, hi) an error.
	fail(lo, hi int, err error)

	// run runs task i here, and keeps the result if keep returns true; keep
	// locks mu, which run unlocks.
	run(ctx context.Context, i int, keep func() bool, mu *sync.Mutex) error

	// finish is called once, when all tasks are settled; release after that,
	// once, when the arguments are not needed any more.
	finish()
	release()

	// failures is how many tasks have failed so far.
	failures() int
}

// calls is the body of a batch with its types.
type calls[A, R any] struct {
	batch
	f   *Func[A, R]
	in  []A
	out []R

	mu        sync.Mutex
	errs      Errors
	onDone    func() // called once after done is closed
	cancelled bool   // by Cancel, before it was done

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
		} else if b, err = guarded(func() ([]byte, error) { return enc.encode(p, &c.in[i]) }); err != nil {
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

func (c *calls[A, R]) failures() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.errs)
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

// cancelNow marks the outcome as cancelled, unless it is there.
func (c *calls[A, R]) cancelNow() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.done:
		return false
	default:
	}
	c.cancelled = true
	return true
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
	if fn.tuned {
		b.tune = b.tune.amended(fn.tune)
	}
	b.done = make(chan struct{})
	b.left.Store(int64(n))
}

// coded reports whether functions of the user's encode or decode.
func (b *batch) coded() bool { return b.fn.arg.form == coded || b.fn.res.form == coded }

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

// takeAway ends the absence of a span; false means that somebody did before.
func (b *batch) takeAway(lo, hi int) bool {
	i := slices.IndexFunc(b.away, func(s span) bool { return s.lo == lo && s.hi == hi })
	if i < 0 {
		return false
	}
	if b.away = slices.Delete(b.away, i, i+1); len(b.away) == 0 {
		delete(b.pool.strays, b)
	}
	return true
}

// sendAway leaves a span to an encoder or decoder that does not return, or
// returns it as dropped if the batch has ended.
func (b *batch) sendAway(s span) (dropped []flight) {
	p := b.pool
	if b.err == nil {
		b.err = p.err
	}
	if b.err != nil {
		return []flight{{b, s}}
	}
	b.away = append(b.away, s)
	if p.strays == nil {
		p.strays = map[*batch]struct{}{}
	}
	p.strays[b] = struct{}{}
	return nil
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
		return max(1, min(asked, n))
	}
	const most = 128 << 10
	return max(1, min(n/(32*max(1, workers)), most/max(1, bytes)))
}
