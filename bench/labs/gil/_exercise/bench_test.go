package gil_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"lab/interp"
)

// BenchmarkGil runs tasks that wait and tasks that compute, in your three ways, with 1 to 8 of
// them under way at a time. What a task takes follows from your sealed predictions: amdahl
// lab measure writes the file seed.
func BenchmarkGil(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	for _, way := range []way{threads, processes, loop} {
		for _, kind := range []string{interp.Compute, interp.Wait} {
			b.Run("plan="+strings.ToLower(way.name)+"/kind="+kind, func(b *testing.B) {
				w := interp.Of(seed, kind)
				for n := 1; n <= 8; n *= 2 {
					b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
						var m *interp.Machine
						for b.Loop() {
							m = interp.New(w, interpreterLock)
							way.run(m, n, interp.Tasks)
						}
						if r := m.Report(interp.Tasks); r.Ended < interp.Tasks || r.Wrong > 0 || r.Under > 0 {
							b.Fatalf("%d of %d tasks ended: does amdahl lab check pass?", r.Ended, interp.Tasks)
						}
						b.ReportMetric(float64(w.Serial(interp.Tasks)), "work-ns/op")
					})
				}
			})
		}
	}
}
