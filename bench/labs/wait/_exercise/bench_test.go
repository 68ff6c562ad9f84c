package wait_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	wait "lab"
	"lab/server"
)

// BenchmarkWait serves requests of both kinds by your Pool with 1 to 32 workers. What a
// request takes follows from your sealed predictions: amdahl lab measure writes the
// file seed.
func BenchmarkWait(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	for _, kind := range []string{server.Compute, server.Wait} {
		b.Run("kind="+kind, func(b *testing.B) {
			for n := 1; n <= 32; n *= 2 {
				b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
					s := server.Of(seed, kind)
					for b.Loop() {
						wait.Pool(server.Requests, n, s.Handle)
					}
					b.ReportMetric(float64(s.Serial()), "work-ns/op")
				})
			}
		})
	}
}
