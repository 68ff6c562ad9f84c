package machine

import (
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// A Given is what threads that were all busy at once got of the processors: a
// canary. The times are summed over the threads.
type Given struct {
	Threads int
	Pieces  int // of a fixed piece of work, about 0.1 ms each, that all threads did
	Wall    time.Duration
	CPU     time.Duration // 0 where the system does not tell
}

// Processors is how many processors the threads were given: CPU time over wall
// time, summed over the threads. ok is false where the system does not tell.
func (g Given) Processors() (n float64, ok bool) {
	if g.CPU <= 0 || g.Wall <= 0 {
		return 0, false
	}
	return min(float64(g.CPU)/float64(g.Wall), 1) * float64(g.Threads), true
}

// Enough is the least share of the processors asked for that leaves a measurement
// sound. Of canaries of 60 ms with as many threads as processors, all beside a
// steady load are below it, and 2 to 3 % on a quiet machine.
const Enough = 0.90

// Quiet reports whether the threads were given what they asked for. It is true
// where the system does not tell.
func (g Given) Quiet() bool {
	n, ok := g.Processors()
	return !ok || n >= Enough*float64(g.Threads)
}

// String is the sentence "2 processors gave 1.2"; "" where the system does not tell.
func (g Given) String() string {
	n, ok := g.Processors()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s gave %s", plural(g.Threads, "processor"), strconv.FormatFloat(n, 'f', 1, 64))
}

// CanaryTime is how long a canary takes. Below 60 ms the share that a quiet
// machine gives varies too much: of canaries of 5 ms the 5th percentile is 0.81
// on a quiet machine, and the 95th is 0.87 beside a busy loop.
const CanaryTime = 60 * time.Millisecond

const pieceSteps = canarySteps / 200

// Canaries keeps this many threads busy at once for [CanaryTime], at least one,
// each with pieces of work of a fixed size. It raises GOMAXPROCS meanwhile where
// that is lower, and puts it back. The number of threads must not be above the
// processors: more threads get a larger share beside others, and hide them.
func Canaries(threads int) Given {
	g := Given{Threads: max(threads, 1)}
	defer allow(g.Threads)()
	var mu sync.Mutex
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for range g.Threads {
		ready.Add(1)
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Done()
			<-start
			cpu, begin, pieces := threadTime(), time.Now(), 0
			var sum uint64
			for time.Since(begin) < CanaryTime {
				sum += canary(pieceSteps)
				pieces++
			}
			wall, used := time.Since(begin), threadTime()-cpu
			runtime.KeepAlive(sum)
			mu.Lock()
			defer mu.Unlock()
			g.Pieces += pieces
			g.Wall += wall
			g.CPU += used
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return g
}
