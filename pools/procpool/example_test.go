package procpool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// A pool of processes, step by step.
func Example() {
	ctx := context.Background()
	pool, err := Start(ctx, Options{Workers: 2, IdleTimeout: 20 * time.Millisecond})
	if err != nil {
		fmt.Println(err)
		return
	}

	// Call and wait: apply.
	nine, err := Call(ctx, pool, square, 3)
	fmt.Println("call:", nine, err)

	// Submit, and fetch later: apply_async.
	f := Submit(ctx, pool, square, 4)
	sixteen, err := f.Get(ctx)
	fmt.Println("submit:", sixteen, err)

	// Map, in order.
	list, err := Map(ctx, pool, square, []int{1, 2, 3, 4, 5})
	fmt.Println("map:", list, err)

	// Several arguments are a struct: starmap.
	powers, err := Map(ctx, pool, power, []pair{{2, 3}, {3, 2}, {10, 2}})
	fmt.Println("several arguments:", powers, err)

	// Results one by one, from input that may have no end: imap.
	for x, err := range Ordered(ctx, pool, square, count) {
		if x > 20 || err != nil {
			break // cancels the rest
		}
		fmt.Print(x, " ")
	}
	fmt.Println("and so on")

	// Wait with a timeout; ready or not.
	slow := Submit(ctx, pool, nap, 200)
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
	one, err := Call(ctx, pool, square, 1)
	fmt.Println("after an idle time:", one, err)

	// One is killed in the middle of a task: that task fails, nothing else.
	_, err = Map(ctx, pool, maybeKill, []int{-1, int(syscall.SIGKILL), -1})
	var errs Errors
	var death *WorkerError
	fmt.Println("killed:", errors.As(err, &errs) && errors.As(err, &death), "task", errs[0].Task, "by", child.SignalName(death.Signal))
	again, err := Call(ctx, pool, square, 5)
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

func count(yield func(int) bool) {
	for i := 1; yield(i); i++ {
	}
}

// A failed task has its place in the order.
func ExampleOrdered() {
	ctx := context.Background()
	pool, err := Start(ctx, Options{Transport: Goroutines}) // one word, and there are no processes
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	for s, err := range Ordered(ctx, pool, misbehave, slices.Values([]string{"fine", "error", "fine"})) {
		fmt.Printf("%q %v\n", s, err)
	}
	// Output:
	// "fine" <nil>
	// "" an error
	// "fine" <nil>
}
