package workloads

import "testing"

// BenchmarkTask is one task after another of each workload at its default
// size. A task of a waiting workload costs its wait.
func BenchmarkTask(b *testing.B) {
	for _, w := range All {
		b.Run("workload="+w.Name, func(b *testing.B) {
			job := open(b, w, prepare(b, w, Options{}))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := job.Do(b.Context(), i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
