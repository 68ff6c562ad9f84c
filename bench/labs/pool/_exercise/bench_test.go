package pool_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	pool "lab"
	"lab/lengths"
)

// BenchmarkPool runs your tasks, which sleep, with 1 to 8 workers. Their lengths follow
// from your sealed predictions: amdahl lab measure writes the file seed.
func BenchmarkPool(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	list := lengths.Of(seed, 12)
	for n := 1; n <= 8; n++ {
		b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
			for b.Loop() {
				err := pool.Run(context.Background(), n, len(list), func(_ context.Context, i int) error {
					time.Sleep(list[i])
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(lengths.Serial(list)), "work-ns/op")
		})
	}
}
