package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// loadArg makes this program a load on the machine; a seed follows it.
const loadArg = "-load"

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
		fmt.Fprintf(os.Stderr, "contest: %s %q: a seed is a whole number\n", loadArg, seed)
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
				x = churn(x, 100_000) // about 0.2 ms
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

// churn runs this many steps of a xorshift generator (Marsaglia 2003), which
// computes in registers and never gives 0.
func churn(x uint64, steps int) uint64 {
	for range steps {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// A load is a process that keeps processors busy.
type load struct {
	cmd      *exec.Cmd
	lifeline io.Closer
}

// startLoad starts the load of a seed. The caller must call stop.
func startLoad(seed uint64) (*load, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("the load: %w", err)
	}
	cmd := exec.Command(self, loadArg, strconv.FormatUint(seed, 10))
	lifeline, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("the load: %w", err)
	}
	return &load{cmd, lifeline}, nil
}

// stop ends the load and waits for its process.
func (l *load) stop() {
	l.lifeline.Close()
	l.cmd.Wait()
}
