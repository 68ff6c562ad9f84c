package main

import (
	"runtime"
	"sync"
	"testing"

	"amdahl/bench/load"
)

const (
	serial = 0.05       // the planted share: σ of Amdahl's law
	steps  = 12_000_000 // of one operation: about 20 ms on one processor
)

// BenchmarkPlanted computes in registers, a twentieth of it in one goroutine
// and the rest in equal shares in as many as there are processors. Its time
// over processors is Amdahl's law with σ = 0.05, as far as the machine is
// left alone.
//
// It counts to b.N: under b.Loop, go test -cpu would label its first sample
// wrong (golang.org/issue/49980), and that is not what is compared here.
func BenchmarkPlanted(b *testing.B) {
	b.Run("serial=0.05", func(b *testing.B) {
		const first = int(serial * steps)
		workers := runtime.GOMAXPROCS(0)
		sums := make([]uint64, 64*workers) // a cache line each, and more
		for range b.N {
			sum := load.Churn(1, first)
			var done sync.WaitGroup
			for w := range workers {
				share := (steps-first)*(w+1)/workers - (steps-first)*w/workers
				done.Go(func() { sums[64*w] = load.Churn(sum+uint64(w), share) })
			}
			done.Wait()
		}
		for w := range workers {
			if sums[64*w] == 0 {
				b.Fatalf("worker %d has no sum: xorshift never gives 0", w)
			}
		}
	})
}
