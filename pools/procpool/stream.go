package procpool

import (
	"context"
	"iter"
	"sync"
	"time"
)

// A streaming is one iteration: a goroutine that reads the input and submits
// chunks, and the loop that takes their results.
type streaming[A, R any] struct {
	ctx    context.Context
	t      target
	local  Executor
	f      *Func[A, R]
	chunk  int
	inLine bool // results are taken in the order of the input

	slots chan struct{} // one for each chunk that was begun and not taken
	stop  chan struct{} // closed when the loop has ended
	over  chan struct{} // closed when the input has
	wake  chan struct{} // something is there that the loop may take
	ready finished[*calls[A, R]]

	mu       sync.Mutex
	partial  []A  // of a chunk that is not full
	early    bool // the loop has submitted the last chunk: the next has no slot yet
	order    []*calls[A, R]
	flying   map[*calls[A, R]]struct{}
	inputErr error
	cutShort bool // the input was not read to its end, because ctx ended
}

// leaveInput is how long the end of a loop waits for the end of its input.
const leaveInput = 100 * time.Millisecond

// stream is one iteration.
func stream[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq2[A, error], inLine bool, yield func(R, error) bool) {
	var none R
	t, local, err := enter(ctx, ex, f, true)
	if err != nil {
		yield(none, err)
		return
	}
	if !wellBehaved(ctx) { // its methods are not for the goroutines here
		own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		over := make(chan struct{})
		defer close(over)
		if stop := watchContext(ctx, over, cancel); stop != nil {
			defer stop()
		}
		ctx = own
		defer cancel(nil)
	}
	workers := 1
	if local == nil {
		workers = t.pool.size()
	}
	if f.tuned {
		t.tune = t.tune.amended(f.tune)
	}
	window := t.tune.Window
	if window == 0 {
		window = 4
	}
	s := &streaming[A, R]{
		ctx: ctx, t: t, local: local, f: f, chunk: max(1, t.tune.Chunk), inLine: inLine,
		slots: make(chan struct{}, window*workers), stop: make(chan struct{}), over: make(chan struct{}), wake: make(chan struct{}, 1),
		flying: map[*calls[A, R]]struct{}{},
	}
	s.ready.wake = s.wake
	s.t.tune.Window = 0
	ended := ctx.Done()
	go s.read(in)
	defer s.leave() // also after a break, or a panic of the loop body
	for {
		c := s.next(ended)
		if c == nil {
			if err := s.last(); err != nil {
				yield(none, err)
			}
			return
		}
		if why := causeIfDone(ctx); why != nil && c.errs != nil && sameError(c.errs[0].Err, why) {
			yield(none, why)
			return
		}
		if !c.each(yield) {
			return
		}
	}
}

// sameError compares errors, which may be of types that cannot be compared.
func sameError(a, b error) (eq bool) {
	defer func() {
		if recover() != nil {
			eq = true // of one type, at least
		}
	}()
	return a == b
}

// read is the goroutine that reads the input.
func (s *streaming[A, R]) read(in iter.Seq2[A, error]) {
	var err error = ErrGoexit // unless it returns
	defer func() {
		if r := recover(); r != nil {
			err = aborted(r)
		}
		s.mu.Lock()
		if s.inputErr == nil {
			s.inputErr = err
		}
		s.submitPartial()
		s.mu.Unlock()
		close(s.over)
	}()
	if s.slot() {
		in(s.take)
	}
	err = nil
}

// slot waits until another chunk may be begun; false means that the loop has
// ended.
func (s *streaming[A, R]) slot() bool {
	select {
	case s.slots <- struct{}{}:
		return true
	case <-s.stop:
		return false
	case <-s.ctx.Done():
		s.mu.Lock()
		s.cutShort = true
		s.mu.Unlock()
		return false
	}
}

// take takes one element of the input.
func (s *streaming[A, R]) take(a A, err error) bool {
	select {
	case <-s.stop:
		return false
	default:
	}
	s.mu.Lock()
	if err != nil {
		s.inputErr = err
		s.mu.Unlock()
		return false
	}
	begins := s.early
	s.early = false
	s.partial = append(s.partial, a)
	full := len(s.partial) >= s.chunk
	if full || len(s.flying) == 0 {
		s.submitPartial()
		full = true
	}
	s.mu.Unlock()
	return (!begins || s.slot()) && (!full || s.slot())
}

// submitPartial submits what there is of a chunk. The caller holds mu.
func (s *streaming[A, R]) submitPartial() {
	if len(s.partial) == 0 {
		return
	}
	args := s.partial
	s.partial = nil
	var c *calls[A, R]
	if s.local != nil {
		c = fake(s.ctx, s.local, s.f, args)
	} else {
		c = newCalls[A, R](s.ctx, s.t, s.f, args, nil)
	}
	s.flying[c] = struct{}{}
	if s.inLine {
		s.order = append(s.order, c)
	} else if !c.whenDone(func() { s.ready.put(c) }) {
		s.ready.put(c)
	}
	if s.local == nil {
		s.t.pool.submit(&c.batch)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next waits for a chunk whose results can be taken; nil is the end.
func (s *streaming[A, R]) next(ended <-chan struct{}) (c *calls[A, R]) {
	over := false
	for {
		s.mu.Lock()
		var done chan struct{}
		if s.inLine && len(s.order) > 0 {
			c, done = s.order[0], s.order[0].done
		}
		if len(s.flying) == 0 {
			s.early = len(s.partial) > 0
			s.submitPartial() // the input keeps the rest waiting
		}
		idle := len(s.flying) == 0
		s.mu.Unlock()
		if !s.inLine {
			if got, ok := s.ready.take(); ok {
				return s.taken(got)
			}
		} else if done != nil {
			select {
			case <-done:
				return s.taken(c)
			default:
			}
		}
		if idle && (over || causeIfDone(s.ctx) != nil) {
			return nil
		}
		overNow, endedNow := s.over, ended
		if over {
			overNow = nil
		}
		if !idle {
			endedNow = nil // what is under way ends soon
		}
		select {
		case <-done:
		case <-s.wake:
		case <-overNow:
			over = true
		case <-endedNow:
		}
	}
}

// taken makes room for another chunk.
func (s *streaming[A, R]) taken(c *calls[A, R]) *calls[A, R] {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.flying, c)
	if s.inLine {
		s.order[0] = nil
		s.order = s.order[1:]
	}
	select {
	case <-s.slots:
	default: // ctx has ended, and the input with it
	}
	return c
}

// last is the error at the end: of the context, or else of the input.
func (s *streaming[A, R]) last() error {
	if why := causeIfDone(s.ctx); why != nil {
		select {
		case <-s.over:
		default:
			return why
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inputErr == nil && s.cutShort {
		return causeIfDone(s.ctx)
	}
	return s.inputErr
}

// leave cancels what is under way and gives the input time to end.
func (s *streaming[A, R]) leave() {
	close(s.stop)
	s.mu.Lock()
	s.partial = nil
	var under []*calls[A, R]
	for c := range s.flying {
		under = append(under, c)
	}
	s.mu.Unlock()
	for _, c := range under {
		c.pool.cancel(&c.batch, ErrCancelled)
	}
	late := time.NewTimer(leaveInput)
	defer late.Stop()
	select {
	case <-s.over:
	case <-late.C:
	}
}

// each yields the results of a chunk; false means stop.
func (c *calls[A, R]) each(yield func(R, error) bool) bool {
	errs := c.errs
	for i := range c.out {
		r := c.out[i]
		var none R
		c.out[i] = none // the iteration keeps nothing alive
		var err error
		if len(errs) > 0 && errs[0].Task == i {
			err, errs = errs[0].Err, errs[1:]
		}
		if !yield(r, err) {
			return false
		}
	}
	return true
}

// size is how many workers there may be.
func (p *Pool) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.most
}
