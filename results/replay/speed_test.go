package replay

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkRun runs a million tasks.
func BenchmarkRun(b *testing.B) {
	const tasks = 1_000_000
	rng := rand.New(rand.NewPCG(1, 1))
	random := Job{Tasks: make([]Task, tasks)}
	for i := range random.Tasks {
		random.Tasks[i] = Task{
			{Compute, time.Duration(rng.ExpFloat64() * 1e6)},
			{Wait, time.Duration(rng.ExpFloat64() * 4e6)},
			{Locked, time.Duration(rng.ExpFloat64() * 1e5)},
		}
	}
	equal := Equal(0, tasks, Phase{Compute, time.Millisecond})
	for _, c := range []struct {
		name string
		job  Job
		m    Machine
	}{
		{"equal/workers=64", equal, Machine{Workers: 64}},
		{"equal/workers=tasks", equal, Machine{}},
		{"random/workers=64", random, Machine{Workers: 64, Dispatch: 1000}},
		{"random/workers=tasks/cores=1", random, Machine{Cores: 1}},
		{"random/workers=64/cores=8/quantum=100µs", random, Machine{Workers: 64, Cores: 8, Quantum: 100 * time.Microsecond}},
		{"random/workers=64/interpreter", random, Machine{Workers: 64, Interpreter: true}},
		{"random/workers=64/record", random, Machine{Workers: 64, Record: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(context.Background(), c.job, c.m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/tasks*1e9, "ns/task")
		})
	}
}
