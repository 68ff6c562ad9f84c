package procpool_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
	// Begin makes a file, so that others see that it runs, and runs until the file is removed.
	Begin = procpool.Register("example.begin/v1", func(_ context.Context, file string) (string, error) {
		err := os.WriteFile(file, nil, 0o600)
		for ; err == nil; _, err = os.Stat(file) {
			time.Sleep(time.Millisecond)
		}
		return "it has run to its end", nil
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
func one() *procpool.Pool {
	return must(procpool.Start(ctx, procpool.Options{Workers: 1, Grace: time.Minute}))
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
	slow := procpool.Submit(ctx, pool, Wait, time.Hour)
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err = slow.Get(short)
	fmt.Println("after 10 ms:", err, "ready:", slow.Ready())
	slow.Cancel()
	_, err = slow.Get(ctx)
	fmt.Println("cancelled:", err, "ready:", slow.Ready())

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
	// cancelled: procpool: cancelled ready: true
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
