package procpool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// An attack is something that a user, a worker, the system or another pool may
// do, after which calls must still return and other tasks be as they were.
// What it says is printed; it fails by itself if the outcome is wrong.
type attack struct {
	name string
	on   []Transport
	run  func(t *testing.T, tr Transport) (outcome string)
}

var attacks = []attack{
	{"errors of every nasty sort", everywhere, attackErrors},
	{"nil context, recovered", everywhere, attackNilContext},
	{"context whose methods panic", everywhere, attackPanickingContext},
	{"context whose cause cannot be compared", everywhere, attackCause},
	{"stopped worker, a frame taken back, then calls and Close", processes, attackStopped},
	{"worker stops while it answers, Call", processes, attackStopMid},
	{"worker stops while it answers, Submit", processes, attackStopMidSubmit},
	{"worker stopped while it starts", processes, attackStopStarting},
	{"writer that blocks, and another pool", processes, attackStuckWriter},
	{"standard error is a pipe that nobody reads", processes, attackStuckFile},
	{"two pools with one writer that panics", processes, attackPanickingWriter},
	{"a third process holds the descriptors", processes, attackHeldDescriptors},
	{"chunk of MaxInt", everywhere, attackMaxChunk},
	{"junk on every descriptor", processes, attackJunk},
	{"junk that looks like a frame", processes, attackJunkHeader},
	{"input that waits for a result", everywhere, attackSlowInput},
	{"input that never comes", everywhere, attackNoInput},
	{"input that calls Goexit", everywhere, attackGoexitInput},
	{"task that uses its own pool", []Transport{Goroutines}, attackOwnPool},
	{"pools and functions that are zero", everywhere, attackZero},
	{"encoder that never returns", processes, attackStuckEncoder},
	{"encoder that takes its time", processes, attackSlowEncoder},
	{"decoder that never returns", processes, attackStuckDecoder},
	{"decoder of an error that never returns", processes, attackStuckErrorDecoder},
	{"codec that returns nonsense", processes, attackCodec},
	{"finished tasks of a chunk whose worker dies", processes, attackChunk},
	{"task that ignores its context", everywhere, attackIgnores},
	{"Cancel after the task has obeyed with a result", everywhere, attackCancel},
	{"shortage of processes that comes and goes", processes, attackShortage},
	{"process that cannot be killed", processes, attackUnkillable},
	{"worker's own children", processes, attackChildren},
	{"Broadcast that nobody hears", everywhere, attackBroadcast},
	{"Close, Terminate and Resize while it starts", everywhere, attackEndWhileStarting},
	{"storm of cancels", everywhere, attackCancelStorm},
	{"callbacks that block, panic and call Goexit", everywhere, attackCallbacks},
}

// attacksAlone change what all share.
var attacksAlone = []string{
	"shortage of processes that comes and goes", "process that cannot be killed", "worker stopped while it starts", "junk that looks like a frame",
	"encoder that never returns", "decoder that never returns", "decoder of an error that never returns", "task that uses its own pool",
}

// TestAttacks runs every attack on each of its transports. The limits are
// watchdogs, not measurements.
func TestAttacks(t *testing.T) {
	for _, name := range attacksAlone {
		if !slices.ContainsFunc(attacks, func(a attack) bool { return a.name == name }) {
			t.Errorf("there is no attack %q", name)
		}
	}
	run := func(t *testing.T, a attack, tr Transport, before func(*testing.T)) {
		t.Run(fmt.Sprintf("%s/%v", a.name, tr), func(t *testing.T) {
			before(t)
			t.Log(a.run(t, tr))
		})
	}
	for _, a := range attacks {
		for _, tr := range a.on {
			if slices.Contains(attacksAlone, a.name) {
				run(t, a, tr, func(t *testing.T) { guardTest(t, time.Minute) })
			}
		}
	}
	t.Run("together", func(t *testing.T) {
		guardTest(t, 10*time.Minute)
		for _, a := range attacks {
			for _, tr := range a.on {
				if !slices.Contains(attacksAlone, a.name) {
					run(t, a, tr, func(t *testing.T) { t.Parallel(); watch(t, 5*time.Minute) })
				}
			}
		}
	})
}

// within fails the test if f does not return in time: the promise with a
// second to spare on a busy machine, and with it the time that the caller gave.
func within(t *testing.T, given time.Duration, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(given + attackGrace + 6*time.Second):
		buf := make([]byte, 1<<20)
		t.Fatalf("%s hangs\n%s", what, buf[:runtime.Stack(buf, true)])
	}
}

const attackGrace = 100 * time.Millisecond

func limited(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

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
	p := begin(t, tr, Options{Workers: 1, Tuning: Tuning{TaskTimeout: 20 * time.Second}})
	worker := pidsOf(p)[0]
	hows := []string{"unhashable", "typed nil", "Error panics", "Error calls Goexit", "Error is huge", "Unwrap panics", "Unwrap returns itself",
		"Unwrap is a tree", "Unwrap holds nil", "GobEncode panics", "GobDecode panics", "GobDecode calls Goexit",
		"panic: unhashable", "panic: typed nil", "panic: Error panics", "panic: Unwrap returns itself"}
	if tr != Goroutines { // here they are the caller's own
		hows = append(hows, "Error blocks", "Unwrap blocks", "GobEncode blocks")
	}
	for _, how := range hows {
		in := []string{"", "", how, "", ""}
		var out []int
		var err error
		within(t, 2*time.Second, how, func() { out, err = Map(t.Context(), Tune(p, Tuning{Chunk: 5}), ugly, in) })
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
	return fmt.Sprintf("%d sorts of errors: each failed its task alone", len(hows))
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
	within(t, 0, "a call afterwards", func() { works(t, p) })
	within(t, 0, "Terminate", func() { p.Terminate() })
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
			within(t, time.Second, name+", "+in, func() {
				defer func() { recover() }()
				f()
			})
		}
		cancel()
		within(t, 0, "a call afterwards, "+in, func() { works(t, p) })
	}
	within(t, 0, "Terminate", func() { p.Terminate() })
	return "the pool works"
}

func attackCause(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(30*time.Millisecond, func() { cancel(unhashable{[]int{1}}) })
	var last error
	within(t, time.Second, "Ordered", func() {
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

func attackStopped(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Tuning: Tuning{TaskTimeout: 300 * time.Millisecond}})
	stopped := pidsOf(p)[0]
	kill(stopped, sigStop)
	within(t, 200*time.Millisecond, "a call that ends by its context", func() { Call(limited(t, 200*time.Millisecond), p, square, 3) })
	within(t, time.Second, "Call", func() { works(t, p) })
	within(t, time.Second, "Submit", func() { Submit(t.Context(), p, square, 3).Get(t.Context()) })
	if alive(stopped) {
		t.Error("the stopped worker is still there")
	}
	kill(pidsOf(p)[0], sigStop)
	within(t, 200*time.Millisecond, "another one", func() { Call(limited(t, 200*time.Millisecond), p, square, 3) })
	within(t, time.Second, "Close", func() { p.Close() })
	return "it was replaced, and Close returned"
}

// stopMid returns 64 MiB and stops its process while they are sent.
var stopMid = Register("stopmid/v1", func(_ context.Context, after int) ([]byte, error) {
	if after >= 0 {
		time.AfterFunc(time.Duration(after)*time.Millisecond, func() { kill(os.Getpid(), sigStop) })
	}
	return make([]byte, 64<<20), nil
})

func attackStopMid(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Tuning: Tuning{TaskTimeout: 400 * time.Millisecond}})
	failed := 0
	for _, after := range []int{0, 1, 5} {
		within(t, 3*time.Second, "Call", func() {
			if _, err := Call(limited(t, 3*time.Second), p, stopMid, after); err != nil {
				failed++
			}
		})
	}
	within(t, time.Second, "a call afterwards", func() { works(t, p) })
	return fmt.Sprintf("%d of 3 calls failed by their time limit, all returned", failed)
}

func attackStopMidSubmit(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	for _, after := range []int{0, 1, 5} {
		within(t, 500*time.Millisecond, "Get", func() {
			Submit(limited(t, 500*time.Millisecond), p, stopMid, after).Get(t.Context())
		})
	}
	within(t, time.Second, "Terminate", func() { p.Terminate() })
	return "all ended by their context"
}

func attackStopStarting(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	holdStarts(t, func(pid int) { kill(pid, sigStop) })
	kill(pidsOf(p)[0], syscall.SIGKILL)
	eventually(t, "another is started", func() bool { return p.Stats().Started == 2 })
	time.Sleep(50 * time.Millisecond)
	within(t, 0, "Close", func() { p.Close() })
	return "Close returned after the grace"
}

// A stuckWriter never returns while the test runs.
type stuckWriter struct{ release chan struct{} }

func (w stuckWriter) Write(b []byte) (int, error) { <-w.release; return len(b), nil }

var say = Register("say/v1", func(_ context.Context, n int) (int, error) {
	fmt.Fprint(os.Stderr, strings.Repeat("x", n))
	return n, nil
})

func attackStuckWriter(t *testing.T, tr Transport) string {
	w := stuckWriter{make(chan struct{})}
	t.Cleanup(func() { close(w.release) })
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Stderr: w})
	q := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	r := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Stderr: w}) // shares it
	within(t, 0, "a task that says little", func() { must[int](t)(Call(t.Context(), p, say, 10)) })
	within(t, time.Second, "a worker that ends", func() {
		_, err := Call(t.Context(), p, exit, 3)
		wantDeath(t, err, 3, 0, "exit code 3")
	})
	within(t, 500*time.Millisecond, "a task that says much", func() { Call(limited(t, 500*time.Millisecond), p, say, 300_000) })
	within(t, time.Second, "another pool", func() { must[int](t)(Call(t.Context(), q, say, 200_000)) })
	within(t, 500*time.Millisecond, "another pool with the same writer", func() { Call(limited(t, 500*time.Millisecond), r, say, 200_000) })
	for _, p := range []*Pool{p, q, r} {
		within(t, 0, "Terminate", func() { p.Terminate() })
	}
	return "calls returned by their context, the other pool was as ever"
}

func attackStuckFile(t *testing.T, tr Transport) string {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Stderr: w})
	within(t, 500*time.Millisecond, "a task that logs much", func() { Call(limited(t, 500*time.Millisecond), p, say, 300_000) })
	within(t, 0, "Terminate", func() { p.Terminate() })
	w.Close() // the goroutine in Write returns
	return "returned by its context"
}

type panickingWriter struct{ how string }

func (w *panickingWriter) Write([]byte) (int, error) {
	if w.how == "Goexit" {
		runtime.Goexit()
	}
	panic("in Write")
}

func attackPanickingWriter(t *testing.T, tr Transport) string {
	for _, how := range []string{"panic", "Goexit"} {
		w := &panickingWriter{how}
		p := begin(t, tr, Options{Workers: 1, Stdout: w, Stderr: w})
		q := begin(t, tr, Options{Workers: 1, Stdout: w, Stderr: w})
		for _, p := range []*Pool{p, q, p} {
			within(t, 0, "a task that prints", func() { must[string](t)(Call(t.Context(), p, misbehave, "noise")) })
		}
		within(t, 0, "Close", func() { p.Close() })
		within(t, 0, "Close", func() { q.Close() })
	}
	return "tasks do not notice"
}

// spawn starts a process that outlives the worker and holds its output, and
// exits.
var spawn = Register("spawn/v1", func(_ context.Context, file string) (int, error) {
	if file != "" {
		os.WriteFile(file, fmt.Append(nil, hold(file)), 0o600)
	}
	os.Exit(3)
	return 0, nil
})

// hold starts a process that has all descriptors of this one, as a fork
// without exec does, and returns its number.
func hold(string) int {
	c := exec.Command("sleep", "30")
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	for fd := 3; fd < 16; fd++ {
		if f := dup(fd); f != nil {
			c.ExtraFiles = append(c.ExtraFiles, f)
		}
	}
	setGroup(c)
	if c.Start() != nil {
		return 0
	}
	return c.Process.Pid
}

func attackHeldDescriptors(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	file := t.TempDir() + "/pid"
	within(t, time.Second, "a worker whose descriptors another process holds exits", func() {
		_, err := Call(t.Context(), p, spawn, file)
		wantDeath(t, err, 3, 0, "exit code 3")
	})
	within(t, 0, "a call afterwards", func() { works(t, p) })
	within(t, 0, "Terminate", func() { p.Terminate() })
	pid := readPid(t, file)
	if !alive(pid) {
		t.Error("the process that was to hold them is gone")
	}
	kill(pid, syscall.SIGKILL)
	return "its death was seen at once"
}

func attackMaxChunk(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2})
	within(t, 0, "Map", func() {
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: math.MaxInt}), square, upTo(100))
		if err != nil || !slices.Equal(out, squares(100)) {
			t.Errorf("Map = %v, %v", out, err)
		}
	})
	within(t, 0, "Ordered", func() {
		n := 0
		for x, err := range Ordered(t.Context(), Tune(p, Tuning{Chunk: math.MaxInt, Window: maxWindow}), square, slices.Values(upTo(100))) {
			if err != nil || x != n*n {
				t.Fatalf("Ordered: %v, %v", x, err)
			}
			n++
		}
	})
	return "all in one chunk"
}

// scrawl writes to every descriptor that its process may have.
var scrawl = Register("scrawl/v1", func(_ context.Context, text []byte) (int, error) {
	for fd := 3; fd < 16; fd++ {
		writeTo(fd, text)
	}
	time.Sleep(50 * time.Millisecond)
	return 1, nil
})

func attackJunk(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	died := 0
	for _, text := range []string{"hello world, this is a log line of a C library\n", strings.Repeat("\x00", 64), strings.Repeat("\xff", 100), "x"} {
		within(t, 2*time.Second, "a task that writes on its descriptors", func() {
			if _, err := Call(limited(t, 2*time.Second), p, scrawl, []byte(text)); err != nil {
				died++
			}
		})
		within(t, time.Second, "a call afterwards", func() { works(t, p) })
	}
	return fmt.Sprintf("%d of 4 tasks failed, nothing else", died)
}

func attackJunkHeader(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, kind := range []byte{frameOK, frameMixed, frameFault, frameRetire, 0, 200} {
		for _, bits := range []int{0, 20, 33, 40, 47} {
			var b [16]byte
			binary.LittleEndian.PutUint64(b[:], uint64(1)<<bits<<16|uint64(kind))
			binary.LittleEndian.PutUint64(b[8:], 1<<32)
			Call(limited(t, 2*time.Second), p, scrawl, b[:])
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.Sys - min(after.Sys, before.Sys); grown > 64<<20 {
		t.Errorf("headers of 16 bytes made this process grow by %d MiB", grown>>20)
	}
	within(t, time.Second, "a call afterwards", func() { works(t, p) })
	return "no memory was taken for what never came"
}

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
			within(t, 5*time.Second, name, func() {
				for x, err := range stream(limited(t, 5*time.Second), ex, square, func(yield func(int) bool) {
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
	within(t, 300*time.Millisecond, "an iteration", func() {
		for x, err := range Unordered(limited(t, 300*time.Millisecond), p, square, func(yield func(int) bool) { yield(3); <-end }) {
			if last = err; err == nil {
				got = append(got, x)
			}
		}
	})
	if !slices.Equal(got, []int{9}) || !errors.Is(last, context.DeadlineExceeded) {
		t.Errorf("got %v, %v; want the result that was there and the deadline", got, last)
	}
	within(t, 0, "break", func() {
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
	within(t, 0, "an iteration", func() {
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
		within(t, 0, how, func() { _, err = Call(t.Context(), p, usesOwn, how) })
		if errors.Is(err, ErrOwnPool) != (how != "Submit") {
			t.Errorf("%s in a task of the same pool: %v, want ErrOwnPool", how, err)
		}
	}
	works(t, p)
	return "ErrOwnPool at once"
}

func attackZero(t *testing.T, tr Transport) string {
	var zero Pool
	within(t, 0, "a zero pool", func() {
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
		within(t, 0, name, func() {
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
	within(t, time.Second, "others behind it", func() {
		for _, f := range others {
			if got, err := f.Get(t.Context()); err != nil || got.Name != "hello x" {
				t.Errorf("a task behind it: %v, %v", got, err)
			}
		}
	})
	within(t, time.Second, "works", func() { works(t, p) })
	within(t, 300*time.Millisecond, "Call", func() {
		if _, err := Call(limited(t, 300*time.Millisecond), p, takeSticky, sticky{"encode"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call by its context: %v", err)
		}
	})
	if bad.Ready() {
		t.Error("the first is ready")
	}
	within(t, 0, "Terminate", func() { p.Terminate() })
	if !errors.Is(bad.Err(), ErrTerminated) {
		t.Errorf("after Terminate: %v", bad.Err())
	}
	return "others were served, the call ended by its context"
}

func attackSlowEncoder(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	within(t, 20*time.Second, "Map", func() {
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
	within(t, time.Second, "others behind it", func() {
		if got, err := good.Get(t.Context()); err != nil || got.How != "fine" {
			t.Errorf("the next of that type: %v, %v", got, err)
		}
		if got, err := Call(t.Context(), p, greet, person{Name: "y"}); err != nil || got.Name != "hello y" {
			t.Errorf("one of another type: %v, %v", got, err)
		}
	})
	within(t, 300*time.Millisecond, "Map", func() {
		out, err := Map(limited(t, 300*time.Millisecond), Tune(p, Tuning{Chunk: 3}), makeSticky, []string{"a", "decode", "b"})
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 1 || out[0].How != "a" || out[2].How != "b" {
			t.Errorf("Map = %v, %v", out, err)
		}
	})
	if bad.Ready() || !bad.Cancel() {
		t.Error("the first is ready")
	}
	within(t, 0, "Get", func() { bad.Get(t.Context()) })
	within(t, 0, "Close", func() { p.Close() })
	return "others were served, its neighbours in the chunk too"
}

func attackStuckErrorDecoder(t *testing.T, tr Transport) string {
	unblock(t)
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	within(t, 300*time.Millisecond, "Call", func() {
		if _, err := Call(limited(t, 300*time.Millisecond), p, ugly, "GobDecode blocks"); err == nil {
			t.Error("no error")
		}
	})
	within(t, time.Second, "a call afterwards", func() { works(t, p) })
	within(t, 0, "Close", func() { p.Close() })
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

func attackIgnores(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Tuning: Tuning{Chunk: 3}})
	ms := 1000
	within(t, 200*time.Millisecond, "Map", func() {
		out, err := Map(t.Context(), Tune(p, Tuning{TaskTimeout: 200 * time.Millisecond}), nap, []int{1, ms, 2})
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 1 || !slices.Equal(out, []int{1, 0, 2}) {
			t.Errorf("Map = %v, %v", out, err)
		}
	})
	f := Submit(t.Context(), p, nap, ms)
	eventually(t, "it runs", f.Running)
	var err error
	within(t, 0, "Terminate", func() { err = p.Terminate() })
	var left *LeftError
	if errors.As(err, &left) != (tr == Goroutines) {
		t.Errorf("Terminate: %v; want a LeftError with goroutines only", err)
	}
	if tr == Goroutines {
		if left == nil || left.Tasks == 0 || !errors.As(p.Close(), &left) {
			t.Errorf("Close after it: %v", p.Close())
		}
		eventually(t, "they end", func() bool { return p.Close() == nil })
	}
	return fmt.Sprint("Terminate says: ", err)
}

func attackCancel(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: 5 * time.Second})
	f := Submit(t.Context(), p, nap, 500)
	eventually(t, "it runs", f.Running)
	if !f.Cancel() {
		t.Error("Cancel = false")
	}
	if _, err := f.Get(t.Context()); !errors.Is(err, ErrCancelled) {
		t.Errorf("Get after Cancel: %v", err)
	}
	m := MapAsync(t.Context(), p, nap, []int{10})
	if _, err := m.Get(t.Context()); m.Cancel() || err != nil {
		t.Errorf("Cancel of what is done; %v", err)
	}
	return "ErrCancelled although the task returned"
}

func attackShortage(t *testing.T, tr Transport) string {
	var short atomic.Bool
	short.Store(true)
	failStarts(t, short.Load)
	var p *Pool
	within(t, 0, "Start in a shortage", func() {
		if q, err := Start(t.Context(), Options{Workers: 2, Transport: tr, StartTime: 100 * time.Millisecond, Stderr: io.Discard}); !errors.Is(err, syscall.ENOMEM) {
			q.Terminate()
			t.Errorf("Start: %v, want ENOMEM", err)
		}
	})
	time.AfterFunc(100*time.Millisecond, func() { short.Store(false) })
	within(t, time.Second, "Start while a shortage ends", func() { p = begin(t, tr, Options{Workers: 2}) })
	short.Store(true)
	for _, pid := range pidsOf(p) {
		kill(pid, syscall.SIGKILL)
	}
	f := Submit(t.Context(), p, square, 3)
	time.Sleep(100 * time.Millisecond)
	short.Store(false)
	within(t, 2*time.Second, "a task that waits for it", func() {
		if got, err := f.Get(t.Context()); got != 9 || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
	return "the pool waited, and went on"
}

func attackUnkillable(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	pid := pidsOf(p)[0]
	unkillable(t)
	within(t, 200*time.Millisecond, "Call", func() {
		if _, err := Call(limited(t, 200*time.Millisecond), p, nap, 60_000); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Call: %v", err)
		}
	})
	within(t, time.Second, "a call afterwards", func() { works(t, p) })
	within(t, 0, "Terminate", func() { p.Terminate() })
	for _, pid := range append(childrenOf(os.Getpid()), pid) {
		kill(pid, syscall.SIGKILL)
	}
	return "it was given up and replaced"
}

func attackChildren(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1})
	background := func(how string) int {
		n, err := Call(t.Context(), p, leaves, how)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	pid := background("")
	Call(t.Context(), p, exit, 3)
	eventually(t, "a worker that dies takes its children", func() bool { return !alive(pid) })
	pid = background("")
	p.Close()
	if !alive(pid) {
		t.Error("Close has killed what a task had started")
	}
	kill(pid, syscall.SIGKILL)
	p = begin(t, tr, Options{Workers: 1})
	pid = background("")
	p.Terminate()
	eventually(t, "Terminate takes them", func() bool { return !alive(pid) })
	return "death and Terminate take them, Close leaves them"
}

var leaves = Register("leaves/v1", func(context.Context, string) (int, error) {
	c := exec.Command("sleep", "30")
	return func() int { c.Start(); return c.Process.Pid }(), nil
})

func attackBroadcast(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2, Lazy: true})
	if _, err := Broadcast(t.Context(), p, square, 3); !errors.Is(err, ErrNobody) {
		t.Errorf("without workers: %v, want ErrNobody", err)
	}
	works(t, p)
	if got, err := Broadcast(t.Context(), p, square, 3); err != nil || !slices.Equal(got, []int{9}) {
		t.Errorf("with one: %v, %v", got, err)
	}
	p.Close()
	if _, err := Broadcast(t.Context(), p, square, 3); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
	return "ErrNobody and ErrClosed"
}

func attackEndWhileStarting(t *testing.T, tr Transport) string {
	for i := range 6 {
		p := begin(t, tr, Options{Workers: 2, Lazy: true, Grace: attackGrace})
		for range 3 {
			Submit(t.Context(), p, square, 1)
		}
		p.Resize(20)
		p.Resize(1 + i%3)
		within(t, time.Second, "the end", func() {
			switch i % 3 {
			case 0:
				p.Close()
			case 1:
				p.Terminate()
			default:
				p.CloseCancel()
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	within(t, time.Second, "Start", func() {
		if p, err := Start(ctx, Options{Workers: 50, Transport: tr, Stderr: io.Discard}); err == nil {
			p.Terminate()
		}
	})
	return "all returned"
}

func attackCancelStorm(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2, Grace: attackGrace})
	within(t, 10*time.Second, "the storm", func() {
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			var fs []*Future[int]
			for i := range 200 {
				fs = append(fs, Submit(ctx, p, wait, i%2*60_000))
			}
			for i := 0; i < len(fs); i += 3 {
				go fs[i].Cancel()
			}
			cancel()
			for _, f := range fs {
				f.Get(t.Context())
			}
		}
		works(t, p)
	})
	return "4000 tasks have ended"
}

func attackCallbacks(t *testing.T, tr Transport) string {
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, OnEvent: func(e Event) {
		switch e.Kind {
		case WorkerStarted:
			panic("in OnEvent")
		default:
			<-end
		}
	}})
	ex := Tune(p, Tuning{Progress: func(g Progress) {
		if g.Done == g.Total {
			<-end
		}
		panic("in Progress")
	}})
	within(t, time.Second, "Map", func() { must[[]int](t)(Map(t.Context(), ex, square, upTo(100))) })
	ex = Tune(p, Tuning{Progress: func(Progress) { runtime.Goexit() }})
	within(t, time.Second, "Map", func() { must[[]int](t)(Map(t.Context(), ex, square, upTo(100))) })
	f := Submit(t.Context(), p, square, 2)
	f.OnDone(func() { <-end })
	f.OnDone(func() { runtime.Goexit() })
	within(t, 0, "Get", func() { must[int](t)(f.Get(t.Context())) })
	within(t, time.Second, "Close", func() { p.Close() })
	return "nothing waits for them"
}
