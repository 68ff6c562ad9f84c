package procpool

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

type unhashable struct{ Details any }

func (e unhashable) Error() string { return "unhashable" }

type nilError struct{ msg string }

func (e *nilError) Error() string { return e.msg }

// A strange error misbehaves in the method that it names.
type strange struct{ How string }

func (e *strange) Error() string {
	switch e.How {
	case "Error panics":
		panic("in Error")
	case "Error blocks":
		select {}
	case "Error calls Goexit":
		runtime.Goexit()
	case "Error is huge":
		return strings.Repeat("x", 64<<20)
	}
	return "strange: " + e.How
}

func (e *strange) Unwrap() []error {
	switch e.How {
	case "Unwrap panics":
		panic("in Unwrap")
	case "Unwrap returns itself":
		return []error{e}
	case "Unwrap is a tree":
		return []error{&strange{e.How}, &strange{e.How}, &strange{e.How}}
	case "Unwrap blocks":
		select {}
	case "Unwrap holds nil":
		return []error{nil, (*nilError)(nil)}
	}
	return nil
}

func (e *strange) GobEncode() ([]byte, error) {
	switch e.How {
	case "GobEncode panics":
		panic("in GobEncode")
	case "GobEncode blocks":
		select {}
	}
	return []byte(e.How), nil
}

func (e *strange) GobDecode(b []byte) error {
	switch e.How = string(b); e.How {
	case "GobDecode panics":
		panic("in GobDecode")
	case "GobDecode blocks":
		block()
	case "GobDecode calls Goexit":
		runtime.Goexit()
	}
	return nil
}

// blocked holds what must not return before the test has ended.
var blocked atomic.Pointer[chan struct{}]

func block() {
	if c := blocked.Load(); c != nil {
		<-*c
	}
}

func init() { RegisterError(&strange{}) }

// ugly fails in the way named, or returns its length.
var ugly = Register("ugly/v1", func(_ context.Context, how string) (int, error) {
	what, isPanic := strings.CutPrefix(how, "panic: ")
	var err error
	switch {
	case what == "unhashable":
		err = unhashable{[]int{1}}
	case what == "typed nil":
		err = (*nilError)(nil)
	case what != "":
		err = &strange{what}
	default:
		return 7, nil
	}
	if isPanic {
		panic(err)
	}
	return 0, err
})

func attackErrors(t *testing.T, tr Transport) string {
	returning := []string{"unhashable", "typed nil", "Error panics", "Error calls Goexit", "Error is huge", "Unwrap panics", "Unwrap returns itself",
		"Unwrap is a tree", "Unwrap holds nil", "GobEncode panics", "GobDecode panics", "GobDecode calls Goexit",
		"panic: unhashable", "panic: typed nil", "panic: Error panics", "panic: Unwrap returns itself"}
	p := begin(t, tr, Options{Workers: 1})
	eachError(t, tr, p, returning)
	blocking := []string{"Error blocks", "Unwrap blocks", "GobEncode blocks"}
	if tr == Goroutines { // here they are the caller's own
		blocking = nil
	} else {
		p = begin(t, tr, Options{Workers: 1, Env: []string{errorTimeVariable + "=20ms"}})
		eachError(t, tr, p, blocking)
	}
	return fmt.Sprintf("%d sorts of errors: each failed its task alone", len(returning)+len(blocking))
}

func eachError(t *testing.T, tr Transport, p *Pool, hows []string) {
	t.Helper()
	worker := pidsOf(p)[0]
	for _, how := range hows {
		in := []string{"", "", how, "", ""}
		var out []int
		var err error
		within(t, how, func() { out, err = Map(t.Context(), Tune(p, Tuning{Chunk: 5}), ugly, in) })
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 2 || !slices.Equal(out, []int{7, 7, 0, 7, 7}) {
			t.Errorf("%s in a chunk: %v, %d errors", how, out, len(errs))
			continue
		}
		if tr != Goroutines && how != "Error is huge" {
			if text := errs[0].Err.Error(); !strings.Contains(text, "strange") && !strings.Contains(text, "unhashable") && !strings.Contains(text, "nilError") {
				t.Errorf("%s: the text says nothing: %.200s", how, text)
			}
		}
		if _, err := Call(t.Context(), p, ugly, how); err == nil {
			t.Errorf("%s: Call: no error", how)
		}
	}
	if tr != Goroutines && pidsOf(p)[0] != worker {
		t.Error("an error has ended the worker")
	}
	works(t, p)
}

func attackNilContext(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1})
	var none context.Context
	for name, f := range map[string]func(){
		"Call": func() { Call(none, p, square, 1) }, "Submit": func() { Submit(none, p, square, 1) }, "Map": func() { Map(none, p, square, []int{1}) },
		"Broadcast": func() { Broadcast(none, p, square, 1) }, "Shutdown": func() { p.Shutdown(none) }, "Start": func() { Start(none, Options{}) },
		"Get": func() { Submit(t.Context(), p, nap, 10).Get(none) }, "Ordered": func() {
			for range Ordered(none, p, square, slices.Values([]int{1})) {
			}
		},
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "context is nil") {
					t.Errorf("%s: recovered %v, want that the context is nil", name, r)
				}
			}()
			f()
		}()
	}
	within(t, "a call afterwards", func() { works(t, p) })
	within(t, "Terminate", func() { p.Terminate() })
	return "a panic at once, and the pool works"
}

// A badContext panics or blocks in a method.
type badContext struct {
	context.Context
	in string
}

func (c badContext) Err() error {
	if c.in == "Err" {
		panic("in Err")
	}
	return c.Context.Err()
}

func (c badContext) Done() <-chan struct{} {
	if c.in == "Done" {
		panic("in Done")
	}
	return c.Context.Done()
}

func (c badContext) Value(key any) any {
	if c.in == "Value" {
		panic("in Value")
	}
	if c.in == "Value later" && c.Context.Err() != nil {
		panic("in Value")
	}
	return c.Context.Value(key)
}

func attackPanickingContext(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	for _, in := range []string{"Err", "Done", "Value", "Value later"} {
		ctx, cancel := context.WithCancel(t.Context())
		bad := badContext{ctx, in}
		time.AfterFunc(50*time.Millisecond, cancel)
		for name, f := range map[string]func(){
			"Submit": func() { Submit(bad, p, wait, 60_000).Get(t.Context()) },
			"Call":   func() { Call(bad, p, wait, 60_000) },
			"Map":    func() { Map(bad, p, wait, []int{1, 60_000}) },
		} {
			within(t, name+", "+in, func() {
				defer func() { recover() }()
				f()
			})
		}
		cancel()
		within(t, "a call afterwards, "+in, func() { works(t, p) })
	}
	within(t, "Terminate", func() { p.Terminate() })
	return "the pool works"
}

func attackCause(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(30*time.Millisecond, func() { cancel(unhashable{[]int{1}}) })
	var last error
	within(t, "Ordered", func() {
		for _, err := range Ordered(ctx, p, wait, slices.Values([]int{1, 60_000, 60_000})) {
			last = err
		}
	})
	if last == nil || last.Error() != "unhashable" {
		t.Errorf("last error %v, want the cause", last)
	}
	works(t, p)
	return "the cause is the last error"
}
