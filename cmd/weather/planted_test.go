package main

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"amdahl/bench/load"
)

// steps of one operation: about 200 ms on one processor of 2025. An operation is a
// sample: -benchtime 1x.
const steps = 120_000_000

// BenchmarkPlanted computes in registers, a planted share of it in one goroutine before
// the others start.
func BenchmarkPlanted(b *testing.B) {
	for _, percent := range []int{0, 20, 50} {
		b.Run(fmt.Sprintf("serial=%g", float64(percent)/100), func(b *testing.B) {
			workers := runtime.GOMAXPROCS(0)
			for range b.N {
				for range parts {
					runtime.KeepAlive(load.Churn(1, steps/parts*percent/100))
					together(workers, func(int) { runtime.KeepAlive(load.Churn(1, steps/parts*(100-percent)/100/workers)) })
				}
			}
		})
	}
	b.Run("locked=0.6", func(b *testing.B) {
		workers := runtime.GOMAXPROCS(0)
		var mu sync.Mutex
		for range b.N {
			together(workers, func(int) {
				for range parts / workers {
					mu.Lock()
					runtime.KeepAlive(load.Churn(1, steps/parts*60/100))
					mu.Unlock()
					runtime.KeepAlive(load.Churn(1, steps/parts*40/100))
				}
			})
		}
	})
}

// parts is how many times the workers are started in an operation, or the lock is taken.
const parts = 120

func together(workers int, do func(w int)) {
	var done sync.WaitGroup
	for w := range workers {
		done.Go(func() { do(w) })
	}
	done.Wait()
}
