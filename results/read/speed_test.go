package read

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// sweep is benchmark text of so many repeats of 100 curves at 5 levels.
func sweep(repeats int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("goos: linux\ngoarch: amd64\npkg: p\n")
	for range repeats {
		for c := range 100 {
			for _, n := range []int{1, 2, 4, 8, 16} {
				ns := 1e5 * (0.05 + 0.95/float64(n)) * (1 + 0.03*r.NormFloat64())
				fmt.Fprintf(&b, "BenchmarkWork/case=%d/workers=%d-16 \t 100 \t %.1f ns/op\n", c, n, ns)
			}
		}
	}
	return b.Bytes()
}

// BenchmarkRead reads a million lines: 100 curves of 5 levels.
func BenchmarkRead(b *testing.B) {
	text := sweep(2000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := Files(nil, bytes.NewReader(text), Options{})
		if err != nil || len(s.Curves) != 100 || len(s.Curves[0].Points[0].Samples) != 2000 {
			b.Fatalf("read %d curves: %v", len(s.Curves), err)
		}
	}
	b.ReportMetric(1e6, "lines/op")
}

// Many lines, with configuration and wrong lines between them, keep their
// order, rounds and line numbers.
func TestManyLines(t *testing.T) {
	var text bytes.Buffer
	for round := range 3 {
		fmt.Fprintf(&text, "round: %d\n", round+1)
		text.Write(bytes.ReplaceAll(sweep(25), []byte("pkg: p\n"), []byte("\n")))
		text.WriteString("BenchmarkWrong 1 x ns/op\n")
	}
	s, err := Files(nil, &text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Curves) != 100 || len(s.Problems) != 3 {
		t.Fatalf("got %d curves and problems %v, want 100 and 3", len(s.Curves), s.Problems)
	}
	for i, p := range s.Problems {
		if want := fmt.Sprintf(`<stdin>:%d: a measurement on this line is not a number: "BenchmarkWrong 1 x ns/op"`, (i+1)*(2500*5+5)); p.Error() != want {
			t.Errorf("got %v, want %s", p, want)
		}
	}
	for _, c := range s.Curves {
		for _, p := range c.Points {
			if len(p.Samples) != 75 {
				t.Fatalf("%s: %d samples at %g, want 75", c.Name, len(p.Samples), p.Workers)
			}
			for i, m := range p.Samples {
				if m.Round != i/25+1 {
					t.Fatalf("%s: sample %d is of round %d, want %d", c.Name, i, m.Round, i/25+1)
				}
			}
		}
	}
}

// BenchmarkSeries reads tables with more and more series of four levels each: the
// time for a series stays the same.
func BenchmarkSeries(b *testing.B) {
	for _, series := range []int{500, 2000, 8000} {
		var text bytes.Buffer
		text.WriteString("impl,threads,time\n")
		for i := range series {
			for _, n := range []int{1, 2, 4, 8} {
				fmt.Fprintf(&text, "impl%d,%d,%g\n", i, n, amdahl(n))
			}
		}
		b.Run(fmt.Sprintf("series=%d", series), func(b *testing.B) {
			for b.Loop() {
				s, err := Files(nil, bytes.NewReader(text.Bytes()), Options{})
				if err != nil || len(s.Curves) != series {
					b.Fatalf("read %d curves: %v", len(s.Curves), err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(series), "ns/series")
		})
	}
}
