package procpool

import (
	"bytes"
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
	var a, b bytes.Buffer
	env := []string{"FOO=1"}
	pools := map[*Pool]bool{one: true, two: true}
	for _, o := range []Options{
		{Workers: 1, Transport: Goroutines, Stderr: &a}, {Workers: 1, Transport: Goroutines, Stderr: &b},
		{Workers: 1, Transport: Goroutines, Env: env}, {Workers: 1, Transport: Goroutines, OnEvent: func(Event) {}},
		{Workers: 1, Transport: Goroutines, Init: Init(nothing, 1)}, {Workers: 1, Transport: Goroutines, Init: Init(nothing, 2)},
	} {
		p, err := Reuse(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if pools[p] {
			t.Errorf("%+v: got the pool of other options", o)
		}
		pools[p] = true
		defer p.Close()
	}
	env[0] = "FOO=2"
	if p, err := Reuse(t.Context(), Options{Workers: 1, Transport: Goroutines, Env: env}); err != nil || pools[p] {
		t.Errorf("a changed environment: got an earlier pool, %v", err)
	} else {
		defer p.Close()
	}
	if nine, err := Call(t.Context(), one, nothing, 9); err != nil {
		t.Errorf("the first pool: got %v, %v, want that it still works", nine, err)
	}
	defer one.Close()
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
