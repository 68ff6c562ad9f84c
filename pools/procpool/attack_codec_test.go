package procpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A sticky value blocks where it is told to, until let go.
type sticky struct{ How string }

func (s sticky) GobEncode() ([]byte, error) {
	switch s.How {
	case "encode":
		block()
	case "encode slowly":
		time.Sleep(3 * patienceOfUser)
	}
	return []byte(s.How), nil
}

func (s *sticky) GobDecode(b []byte) error {
	if s.How = string(b); s.How == "decode" && !workerProcess {
		block()
	}
	return nil
}

var (
	takeSticky = Register("takesticky/v1", func(_ context.Context, s sticky) (int, error) { return len(s.How), nil })
	makeSticky = Register("makesticky/v1", func(_ context.Context, how string) (sticky, error) { return sticky{how}, nil })
)

// unblock lets go what is blocked, at the end of a test.
func unblock(t *testing.T) {
	c := make(chan struct{})
	blocked.Store(&c)
	t.Cleanup(func() { close(c) })
}

func attackStuckEncoder(t *testing.T, tr Transport) string {
	unblock(t)
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	bad := Submit(t.Context(), p, takeSticky, sticky{"encode"})
	var others []*Future[person]
	for range 5 {
		others = append(others, Submit(t.Context(), p, greet, person{Name: "x"}))
	}
	within(t, "others behind it", func() {
		for _, f := range others {
			if got, err := f.Get(t.Context()); err != nil || got.Name != "hello x" {
				t.Errorf("a task behind it: %v, %v", got, err)
			}
		}
	})
	within(t, "works", func() { works(t, p) })
	within(t, "Call", func() {
		if _, err := Call(limited(t, 300*time.Millisecond), p, takeSticky, sticky{"encode"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call by its context: %v", err)
		}
	})
	if bad.Ready() {
		t.Error("the first is ready")
	}
	within(t, "Terminate", func() { p.Terminate() })
	if !errors.Is(bad.Err(), ErrTerminated) {
		t.Errorf("after Terminate: %v", bad.Err())
	}
	return "others were served, the call ended by its context"
}

func attackSlowEncoder(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	within(t, "Map", func() {
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1}), takeSticky, []sticky{{"a"}, {"encode slowly"}, {"bc"}, {"encode slowly"}, {"d"}})
		if err != nil || !slices.Equal(out, []int{1, 13, 2, 13, 1}) {
			t.Errorf("Map = %v, %v", out, err)
		}
	})
	return "all have their results"
}

func attackStuckDecoder(t *testing.T, tr Transport) string {
	unblock(t)
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	must[person](t)(Call(t.Context(), p, greet, person{})) // its types were described before
	bad := Submit(t.Context(), p, makeSticky, "decode")
	good := Submit(t.Context(), p, makeSticky, "fine")
	within(t, "others behind it", func() {
		if got, err := good.Get(t.Context()); err != nil || got.How != "fine" {
			t.Errorf("the next of that type: %v, %v", got, err)
		}
		if got, err := Call(t.Context(), p, greet, person{Name: "y"}); err != nil || got.Name != "hello y" {
			t.Errorf("one of another type: %v, %v", got, err)
		}
	})
	within(t, "Map", func() {
		lengthening(t, func(limit time.Duration) error {
			out, err := Map(limited(t, limit), Tune(p, Tuning{Chunk: 3}), makeSticky, []string{"a", "decode", "b"})
			var errs Errors
			if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 1 || out[0].How != "a" || out[2].How != "b" {
				return fmt.Errorf("Map = %v, %v", out, err)
			}
			return nil
		})
	})
	if bad.Ready() || !bad.Cancel() {
		t.Error("the first is ready")
	}
	within(t, "Get", func() { bad.Get(t.Context()) })
	within(t, "Close", func() { p.Close() })
	return "others were served, its neighbours in the chunk too"
}

func attackStuckErrorDecoder(t *testing.T, tr Transport) string {
	unblock(t)
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	within(t, "Call", func() {
		if _, err := Call(limited(t, 300*time.Millisecond), p, ugly, "GobDecode blocks"); err == nil {
			t.Error("no error")
		}
	})
	within(t, "a call afterwards", func() { works(t, p) })
	within(t, "Close", func() { p.Close() })
	return "ended by its context"
}

// A madCodec returns nonsense.
type madCodec struct{}

func (madCodec) Name() string { return "mad" }
func (madCodec) Marshal(v any) ([]byte, error) {
	if s, ok := v.(*[]string); ok && len(*s) > 0 && (*s)[0] == "panic" {
		panic("in Marshal")
	}
	return nil, nil
}
func (madCodec) Unmarshal(b []byte, v any) error {
	if len(b) == 0 {
		return errors.New("nothing to unmarshal")
	}
	return nil
}

var (
	codecMad = RegisterCodec(madCodec{})
	listed   = Register("listed/v1", func(_ context.Context, s []string) ([]string, error) { return s, nil }, UseCodec(codecMad))
)

func attackCodec(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1})
	var ce *CodecError
	for _, s := range []string{"x", "panic"} {
		if _, err := Call(t.Context(), p, listed, []string{s}); !errors.As(err, &ce) {
			t.Errorf("%s: %v, want a CodecError", s, err)
		}
		works(t, p)
	}
	if got, err := Call(t.Context(), p, greet, person{Name: "z"}); err != nil || got.Name != "hello z" {
		t.Errorf("gob beside it: %v, %v", got, err)
	}
	return "a CodecError of that task"
}

// strings and numbers, of which one kills its worker.
var deadly = Register("deadly/v1", func(_ context.Context, s string) (string, error) {
	switch {
	case s == "die":
		os.Exit(9)
	case s == "fail":
		return "", errSentinel
	case strings.HasPrefix(s, "long"):
		return strings.Repeat(s, 5000), nil
	}
	return s + "!", nil
})

func attackChunk(t *testing.T, tr Transport) string {
	for _, policy := range []DeathPolicy{FailTask, RetryTask} {
		p := begin(t, tr, Options{Workers: 1, OnDeath: policy, Tuning: Tuning{Retries: 1}})
		in := []string{"a", "fail", "b", "long1", "long2", "long3", "long4", "long5", "c", "die", "d", "e"}
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: 12}), deadly, in)
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 2 || errs[0].Task != 1 || !errors.Is(errs[0], errSentinel) || errs[1].Task != 9 {
			t.Errorf("policy %v: errors %.300v", policy, err)
		}
		for i, s := range in {
			want := s + "!"
			if strings.HasPrefix(s, "long") {
				want = strings.Repeat(s, 5000)
			}
			if s != "die" && s != "fail" && out[i] != want {
				t.Errorf("policy %v: task %d: %.40q", policy, i, out[i])
			}
		}
		numbers := slices.Repeat([]int{-1}, 20_000)
		numbers[15_000] = int(syscall.SIGKILL)
		ones, err := Map(t.Context(), Tune(p, Tuning{Chunk: 20_000}), maybeKill, numbers)
		if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 15_000 {
			t.Errorf("policy %v: %d errors of numbers, %.200v", policy, len(errs), err)
		}
		for i, x := range ones {
			if i != 15_000 && x != 1 {
				t.Fatalf("policy %v: number %d: %d", policy, i, x)
			}
		}
	}
	return "only the deadly task failed, and none ran twice"
}
