package pools_test

import (
	"testing"

	"amdahl/pools"
	"amdahl/pools/pooltest"
)

// BenchmarkEmptyTask is what a strategy costs a task that does nothing.
func BenchmarkEmptyTask(b *testing.B) {
	for _, s := range pools.All {
		for _, workers := range []int{1, 2} {
			b.Run("strategy="+s.Name+"/workers="+string(rune('0'+workers)), func(b *testing.B) {
				p, err := s.Open(b.Context(), workers, pooltest.Empty(b))
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
