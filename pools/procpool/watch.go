package procpool

import (
	"context"
	"reflect"
	"time"
)

// The context of a caller may be a type of its own, whose methods panic or do
// not return. It is called on the caller's goroutine before anything is
// locked, and otherwise guarded.

// needContext panics at once if there is no context: a nil one is the caller's
// bug, which must not wait until a worker is free to show.
func needContext(ctx context.Context) {
	if ctx == nil {
		panic("procpool: the context is nil: use context.Background()")
	}
}

// causeIfDone is why a context has ended, or nil if it has not.
func causeIfDone(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

var (
	cancelContext, timerContext, valueContext = contextTypes()
	backgroundContext                         = reflect.TypeOf(context.Background())
)

func contextTypes() (c, t, v reflect.Type) {
	a, cancelA := context.WithCancel(context.Background())
	defer cancelA()
	b, cancelB := context.WithTimeout(context.Background(), time.Hour)
	defer cancelB()
	return reflect.TypeOf(a), reflect.TypeOf(b), reflect.TypeOf(context.WithValue(context.Background(), &c, 1))
}

// wellBehaved reports whether a context is made of those of the standard
// library: their methods return at once.
func wellBehaved(ctx context.Context) bool {
	for {
		switch t := reflect.TypeOf(ctx); t {
		case cancelContext, timerContext, backgroundContext:
			return true // it watches its parent by itself
		case valueContext:
			inner, ok := reflect.ValueOf(ctx).Elem().Field(0).Interface().(context.Context)
			if !ok {
				return false
			}
			ctx = inner
		default:
			if t.Kind() == reflect.Pointer {
				t = t.Elem()
			}
			pkg := t.PkgPath()
			return pkg == "context" || pkg == "os/signal"
		}
	}
}

// foreignTime is how long a context of a type of its own may take to say why
// it has ended.
const foreignTime = 100 * time.Millisecond

// watchContext has f called with the cause when ctx ends, unless that is
// stopped or done is closed first. It returns nil if ctx never ends.
func watchContext(ctx context.Context, done <-chan struct{}, f func(why error)) (stop func()) {
	ended := ctx.Done()
	if ended == nil {
		return nil
	}
	if wellBehaved(ctx) {
		stop := context.AfterFunc(ctx, func() { f(context.Cause(ctx)) })
		return func() { stop() }
	}
	stopped := make(chan struct{}, 1)
	go func() {
		select {
		case <-ended:
			f(foreignCause(ctx))
		case <-stopped:
		case <-done:
		}
	}()
	return func() {
		select {
		case stopped <- struct{}{}:
		default:
		}
	}
}

// foreignCause asks a context of any type why it has ended.
func foreignCause(ctx context.Context) error {
	if wellBehaved(ctx) {
		return context.Cause(ctx)
	}
	got := make(chan error, 1)
	go func() {
		err := context.Canceled
		defer func() {
			recover()
			got <- err
		}()
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
	}()
	late := time.NewTimer(foreignTime)
	defer late.Stop()
	select {
	case err := <-got:
		return err
	case <-late.C:
		return context.Canceled
	}
}
