package pools_test

import (
	"context"
	"testing"

	"amdahl/pools"
)

// BenchmarkEmptyTask is what a strategy costs a task that does nothing.
func BenchmarkEmptyTask(b *testing.B) {
	for _, s := range pools.All {
		for _, workers := range []int{1, 2} {
			b.Run("strategy="+s.Name+"/workers="+string(rune('0'+workers)), func(b *testing.B) {
				job := (&set{Kind: "empty"}).job(b)
				job.Do = func(context.Context, int) (uint64, error) { return 1, nil }
				p, err := s.Open(b.Context(), workers, job)
				if err != nil {
					b.Fatal(err)
				}
				defer p.Close()
				b.ResetTimer()
				if _, err := p.Run(b.Context(), 0, b.N); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
			})
		}
	}
}
