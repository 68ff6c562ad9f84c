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

// weatherArg makes this program the weather; a seed stands behind it.
const weatherArg = "-weather"

const describeWeather = "a process with one or two busy threads comes and goes in spells of 1 to 4 s"

// A spell is a stretch of time with so many busy threads.
type spell struct {
	threads int
	length  time.Duration
}

// spells are the weather of a seed: calm and one or two busy threads in turn,
// from either, each for 1 to 4 s.
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

// beWeather makes the weather until its standard input ends, which it does
// when the process that started it ends, however that came.
func beWeather(seed string, lifeline io.Reader) int {
	n, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		fmt.Fprintf(os.Stderr, "drift: %s %q: a seed is a whole number\n", weatherArg, seed)
		return 2
	}
	runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0), 3))
	over := make(chan struct{})
	go func() {
		io.Copy(io.Discard, lifeline)
		close(over)
	}()
	for next := spells(n); ; {
		s := next()
		if !s.blow(over) {
			return 0
		}
	}
}

// blow keeps the threads busy for the spell. It is false when all is over.
func (s spell) blow(over <-chan struct{}) bool {
	var calm atomic.Bool
	var done sync.WaitGroup
	for range s.threads {
		done.Go(func() {
			for x := uint64(1); !calm.Load(); {
				x = churn(x, 100_000) // about 0.2 ms
				runtime.KeepAlive(x)
			}
		})
	}
	defer done.Wait()
	defer calm.Store(true)
	select {
	case <-over:
		return false
	case <-time.After(s.length):
		return true
	}
}

// churn is so many steps of a xorshift generator (Marsaglia 2003), which
// computes in registers and never gives 0.
func churn(x uint64, steps int) uint64 {
	for range steps {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// A weather is a process of it.
type weather struct {
	cmd      *exec.Cmd
	lifeline io.Closer
}

// startWeather starts the weather of a seed; its stop must be called.
func startWeather(seed uint64) (*weather, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("the weather: %w", err)
	}
	cmd := exec.Command(self, weatherArg, strconv.FormatUint(seed, 10))
	lifeline, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("the weather: %w", err)
	}
	return &weather{cmd, lifeline}, nil
}

// stop ends the weather and waits for its end.
func (w *weather) stop() {
	w.lifeline.Close()
	w.cmd.Wait()
}
