package procpool

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestReuse: other options and a closed pool give a new pool, and a caller that
// waits for another's start obeys its context.
func TestReuse(t *testing.T) {
	o := Options{Workers: 1, Transport: Goroutines}
	one, err := Reuse(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Reuse(t.Context(), o); err != nil || again != one {
		t.Errorf("the same options: got another pool, %v", err)
	}
	o.Workers = 2
	two, err := Reuse(t.Context(), o)
	if err != nil || two == one {
		t.Fatalf("other options: got the same pool, %v", err)
	}
	select {
	case <-one.Done():
	case <-time.After(10 * time.Second):
		t.Error("the pool before was not closed")
	}
	reused.turn <- struct{}{} // somebody else starts a pool
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := Reuse(ctx, o); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while another starts: got %v, want the context's error", err)
	}
	<-reused.turn
	if err := two.Close(); err != nil {
		t.Error(err)
	}
	if three, err := Reuse(t.Context(), o); err != nil || three == two {
		t.Errorf("after Close: got the same pool, %v", err)
	} else if err := three.Close(); err != nil {
		t.Error(err)
	}
}

func TestZip(t *testing.T) {
	if got := Zip([]int{1, 2}, []string{"a", "b"}); len(got) != 2 || got[1] != (Pair[int, string]{2, "b"}) {
		t.Errorf("got %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("different lengths: no panic")
		}
	}()
	Zip([]int{1}, []int{})
}
