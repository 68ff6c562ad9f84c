package line_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	line "lab"
	"lab/cache"
)

// BenchmarkLine counts by your four programs on 1 to 16 simulated processors. What a look and a
// move take, and what matches, follows from your sealed predictions: amdahl lab measure
// writes the file seed.
func BenchmarkLine(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	m := cache.Of(seed, cache.Items)
	for _, pl := range []plan{shared, neighbours, apart, local} {
		b.Run("plan="+strings.ToLower(pl.name), func(b *testing.B) {
			for n := 1; n <= 16; n *= 2 {
				b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
					counters := 1
					if pl.own {
						counters = n
					}
					var r cache.Result
					for b.Loop() {
						begin := time.Now()
						r = m.Run(n, pl.program, func(p *cache.Processor) int { return line.Total(p, counters, pl.apart) })
						time.Sleep(time.Until(begin.Add(r.Time())))
					}
					if r.Total != m.Matches() {
						b.Fatalf("%d of %d matches were counted: does amdahl lab check pass?", r.Total, m.Matches())
					}
					b.ReportMetric(float64(r.Steps), "steps/op")
					b.ReportMetric(float64(r.Moves), "moves/op")
				})
			}
		})
	}
}

// BenchmarkReal does the same on the processors of this machine, and is not graded:
//
//	go test -bench Real
//
// A machine with one processor shows nothing. Each goroutine adds a million times.
func BenchmarkReal(b *testing.B) {
	const adds = 1_000_000
	for _, n := range []int{1, 2, 4} {
		var one atomic.Int64
		near := make([]int64, n)
		far := make([]line.Slot, n)
		for _, c := range []struct {
			name string
			add  func(w int)
		}{
			{"shared", func(int) {
				for range adds {
					one.Add(1)
				}
			}},
			{"neighbours", func(w int) {
				for range adds {
					atomic.AddInt64(&near[w], 1)
				}
			}},
			{"apart", func(w int) {
				for range adds {
					atomic.AddInt64(&far[w].N, 1)
				}
			}},
		} {
			b.Run(fmt.Sprintf("plan=%s/workers=%d", c.name, n), func(b *testing.B) {
				for b.Loop() {
					var wg sync.WaitGroup
					for w := range n {
						wg.Go(func() { c.add(w) })
					}
					wg.Wait()
				}
			})
		}
	}
}
