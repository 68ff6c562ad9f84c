package procpool_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool"
)

// The functions of these examples. main (TestMain here) calls ServeIfWorker.
var (
	Square = procpool.Register("example.square/v1", func(_ context.Context, x int) (int, error) { return x * x, nil })
	Power  = procpool.Register("example.power/v1", func(_ context.Context, p Pair) (int, error) {
		r := 1
		for range p.Exponent {
			r *= p.Base
		}
		return r, nil
	})
	Scale = procpool.Register("example.scale/v1", func(_ context.Context, p procpool.Pair[int, int]) (int, error) {
		return p.First * p.Second, nil
	})
	Wait = procpool.Register("example.wait/v1", func(ctx context.Context, d time.Duration) (string, error) {
		select {
		case <-time.After(d):
			return "slept well", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	Check = procpool.Register("example.check/v1", func(_ context.Context, s string) (string, error) {
		switch s {
		case "bad":
			return "", &FormatError{Line: 7}
		case "gone":
			return "", ErrGone
		case "fatal":
			os.Exit(3)
		}
		return s, nil
	})
	Once = procpool.Register("example.once/v1", func(_ context.Context, file string) (string, error) {
		if f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			f.Close()
			os.Exit(1) // the first time
		}
		return "done", nil
	})
	Load  = procpool.Register("example.load/v1", func(_ context.Context, t string) (int, error) { loaded = t; return 0, nil })
	Greet = procpool.Register("example.greet/v1", func(_ context.Context, who string) (string, error) { return loaded + ", " + who, nil })
	Pid   = procpool.Register("example.pid/v1", func(context.Context, int) (int, error) { return os.Getpid(), nil })
	Sum   = procpool.Register("example.sum/v1", func(_ context.Context, p Part) (sum float64, err error) {
		for _, x := range p.Data.Slice()[p.Lo:p.Hi] {
			sum += x
		}
		return sum, nil
	})
	Older = procpool.Register("example.older/v1", func(_ context.Context, p Person) (Person, error) { p.age++; return p, nil }, procpool.UseCodec(People))
)

type Pair struct{ Base, Exponent int }

type Part struct {
	Data   *procpool.Array[float64]
	Lo, Hi int
}

// A FormatError comes back from a worker as what it is.
type FormatError struct{ Line int }

func (e *FormatError) Error() string { return fmt.Sprintf("line %d makes no sense", e.Line) }

func init() { procpool.RegisterError(&FormatError{}) }

// ErrGone comes back as itself.
var ErrGone = procpool.RegisterSentinel("example.gone", errors.New("it is gone"))

// loaded is what the initializer of a worker has set.
var loaded string

// A Person has fields that gob would drop.
type Person struct {
	name string
	age  int
}

type people struct{}

func (people) Name() string { return "example.people" }
func (people) Marshal(v any) ([]byte, error) {
	p := v.(*Person)
	return json.Marshal([]any{p.name, p.age})
}
func (people) Unmarshal(b []byte, v any) error {
	p := v.(*Person)
	return json.Unmarshal(b, &[]any{&p.name, &p.age})
}

var People = procpool.RegisterCodec(people{})

var ctx = context.Background()

// must is for examples: they have no use for an error here.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// one is a pool of one worker.
func one() *procpool.Pool { return must(procpool.Start(ctx, procpool.Options{Workers: 1})) }

func ExampleStart() {
	pool, err := procpool.Start(ctx, procpool.Options{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(Square.Call(ctx, pool, 3))
	fmt.Println("close:", pool.Close())

	pool, err = procpool.Start(ctx, procpool.Options{Transport: procpool.Goroutines}) // one word, and there are no processes
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(Square.Call(ctx, pool, 4))
	fmt.Println("terminate:", pool.Terminate())
	// Output:
	// 9 <nil>
	// close: <nil>
	// 16 <nil>
	// terminate: <nil>
}

func ExampleCall() {
	pool := one()
	defer pool.Close()
	fmt.Println(procpool.Call(ctx, pool, Square, 3))
	fmt.Println(Square.Call(ctx, pool, 3)) // the same
	// Output:
	// 9 <nil>
	// 9 <nil>
}

func ExampleSubmit() {
	pool := one()
	defer pool.Close()
	f := Square.Submit(ctx, pool, 4)
	fmt.Println(f.Get(ctx))
	slow := Wait.Submit(ctx, pool, time.Minute)
	fmt.Println("ready:", slow.Ready(), "cancelled:", slow.Cancel())
	_, err := slow.Get(ctx)
	fmt.Println(err)
	// Output:
	// 16 <nil>
	// ready: false cancelled: true
	// procpool: cancelled
}

func ExampleMap() {
	pool := one()
	defer pool.Close()
	fmt.Println(Square.Map(ctx, pool, []int{1, 2, 3, 4, 5}))
	all, err := Check.Map(ctx, pool, []string{"a", "bad", "c"})
	fmt.Printf("%q %v\n", all, err)
	// Output:
	// [1 4 9 16 25] <nil>
	// ["a" "" "c"] task 1: line 7 makes no sense
}

func ExampleMap_severalArguments() {
	pool := one()
	defer pool.Close()
	fmt.Println(Power.Map(ctx, pool, []Pair{{2, 3}, {3, 2}, {10, 2}}))
	// Output: [8 9 100] <nil>
}

func ExampleMapSeq() {
	pool := one()
	defer pool.Close()
	fmt.Println(procpool.MapSeq(ctx, pool, Square, slices.Values([]int{7, 8})))
	// Output: [49 64] <nil>
}

func ExampleOrdered() {
	pool := one()
	defer pool.Close()
	count := func(yield func(int) bool) { // has no end, and is read only as far as needed
		for i := 1; yield(i); i++ {
		}
	}
	for x, err := range Square.Ordered(ctx, pool, count) {
		if x > 20 || err != nil {
			break // cancels the rest
		}
		fmt.Print(x, " ")
	}
	fmt.Println("and so on")
	// Output: 1 4 9 16 and so on
}

func ExampleUnordered() {
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 3}))
	defer pool.Close()
	sum := 0
	for x, err := range Square.Unordered(ctx, pool, slices.Values([]int{1, 2, 3})) { // as they are ready
		if err == nil {
			sum += x
		}
	}
	fmt.Println(sum)
	// Output: 14
}

func ExampleWaitAll() {
	pool := one()
	defer pool.Close()
	a, b := Square.Submit(ctx, pool, 1), Check.Submit(ctx, pool, "bad")
	fmt.Println(procpool.WaitAll[procpool.Pending](ctx, a, b)) // of several types
	// Output: line 7 makes no sense
}

func ExampleAsCompleted() {
	pool := one()
	defer pool.Close()
	n := 0
	for f, err := range procpool.AsCompleted(ctx, Square.Submit(ctx, pool, 1), Square.Submit(ctx, pool, 2)) {
		if err == nil && f.Err() == nil {
			n++
		}
	}
	fmt.Println(n, "done")
	// Output: 2 done
}

func ExampleTune() {
	pool := one()
	defer pool.Close()
	quick := procpool.Tune(pool, procpool.Tuning{Chunk: 1, FirstError: true})
	_, err := Check.Map(ctx, quick, []string{"a", "bad", "c"})
	fmt.Println(err)
	// Output: task 1: line 7 makes no sense
}

func ExampleFunc_With() {
	pool := one()
	defer pool.Close()
	_, err := Wait.With(procpool.Tuning{TaskTimeout: 50 * time.Millisecond}).Call(ctx, pool, time.Minute)
	fmt.Println(errors.Is(err, procpool.ErrTaskTimeout))
	// Output: true
}

func ExampleProgress() {
	pool := one()
	defer pool.Close()
	var last procpool.Progress
	ex := procpool.Tune(pool, procpool.Tuning{Progress: func(p procpool.Progress) { last = p }})
	Check.Map(ctx, ex, []string{"a", "bad", "c"})
	fmt.Printf("%d of %d, %d failed\n", last.Done, last.Total, last.Failed)
	// Output: 3 of 3, 1 failed
}

func ExampleInit() {
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 1, Init: procpool.Init(Load, "Good day")}))
	defer pool.Close()
	fmt.Println(Greet.Call(ctx, pool, "Ann")) // what main sets is not there, what Init sets is
	// Output: Good day, Ann <nil>
}

func ExampleOptions_maxTasks() {
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 1, MaxTasks: 2}))
	defer pool.Close()
	a, b, c := must(Pid.Call(ctx, pool, 0)), must(Pid.Call(ctx, pool, 0)), must(Pid.Call(ctx, pool, 0))
	fmt.Println(a == b, b == c)
	// Output: true false
}

func ExamplePool_CloseCancel() {
	pool := one()
	running := Wait.Submit(ctx, pool, 100*time.Millisecond)
	for !running.Running() {
		time.Sleep(time.Millisecond)
	}
	queued := Wait.Submit(ctx, pool, time.Minute)
	pool.CloseCancel()
	fmt.Println(running.Get(ctx))
	fmt.Println(queued.Err())
	// Output:
	// slept well <nil>
	// procpool: cancelled
}

func ExampleNewArray() {
	data, err := procpool.NewArray[float64](1000)
	if err != nil {
		fmt.Println(err) // no shared memory here
		return
	}
	defer data.Close()
	for i := range data.Slice() {
		data.Slice()[i] = float64(i)
	}
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 2}))
	defer pool.Close()
	fmt.Println(Sum.Map(ctx, pool, []Part{{data, 0, 500}, {data, 500, 1000}}))
	// Output: [124750 374750] <nil>
}

func ExampleRegisterError() {
	pool := one()
	defer pool.Close()
	_, err := Check.Call(ctx, pool, "bad")
	var format *FormatError
	fmt.Println(errors.As(err, &format), format.Line)
	_, err = Check.Call(ctx, pool, "gone")
	fmt.Println(errors.Is(err, ErrGone))
	// Output:
	// true 7
	// true
}

func ExampleUseCodec() {
	pool := one()
	defer pool.Close()
	p, err := Older.Call(ctx, pool, Person{"Ann", 41})
	fmt.Println(p.name, p.age, err)
	// Output: Ann 42 <nil>
}

func ExampleOptions_onDeath() {
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 1, OnDeath: procpool.RetryTask, Stderr: io.Discard}))
	defer pool.Close()
	dir := must(os.MkdirTemp("", "example"))
	defer os.RemoveAll(dir)
	fmt.Println(Once.Call(ctx, pool, dir+"/file")) // its first worker dies
	// Output: done <nil>
}

func ExampleOptions_onEvent() {
	var started, died atomic.Int32
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 1, Name: "images", OnEvent: func(e procpool.Event) {
		switch e.Kind { // or log.Print(e)
		case procpool.WorkerStarted:
			started.Add(1)
		case procpool.WorkerDied:
			died.Add(1)
		}
	}}))
	_, err := Check.Call(ctx, pool, "fatal")
	var death *procpool.WorkerError
	fmt.Println("exit code", errors.As(err, &death), death.ExitCode)
	fmt.Println(Square.Call(ctx, pool, 5)) // the pool goes on
	pool.Close()
	fmt.Println(started.Load(), "started", died.Load(), "died")
	// Output:
	// exit code true 3
	// 25 <nil>
	// 2 started 1 died
}

func ExampleBroadcast() {
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 2}))
	defer pool.Close()
	fmt.Println(Square.Broadcast(ctx, pool, 3))
	lazy := must(procpool.Start(ctx, procpool.Options{Lazy: true}))
	defer lazy.Close()
	_, err := Square.Broadcast(ctx, lazy, 3)
	fmt.Println(errors.Is(err, procpool.ErrNobody))
	// Output:
	// [9 9] <nil>
	// true
}

func ExampleExecutorFunc() {
	fake := procpool.ExecutorFunc(func(_ context.Context, function string, arg any) (any, error) {
		return arg.(int) + 1000, nil // in place of example.square/v1
	})
	fmt.Println(Square.Map(ctx, fake, []int{1, 2}))
	// Output: [1001 1002] <nil>
}

// A pool of processes, step by step.
func Example() {
	pool, err := procpool.Start(ctx, procpool.Options{Workers: 2, IdleTimeout: 20 * time.Millisecond, Stderr: io.Discard})
	if err != nil {
		fmt.Println(err)
		return
	}

	// Call and wait: apply.
	nine, err := procpool.Call(ctx, pool, Square, 3)
	fmt.Println("call:", nine, err)

	// Submit, and fetch later: apply_async.
	f := procpool.Submit(ctx, pool, Square, 4)
	sixteen, err := f.Get(ctx)
	fmt.Println("submit:", sixteen, err)

	// Map, in order.
	list, err := procpool.Map(ctx, pool, Square, []int{1, 2, 3, 4, 5})
	fmt.Println("map:", list, err)

	// Several arguments are a struct: starmap.
	powers, err := procpool.Map(ctx, pool, Power, []Pair{{2, 3}, {3, 2}, {10, 2}})
	fmt.Println("several arguments:", powers, err)

	// Results one by one, from input that may have no end: imap.
	for x, err := range procpool.Ordered(ctx, pool, Square, count) {
		if x > 20 || err != nil {
			break // cancels the rest
		}
		fmt.Print(x, " ")
	}
	fmt.Println("and so on")

	// Wait with a timeout; ready or not.
	slow := procpool.Submit(ctx, pool, Wait, 200*time.Millisecond)
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err = slow.Get(short)
	fmt.Println("after 10 ms:", err, "ready:", slow.Ready())
	_, err = slow.Get(ctx)
	fmt.Println("later:", err, "ready:", slow.Ready())

	// Idle workers go away, and come back.
	for len(pool.Stats().Workers) > 0 {
		time.Sleep(time.Millisecond)
	}
	one, err := procpool.Call(ctx, pool, Square, 1)
	fmt.Println("after an idle time:", one, err)

	// One is killed in the middle of a task: that task fails, nothing else.
	_, err = procpool.Map(ctx, pool, Deadly, []bool{false, true, false})
	var errs procpool.Errors
	var death *procpool.WorkerError
	fmt.Println("killed:", errors.As(err, &errs) && errors.As(err, &death), "task", errs[0].Task, "by", "SIG"+map[bool]string{true: "KILL"}[death.Signal == 9])
	again, err := procpool.Call(ctx, pool, Square, 5)
	fmt.Println("and the pool goes on:", again, err)

	fmt.Println("close:", pool.Close())
	// Output:
	// call: 9 <nil>
	// submit: 16 <nil>
	// map: [1 4 9 16 25] <nil>
	// several arguments: [8 9 100] <nil>
	// 1 4 9 16 and so on
	// after 10 ms: context deadline exceeded ready: false
	// later: <nil> ready: true
	// after an idle time: 1 <nil>
	// killed: true task 1 by SIGKILL
	// and the pool goes on: 25 <nil>
	// close: <nil>
}

// Deadly kills its own process if it is told to.
var Deadly = procpool.Register("example.deadly/v1", func(_ context.Context, die bool) (bool, error) {
	if die {
		p, err := os.FindProcess(os.Getpid())
		if err != nil {
			return false, err
		}
		p.Kill()
		time.Sleep(time.Minute)
	}
	return true, nil
})

// count yields 1, 2, 3 and so on.
func count(yield func(int) bool) {
	for i := 1; yield(i); i++ {
	}
}

// Two lists, whose elements are the arguments of one task each.
func ExampleZip() {
	ctx := context.Background()
	pool, err := procpool.Start(ctx, procpool.Options{Workers: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	fmt.Println(Scale.Map(ctx, pool, procpool.Zip([]int{1, 2, 3}, []int{10, 20, 30})))
	// Output: [10 40 90] <nil>
}

// Who asks with the same options gets the same warm pool.
func ExampleReuse() {
	ctx := context.Background()
	one, err := procpool.Reuse(ctx, procpool.Options{Workers: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	two, err := procpool.Reuse(ctx, procpool.Options{Workers: 1})
	fmt.Println(one == two, err)
	one.Close()
	three, err := procpool.Reuse(ctx, procpool.Options{Workers: 1})
	fmt.Println(one == three, err)
	three.Close()
	// Output:
	// true <nil>
	// false <nil>
}
