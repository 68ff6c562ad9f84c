package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"amdahl/bench/load"
)

const describeLoad = "a process with one or two busy threads comes and goes in spells of 1 to 4 s"

// A spell is a stretch of time with this many busy threads.
type spell struct {
	threads int
	length  time.Duration
}

// spells returns the next spell of a seed's load at each call: no busy thread
// and one or two in turn, each for 1 to 4 s. The seed decides which is first.
func spells(seed uint64) func() spell {
	rng := rand.New(rand.NewPCG(seed, 0))
	busy := rng.IntN(2) == 0
	return func() spell {
		s := spell{length: time.Second + time.Duration(rng.Int64N(int64(3*time.Second)))}
		if busy {
			s.threads = 1 + rng.IntN(2)
		}
		busy = !busy
		return s
	}
}

// makeLoad keeps processors busy until lifeline ends, which it does when the
// process that holds its other end is gone.
func makeLoad(seed string, lifeline io.Reader) int {
	n, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		fmt.Fprintf(os.Stderr, "contest: %s %q: a seed is a whole number\n", load.Arg, seed)
		return usage
	}
	runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0), 3))
	over := make(chan struct{})
	go func() {
		io.Copy(io.Discard, lifeline)
		close(over)
	}()
	for next := spells(n); ; {
		s := next()
		if !s.run(over) {
			return 0
		}
	}
}

// run keeps the threads busy for the spell. It is false when over is closed.
func (s spell) run(over <-chan struct{}) bool {
	var ended atomic.Bool
	var done sync.WaitGroup
	for range s.threads {
		done.Go(func() {
			for x := uint64(1); !ended.Load(); {
				x = load.Churn(x, 100_000)
				runtime.KeepAlive(x)
			}
		})
	}
	defer done.Wait()
	defer ended.Store(true)
	select {
	case <-over:
		return false
	case <-time.After(s.length):
		return true
	}
}
