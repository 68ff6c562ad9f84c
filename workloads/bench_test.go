package workloads

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// BenchmarkTask is one task after another of each variant of each workload at
// its default size. A task of a waiting workload costs its wait.
func BenchmarkTask(b *testing.B) {
	task := func(b *testing.B, w Workload) {
		if why := w.Needs(""); why != "" {
			b.Skip(why)
		}
		job := open(b, w, prepare(b, w, Options{}))
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := job.Do(b.Context(), i); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, w := range All {
		if len(w.Variants) == 0 {
			b.Run("workload="+w.Name, func(b *testing.B) { task(b, w) })
		}
		for _, v := range w.Variants {
			b.Run("workload="+w.Name+"/variant="+v, func(b *testing.B) { task(b, variant(b, w, v)) })
		}
	}
}

// BenchmarkCounter shows false sharing: an operation is eight tasks for
// each worker. ns/increment is what one increment of one worker takes: with no
// sharing it is the same for any number of workers up to the processors.
func BenchmarkCounter(b *testing.B) {
	const tasks = 8
	for _, v := range Counters.Variants {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("variant=%s/workers=%d", v, workers), func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
				job := open(b, Counters, Options{Variant: v})
				for b.Loop() {
					var running sync.WaitGroup
					for worker := range workers {
						running.Go(func() {
							for i := range tasks {
								do(b, job, worker*tasks+i)
							}
						})
					}
					running.Wait()
				}
				b.ReportMetric(float64(b.Elapsed())/float64(b.N*tasks*Counters.Size), "ns/increment")
			})
		}
	}
}
