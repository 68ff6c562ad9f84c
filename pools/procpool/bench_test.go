package procpool

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkStart starts and ends a pool of four; start-ns/op is the start.
func BenchmarkStart(b *testing.B) {
	for _, tr := range processes {
		b.Run("transport="+tr.String(), func(b *testing.B) {
			var total time.Duration
			for b.Loop() {
				t := time.Now()
				p, err := Start(b.Context(), Options{Workers: 4, Transport: tr})
				total += time.Since(t)
				if err != nil {
					b.Fatal(err)
				}
				p.Terminate()
			}
			b.ReportMetric(float64(total.Nanoseconds())/float64(b.N), "start-ns/op")
		})
	}
}

func BenchmarkPool(b *testing.B) {
	for _, tr := range everywhere {
		b.Run("transport="+tr.String(), func(b *testing.B) {
			p := begin(b, tr, Options{})
			ctx := b.Context()
			b.Run("op=call", func(b *testing.B) {
				for b.Loop() {
					if _, err := Call(ctx, p, nothing, 1); err != nil {
						b.Fatal(err)
					}
				}
			})
			in := make([]int, 1<<20)
			for _, chunk := range []int{1, 0} {
				name := "op=map/chunk=1"
				if chunk == 0 {
					name = "op=map/chunk=default"
				}
				b.Run(name, func(b *testing.B) {
					ex := Tune(p, Tuning{Chunk: chunk})
					for b.Loop() {
						if _, err := Map(ctx, ex, nothing, in); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(len(in)), "tasks/op")
				})
			}
			big := make([][]byte, 64)
			for i := range big {
				big[i] = make([]byte, 1<<20)
			}
			b.Run("op=args/size=1MiB", func(b *testing.B) {
				b.SetBytes(int64(len(big)) << 20)
				for b.Loop() {
					if _, err := Map(ctx, p, length, big); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("op=echo/size=1MiB", func(b *testing.B) {
				b.SetBytes(int64(len(big)) << 20)
				for b.Loop() {
					if _, err := Map(ctx, p, echo, big); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkOutstanding submits that many tasks, waits for them, and gives the
// time for each; then it cancels that many that wait behind a long one, and
// gives the time for each of those.
func BenchmarkOutstanding(b *testing.B) {
	for _, tr := range everywhere {
		for _, n := range []int{1000, 100_000, 400_000} {
			b.Run(fmt.Sprintf("transport=%v/tasks=%d", tr, n), func(b *testing.B) {
				p := begin(b, tr, Options{Workers: 1})
				ctx := b.Context()
				var submit, cancel time.Duration
				fs := make([]*Future[int], n)
				for b.Loop() {
					t := time.Now()
					for i := range fs {
						fs[i] = Submit(ctx, p, nothing, i)
					}
					for _, f := range fs {
						if _, err := f.Get(ctx); err != nil {
							b.Fatal(err)
						}
					}
					submit += time.Since(t)
					long := Submit(ctx, p, wait, 600_000)
					for i := range fs {
						fs[i] = Submit(ctx, p, nothing, i)
					}
					t = time.Now()
					for _, f := range fs {
						f.Cancel()
					}
					cancel += time.Since(t)
					long.Cancel()
					long.Get(ctx)
				}
				each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N) / float64(n) }
				b.ReportMetric(each(submit), "ns/submit")
				b.ReportMetric(each(cancel), "ns/cancel")
			})
		}
	}
}
