package procpool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool"
)

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
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 1, MaxTasks: 2, Grace: time.Minute}))
	defer pool.Close()
	a, b, c := must(Pid.Call(ctx, pool, 0)), must(Pid.Call(ctx, pool, 0)), must(Pid.Call(ctx, pool, 0))
	fmt.Println(a == b, b == c)
	// Output: true false
}

func ExamplePool_CloseCancel() {
	pool := one()
	dir := must(os.MkdirTemp("", "procpool-"))
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "begun")
	running := Begin.Submit(ctx, pool, file)
	for { // Running would only say that it was given to a worker
		if _, err := os.Stat(file); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	queued := Wait.Submit(ctx, pool, time.Minute)
	go func() { <-queued.Done(); os.Remove(file) }() // what runs ends after that
	pool.CloseCancel()
	fmt.Println(running.Get(ctx))
	fmt.Println(queued.Err())
	// Output:
	// it has run to its end <nil>
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
	pool := must(procpool.Start(ctx, procpool.Options{Workers: 1, Name: "images", Grace: time.Minute, OnEvent: func(e procpool.Event) {
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
