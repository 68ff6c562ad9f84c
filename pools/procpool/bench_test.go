package procpool

import (
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
