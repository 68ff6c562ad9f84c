package workloads

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// n workers take as long as min(n, 8) connections do: the bottleneck law with
// n* = 8, exactly, where only waiting takes time.
func TestConnectionsAreTheBottleneck(t *testing.T) {
	const tasks = 48
	for _, n := range []int{1, 2, 4, 8, 12, 16, 48} {
		synctest.Test(t, func(t *testing.T) {
			job, err := Connections.Open(Options{Size: 1_000_000})
			if err != nil {
				t.Fatal(err)
			}
			defer job.Close()
			begin := time.Now()
			var running sync.WaitGroup
			var next atomic.Int64 // each takes the next task
			for range n {
				running.Go(func() {
					for i := next.Add(1) - 1; i < tasks; i = next.Add(1) - 1 {
						if _, err := job.Do(context.Background(), int(i)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			running.Wait()
			if got, want := time.Since(begin), time.Duration(tasks/min(n, poolConnections))*time.Second; got != want {
				t.Errorf("%d workers: %v, want %v", n, got, want)
			}
		})
	}
}
