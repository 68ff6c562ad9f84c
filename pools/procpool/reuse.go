package procpool

import (
	"context"
	"fmt"
	"reflect"
	"slices"
)

// reused are the pools of [Reuse]. Who has sent to turn may use them: a caller that
// waits for it can still obey its context.
var reused = struct {
	turn  chan struct{}
	pools []reusedPool
}{turn: make(chan struct{}, 1)}

type reusedPool struct {
	pool    *Pool
	options Options
}

// Reuse gives one warm pool to all that ask with the same options: the first call
// starts it, and further ones get it as long as it works. Other options have a pool
// of their own. Options are the same if all fields are, defaults filled in; writers
// and codecs are the same if they are the same value, and functions (Init,
// OnEvent, Progress) never are.
//
// The pools belong to the program: nobody needs to close them, and who closes one
// closes it for all. Their workers end with the program or after IdleTimeout.
// Resize holds for all, too. ctx bounds the start alone; the error is that of
// [Start]. Reuse may be called concurrently.
//
// Source of the idea: loky's get_reusable_executor.
func Reuse(ctx context.Context, o Options) (*Pool, error) {
	needContext(ctx)
	o, err := o.normal()
	if err != nil {
		return nil, err
	}
	o.Env = slices.Clone(o.Env)
	select {
	case reused.turn <- struct{}{}:
		defer func() { <-reused.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("procpool: waiting for another Reuse: %w", context.Cause(ctx))
	}
	reused.pools = slices.DeleteFunc(reused.pools, func(r reusedPool) bool { return !r.pool.works() })
	for _, r := range reused.pools {
		if sameOptions(r.options, o) {
			return r.pool, nil
		}
	}
	p, err := Start(ctx, o)
	if err != nil {
		return nil, err
	}
	reused.pools = append(reused.pools, reusedPool{p, o})
	return p, nil
}

// sameOptions reports whether two pools with these options cannot be told apart.
func sameOptions(a, b Options) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if !sameField(x.Field(i), y.Field(i)) {
			return false
		}
	}
	return true
}

func sameField(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Func:
		return a.IsNil() && b.IsNil()
	case reflect.Slice:
		return a.Len()+b.Len() == 0 || a.Len() == b.Len() && a.CanInterface() && reflect.DeepEqual(a.Interface(), b.Interface())
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameField(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Comparable() && b.Comparable() && a.Equal(b)
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
