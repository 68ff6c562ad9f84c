package workloads

import (
	"context"
	"testing"
	"time"
)

func TestSleepCountsWhatItSlept(t *testing.T) {
	const tasks, size = 5, 300
	job := open(t, Sleep, Options{Size: size})
	start := time.Now()
	for i := range tasks {
		do(t, job, i)
	}
	most := int64(time.Since(start))
	least := int64(tasks * size * time.Microsecond)
	if got := job.(Counter).Counters()["slept-ns"]; got < least || got > most {
		t.Errorf("slept-ns = %d, want %d to %d", got, least, most)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := job.(Counter).Counters()["slept-ns"]
	job.Do(ctx, 0)
	if got := job.(Counter).Counters()["slept-ns"]; got != before {
		t.Errorf("slept-ns = %d after a cancelled task, want %d as before", got, before)
	}
}
