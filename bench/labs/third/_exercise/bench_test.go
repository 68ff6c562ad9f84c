package third_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	third "lab"
	"lab/rows"
)

// BenchmarkThird computes your picture with each plan and 1 to 8 slow workers. The
// picture follows from your sealed predictions: amdahl lab measure writes the
// file seed.
func BenchmarkThird(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	picture := rows.Of(seed)
	divided := func(plan func(rows, n, w int) []int) func(n int) func(int) (int, bool) {
		return func(n int) func(int) (int, bool) {
			lists := make([][]int, n)
			for w := range lists {
				lists[w] = plan(rows.Count, n, w)
			}
			return rows.In(lists)
		}
	}
	for _, plan := range []struct {
		name string
		next func(n int) func(w int) (int, bool)
	}{
		{"static", divided(third.Static)},
		{"cyclic", divided(third.Cyclic)},
		{"dynamic", func(int) func(int) (int, bool) {
			next := third.Dynamic(rows.Count)
			return func(int) (int, bool) { return next() }
		}},
	} {
		b.Run("plan="+plan.name, func(b *testing.B) {
			for n := 1; n <= 8; n++ {
				b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
					var total, most int
					for b.Loop() {
						total, most = picture.Compute(n, plan.next(n))
					}
					b.ReportMetric(float64(total), "iters/op")
					b.ReportMetric(float64(most), "most-iters/op")
				})
			}
		})
	}
}
