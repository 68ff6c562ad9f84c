package law_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"lab/program"
)

// BenchmarkLaw runs your program with 1 to 16 slow workers. The program follows from
// your sealed predictions: amdahl lab measure writes the file seed.
func BenchmarkLaw(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	p := program.Of(seed)
	for n := 1; n <= 16; n *= 2 {
		b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
			ran := 0
			for b.Loop() {
				ran = p.Run(n)
			}
			b.ReportMetric(float64(ran), "instructions/op")
		})
	}
}
