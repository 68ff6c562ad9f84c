package lock_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	lock "lab"
	"lab/store"
)

// BenchmarkLock runs the given program and yours with 1 to 8 workers. What a task takes
// follows from your sealed predictions: amdahl lab measure writes the file seed.
func BenchmarkLock(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	for _, code := range []struct {
		name string
		work func(s *store.Store, n, tasks int)
	}{{"given", store.Given}, {"yours", lock.Work}} {
		b.Run("code="+code.name, func(b *testing.B) {
			for n := 1; n <= 8; n *= 2 {
				b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
					s := store.Of(seed)
					for b.Loop() {
						s = store.Of(seed)
						code.work(s, n, store.Tasks)
					}
					if finished, wrong := s.Finished(store.Tasks); finished < store.Tasks || wrong > 0 {
						b.Fatalf("%d of %d tasks are finished, and %d steps were wrong: does amdahl lab check pass?", finished, store.Tasks, wrong)
					}
					b.ReportMetric(float64(s.Serial(store.Tasks)), "work-ns/op")
				})
			}
		})
	}
}
