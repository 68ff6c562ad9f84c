// Package planted has benchmarks that lose time for one reason each. The first element of a
// name's keys, cause=, says under which cause the loss has to be found. Lines with
// "guilty: NAME" are those that are to blame for the loss of BenchmarkNAME.
package planted

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"planted/lib"
)

var sink atomic.Uint64

// work computes for about n ns, without memory.
func work(n int) uint64 {
	x := uint64(n) | 1
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// each runs a benchmark at three strengths, in percent.
func each(b *testing.B, cause string, strengths []int, f func(b *testing.B, percent int)) {
	for _, s := range strengths {
		b.Run(fmt.Sprintf("cause=%s/strength=%d", cause, s), func(b *testing.B) { f(b, s) })
	}
}

// Parallel operations of 100 µs, of which a part runs under a mutex.
func BenchmarkLock(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		var mu sync.Mutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				mu.Lock()                       // guilty: Lock
				sink.Store(work(600 * percent)) // guilty: Lock
				mu.Unlock()                     // guilty: Lock
				work(600 * (100 - percent))
			}
		})
	})
}

// Sections of about 1 µs, which are spun and not slept.
func BenchmarkShortLock(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		var mu sync.Mutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				mu.Lock()
				sink.Store(work(8 * percent))
				mu.Unlock()
				work(8 * (100 - percent))
			}
		})
	})
}

// Sections of 3 ms, computed.
func BenchmarkLongLock(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		var mu sync.Mutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				mu.Lock()
				sink.Store(work(20000 * percent))
				mu.Unlock()
				work(20000 * (100 - percent))
			}
		})
	})
}

// Sections of 3 ms, slept under the lock.
func BenchmarkSleptLock(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		var mu sync.Mutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				mu.Lock()
				time.Sleep(time.Duration(percent) * 30 * time.Microsecond)
				mu.Unlock()
				time.Sleep(time.Duration(100-percent) * 30 * time.Microsecond)
			}
		})
	})
}

// A lock that many read and a few write.
func BenchmarkRWMutex(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		var mu sync.RWMutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				mu.Lock()                       // guilty: RWMutex
				sink.Store(work(600 * percent)) // guilty: RWMutex
				mu.Unlock()                     // guilty: RWMutex
				work(600 * (100 - percent))
			}
		})
	})
}

// Readers that wait for nobody, and share one counter all the same.
func BenchmarkReadLock(b *testing.B) {
	each(b, "lock", []int{20, 10, 1}, func(b *testing.B, percent int) {
		var mu sync.RWMutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				for range 100 {
					mu.RLock()
					work(percent)
					mu.RUnlock()
				}
			}
		})
	})
}

// A channel with one token.
func BenchmarkChannel(b *testing.B) {
	each(b, "channel", []int{60, 80, 100}, func(b *testing.B, percent int) {
		token := make(chan struct{}, 1)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				token <- struct{}{}             // guilty: Channel
				sink.Store(work(600 * percent)) // guilty: Channel
				<-token                         // guilty: Channel
				work(600 * (100 - percent))
			}
		})
	})
}

// Counters of two goroutines on one cache line.
func BenchmarkFalseSharing(b *testing.B) {
	each(b, "inflation", []int{100, 50, 20}, func(b *testing.B, percent int) {
		forkJoin(b, func(i int) { falseSharing(i, percent) })
	})
}

var shared [8]atomic.Uint64

func falseSharing(i, percent int) {
	for range 2_000_000 / chunks {
		shared[i%8].Add(1)               // guilty: FalseSharing
		work(50 * (100 - percent) / 100) // guilty: FalseSharing
	}
}

// One counter of all.
func BenchmarkAtomic(b *testing.B) {
	each(b, "inflation", []int{100, 50, 20}, func(b *testing.B, percent int) {
		forkJoin(b, func(int) { count(percent) })
	})
}

var counter atomic.Uint64

func count(percent int) {
	for range 2_000_000 / chunks {
		counter.Add(1)                   // guilty: Atomic
		work(50 * (100 - percent) / 100) // guilty: Atomic
	}
}

// chunks is in how many parts forkJoin divides a job.
const chunks = 100

// forkJoin runs a job in as many goroutines as there are processors, which take the next part
// until there is none, so that they end together. It has to last for many milliseconds: until
// the second processor wakes up, the first one runs alone.
func forkJoin(b *testing.B, f func(i int)) {
	for b.Loop() {
		var wg sync.WaitGroup
		var next atomic.Int64
		for i := range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				for next.Add(1) <= chunks {
					f(i)
				}
			})
		}
		wg.Wait()
	}
}

// Allocates, under a limit of memory that is enough for one goroutine with what it keeps, and
// hardly for two: the collector runs the more often, and marks the more each time.
func BenchmarkAlloc(b *testing.B) {
	each(b, "gc", []int{80, 90, 100}, func(b *testing.B, percent int) {
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(7600/percent) << 20))
		live := make([]*node, 1<<18*runtime.GOMAXPROCS(0)) // what has to be marked
		for i := range live {
			live[i] = &node{next: live[i/2]}
		}
		b.ResetTimer()
		forkJoin(b, func(int) { allocate() })
		runtime.KeepAlive(live)
	})
}

type node struct {
	next *node
	data [8]uint64
}

func allocate() {
	var last *node
	for i := range 1_000_000 / chunks {
		last = &node{next: last} // guilty: Alloc
		if i%1000 == 0 {
			last = nil
		}
	}
	if last != nil {
		sink.Store(last.data[0])
	}
}

// One goroutine has more to do than the other.
func BenchmarkImbalance(b *testing.B) {
	each(b, "imbalance", []int{30, 60, 90}, func(b *testing.B, percent int) {
		const job = 20_000_000
		for b.Loop() {
			var wg sync.WaitGroup
			p := runtime.GOMAXPROCS(0)
			equal := job * (100 - percent) / 100 / p
			for i := range p {
				wg.Go(func() {
					work(equal)
					if i == 0 {
						long(job * percent / 100) // guilty: Imbalance
					}
				})
			}
			wg.Wait()
		}
	})
}

func long(n int) { sink.Store(work(n)) } // guilty: Imbalance

// A part runs before the goroutines start.
func BenchmarkSerial(b *testing.B) {
	each(b, "serial", []int{25, 50, 75}, func(b *testing.B, percent int) {
		const job = 20_000_000
		for b.Loop() {
			setup(job * percent / 100) // guilty: Serial
			var wg sync.WaitGroup
			p := runtime.GOMAXPROCS(0)
			for range p {
				wg.Go(func() { work(job * (100 - percent) / 100 / p) })
			}
			wg.Wait()
		}
	})
}

func setup(n int) { sink.Store(work(n)) } // guilty: Serial

// A map with one lock.
func BenchmarkMap(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		m := &oneShard{m: map[int]int{}}
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				for k := range 10 * percent {
					m.add((i + k) % 4096)
				}
				work(300 * (100 - percent))
			}
		})
	})
}

type oneShard struct {
	mu sync.Mutex
	m  map[int]int
}

func (s *oneShard) add(k int) {
	s.mu.Lock()         // guilty: Map
	defer s.mu.Unlock() // guilty: Map
	s.m[k]++            // guilty: Map
} // guilty: Map

// Writes to one file, which the system does one after another.
func BenchmarkSyscall(b *testing.B) {
	each(b, "lock", []int{100, 100, 100}[:1], func(b *testing.B, percent int) {
		f, err := os.CreateTemp(b.TempDir(), "x")
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		data := make([]byte, 64<<10)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				write(f, data)
			}
		})
	})
}

func write(f *os.File, data []byte) {
	f.WriteAt(data, 0)   // guilty: Syscall
	f.Write(data[:4096]) // guilty: Syscall
}

// Waits for a timer in the serial part.
func BenchmarkTimer(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		var mu sync.Mutex
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				pause(&mu, percent)
				work(10_000 * (100 - percent))
			}
		})
	})
}

func pause(mu *sync.Mutex, percent int) {
	mu.Lock()                                                  // guilty: Timer
	time.Sleep(time.Duration(percent) * 10 * time.Microsecond) // guilty: Timer
	mu.Unlock()                                                // guilty: Timer
}

// A library that locks.
func BenchmarkLibrary(b *testing.B) {
	each(b, "lock", []int{60, 80, 100}, func(b *testing.B, percent int) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				lib.Do(func() { sink.Store(work(600 * percent)) })
				work(600 * (100 - percent))
			}
		})
	})
}
