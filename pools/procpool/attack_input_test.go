package procpool

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
)

func attackSlowInput(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2})
	for _, chunk := range []int{1, 5} {
		ex := Tune(p, Tuning{Chunk: chunk})
		for name, stream := range map[string]func(context.Context, Executor, *Func[int, int], func(func(int) bool)) func(func(int, error) bool){
			"Ordered": func(ctx context.Context, ex Executor, f *Func[int, int], in func(func(int) bool)) func(func(int, error) bool) {
				return Ordered(ctx, ex, f, in)
			},
			"Unordered": func(ctx context.Context, ex Executor, f *Func[int, int], in func(func(int) bool)) func(func(int, error) bool) {
				return Unordered(ctx, ex, f, in)
			},
		} {
			feed := make(chan int, 1)
			feed <- 2
			var got []int
			within(t, name, func() {
				for x, err := range stream(t.Context(), ex, square, func(yield func(int) bool) {
					for x := range feed {
						if !yield(x) {
							return
						}
					}
				}) {
					if err != nil || x > 1000 {
						break
					}
					got = append(got, x)
					feed <- x + 1
				}
			})
			close(feed)
			if !slices.Equal(got, []int{4, 25, 676}) {
				t.Errorf("%s, chunk %d: got %v before the end", name, chunk, got)
			}
		}
	}
	works(t, p)
	return "each result came before the next input"
}

func attackNoInput(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2})
	end := make(chan struct{})
	defer close(end)
	var got []int
	var last error
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	within(t, "an iteration", func() {
		for x, err := range Unordered(ctx, p, square, func(yield func(int) bool) { yield(3); <-end }) {
			if last = err; err == nil {
				got = append(got, x)
				cancel()
			}
		}
	})
	if !slices.Equal(got, []int{9}) || !errors.Is(last, context.Canceled) {
		t.Errorf("got %v, %v; want the result that was there and the end of the context", got, last)
	}
	within(t, "break", func() {
		for range Ordered(t.Context(), p, square, func(yield func(int) bool) { yield(3); <-end }) {
			break
		}
	})
	works(t, p)
	return "the loop ended by its context, and by break"
}

func attackGoexitInput(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2})
	var got []int
	var last error
	within(t, "an iteration", func() {
		for x, err := range Ordered(t.Context(), p, square, func(yield func(int) bool) { yield(1); yield(2); runtime.Goexit() }) {
			if last = err; err == nil {
				got = append(got, x)
			}
		}
	})
	if !slices.Equal(got, []int{1, 4}) || !errors.Is(last, ErrGoexit) {
		t.Errorf("got %v, %v", got, last)
	}
	return "ErrGoexit after the results"
}

var ownPool *Pool

var usesOwn = Register("usesown/v1", func(ctx context.Context, how string) (string, error) {
	switch how {
	case "Call":
		_, err := Call(ctx, ownPool, square, 1)
		return "", err
	case "Call, other context":
		_, err := Call(context.Background(), ownPool, square, 1)
		return "", err
	case "Map":
		_, err := Map(ctx, ownPool, square, []int{1})
		return "", err
	case "Ordered":
		for _, err := range Ordered(ctx, ownPool, square, slices.Values([]int{1})) {
			return "", err
		}
	case "Get":
		_, err := Submit(ctx, ownPool, square, 1).Get(context.Background())
		return "", err
	case "WaitAll":
		return "", WaitAll(context.Background(), Submit(ctx, ownPool, square, 1))
	case "Close":
		return "", ownPool.Close()
	case "Shutdown":
		return "", ownPool.Shutdown(ctx)
	case "Submit": // does not wait
		Submit(context.WithoutCancel(ctx), ownPool, square, 1)
		return "", nil
	}
	return "", nil
})

func attackOwnPool(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	ownPool = p
	for _, how := range []string{"Call", "Call, other context", "Map", "Ordered", "Get", "WaitAll", "Close", "Shutdown", "Submit"} {
		var err error
		within(t, how, func() { _, err = Call(t.Context(), p, usesOwn, how) })
		if errors.Is(err, ErrOwnPool) != (how != "Submit") {
			t.Errorf("%s in a task of the same pool: %v, want ErrOwnPool", how, err)
		}
	}
	works(t, p)
	return "ErrOwnPool at once"
}

func attackZero(t *testing.T, tr Transport) string {
	var zero Pool
	within(t, "a zero pool", func() {
		if _, err := Call(t.Context(), &zero, square, 1); !errors.Is(err, ErrClosed) {
			t.Errorf("Call on a zero pool: %v", err)
		}
		if _, err := Map(t.Context(), &zero, square, []int{1, 2}); !errors.Is(err, ErrClosed) {
			t.Errorf("Map on a zero pool: %v", err)
		}
		for _, err := range Ordered(t.Context(), &zero, square, slices.Values([]int{1})) {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("Ordered on a zero pool: %v", err)
			}
		}
		if f := Submit(t.Context(), &zero, square, 1); !errors.Is(f.Err(), ErrClosed) || f.Cancel() {
			t.Errorf("Submit on a zero pool: %v", f.Err())
		}
		if !errors.Is(zero.Close(), ErrClosed) || !errors.Is(zero.Terminate(), ErrClosed) || !errors.Is(zero.Resize(3), ErrClosed) || !errors.Is(zero.Shutdown(t.Context()), ErrClosed) {
			t.Error("ending a zero pool is no error")
		}
		zero.Stats()
	})
	p := begin(t, tr, Options{Workers: 1})
	for name, f := range map[string]func(){
		"zero Func": func() { Call(t.Context(), p, &Func[[20]int, int]{}, [20]int{}) },
		"nil Func":  func() { Call(t.Context(), p, (*Func[int, int])(nil), 1) },
		"nil pool":  func() { Call(t.Context(), (*Pool)(nil), square, 1) },
		"nil":       func() { Call(t.Context(), nil, square, 1) },
	} {
		within(t, name, func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		})
	}
	works(t, p)
	return "an error or a panic at once"
}
