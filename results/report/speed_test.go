package report

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"amdahl/results/laws"
	"amdahl/results/read"
)

// BenchmarkReport does what amdahl fit does with a million lines: 100 curves
// of 5 levels are read, fitted with intervals, and printed as a table.
func BenchmarkReport(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var text bytes.Buffer
	text.WriteString("goos: linux\ngoarch: amd64\npkg: p\n")
	for range 2000 {
		for c := range 100 {
			for _, n := range []int{1, 2, 4, 8, 16} {
				ns := 1e5 * (0.05 + 0.95/float64(n)) * (1 + 0.03*r.NormFloat64())
				fmt.Fprintf(&text, "BenchmarkWork/case=%d/workers=%d-16 \t 100 \t %.1f ns/op\n", c, n, ns)
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		set, err := read.Files(nil, bytes.NewReader(text.Bytes()), read.Options{})
		if err != nil {
			b.Fatal(err)
		}
		as, errs := laws.AnalyzeEach(b.Context(), set.Curves, laws.Options{})
		for i, err := range errs {
			if err != nil || as[i].Sigma == nil || as[i].Sigma.Interval == nil {
				b.Fatalf("%s: no interval: %v", set.Curves[i].Name.String(), err)
			}
		}
		if err := Table(io.Discard, as, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1e6, "lines/op")
}
