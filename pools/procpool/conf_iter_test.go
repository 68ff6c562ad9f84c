package procpool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// failing yields 1…, and an error (or a panic) in place k.
func failing(k int, how string) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := 1; ; i++ {
			if i == k {
				if how == "panic" {
					panic("bad input")
				}
				yield(0, errSentinel)
				return
			}
			if !yield(i, nil) {
				return
			}
		}
	}
}

func testInputError(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for _, k := range []int{1, 3, 7, 50} {
		for _, chunk := range []int{1, 2, 4} {
			for _, how := range []string{"error", "panic"} {
				for name, seq := range map[string]iter.Seq2[int, error]{
					"ordered":   OrderedErr(t.Context(), Tune(p, Tuning{Chunk: chunk}), square, failing(k, how)),
					"unordered": UnorderedErr(t.Context(), Tune(p, Tuning{Chunk: chunk}), square, failing(k, how)),
				} {
					for range 2 { // it can be repeated
						var got []int
						var last error
						for x, err := range seq {
							if last != nil {
								t.Fatal("the iteration went on after the error")
							}
							if last = err; err == nil {
								got = append(got, x)
							}
						}
						slices.Sort(got)
						if !slices.Equal(got, squares(k)[1:]) {
							t.Errorf("%s k=%d chunk=%d: got %v before the error", name, k, chunk, got)
						}
						var pe *PanicError
						if how == "error" && last != errSentinel || how == "panic" && !errors.As(last, &pe) {
							t.Errorf("%s k=%d chunk=%d %s: last error %v", name, k, chunk, how, last)
						}
					}
				}
			}
		}
	}
	works(t, p)
}

func testOrdered(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for _, chunk := range []int{1, 100} {
		ex := Tune(p, Tuning{Chunk: chunk})
		var got []int
		for x, err := range Ordered(t.Context(), ex, square, slices.Values(upTo(1000))) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, x)
		}
		if !slices.Equal(got, squares(1000)) {
			t.Errorf("Ordered, chunk %d: %v", chunk, got)
		}
		got = nil
		for x, err := range Unordered(t.Context(), ex, square, slices.Values(upTo(1000))) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, x)
		}
		slices.Sort(got)
		if !slices.Equal(got, squares(1000)) {
			t.Errorf("Unordered, chunk %d: %v", chunk, got)
		}
	}
	// A failed task has its place, and the iteration goes on.
	var texts []string
	for r, err := range Ordered(t.Context(), p, misbehave, slices.Values([]string{"a", "error", "c"})) {
		texts = append(texts, fmt.Sprint(r, err))
	}
	if want := []string{"a<nil>", "an error", "c<nil>"}; strings.ReplaceAll(fmt.Sprint(texts), " ", "") != strings.ReplaceAll(fmt.Sprint(want), " ", "") {
		t.Errorf("with a failed task: %q", texts)
	}
}

// testInfinite: infinite input is pulled only as the window allows, and break
// stops everything.
func testInfinite(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for _, window := range []int{1, 3} {
		var pulled, ahead, taken atomic.Int64
		endless := func(yield func(int) bool) {
			for i := 0; ; i++ {
				ahead.Store(max(ahead.Load(), pulled.Add(1)-taken.Load()))
				if !yield(i) {
					return
				}
			}
		}
		for x, err := range Ordered(t.Context(), Tune(p, Tuning{Window: window}), square, endless) {
			if n := int(taken.Load()); err != nil || x != n*n {
				t.Fatalf("got %v, %v; want %d", x, err, n*n)
			}
			if taken.Add(1) == 50 {
				break
			}
		}
		if most := int64(2*window + 1); ahead.Load() > most {
			t.Errorf("window %d on 2 workers: pulled %d ahead, want at most %d", window, ahead.Load(), most)
		}
	}
	works(t, p)
}

func testBreakCancels(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Grace: 100 * time.Millisecond})
	for range Unordered(t.Context(), p, wait, slices.Values([]int{1, 1_000_000, 1_000_000, 1_000_000, 1_000_000})) {
		break // does not wait for them, see guardTest
	}
	works(t, p)
	eventually(t, "nothing is active", func() bool { return p.Stats().Active == 0 })
}

func testDeadlineIter(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	lengthening(t, func(limit time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		var got []int
		var last error
		for x, err := range Ordered(ctx, p, wait, slices.Values([]int{1, 2, 1_000_000, 3})) {
			if last = err; err == nil {
				got = append(got, x)
			}
		}
		if !slices.Equal(got, []int{1, 2}) || !errors.Is(last, context.DeadlineExceeded) {
			return fmt.Errorf("got %v and then %v; want [1 2] and the deadline", got, last)
		}
		return nil
	})
}

func testLazyIterator(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	file := filepath.Join(t.TempDir(), "ran")
	_ = Ordered(t.Context(), p, touch, slices.Values([]string{file}))
	if _, err := os.Stat(file); err == nil {
		t.Error("a task ran before the first iteration")
	}
	_ = must[[]int](t)(Map(t.Context(), p, touch, []string{file})) // a slice is eager
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
