package procpool

import (
	"context"
	"fmt"
	"reflect"
)

// reused is the pool of [Reuse]. Who has sent to turn may use the others: a
// caller that waits for it can still obey its context.
var reused = struct {
	turn    chan struct{}
	pool    *Pool
	options Options
}{turn: make(chan struct{}, 1)}

// Reuse gives one warm pool to all that ask with the same options: the first call
// starts it, and further ones get it as long as it works. A call with other
// options, or after the pool was closed or broke, starts a new one; the one
// before is closed in the background, when its tasks have ended. Options with
// functions (Init, OnEvent, Progress) are never the same.
//
// The pool belongs to the program: nobody needs to close it, and its workers end
// with the program or after IdleTimeout. ctx bounds the start alone; the error is
// that of [Start]. Reuse may be called concurrently.
//
// Source of the idea: loky's get_reusable_executor.
func Reuse(ctx context.Context, o Options) (*Pool, error) {
	needContext(ctx)
	select {
	case reused.turn <- struct{}{}:
		defer func() { <-reused.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("procpool: waiting for another Reuse: %w", context.Cause(ctx))
	}
	if p := reused.pool; p != nil {
		if p.works() && reflect.DeepEqual(reused.options, o) {
			return p, nil
		}
		go p.Close()
		reused.pool = nil
	}
	p, err := Start(ctx, o)
	if err != nil {
		return nil, err
	}
	reused.pool, reused.options = p, o
	return p, nil
}

// works reports whether the pool takes tasks.
func (p *Pool) works() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.usable() == nil
}

// A Pair is two arguments of one task, for functions that take a pair:
//
//	Power.Map(ctx, pool, procpool.Zip(bases, exponents))
type Pair[A, B any] struct {
	First  A
	Second B
}

// Zip pairs the elements of two slices of one length, in order: starmap of two
// lists. It panics if the lengths differ, where Python's zip would drop the rest.
func Zip[A, B any](a []A, b []B) []Pair[A, B] {
	if len(a) != len(b) {
		panic("procpool: Zip of slices of different lengths")
	}
	pairs := make([]Pair[A, B], len(a))
	for i := range a {
		pairs[i] = Pair[A, B]{a[i], b[i]}
	}
	return pairs
}
