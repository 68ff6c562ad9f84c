package procpool

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestRegisterLoses: types of which gob would drop something are refused,
// unless a codec is given.
func TestRegisterLoses(t *testing.T) {
	type inner struct {
		A int
		//lint:ignore U1000 gob would drop it, which Register must see
		b string
	}
	for name, register := range map[string]func(){
		"unexported field": func() {
			Register("loses/1", func(context.Context, struct {
				Name string
				age  int
			}) (int, error) {
				return 0, nil
			})
		},
		"in a map":    func() { Register("loses/2", func(context.Context, map[string]inner) (int, error) { return 0, nil }) },
		"in a result": func() { Register("loses/3", func(context.Context, int) ([]*inner, error) { return nil, nil }) },
		"a function":  func() { Register("loses/4", func(context.Context, func()) (int, error) { return 0, nil }) },
		"channel field": func() {
			Register("loses/5", func(context.Context, struct{ C chan int }) (int, error) { return 0, nil })
		},
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "UseCodec") {
					t.Errorf("%s: recovered %v; want a panic that says what to do", name, r)
				}
			}()
			register()
		}()
	}
	Register("keeps/1", func(context.Context, inner) (int, error) { return 0, nil }, UseCodec(codecMad))
	Register("keeps/2", func(context.Context, struct{ x, y int }) (time.Time, error) { return time.Time{}, nil }) // as its memory, and with its own encoding
}

// TestNilArguments: nil pointers and interfaces travel.
func TestNilArguments(t *testing.T) {
	for _, tr := range processes {
		p := begin(t, tr, Options{Workers: 1})
		if got, err := Call(t.Context(), p, isNil, nil); !got || err != nil {
			t.Errorf("a nil pointer: %v, %v", got, err)
		}
		if got, err := Call(t.Context(), p, isNil, new(int)); got || err != nil {
			t.Errorf("a pointer to 0: %v, %v", got, err)
		}
		for _, v := range []any{nil, 3, "x", 2.5} {
			if got, err := Call(t.Context(), p, same, v); got != v || err != nil {
				t.Errorf("%v in an interface: %v, %v", v, got, err)
			}
		}
	}
}

var (
	isNil = Register("isnil/v1", func(_ context.Context, p *int) (bool, error) { return p == nil, nil })
	same  = Register("same/v1", func(_ context.Context, v any) (any, error) { return v, nil })
)

type stretch struct {
	Data   *Array[int64]
	Lo, Hi int
}

var (
	double = Register("double/v1", func(_ context.Context, s stretch) (int64, error) {
		runtime.GC() // nothing may be freed in the middle of a task
		sum := int64(0)
		xs := s.Data.Slice()[s.Lo:s.Hi]
		for i := range xs {
			xs[i] *= 2
			sum += xs[i]
		}
		return sum, nil
	})
	relay = Register("relay/v1", func(ctx context.Context, s stretch) (int64, error) {
		p, err := Start(ctx, Options{Workers: 1})
		if err != nil {
			return 0, err
		}
		defer p.Close()
		return Call(ctx, p, double, s)
	})
	makeArray = Register("makearray/v1", func(context.Context, int) (*Array[int64], error) { return NewArray[int64](3) })
	keepArray = Register("keeparray/v1", func(_ context.Context, a *Array[int64]) (*Array[int64], error) { return a, nil })
)

// TestArray: workers see what the parent wrote and the other way round, also
// workers of workers; nothing is left when the array is closed and workers
// are gone.
func TestArray(t *testing.T) {
	for _, tr := range everywhere {
		t.Run(tr.String(), func(t *testing.T) {
			guardTest(t)
			a, err := NewArray[int64](100_000)
			if err != nil {
				t.Skip(err)
			}
			for i := range a.Slice() {
				a.Slice()[i] = int64(i)
			}
			p := begin(t, tr, Options{Workers: 2})
			sums, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1}), double, []stretch{{a, 0, 50_000}, {a, 50_000, 100_000}})
			if err != nil || sums[0]+sums[1] != 99_999*100_000 {
				t.Errorf("sums %v, %v", sums, err)
			}
			if got := a.Slice()[77_777]; got != 2*77_777 {
				t.Errorf("the parent sees %d, want what a worker wrote", got)
			}
			if got, err := Call(t.Context(), p, keepArray, a); err != nil || got.Slice()[5] != 10 {
				t.Errorf("an array that comes back: %v", err)
			}
			if tr != Goroutines {
				if got, err := Call(t.Context(), p, relay, stretch{a, 0, 10}); got != 4*45 || err != nil {
					t.Errorf("a worker of a worker: %d, %v", got, err)
				}
				for _, pid := range pidsOf(p) {
					kill(pid, 9)
				}
				if got, err := Submit(t.Context(), Tune(p, Tuning{}), double, stretch{a, 20, 30}).Get(t.Context()); err == nil && got != 4*245 {
					t.Errorf("after its workers died: %d", got)
				}
				works(t, p)
				if _, err := Call(t.Context(), p, makeArray, 0); err == nil || !strings.Contains(err.Error(), "array") {
					t.Errorf("an array that a worker made: %v", err)
				}
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			a.Close()
			func() {
				defer func() {
					if recover() == nil {
						t.Error("Slice after Close did not panic")
					}
				}()
				a.Slice()
			}()
			if tr != Goroutines {
				if _, err := Call(t.Context(), p, double, stretch{a, 0, 1}); err == nil {
					t.Error("an array that was closed: no error")
				}
			}
			p.Close()
		})
	}
	if _, err := NewArray[string](3); err == nil || !strings.Contains(err.Error(), "numbers") {
		t.Errorf("NewArray[string]: %v", err)
	}
	if _, err := NewArray[int](-1); err == nil {
		t.Error("NewArray(-1): no error")
	}
}

// TestProgress: the last count is told before Map returns, and none goes back.
func TestProgress(t *testing.T) {
	for _, tr := range everywhere {
		p := begin(t, tr, Options{Workers: 2})
		var mu sync.Mutex
		var seen []Progress
		ex := Tune(p, Tuning{Chunk: 5, Progress: func(g Progress) { mu.Lock(); seen = append(seen, g); mu.Unlock() }})
		in := slices.Repeat([]string{"ok"}, 100)
		in[10], in[50] = "error", "error"
		Map(t.Context(), ex, misbehave, in)
		mu.Lock()
		if n := len(seen); n == 0 || seen[n-1] != (Progress{100, 2, 100}) || !slices.IsSortedFunc(seen, func(a, b Progress) int { return a.Done - b.Done }) {
			t.Errorf("%v: progress %v; want it to end with 100 of 100, 2 failed", tr, seen)
		}
		mu.Unlock()
	}
}
