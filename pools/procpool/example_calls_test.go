package procpool_test

import (
	"fmt"
	"slices"
	"time"

	"amdahl/pools/procpool"
)

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
