package replay_test

import (
	"context"
	"fmt"
	"time"

	"amdahl/bench/contract"
	"amdahl/results/replay"
)

// A tenth of every task is under one lock. How much faster are 16 workers than
// one, where does their time go, and what if the lock were gone?
func Example() {
	job := replay.Equal(0, 160, replay.Phase{Kind: replay.Compute, Time: 9 * time.Millisecond}, replay.Phase{Kind: replay.Locked, Time: time.Millisecond})
	ask := func(question string, j replay.Job) {
		one, err := replay.Run(context.Background(), j, replay.Machine{Workers: 1})
		if err != nil {
			fmt.Println(err)
			return
		}
		many, err := replay.Run(context.Background(), j, replay.Machine{Workers: 16})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: T(16) = %v, S(16) = %.2f\n", question, many.Time, one.Time.Seconds()/many.Time.Seconds())
		fmt.Printf("  of %v worker time: compute %v, lock %v, imbalance %v\n",
			many.Parts.Sum(), many.Parts[contract.Useful], many.Parts[contract.Lock], many.Parts[contract.Imbalance])
	}
	ask("as it is", job)
	ask("without the lock", job.WithoutLock())
	bounds, err := replay.Bound(job, replay.Machine{Workers: 16})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("no number of workers gives more than %.2f\n", bounds.Speedup(1000))
	// Output:
	// as it is: T(16) = 169ms, S(16) = 9.47
	//   of 2.704s worker time: compute 1.6s, lock 984ms, imbalance 120ms
	// without the lock: T(16) = 100ms, S(16) = 16.00
	//   of 1.6s worker time: compute 1.6s, lock 0s, imbalance 0s
	// no number of workers gives more than 9.47
}

// CPU-bound and waiting work under one interpreter lock, as threads and as
// processes.
func ExampleMachine() {
	for _, kind := range []replay.Kind{replay.Compute, replay.Wait} {
		job := replay.Equal(0, 80, replay.Phase{Kind: kind, Time: 10 * time.Millisecond})
		for _, processes := range []bool{false, true} {
			out, err := replay.Run(context.Background(), job, replay.Machine{Workers: 8, Interpreter: true, Processes: processes})
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("%s, processes %t: %v\n", kind, processes, out.Time)
		}
	}
	// Output:
	// compute, processes false: 800ms
	// compute, processes true: 100ms
	// wait, processes false: 100ms
	// wait, processes true: 100ms
}
